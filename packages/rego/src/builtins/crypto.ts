import { hmac } from "@noble/hashes/hmac.js";
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { encodeUtf8 } from "../runtime/text.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { equalBytes } from "./equal-bytes.ts";
import type { Family } from "./family.ts";
import { stringOperand } from "./operand.ts";

type Hash = typeof md5;

/** crypto.*, but for keys and certificates. */
export const crypto: Family = new Map<string, BuiltinFunction>([
  ["crypto.md5", digest(md5)],
  ["crypto.sha1", digest(sha1)],
  ["crypto.sha256", digest(sha256)],
  ["crypto.hmac.md5", authenticate(md5)],
  ["crypto.hmac.sha1", authenticate(sha1)],
  ["crypto.hmac.sha256", authenticate(sha256)],
  ["crypto.hmac.sha512", authenticate(sha512)],
  ["crypto.hmac.equal", isEqual],
]);

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function digest(hash: Hash): BuiltinFunction {
  return (context: BuiltinContext, text: Value) => {
    const message = encodeUtf8(stringOperand(text, 1));
    context.charge(message.length >> 6);
    return hexOf(hash(message));
  };
}

function authenticate(hash: Hash): BuiltinFunction {
  return (context: BuiltinContext, text: Value, secret: Value) => {
    const message = encodeUtf8(stringOperand(text, 1));
    const key = encodeUtf8(stringOperand(secret, 2));
    context.charge((message.length + key.length) >> 6);
    return hexOf(hmac(hash, key, message));
  };
}

function isEqual(_context: BuiltinContext, a: Value, b: Value): Value {
  return equalBytes(encodeUtf8(stringOperand(a, 1)), encodeUtf8(stringOperand(b, 2)));
}
