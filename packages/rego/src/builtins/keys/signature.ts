import { equalBytes } from "../equal-bytes.ts";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { authenticate, digest, hashSize, type HashName } from "./hashes.ts";
import { coordinateSize, type CurveName, type Key } from "./key.ts";
import { concat, powerSteps, signPkcs1, signPss, verifyPkcs1, verifyPss } from "./rsa.ts";
import { bigintToBytes, bytesToBigint } from "./der.ts";

const curves = { "P-256": p256, "P-384": p384, "P-521": p521 } as const;

export type Scheme = "hmac" | "pkcs1" | "pss" | "ecdsa" | "eddsa";

export interface Algorithm {
  readonly scheme: Scheme;
  readonly hash: HashName;
}

/** The algorithms of tokens by name. */
export const algorithms: ReadonlyMap<string, Algorithm> = new Map([
  ...sized("HS", "hmac"),
  ...sized("RS", "pkcs1"),
  ...sized("PS", "pss"),
  ...sized("ES", "ecdsa"),
  ["EdDSA", { scheme: "eddsa", hash: "SHA512" }] as const,
]);

function sized(prefix: string, scheme: Scheme): [string, Algorithm][] {
  return (["256", "384", "512"] as const).map((size) => [`${prefix}${size}`, { scheme, hash: `SHA${size}` }]);
}

/** How strict a verification is where the two families of builtins differ. */
export interface Strictness {
  /** PSS salts of the hash's length alone. */
  readonly salt: "any" | "hash";
  /** ECDSA signatures of the curve's size alone; else the two halves are taken for the two numbers. */
  readonly halves: "any" | "curve";
  /** Whether a private key may stand for its public half. */
  readonly privateKeys: boolean;
}

/** What it costs in steps of an evaluation to look at a signature. */
export function verificationSteps(key: Key): number {
  return key.kind === "rsa" ? 1000 + powerSteps(key.e, key.n) : 1000;
}

/** Whether a signature is the key's over the message. A key of the wrong kind says no. */
export function verifySignature(
  { scheme, hash }: Algorithm,
  key: Key,
  message: Uint8Array,
  signature: Uint8Array,
  strictness: Strictness,
): boolean {
  switch (scheme) {
    case "hmac":
      return key.kind === "secret" && equalBytes(authenticate(hash, key.bytes, message), signature);
    case "pkcs1":
      if (key.kind !== "rsa" || (key.private !== undefined && !strictness.privateKeys)) return false;
      return verifyPkcs1(key, hash, message, signature);
    case "pss":
      if (key.kind !== "rsa" || (key.private !== undefined && !strictness.privateKeys)) return false;
      return verifyPss(key, hash, message, signature, strictness.salt);
    case "ecdsa":
      if (key.kind !== "ec" || (key.d !== undefined && !strictness.privateKeys)) return false;
      return verifyEcdsa(key.curve, key.point, digest(hash, message), signature, strictness);
    case "eddsa":
      if (key.kind !== "ed25519" || (key.seed !== undefined && !strictness.privateKeys)) return false;
      return verifyEd25519(key.point, message, signature);
  }
}

function verifyEcdsa(
  curve: CurveName,
  point: Uint8Array,
  hashed: Uint8Array,
  signature: Uint8Array,
  strictness: Strictness,
): boolean {
  const size = coordinateSize[curve];
  if (strictness.halves === "curve" && signature.length !== 2 * size) return false;
  const half = Math.floor(signature.length / 2);
  const [r, s] = [signature.subarray(0, half), signature.subarray(half)].map(bytesToBigint);
  if (r === undefined || s === undefined || r >= 1n << BigInt(8 * size) || s >= 1n << BigInt(8 * size)) return false;
  const compact = concat(bigintToBytes(r, size), bigintToBytes(s, size));
  try {
    return curves[curve].verify(compact, hashed, point, { lowS: false, prehash: false });
  } catch {
    // The library throws where a number is out of range or the point is not on the curve: no signature either way.
    return false;
  }
}

function verifyEd25519(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    // As Go: RFC 8032 without cofactor.
    return ed25519.verify(signature, message, point, { zip215: false });
  } catch {
    return false;
  }
}

/** Signs; undefined where the key is not one that can. `random` is asked for PSS salts. */
export function sign(
  { scheme, hash }: Algorithm,
  key: Key,
  message: Uint8Array,
  random: (bytes: number) => Uint8Array,
): Uint8Array | undefined {
  switch (scheme) {
    case "hmac":
      return key.kind === "secret" ? authenticate(hash, key.bytes, message) : undefined;
    case "pkcs1":
      if (key.kind !== "rsa" || key.private === undefined) return undefined;
      return signPkcs1({ ...key, private: key.private }, hash, message);
    case "pss":
      if (key.kind !== "rsa" || key.private === undefined) return undefined;
      return signPss({ ...key, private: key.private }, hash, message, random(hashSize[hash]));
    case "ecdsa":
      if (key.kind !== "ec" || key.d === undefined) return undefined;
      return curves[key.curve].sign(digest(hash, message), key.d, { lowS: false, prehash: false });
    case "eddsa":
      return key.kind === "ed25519" && key.seed !== undefined ? ed25519.sign(message, key.seed) : undefined;
  }
}
