import { ed25519 } from "@noble/curves/ed25519.js";
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
  readSequence,
} from "./der.ts";
import { coordinateSize, type CurveName, type Key } from "./key.ts";
import { decodePem } from "./pem.ts";
import { curvesByOid, keyOids } from "./public-key.ts";

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
  const numbers = readSequence(der).map(integerOf);
  const [version, n, e, d, p, q] = numbers;
  if (version === undefined || version > 1n || n === undefined || e === undefined || d === undefined) {
    throw new DerError("x509: unsupported private key version");
  }
  if (p === undefined || q === undefined || n <= 0n || d <= 0n || p <= 0n || q <= 0n) {
    throw new DerError("x509: private key contains zero or negative value");
  }
  if (p * q !== n) throw new DerError("crypto/rsa: p * q != n");
  return { kind: "rsa", n, e, private: { d, primes: [p, q] } };
}

function readPkcs8(der: Uint8Array): Key {
  const [, algorithm, privateKey] = readSequence(der);
  const [oidElement, parameters] = readAll(expectTag(algorithm, derTags.sequence).contents);
  const { contents } = expectTag(privateKey, derTags.octetString);
  switch (oidOf(oidElement)) {
    case keyOids.rsa:
      return readPkcs1(contents);
    case keyOids.ec:
      return readSec1(contents, curvesByOid.get(oidOf(parameters)));
    case keyOids.ed25519: {
      const seed = readOnly(contents, derTags.octetString).contents;
      if (seed.length !== 32) throw new DerError(`x509: invalid Ed25519 private key length: ${seed.length}`);
      return { kind: "ed25519", point: ed25519.getPublicKey(seed), seed };
    }
    default:
      throw new DerError(`x509: PKCS#8 wrapping contained private key with unknown algorithm: ${oidOf(oidElement)}`);
  }
}

function readSec1(der: Uint8Array, known: CurveName | undefined): Key {
  const [, privateKey, ...optional] = readSequence(der);
  const parameters = optional.find((part) => part.tag === 0xa0);
  const named = parameters === undefined ? undefined : curvesByOid.get(oidOf(readElement(parameters.contents).element));
  const curve = known ?? named;
  if (curve === undefined) throw new DerError("x509: unknown elliptic curve");
  const scalar = bytesToBigint(expectTag(privateKey, derTags.octetString).contents);
  const d = bigintToBytes(scalar, coordinateSize[curve]);
  return { kind: "ec", curve, d, point: curves[curve].getPublicKey(d, false) };
}
