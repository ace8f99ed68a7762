import {
  bitStringOf,
  bytesToBigint,
  type DerElement,
  DerError,
  derTags,
  expectTag,
  integerOf,
  oidOf,
  readAll,
  readOnly,
  readSequence,
  readStruct,
} from "./der.ts";
import type { CurveName, Key } from "./key.ts";

export const curvesByOid: ReadonlyMap<string, CurveName> = new Map([
  ["1.2.840.10045.3.1.7", "P-256"],
  ["1.3.132.0.34", "P-384"],
  ["1.3.132.0.35", "P-521"],
]);

const dsa = "1.2.840.10040.4.1";

function dsaNumbers(parameters: DerElement | undefined, bytes: Uint8Array): Readonly<Record<string, bigint>> {
  const [P = 0n, Q = 0n, G = 0n] = readAll(expectTag(parameters, derTags.sequence).contents).map(integerOf);
  return { P, Q, G, Y: integerOf(readOnly(bytes, derTags.integer)) };
}

function coordinates(point: Uint8Array): Readonly<Record<string, bigint>> {
  const half = (point.length - 1) / 2;
  return { X: bytesToBigint(point.subarray(1, 1 + half)), Y: bytesToBigint(point.subarray(1 + half)) };
}

const p224 = "1.3.132.0.33";

/** Kinds of public keys that Go reads and that verify nothing here: DSA, X25519. */
const passive: ReadonlySet<string> = new Set([dsa, "1.3.101.110"]);

/** A public key that stands by itself, as `readPublicKey` reads it, but of a known kind. */
export function readLonePublicKey(der: Uint8Array): Key {
  const key = readPublicKey(der);
  const isUnknown = key.kind === "other" && key.name !== "P-224" && !passive.has(key.name);
  if (isUnknown) throw new DerError("x509: unknown public key algorithm");
  return key;
}

export const keyOids = {
  rsa: "1.2.840.113549.1.1.1",
  ec: "1.2.840.10045.2.1",
  ed25519: "1.3.101.112",
} as const;

/** A SubjectPublicKeyInfo as a key. Throws a `DerError` where it is none. */
export function readPublicKey(der: Uint8Array): Key {
  const [algorithm, bits] = readStruct(der, "publicKeyInfo").parts;
  const [oidElement, parameters] = readAll(expectTag(algorithm, derTags.sequence).contents);
  const oid = oidOf(oidElement);
  const bytes = bitStringOf(bits);
  switch (oid) {
    case keyOids.rsa:
      return readRsaPublicKey(bytes);
    case keyOids.ec: {
      const curve = curvesByOid.get(oidOf(parameters));
      // Go knows this curve as well; no signature of a token is made with it.
      if (oidOf(parameters) === p224) return { kind: "other", name: "P-224", numbers: coordinates(bytes) };
      if (curve === undefined) throw new DerError("x509: unsupported elliptic curve");
      return { kind: "ec", curve, point: bytes };
    }
    case keyOids.ed25519:
      if (bytes.length !== 32) throw new DerError("wrong Ed25519 public key size");
      return { kind: "ed25519", point: bytes };
    case dsa:
      return { kind: "other", name: oid, numbers: dsaNumbers(parameters, bytes) };
    default:
      return { kind: "other", name: oid };
  }
}

/** A PKCS #1 RSAPublicKey. */
function readRsaPublicKey(der: Uint8Array): Key {
  const [n, e] = readSequence(der).map(integerOf);
  if (n === undefined || e === undefined || n <= 0n || e <= 0n) throw new DerError("not an RSA public key");
  return { kind: "rsa", n, e };
}

/** The SubjectPublicKeyInfo of a certificate, as it stands in it. */
export function publicKeyInfoOf(certificate: Uint8Array): Uint8Array {
  const [tbs, algorithm, signature] = readSequence(certificate);
  expectTag(algorithm, derTags.sequence);
  bitStringOf(signature);
  const fields = readAll(expectTag(tbs, derTags.sequence).contents);
  // The version is optional: [0] before the serial number.
  const at = fields[0]?.tag === 0xa0 ? 6 : 5;
  return expectTag(fields[at], derTags.sequence).raw;
}
