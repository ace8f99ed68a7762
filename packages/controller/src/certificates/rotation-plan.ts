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
import { createSecureContext } from "node:tls";

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
  /** DNS names and addresses that the server is called under. */
  readonly names: readonly string[];
  /** How long an authority lives; ten years where absent. */
  readonly authorityMilliseconds?: number;
  /** How long the server's certificate lives; a year where absent. */
  readonly leafMilliseconds?: number;
  /** How long before its end a certificate is replaced; 90 days where absent. */
  readonly windowMilliseconds?: number;
  /** How long the API servers are given to read a new bundle; two minutes where absent. */
  readonly overlapMilliseconds?: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** How often a certificate is looked at with which all is well. */
const checkEvery = 12 * hour;

/** How far behind ours the clocks of those who call may be. */
const clockSkew = hour;

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
  const bundle = readable(stored.authorities);
  // Somebody's hand, or half a write. What is given to the API server must be whole.
  if (splitPem(bundle).length !== splitPem(stored.authorities).length) {
    return { kind: "store", certificates: { ...stored, authorities: bundle } };
  }
  const isSound =
    canServe(stored.certificate, stored.privateKey) &&
    isSignedByOneOf(stored.certificate, stored.authorities) &&
    rules.names.every((name) => covers(stored.certificate, name)) &&
    !isDueForRenewal(stored.certificate, at, 0);
  // Nobody can be served with it as it stands, so there is nothing to wait for.
  if (!isSound) return { kind: "store", certificates: await withNewLeaf(stored, signing, rules, at) };
  // Clocks differ by hours; what is later than that was never a clock's.
  const since = stored.trustedSince > now + day ? 0 : stored.trustedSince;
  const trusted = since + (rules.overlapMilliseconds ?? 2 * minute);
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
    notBefore: new Date(at.getTime() - clockSkew),
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
    canServe(renewed.certificate, renewed.privateKey) &&
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
      notBefore: new Date(at.getTime() - clockSkew),
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
    // Of what nobody can read, nothing belongs to anything.
    return false;
  }
}

/** Whether a server can present them, what stands behind the leaf included. */
export function canServe(certificate: string, privateKey: string): boolean {
  if (!belongsTo(certificate, privateKey)) return false;
  try {
    createSecureContext({ cert: certificate, key: privateKey });
    return true;
  } catch {
    // The leaf is in order, but not what somebody has put behind it.
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
        // It would make the whole bundle unreadable to those who are given it.
        return false;
      }
    })
    .join("");
}
