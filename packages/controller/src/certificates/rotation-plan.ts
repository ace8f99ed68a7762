/**
 * What is to become of the certificates in a Secret.
 *
 * An authority is changed in two steps, so that no caller ever meets a certificate that it does not trust yet: first the
 * new authority joins the old one in the bundle, while the server goes on with its old certificate; only when every API
 * server has had the time to read the bundle does the server get a certificate of the new one. The old authority stays
 * in the bundle until it ends.
 */
import {
  createAuthority,
  isDueForRenewal,
  isSignedByOneOf,
  issueCertificate,
  overlapTrust,
  splitPem,
} from "@portcullis/certs";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** What a Secret holds, under Gatekeeper's names. Texts are PEM; a field that is empty is not there. */
export interface StoredCertificates {
  /** The authority that signs, first; behind it those that are still to be trusted. */
  readonly authorities: string;
  readonly authorityKey: string;
  readonly certificate: string;
  readonly privateKey: string;
  /** When the signing authority joined the bundle: milliseconds since the epoch. */
  readonly trustedSince: number;
}

/** What to do with what is stored. */
export type RotationStep =
  | { readonly kind: "keep"; readonly lookAgainAt: number }
  | { readonly kind: "store"; readonly certificates: StoredCertificates };

/** Who the server is, and how long things last; Gatekeeper's times where absent. */
export interface RotationRules {
  readonly commonName: string;
  readonly names: readonly string[];
  readonly authorityMilliseconds?: number;
  readonly leafMilliseconds?: number;
  /** How long before its end a certificate is replaced. */
  readonly windowMilliseconds?: number;
  /** How long the API servers are given to read a new bundle. */
  readonly overlapMilliseconds?: number;
}

const day = 86_400_000;
const hour = 3_600_000;
const checkEvery = 12 * hour;

/** The next step for what is stored, if one is due. */
export async function planRotation(
  stored: StoredCertificates | undefined,
  rules: RotationRules,
  now: number,
): Promise<RotationStep> {
  const at = new Date(now);
  const window = rules.windowMilliseconds ?? 90 * day;
  const [signing] = splitPem(stored?.authorities ?? "");
  if (
    stored === undefined ||
    signing === undefined ||
    !belongsTo(signing, stored.authorityKey) ||
    isDueForRenewal(signing, at, window)
  ) {
    return { kind: "store", certificates: await withNewAuthority(stored, rules, at) };
  }
  const isSound =
    belongsTo(stored.certificate, stored.privateKey) &&
    isSignedByOneOf(stored.certificate, stored.authorities) &&
    rules.names.every((name) => covers(stored.certificate, name)) &&
    !isDueForRenewal(stored.certificate, at, 0);
  // Nobody can be served with it as it stands, so there is nothing to wait for.
  if (!isSound) return { kind: "store", certificates: await withNewLeaf(stored, signing, rules, at) };
  const trusted = stored.trustedSince + (rules.overlapMilliseconds ?? 2 * 60_000);
  const isOfOld = !isSignedByOneOf(stored.certificate, signing);
  if (!isOfOld && !isDueForRenewal(stored.certificate, at, window))
    return { kind: "keep", lookAgainAt: now + checkEvery };
  if (now < trusted) return { kind: "keep", lookAgainAt: trusted };
  return { kind: "store", certificates: await withNewLeaf(stored, signing, rules, at) };
}

async function withNewAuthority(
  stored: StoredCertificates | undefined,
  rules: RotationRules,
  at: Date,
): Promise<StoredCertificates> {
  const authority = await createAuthority({
    commonName: "gatekeeper-ca",
    organization: "gatekeeper",
    notBefore: new Date(at.getTime() - hour),
    notAfter: new Date(at.getTime() + (rules.authorityMilliseconds ?? 3650 * day)),
  });
  const renewed: StoredCertificates = {
    authorities: overlapTrust(authority.certificate, readable(stored?.authorities ?? ""), at),
    authorityKey: authority.privateKey,
    certificate: stored?.certificate ?? "",
    privateKey: stored?.privateKey ?? "",
    trustedSince: at.getTime(),
  };
  const canGoOn =
    belongsTo(renewed.certificate, renewed.privateKey) &&
    isSignedByOneOf(renewed.certificate, renewed.authorities) &&
    !isDueForRenewal(renewed.certificate, at, 0);
  return canGoOn ? renewed : withNewLeaf(renewed, authority.certificate, rules, at);
}

async function withNewLeaf(
  stored: StoredCertificates,
  signing: string,
  rules: RotationRules,
  at: Date,
): Promise<StoredCertificates> {
  const leaf = await issueCertificate(
    { certificate: signing, privateKey: stored.authorityKey },
    {
      commonName: rules.commonName,
      names: rules.names,
      notBefore: new Date(at.getTime() - hour),
      notAfter: new Date(at.getTime() + (rules.leafMilliseconds ?? 365 * day)),
    },
  );
  const missing = rules.names.find((name) => !covers(leaf.certificate, name));
  // Else a new one would be made for ever.
  if (missing !== undefined) throw new Error(`no certificate can be made for the name \`${missing}\``);
  return { ...stored, certificate: leaf.certificate, privateKey: leaf.privateKey };
}

/** Whether a key is the certificate's; false where either cannot be read. */
export function belongsTo(certificate: string, privateKey: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    return false;
  }
}

function covers(certificate: string, name: string): boolean {
  const parsed = new X509Certificate(certificate);
  return isIP(name) === 0 ? parsed.checkHost(name) !== undefined : parsed.checkIP(name) !== undefined;
}

/** Those of a bundle that are certificates at all. */
function readable(bundle: string): string {
  return splitPem(bundle)
    .filter((one) => {
      try {
        return new X509Certificate(one).ca;
      } catch {
        return false;
      }
    })
    .join("");
}
