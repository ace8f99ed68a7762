import { corruptText, decodeBase64 } from "../../runtime/base64.ts";
import { machineInteger } from "../../runtime/number.ts";
import { objectEntries } from "../../runtime/object.ts";
import { isArray, isNumber, isSet } from "../../runtime/order.ts";
import { decodeUtf8, encodeUtf8 } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { BuiltinFailure, fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { DerError } from "../keys/der.ts";
import type { Key } from "../keys/key.ts";
import { decodePem, type PemBlock } from "../keys/pem.ts";
import { readAnyPrivateKey, readPrivateKeys } from "../keys/private-key.ts";
import { concat } from "../keys/rsa.ts";
import { objectOperand, stringOperand } from "../operand.ts";
import { trimBy } from "../string-operations.ts";
import { readCertificates, type Certificate } from "./certificate.ts";
import { base64, certificateTree, extendedUsages } from "./certificate-tree.ts";
import { jwkTree, privateKeyTree } from "./private-key-tree.ts";
import { readRequest } from "./request.ts";
import { findChain, type ChainOptions } from "./verify-chain.ts";

/** `crypto.x509.*` and `crypto.parse_private_keys`: what Go's encoding/json makes of Go's own types. */
export const x509: Family = new Map<string, BuiltinFunction>([
  [
    "crypto.x509.parse_certificates",
    (context, text: Value) =>
      certificatesIn(context, stringOperand(text, 1)).map((certificate) => certificateTree(certificate, true)),
  ],
  [
    "crypto.x509.parse_and_verify_certificates",
    (context, text: Value) => verify(context, stringOperand(text, 1), () => defaultOptions(context), true),
  ],
  [
    "crypto.x509.parse_and_verify_certificates_with_options",
    (context, text: Value, options: Value) => {
      const [chain, given] = [stringOperand(text, 1), objectOperand(options, 2)];
      return verify(context, chain, () => readOptions(given, defaultOptions(context)), false);
    },
  ],
  ["crypto.x509.parse_certificate_request", (context, text: Value) => parseRequest(context, stringOperand(text, 1))],
  ["crypto.x509.parse_keypair", parseKeyPair],
  ["crypto.x509.parse_rsa_private_key", (context, text: Value) => parsePrivateKey(context, stringOperand(text, 1))],
  ["crypto.parse_private_keys", (context, text: Value) => parsePrivateKeys(context, stringOperand(text, 1))],
]);

/** Runs a reader of DER; what is wrong with the bytes is the builtin's failure. */
function reading<T>(context: BuiltinContext, size: number, read: () => T): T {
  context.charge(size);
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) fail(error.message);
    throw error;
  }
}

function fromBase64(text: string): Uint8Array {
  const decoded = decodeBase64(text, "standard");
  return "bytes" in decoded ? decoded.bytes : fail(corruptText(decoded.corruptAt));
}

const begin = "-----BEGIN";

/** PEM as it is, or in base64; else DER in base64. */
function certificatesIn(context: BuiltinContext, text: string): Certificate[] {
  if (text.startsWith(begin)) return certificatesOfPem(context, text);
  const bytes = fromBase64(text);
  const inner = decodeUtf8(bytes);
  if (inner.startsWith(begin)) return certificatesOfPem(context, inner);
  return reading(context, bytes.length, () => readCertificates(bytes));
}

function certificatesOfPem(context: BuiltinContext, text: string): Certificate[] {
  const parts: Uint8Array[] = [];
  for (let found = decodePem(text); found !== undefined; found = decodePem(found.rest)) {
    const { type, bytes } = found.block;
    if (type !== "CERTIFICATE") fail(`PEM block type is '${type}', expected CERTIFICATE`);
    parts.push(bytes);
  }
  const der = concat(...parts);
  return reading(context, der.length, () => readCertificates(der));
}

