import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import {
  bigintToBytes,
  bytesToBigint,
  DerError,
  derTags,
  expectTag,
  integerOf,
  oidOf,
  readAll,
  readElement,
  readOnly,
  readStruct,
  type DerElement,
} from "./der.ts";
import { coordinateSize, type CurveName, type Key } from "./key.ts";
import { decodePem } from "./pem.ts";
import { curvesByOid, keyOids } from "./public-key.ts";
import { rsaInconsistency } from "./rsa-private.ts";

const curves = { "P-256": p256, "P-384": p384, "P-521": p521 } as const;

/** The private keys of the PEM blocks in a text; blocks of other types are passed over. Throws a `DerError`. */
export function readPrivateKeys(text: string): Key[] {
  const keys: Key[] = [];
  for (let found = decodePem(text); found !== undefined; found = decodePem(found.rest)) {
    const { type, bytes } = found.block;
    if (type === "RSA PRIVATE KEY") keys.push(readPkcs1(bytes));
    else if (type === "PRIVATE KEY") keys.push(readPkcs8(bytes));
    else if (type === "EC PRIVATE KEY") keys.push(readSec1(bytes, undefined));
  }
  return keys;
}

function readPkcs1(der: Uint8Array): Key {
  const numbers = readStruct(der, "pkcs1PrivateKey").parts.slice(0, 9).map(integerOf);
  const [version = 0n, n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dp = 0n, dq = 0n, qi = 0n] = numbers;
  if (version > 1n) throw new DerError("x509: unsupported private key version");
  if ([n, d, p, q, dp, dq, qi].some((number) => number <= 0n)) {
    throw new DerError("x509: private key contains zero or negative value");
  }
  const key = { kind: "rsa", n, e, private: { d, primes: [p, q], precomputed: { dp, dq, qi } } } as const;
  const fault = rsaInconsistency(key);
  if (fault !== undefined) throw new DerError(fault);
  return key;
}

function readPkcs8(der: Uint8Array): Key {
  const [, algorithm, privateKey] = readStruct(der, "pkcs8").parts;
  const [oidElement, parameters] = readAll(expectTag(algorithm, derTags.sequence).contents);
  const { contents } = expectTag(privateKey, derTags.octetString);
  switch (oidOf(oidElement)) {
    case keyOids.rsa:
      return embedded("RSA", () => readPkcs1(contents));
    case keyOids.ec:
      return embedded("EC", () => readSec1(contents, curvesByOid.get(oidOf(parameters))));
    case keyOids.ed25519: {
      const seed = readOnly(contents, derTags.octetString).contents;
      if (seed.length !== 32) throw new DerError(`x509: invalid Ed25519 private key length: ${seed.length}`);
      return { kind: "ed25519", point: ed25519.getPublicKey(seed), seed };
    }
    case x25519Oid: {
      const secret = readOnly(contents, derTags.octetString).contents;
      if (secret.length !== 32) throw new DerError("crypto/ecdh: invalid private key size");
      return { kind: "x25519", point: x25519.getPublicKey(secret), secret };
    }
    default:
      throw new DerError(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${oidOf(oidElement)}`);
  }
}

function embedded(kind: string, read: () => Key): Key {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new DerError(`x509: failed to parse ${kind} private key embedded in PKCS#8: ${error.message}`);
  }
}

const x25519Oid = "1.3.101.110";

function readEc(der: Uint8Array): DerElement[] {
  try {
    return readStruct(der, "ecPrivateKey").parts;
  } catch (error) {
    if (error instanceof DerError) throw new DerError(`x509: failed to parse EC private key: ${error.message}`);
    throw error;
  }
}

/** A private key in any of the forms, as TLS reads it: the first that fits. */
export function readAnyPrivateKey(der: Uint8Array): Key {
  for (const read of [readPkcs1, readPkcs8, (bytes: Uint8Array) => readSec1(bytes, undefined)]) {
    try {
      const key = read(der);
      if (key.kind === "x25519") throw new WrongKind();
      return key;
    } catch (error) {
      if (error instanceof WrongKind) throw new DerError("tls: found unknown private key type in PKCS#8 wrapping");
      if (!(error instanceof DerError)) throw error;
    }
  }
  throw new DerError("tls: failed to parse private key");
}

class WrongKind extends Error {}

function readSec1(der: Uint8Array, known: CurveName | undefined): Key {
  const [, privateKey, ...optional] = readEc(der);
  const parameters = optional.find((part) => part.tag === 0xa0);
  const named = parameters === undefined ? undefined : curvesByOid.get(oidOf(readElement(parameters.contents).element));
  const curve = known ?? named;
  if (curve === undefined) throw new DerError("x509: unknown elliptic curve");
  const scalar = bytesToBigint(expectTag(privateKey, derTags.octetString).contents);
  const d = bigintToBytes(scalar, coordinateSize[curve]);
  return { kind: "ec", curve, d, point: curves[curve].getPublicKey(d, false) };
}
