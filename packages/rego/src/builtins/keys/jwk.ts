import { decodeBase64 } from "../../runtime/base64.ts";
import { readJSON } from "../../runtime/json-reader.ts";
import { isArray, isObject, objectGet } from "../../runtime/order.ts";
import type { Value } from "../../runtime/value.ts";
import { bigintToBytes, bytesToBigint } from "./der.ts";
import { coordinateSize, type CurveName, type Key } from "./key.ts";
import { concat } from "./rsa.ts";

/** A JWK: what it says of itself, and the key. */
export interface Jwk {
  readonly algorithm: string;
  readonly id: string;
  readonly key: Key;
}

/** Why a text is no JWK. */
export class JwkError extends Error {}

/** The keys of a JWK set, or the one JWK that a text is. Throws a `JwkError`. */
export function readJwks(text: string): Jwk[] {
  const read = readJSON(text);
  if ("error" in read) throw new JwkError(`failed to unmarshal JWK set: ${read.error}`);
  const { value } = read;
  if (!isObject(value)) throw new JwkError("failed to probe data: not a JSON object");
  const keys = objectGet(value, "keys");
  if (keys === undefined) return [readJwk(value)];
  if (!isArray(keys)) throw new JwkError(`failed to decode "keys": expected '['`);
  return keys.map(readJwk);
}

function readJwk(value: Value): Jwk {
  const text = (name: string): string | undefined => {
    const found = isObject(value) ? objectGet(value, name) : undefined;
    if (found !== undefined && typeof found !== "string") throw new JwkError(`invalid value for ${name}`);
    return found;
  };
  const bytes = (name: string): Uint8Array | undefined => {
    const encoded = text(name);
    return encoded === undefined ? undefined : base64Bytes(encoded, name);
  };
  const required = (name: string): Uint8Array => {
    const found = bytes(name);
    if (found === undefined || found.length === 0) throw new JwkError(`required field ${name} is missing`);
    return found;
  };
  return {
    algorithm: text("alg") ?? "",
    id: text("kid") ?? "",
    key: readKey(text("kty"), text("crv"), bytes, required),
  };
}

function readKey(
  type: string | undefined,
  curve: string | undefined,
  bytes: (name: string) => Uint8Array | undefined,
  required: (name: string) => Uint8Array,
): Key {
  switch (type) {
    case "RSA": {
      const [n, e] = [bytesToBigint(required("n")), bytesToBigint(required("e"))];
      const d = bytes("d");
      if (d === undefined) return { kind: "rsa", n, e };
      const primes = [required("p"), required("q")].map(bytesToBigint);
      return { kind: "rsa", n, e, private: { d: bytesToBigint(d), primes } };
    }
    case "EC": {
      if (curve === undefined || !Object.hasOwn(coordinateSize, curve)) throw new JwkError(`invalid curve ${curve}`);
      const name = curve as CurveName; // as: the line above
      const size = coordinateSize[name];
      const fit = (part: Uint8Array): Uint8Array => bigintToBytes(bytesToBigint(part), size);
      const point = concat(Uint8Array.of(4), fit(required("x")), fit(required("y")));
      const d = bytes("d");
      return d === undefined ? { kind: "ec", curve: name, point } : { kind: "ec", curve: name, point, d: fit(d) };
    }
    case "OKP": {
      if (curve !== "Ed25519") return { kind: "other", name: curve ?? "" };
      const [point, seed] = [required("x"), bytes("d")];
      return seed === undefined ? { kind: "ed25519", point } : { kind: "ed25519", point, seed };
    }
    case "oct":
      return { kind: "secret", bytes: required("k") };
    default:
      throw new JwkError(`invalid key type from JSON (${type ?? ""})`);
  }
}

/** jwx takes either alphabet, with or without padding. */
function base64Bytes(text: string, name: string): Uint8Array {
  const alphabet = /[-_]/.test(text) ? "url" : "standard";
  const decoded = decodeBase64(text.replace(/=+$/, ""), alphabet, false);
  if ("bytes" in decoded) return decoded.bytes;
  throw new JwkError(`invalid value for ${name}: failed to decode source`);
}