function defaultOptions(context: BuiltinContext): ChainOptions {
  return {
    time: Number(context.now / 1_000_000n),
    dnsName: "",
    usages: ["1.3.6.1.5.5.7.3.1"],
    charge: (steps) => context.charge(steps),
  };
}

/**
 * The first certificate is the root, the last the leaf, and those between may be used on the way. Options are read once
 * the certificates are.
 */
function verify(context: BuiltinContext, text: string, options: () => ChainOptions, withUriStrings: boolean): Value {
  let certificates: Certificate[];
  try {
    certificates = certificatesIn(context, text);
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return [false, []];
    throw failure;
  }
  const chosen = options();
  const [root, ...others] = certificates;
  const leaf = others.pop();
  if (root === undefined || leaf === undefined) return [false, []];
  context.charge(10_000 * certificates.length);
  const chain = findChain(leaf, others, root, chosen);
  if (chain === undefined) return [false, []];
  return [true, chain.map((certificate) => certificateTree(certificate, withUriStrings))];
}

const usageNames: readonly string[] = [
  "Any",
  "ServerAuth",
  "ClientAuth",
  "CodeSigning",
  "EmailProtection",
  "IPSECEndSystem",
  "IPSECTunnel",
  "IPSECUser",
  "TimeStamping",
  "OCSPSigning",
  "MicrosoftServerGatedCrypto",
  "NetscapeServerGatedCrypto",
  "MicrosoftCommercialCodeSigning",
  "MicrosoftKernelCodeSigning",
].map((name) => `KeyUsage${name}`);

function readOptions(given: ReturnType<typeof objectOperand>, defaults: ChainOptions): ChainOptions {
  let { time, dnsName, usages } = defaults;
  for (const [key, option] of objectEntries(given)) {
    if (typeof key !== "string") continue;
    switch (key) {
      case "DNSName":
        dnsName = typeof option === "string" ? trimQuotes(option) : fail("'DNSName' should be a string");
        break;
      case "CurrentTime": {
        if (!isNumber(option)) return fail("'CurrentTime' should be a number");
        const nanoseconds = machineInteger(option) ?? fail("'CurrentTime' should be a valid int64 number");
        time = Number(nanoseconds / 1_000_000n);
        break;
      }
      case "MaxConstraintComparisons":
        if (!isNumber(option)) return fail("'MaxConstraintComparisons' should be a number");
        if (machineInteger(option) === undefined) fail("'MaxConstraintComparisons' should be a valid number");
        break;
      case "KeyUsages":
        usages = readUsages(option);
        break;
      default:
        fail("invalid key option");
    }
  }
  return { ...defaults, time, dnsName, usages: usages.length === 0 ? defaults.usages : usages };
}

function trimQuotes(text: string): string {
  return trimBy(text, '"', "both");
}

function readUsages(option: Value): string[] {
  const items = isArray(option)
    ? option
    : isSet(option)
      ? option.values()
      : fail("'KeyUsages' should be an Array or Set");
  const names = items.filter((item) => typeof item === "string").map(trimQuotes);
  const invalid = names.filter((name) => !usageNames.includes(name));
  if (invalid.length > 0) fail(`invalid entries for 'KeyUsages' found: [${invalid.join(" ")}]`);
  return names.map((name) => extendedUsages[usageNames.indexOf(name)] ?? "");
}

function parseRequest(context: BuiltinContext, text: string): Value {
  const isPem = text.startsWith("-----BEGIN CERTIFICATE REQUEST-----");
  const bytes = isPem ? encodeUtf8(text) : fromBase64(text);
  const pem = decodePem(decodeUtf8(bytes));
  if (pem !== undefined && pem.block.type !== "CERTIFICATE REQUEST") {
    fail("invalid PEM-encoded certificate signing request");
  }
  const der = pem?.block.bytes ?? bytes;
  return reading(context, der.length, () => readRequest(der));
}

