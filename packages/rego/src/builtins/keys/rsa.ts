import { equalBytes } from "../equal-bytes.ts";
import { bigintToBytes, byteLength, bytesToBigint } from "./der.ts";
import type { HashName } from "./hashes.ts";
import { digest, hashSize } from "./hashes.ts";
import type { RsaPrivate } from "./key.ts";

interface PublicRsa {
  readonly n: bigint;
  readonly e: bigint;
}

/** DER of a DigestInfo, up to the digest. */
const digestPrefix: Readonly<Record<HashName, string>> = {
  SHA1: "3021300906052b0e03021a05000414",
  SHA256: "3031300d060960864801650304020105000420",
  SHA384: "3041300d060960864801650304020205000430",
  SHA512: "3051300d060960864801650304020305000440",
};

/** base^exponent mod modulus. */
export function powerMod(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** What a power costs in steps of an evaluation: keys come from policies and their input, and may be of any size. */
export function powerSteps(exponent: bigint, modulus: bigint): number {
  const words = Math.ceil(byteLength(modulus) / 8);
  return Math.ceil((words * words * 8 * byteLength(exponent)) / 32);
}

/** Go refuses keys below 1024 bits, even exponents and exponents past 2^31. */
function isUsable({ n, e }: PublicRsa): boolean {
  return n.toString(2).length >= 1024 && n % 2n === 1n && e > 1n && e % 2n === 1n && e < 1n << 31n;
}

/** PKCS #1 v1.5. */
export function verifyPkcs1(key: PublicRsa, hash: HashName, message: Uint8Array, signature: Uint8Array): boolean {
  const size = byteLength(key.n);
  if (!isUsable(key) || signature.length !== size) return false;
  const s = bytesToBigint(signature);
  if (s >= key.n) return false;
  const encoded = bigintToBytes(powerMod(s, key.e, key.n), size);
  const expected = encodePkcs1(hash, digest(hash, message), size);
  return expected !== undefined && equalBytes(encoded, expected);
}

function encodePkcs1(hash: HashName, hashed: Uint8Array, size: number): Uint8Array | undefined {
  const prefix = Uint8Array.from(digestPrefix[hash].match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const length = prefix.length + hashed.length;
  if (size < length + 11) return undefined;
  const encoded = new Uint8Array(size).fill(0xff);
  encoded.set([0, 1]);
  encoded[size - length - 1] = 0;
  encoded.set(prefix, size - length);
  encoded.set(hashed, size - hashed.length);
  return encoded;
}

/** PSS, with a salt of the hash's length or, where that is left open, of any. */
export function verifyPss(
  key: PublicRsa,
  hash: HashName,
  message: Uint8Array,
  signature: Uint8Array,
  salt: "any" | "hash",
): boolean {
  const size = byteLength(key.n);
  if (!isUsable(key) || signature.length !== size) return false;
  const s = bytesToBigint(signature);
  if (s >= key.n) return false;
  const bits = key.n.toString(2).length - 1;
  const encoded = bigintToBytes(powerMod(s, key.e, key.n), Math.ceil(bits / 8));
  return verifyPssEncoding(encoded, bits, hash, digest(hash, message), salt);
}

function verifyPssEncoding(
  encoded: Uint8Array,
  bits: number,
  hash: HashName,
  hashed: Uint8Array,
  salt: "any" | "hash",
): boolean {
  const h = hashSize[hash];
  const unused = 8 * encoded.length - bits;
  if (encoded.length < h + 2 || encoded[encoded.length - 1] !== 0xbc) return false;
  const masked = encoded.slice(0, encoded.length - h - 1);
  const tag = encoded.subarray(encoded.length - h - 1, encoded.length - 1);
  if (((masked[0] ?? 0) & ~(0xff >> unused)) !== 0) return false;
  const mask = maskOf(hash, tag, masked.length);
  const block = masked.map((byte, index) => byte ^ (mask[index] ?? 0));
  block[0] = (block[0] ?? 0) & (0xff >> unused);
  const one = block.findIndex((byte) => byte !== 0);
  if (one === -1 || block[one] !== 1) return false;
  const given = block.subarray(one + 1);
  if (salt === "hash" && given.length !== h) return false;
  return equalBytes(digest(hash, concat(new Uint8Array(8), hashed, given)), tag);
}

/** MGF1. */
function maskOf(hash: HashName, seed: Uint8Array, length: number): Uint8Array {
  const mask = new Uint8Array(length);
  for (let counter = 0, at = 0; at < length; counter += 1, at += hashSize[hash]) {
    mask.set(digest(hash, concat(seed, bigintToBytes(BigInt(counter), 4))).subarray(0, length - at), at);
  }
  return mask;
}

/** Signs by PKCS #1 v1.5; undefined where the key is too short for the hash. */
export function signPkcs1(
  key: PublicRsa & { readonly private: RsaPrivate },
  hash: HashName,
  message: Uint8Array,
): Uint8Array | undefined {
  const size = byteLength(key.n);
  const encoded = encodePkcs1(hash, digest(hash, message), size);
  if (encoded === undefined || !isUsable(key)) return undefined;
  return bigintToBytes(powerMod(bytesToBigint(encoded), key.private.d, key.n), size);
}

/** Signs by PSS with a salt of the hash's length. */
export function signPss(
  key: PublicRsa & { readonly private: RsaPrivate },
  hash: HashName,
  message: Uint8Array,
  salt: Uint8Array,
): Uint8Array | undefined {
  const bits = key.n.toString(2).length - 1;
  const length = Math.ceil(bits / 8);
  const h = hashSize[hash];
  if (length < h + salt.length + 2 || !isUsable(key)) return undefined;
  const tag = digest(hash, concat(new Uint8Array(8), digest(hash, message), salt));
  const block = new Uint8Array(length - h - 1);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  const mask = maskOf(hash, tag, block.length);
  const masked = block.map((byte, index) => byte ^ (mask[index] ?? 0));
  masked[0] = (masked[0] ?? 0) & (0xff >> (8 * length - bits));
  const encoded = concat(masked, tag, Uint8Array.of(0xbc));
  return bigintToBytes(powerMod(bytesToBigint(encoded), key.private.d, key.n), byteLength(key.n));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
