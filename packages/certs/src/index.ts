export { createAuthority, type AuthorityRequest } from "./authority.ts";
export type { KeyAlgorithm } from "./key-pair.ts";
export type { KeyedCertificate } from "./keyed-certificate.ts";
export { issueCertificate, type LeafRequest } from "./leaf.ts";
export { splitPem } from "./pem.ts";
export { isDueForRenewal, isSignedByOneOf, overlapTrust } from "./rotation.ts";
export type { LeafUsage } from "./sign-certificate.ts";