/** The blocks of PEM, which may itself be in base64; DER in base64 is one block of a type. */
function blocksOf(text: string, type: string): PemBlock[] {
  const bytes = text.startsWith("-----BEGIN ") ? encodeUtf8(text) : fromBase64(text);
  const plain = decodeUtf8(bytes);
  if (!plain.startsWith("-----BEGIN ")) return [{ type, bytes }];
  const blocks: PemBlock[] = [];
  for (let found = decodePem(plain); found !== undefined; found = decodePem(found.rest)) blocks.push(found.block);
  return blocks;
}

function keysIn(context: BuiltinContext, text: string): Key[] {
  const decoded = decodeBase64(text, "standard");
  const plain = "bytes" in decoded ? decodeUtf8(decoded.bytes) : text;
  return reading(context, plain.length, () => readPrivateKeys(plain));
}

function parsePrivateKey(context: BuiltinContext, text: string): Value {
  if (text === "") fail("input PEM data was empty");
  const [first] = keysIn(context, text.startsWith(begin) ? text : decodeUtf8(fromBase64(text)));
  return first === undefined ? null : jwkTree(first);
}

function parsePrivateKeys(context: BuiltinContext, text: string): Value {
  return text === "" ? null : keysIn(context, text).map(privateKeyTree);
}

/** Go's tls.X509KeyPair. */
function parseKeyPair(context: BuiltinContext, certificateText: Value, keyText: Value): Value {
  const [given, keyGiven] = [stringOperand(certificateText, 1), stringOperand(keyText, 1)];
  const [certificates, keys] = [blocksOf(given, "CERTIFICATE"), blocksOf(keyGiven, "PRIVATE KEY")];
  const [first] = certificates.filter(({ type }) => type === "CERTIFICATE");
  if (first === undefined) return fail(noCertificate(certificates.map(({ type }) => type)));
  const at = keys.findIndex(({ type }) => / ?PRIVATE KEY$/.test(type));
  const chosen = keys[at] ?? fail(noKey(keys.map(({ type }) => type)));
  const [leaf] = reading(context, first.bytes.length, () => readCertificates(first.bytes));
  if (leaf === undefined) return fail("x509: malformed certificate");
  const key = reading(context, chosen.bytes.length, () => readAnyPrivateKey(chosen.bytes));
  if (!["rsa", "ec", "ed25519"].includes(leaf.key.kind)) fail("tls: unknown public key algorithm");
  if (leaf.key.kind !== key.kind) return fail("tls: private key type does not match public key type");
  if (!isPair(leaf.key, key)) return fail("tls: private key does not match public key");
  return {
    Certificate: certificates.filter(({ type }) => type === "CERTIFICATE").map(({ bytes }) => base64(bytes)),
    PrivateKey: privateKeyTree(key),
    SupportedSignatureAlgorithms: null,
    OCSPStaple: null,
    SignedCertificateTimestamps: null,
    Leaf: certificateTree(leaf, false),
  };
}

function noCertificate(types: readonly string[]): string {
  const [only] = types;
  if (only === undefined) return "tls: failed to find any PEM data in certificate input";
  return types.length === 1 && only.endsWith("PRIVATE KEY")
    ? "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
    : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(" ")}]`;
}

function noKey(types: readonly string[]): string {
  const [only] = types;
  if (only === undefined) return "tls: failed to find any PEM data in key input";
  return types.length === 1 && only === "CERTIFICATE"
    ? "tls: found a certificate rather than a key in the PEM for the private key"
    : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(" ")}]`;
}

function isPair(publicKey: Key, privateKey: Key): boolean {
  if (publicKey.kind === "rsa") return privateKey.kind === "rsa" && privateKey.n === publicKey.n;
  if (publicKey.kind === "ec") return privateKey.kind === "ec" && base64(privateKey.point) === base64(publicKey.point);
  return (
    publicKey.kind === "ed25519" &&
    privateKey.kind === "ed25519" &&
    base64(privateKey.point) === base64(publicKey.point)
  );
}
