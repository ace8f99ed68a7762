import { encodeBase64 } from "../../runtime/base64.ts";
import { fromInteger } from "../../runtime/number.ts";
import type { Value } from "../../runtime/value.ts";
import { bytesToBigint } from "../keys/der.ts";
import type { Key } from "../keys/key.ts";
import { escapeUrl, parseUrl } from "../url.ts";
import { publicKeyNumbers, type Certificate } from "./certificate.ts";
import type { AlternativeNames, Extension, IpRange } from "./extensions.ts";
import { nameTree, oidNumbers } from "./name.ts";

/** The extended usages that Go numbers, from `any` on. */
export const extendedUsages: readonly string[] = [
  "2.5.29.37.0",
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((use) => `1.3.6.1.5.5.7.3.${use}`),
  "1.3.6.1.4.1.311.10.3.3",
  "2.16.840.1.113730.4.1",
  "1.3.6.1.4.1.311.2.1.22",
  "1.3.6.1.4.1.311.61.1.1",
];

export function base64(bytes: Uint8Array): string {
  return encodeBase64(bytes, "standard");
}

/** A list as Go's JSON shows a slice: null where it is empty. */
function slice<T>(items: readonly T[] | undefined, show: (item: T) => Value): Value {
  return items === undefined || items.length === 0 ? null : items.map(show);
}

const asIs = (text: string): Value => text;

/** A certificate as Go's JSON shows it, with OPA's list of URIs as texts beside it where that is asked for. */
export function certificateTree(certificate: Certificate, withUriStrings: boolean): Value {
  const { known } = certificate;
  const { permitted, excluded, critical } = known.constraints ?? {};
  const usages = known.extendedKeyUsage?.map((oid) => extendedUsages.indexOf(oid));
  return {
    Raw: base64(certificate.raw),
    RawTBSCertificate: base64(certificate.tbs),
    RawSubjectPublicKeyInfo: base64(certificate.publicKeyInfo),
    RawSubject: base64(certificate.rawSubject),
    RawIssuer: base64(certificate.rawIssuer),
    Signature: base64(certificate.signature),
    SignatureAlgorithm: certificate.algorithm.number,
    PublicKeyAlgorithm: publicKeyNumbers.get(certificate.keyAlgorithm) ?? 0,
    PublicKey: publicKeyTree(certificate.key),
    Version: certificate.version,
    SerialNumber: fromInteger(certificate.serial),
    Issuer: nameTree(certificate.issuer),
    Subject: nameTree(certificate.subject),
    NotBefore: timeText(certificate.notBefore),
    NotAfter: timeText(certificate.notAfter),
    KeyUsage: known.keyUsage ?? 0,
    Extensions: slice(certificate.extensions, extensionTree),
    ExtraExtensions: null,
    UnhandledCriticalExtensions: slice(known.unhandled, oidNumbers),
    ExtKeyUsage: slice(
      usages?.filter((usage) => usage !== -1),
      (usage) => usage,
    ),
    UnknownExtKeyUsage: slice(
      known.extendedKeyUsage?.filter((oid) => !extendedUsages.includes(oid)),
      oidNumbers,
    ),
    BasicConstraintsValid: known.basic !== undefined,
    IsCA: known.basic?.isCa ?? false,
    MaxPathLen: known.basic?.maxPathLength ?? 0,
    MaxPathLenZero: known.basic?.maxPathLength === 0,
    SubjectKeyId: known.subjectKeyId === undefined ? null : base64(known.subjectKeyId),
    AuthorityKeyId: known.authorityKeyId === undefined ? null : base64(known.authorityKeyId),
    OCSPServer: slice(known.ocsp, asIs),
    IssuingCertificateURL: slice(known.issuers, asIs),
    ...alternativeNameTrees(known.names),
    PermittedDNSDomainsCritical: critical ?? false,
    PermittedDNSDomains: slice(permitted?.dns, asIs),
    ExcludedDNSDomains: slice(excluded?.dns, asIs),
    PermittedIPRanges: slice(permitted?.ranges, rangeTree),
    ExcludedIPRanges: slice(excluded?.ranges, rangeTree),
    PermittedEmailAddresses: slice(permitted?.emails, asIs),
    ExcludedEmailAddresses: slice(excluded?.emails, asIs),
    PermittedURIDomains: slice(permitted?.uris, asIs),
    ExcludedURIDomains: slice(excluded?.uris, asIs),
    CRLDistributionPoints: slice(known.crls, asIs),
    // Go leaves out of this list what its older type cannot hold.
    PolicyIdentifiers: slice(
      known.policies?.filter((oid) => oid.split(".").every((arc) => Number(arc) < 2 ** 31)),
      oidNumbers,
    ),
    Policies: slice(known.policies, asIs),
    InhibitAnyPolicy: known.inhibitAnyPolicy ?? 0,
    InhibitAnyPolicyZero: known.inhibitAnyPolicy === 0,
    InhibitPolicyMapping: known.inhibitPolicyMapping ?? 0,
    InhibitPolicyMappingZero: known.inhibitPolicyMapping === 0,
    RequireExplicitPolicy: known.requireExplicitPolicy ?? 0,
    RequireExplicitPolicyZero: known.requireExplicitPolicy === 0,
    PolicyMappings: slice(known.policyMappings, ({ issuer, subject }) => ({
      IssuerDomainPolicy: issuer,
      SubjectDomainPolicy: subject,
    })),
    ...(withUriStrings ? { URIStrings: slice(known.names?.uris, asIs) } : {}),
  };
}

