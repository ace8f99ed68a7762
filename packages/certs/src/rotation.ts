import { X509Certificate } from "node:crypto";
import { splitPem } from "./pem.ts";

/** Whether a certificate is to be replaced: it ends within the window, has not begun, or cannot be read. */
export function isDueForRenewal(certificate: string, now: Date, windowMilliseconds: number): boolean {
  let parsed: X509Certificate;
  try {
    parsed = new X509Certificate(certificate);
  } catch {
    // A certificate that nobody can read protects nothing, so it is replaced like one that has ended.
    return true;
  }
  const at = now.getTime();
  return parsed.validToDate.getTime() - windowMilliseconds <= at || parsed.validFromDate.getTime() > at;
}

/**
 * The bundle that clients are to trust while authorities change: the new one first, then those of the old bundle
 * that still live. A server may present a leaf of either until every client has seen the bundle; that is the overlap.
 */
export function overlapTrust(current: string, previousBundle: string, now: Date): string {
  const kept = splitPem(previousBundle).filter(
    (certificate) => certificate.trim() !== current.trim() && !isDueForRenewal(certificate, now, 0),
  );
  return [current.trimEnd(), ...kept.map((certificate) => certificate.trimEnd())].join("\n") + "\n";
}

/** Whether the leaf was signed by one of the bundle's certificates. What cannot be read of the bundle signed nothing. */
export function isSignedByOneOf(leaf: string, bundle: string): boolean {
  const certificate = new X509Certificate(leaf);
  return splitPem(bundle).some((candidate) => {
    try {
      const authority = new X509Certificate(candidate);
      return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
    } catch {
      return false;
    }
  });
}
