import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { HttpTls, PemSources } from "@portcullis/rego/host";
import { fileText } from "./go-error.ts";

/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a connection is opened with. */
export interface TlsMaterial {
  /** Certificates that are trusted; undefined means those of the system. */
  readonly authorities: readonly string[] | undefined;
  /** Certificates and keys that the client may show. */
  readonly identities: readonly { readonly certificate: string; readonly key: string }[];
}

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** Gathers certificates and keys from where the request says, or tells what is wrong with them as OPA does. */
export async function tlsMaterial(
  tls: HttpTls,
  environment: Environment,
): Promise<TlsMaterial | { readonly error: string }> {
  const identities: { certificate: string; key: string }[] = [];
  for (const load of [textPair, filePair, variablePair]) {
    const pair = await load(tls, environment);
    if (pair === undefined) continue;
    if ("error" in pair) return pair;
    identities.push(pair);
  }
  const authorities = await authoritiesOf(tls.authority, environment);
  if (authorities !== undefined && "error" in authorities) return authorities;
  if (!tls.useSystemCertificates) return { authorities: authorities?.certificates, identities };
  return { authorities: [...systemAuthorities(), ...(authorities?.certificates ?? [])], identities };
}

/** What a connection is opened with where the request says nothing of its own; dear, so made once. */
export function systemContext(): SecureContext {
  return contextOf({ authorities: undefined, identities: [] });
}

/** The same for what a request says. */
export function contextOf({ authorities, identities: [identity] }: TlsMaterial): SecureContext {
  return createSecureContext({
    ca: [...(authorities ?? systemAuthorities())],
    ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
    minVersion: "TLSv1.2",
  });
}

/** Those that the system trusts; where it has none of its own, those that Node brings. */
function systemAuthorities(): readonly string[] {
  const system = getCACertificates("system");
  return system.length > 0 ? system : getCACertificates("default");
}

type Pair = { readonly certificate: string; readonly key: string } | { readonly error: string } | undefined;

function textPair({ clientCertificate, clientKey }: HttpTls): Pair {
  if (clientCertificate.text === "" || clientKey.text === "") return undefined;
  return checkedPair(clientCertificate.text, clientKey.text);
}

async function filePair({ clientCertificate, clientKey }: HttpTls): Promise<Pair> {
  if (clientCertificate.file === "" || clientKey.file === "") return undefined;
  const certificate = await readText(clientCertificate.file);
  if ("error" in certificate) return certificate;
  const key = await readText(clientKey.file);
  if ("error" in key) return key;
  return checkedPair(certificate.text, key.text);
}

function variablePair({ clientCertificate, clientKey }: HttpTls, environment: Environment): Pair {
  const [first, second] = [clientCertificate.variable, clientKey.variable];
  if (first === "" || second === "") return undefined;
  const pair = checkedPair(environment[first] ?? "", environment[second] ?? "");
  if ("error" in pair) {
    const names = `${JSON.stringify(first)}, ${JSON.stringify(second)}`;
    return { error: `cannot extract public/private key pair from envvars ${names}: ${pair.error}` };
  }
  return pair;
}

/** A certificate and the key that belongs to it. */
function checkedPair(certificate: string, key: string): Exclude<Pair, undefined> {
  const [first] = blocks(certificate, (label) => label === "CERTIFICATE");
  if (first === undefined) return { error: nothingFound(certificate, "certificate") };
  const [firstKey] = blocks(key, (label) => label === "PRIVATE KEY" || label.endsWith(" PRIVATE KEY"));
  if (firstKey === undefined) return { error: nothingFound(key, "key") };
  try {
    const read = new X509Certificate(first);
    try {
      if (!read.checkPrivateKey(createPrivateKey(firstKey))) {
        return { error: "tls: private key does not match public key" };
      }
    } catch {
      return { error: "tls: failed to parse private key" };
    }
  } catch {
    return { error: "x509: malformed certificate" };
  }
  return { certificate, key: firstKey };
}

function nothingFound(text: string, what: "certificate" | "key"): string {
  const labels = Array.from(text.matchAll(pemBlock), (match) => match[1] ?? "");
  if (labels.length === 0) return `tls: failed to find any PEM data in ${what} input`;
  if (what === "certificate" && labels.length === 1 && labels[0]?.endsWith("PRIVATE KEY") === true) {
    return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
  }
  if (what === "key" && labels[0] === "CERTIFICATE") {
    return "tls: found a certificate rather than a key in the PEM for the private key";
  }
  const kinds = what === "certificate" ? '"CERTIFICATE" PEM block' : 'PEM block with type ending in "PRIVATE KEY"';
  return `tls: failed to find ${kinds} in ${what} input after skipping PEM blocks of the following types: [${labels.join(" ")}]`;
}

function blocks(text: string, wanted: (label: string) => boolean): readonly string[] {
  return Array.from(text.matchAll(pemBlock)).flatMap(([block, label = ""]) => (wanted(label) ? [block] : []));
}

async function authoritiesOf(
  { text, file, variable }: PemSources,
  environment: Environment,
): Promise<{ readonly certificates: readonly string[] } | { readonly error: string } | undefined> {
  const certificates: string[] = [];
  // A text may come with its line breaks escaped.
  if (text !== "" && !addAuthorities(certificates, text.replaceAll("\\n", "\n"))) {
    return { error: "could not append certificates" };
  }
  if (file !== "") {
    const read = await readText(file);
    if ("error" in read) return read;
    if (!addAuthorities(certificates, read.text)) {
      return { error: `could not append CA certificates from ${JSON.stringify(file)}` };
    }
  }
  if (variable !== "" && !addAuthorities(certificates, environment[variable] ?? "")) {
    const name = JSON.stringify(variable);
    return { error: `could not add CA certificates from envvar ${name}: could not append certificates` };
  }
  return certificates.length === 0 ? undefined : { certificates };
}

/** Adds the certificates of a text; false where there is none. What cannot be read is passed over, as in Go. */
function addAuthorities(certificates: string[], text: string): boolean {
  const before = certificates.length;
  for (const block of blocks(text, (label) => label === "CERTIFICATE")) {
    try {
      certificates.push(new X509Certificate(block).toString());
    } catch {
      continue;
    }
  }
  return certificates.length > before;
}

async function readText(path: string): Promise<{ readonly text: string } | { readonly error: string }> {
  try {
    return { text: await readFile(path, "utf8") };
  } catch (error) {
    return { error: fileText(error, path) };
  }
}