/** The lists of alternative names. */
export function alternativeNameTrees(names: AlternativeNames | undefined): Record<string, Value> {
  return {
    DNSNames: slice(names?.dns, asIs),
    EmailAddresses: slice(names?.emails, asIs),
    IPAddresses: slice(names?.ips, ipText),
    URIs: slice(names?.uris, urlTree),
  };
}

export function extensionTree({ oid, critical, value }: Extension): Value {
  return { Id: oidNumbers(oid), Critical: critical, Value: base64(value) };
}

function rangeTree({ ip, mask }: IpRange): Value {
  return { IP: ipText(ip), Mask: base64(mask) };
}

/** A public key as Go's JSON shows it. */
export function publicKeyTree(key: Key): Value {
  switch (key.kind) {
    case "rsa":
      return { N: fromInteger(key.n), E: fromInteger(key.e) };
    case "ec": {
      const half = (key.point.length - 1) / 2;
      const [x, y] = [key.point.subarray(1, 1 + half), key.point.subarray(1 + half)].map(bytesToBigint);
      return { Curve: {}, X: fromInteger(x ?? 0n), Y: fromInteger(y ?? 0n) };
    }
    case "ed25519":
      return base64(key.point);
    case "other": {
      if (key.numbers === undefined) return null;
      const numbers = Object.entries(key.numbers).map(([name, number]): [string, Value] => [name, fromInteger(number)]);
      return { ...(key.name === "P-224" ? { Curve: {} } : {}), ...Object.fromEntries(numbers) };
    }
    default:
      return null;
  }
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}

/** Go's net/url.URL. Nothing shows of a user but that there is one. */
function urlTree(text: string): Value {
  const url = parseUrl(text);
  return {
    Scheme: url.scheme,
    Opaque: url.opaque,
    User: url.user === undefined ? null : {},
    Host: url.host,
    Path: url.path,
    RawPath: url.rawPath === escapeUrl(url.path, "path") ? "" : url.rawPath,
    OmitHost: url.omitHost,
    ForceQuery: url.forceQuery,
    RawQuery: url.rawQuery,
    Fragment: url.fragment,
    RawFragment: url.rawFragment === escapeUrl(url.fragment, "fragment") ? "" : url.rawFragment,
  };
}

/** An address as text; IPv6 in its shortest form. */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return bytes.subarray(12).join(".");
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0));
  const words = groups.map((group) => group.toString(16));
  const { start, length } = longestZeros(groups);
  if (length < 2) return words.join(":");
  return `${words.slice(0, start).join(":")}::${words.slice(start + length).join(":")}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}
