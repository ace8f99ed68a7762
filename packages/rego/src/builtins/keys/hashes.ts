import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";

export type HashName = "SHA1" | "SHA256" | "SHA384" | "SHA512";

const hashes = { SHA1: sha1, SHA256: sha256, SHA384: sha384, SHA512: sha512 } as const;

/** Bytes of each hash's digest. */
export const hashSize: Readonly<Record<HashName, number>> = { SHA1: 20, SHA256: 32, SHA384: 48, SHA512: 64 };

export function digest(hash: HashName, message: Uint8Array): Uint8Array {
  return hashes[hash](message);
}

export function authenticate(hash: HashName, secret: Uint8Array, message: Uint8Array): Uint8Array {
  return hmac(hashes[hash], secret, message);
}
