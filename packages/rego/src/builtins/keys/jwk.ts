/** JWKs and sets of them, read and refused as the library that OPA uses does. */
import { equalBytes } from "../equal-bytes.ts";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { readFirstJSON, readJSON } from "../../runtime/json-reader.ts";
import type { RegoObject } from "../../runtime/object.ts";
import { isArray, isObject, objectGet, objectKeys } from "../../runtime/order.ts";
import { valueToText } from "../../runtime/value-text.ts";
import type { PlainObject, Value } from "../../runtime/value.ts";
import { bytesToBigint } from "./der.ts";
import { type JwkFields, JwkError, type JwkType, kindOf, readFields } from "./jwk-fields.ts";
import { coordinateSize, type CurveName, type Key } from "./key.ts";
import { concat } from "./rsa.ts";

/** A JWK: what it says of itself, and the key, or why none can be made of it. */
export interface Jwk {
  readonly type: JwkType;
  readonly algorithm: string;
  readonly id: string;
  readonly key: Key | { readonly fault: string };
}

const curves = { "P-256": p256, "P-384": p384, "P-521": p521 } as const;

/** How many keys a set may have. */
const maxKeys = 1000;

/** The keys of a JWK set, or the one JWK that a text is. Throws a `JwkError`. */
export function readJwks(text: string): Jwk[] {
  const whole = readJSON(text);
  const keys = "value" in whole && isObject(whole.value) ? objectGet(whole.value, "keys") : undefined;
  if (keys !== undefined) return within("failed to unmarshal JWK set", () => readSet(keys));
  // What follows the first value is not looked at, but makes it no set.
  return [within("failed to parse sole key", () => readJwk(readFirstJSON(text)))];
}

/** Tells what was being read along with what is wrong. */
function within<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof JwkError) throw new JwkError(`jwk.Parse: ${what}: ${error.message}`);
    throw error;
  }
}

function readSet(keys: Value): Jwk[] {
  if (!isArray(keys)) {
    const shown = isObject(keys) ? "{" : keys === null ? "<nil>" : typeof keys === "string" ? keys : valueToText(keys);
    throw new JwkError(`failed to decode "keys": expected '[' but got ${shown}`);
  }
  return keys.map((value, index) => {
    if (index >= maxKeys) throw new JwkError(`too many keys in "keys" array: max ${maxKeys}`);
    try {
      return readJwk({ value });
    } catch (error) {
      if (error instanceof JwkError) throw new JwkError(`failed to decode key #${index} in "keys": ${error.message}`);
      throw error;
    }
  });
}

/** A first look finds what kind of key it is. */
function readJwk(read: { readonly value: Value } | { readonly error: string }): Jwk {
  const where = "jwk.ParseKey: ";
  const refuse = (reason: string): never => {
    throw new JwkError(`${where}jwk.Parse: failed to probe data: probe: failed to unmarshal data: ${reason}`);
  };
  if ("error" in read) return refuse(read.error);
  const { value } = read;
  if (value !== null && !isObject(value)) {
    const struct = String.raw`struct { Kty string "json:\"kty\""; D json.RawMessage "json:\"d,omitempty\"" }`;
    return refuse(`json: cannot unmarshal ${kindOf(value)} into Go value of type ${struct}`);
  }
  const object = value ?? {};
  const kty = lastOf(object, "kty") ?? "";
  if (typeof kty !== "string") {
    return refuse(`json: cannot unmarshal ${kindOf(kty)} into Go struct field .kty of type string`);
  }
  const type = typeOf(kty, lastOf(object, "d") !== undefined);
  if (type === undefined) throw new JwkError(`${where}invalid key type from JSON (${kty})`);
  try {
    return makeJwk(type, readFields(type, object));
  } catch (error) {
    if (!(error instanceof JwkError)) throw error;
    if (error instanceof InvalidKey) {
      const name = `jwk.${type.charAt(0).toUpperCase()}${type.slice(1)}`.replace(
        /^jwk\.(Rsa|Ecdsa|Okp)/,
        (head) => head.slice(0, 4) + head.slice(4).toUpperCase(),
      );
      throw new JwkError(`${where}jwk.Parse: key validation failed: key validation failed: ${name}: ${error.message}`);
    }
    const into = `failed to unmarshal JSON into key (*jwk.${type}): `;
    throw new JwkError(where + into + into + error.message);
  }
}

/** The last member of a name, in capitals or not: so Go finds the fields of a struct. */
function lastOf(object: RegoObject | PlainObject, name: string): Value | undefined {
  const key = objectKeys(object).findLast((each) => String(each).toLowerCase() === name);
  const found = key === undefined ? undefined : objectGet(object, key);
  return name === "kty" && found === null ? "" : found;
}

function typeOf(kty: string, isPrivate: boolean): JwkType | undefined {
  switch (kty) {
    case "RSA":
      return isPrivate ? "rsaPrivateKey" : "rsaPublicKey";
    case "EC":
      return isPrivate ? "ecdsaPrivateKey" : "ecdsaPublicKey";
    case "OKP":
      return isPrivate ? "okpPrivateKey" : "okpPublicKey";
    case "oct":
      return "symmetricKey";
    default:
      return undefined;
  }
}

/** All members can be read, but make no key. */
class InvalidKey extends JwkError {}

function makeJwk(type: JwkType, fields: JwkFields): Jwk {
  const algorithm = fields.texts.get("alg") ?? "";
  return { type, algorithm, id: fields.texts.get("kid") ?? "", key: makeKey(type, fields) };
}

function makeKey(type: JwkType, { texts, bytes }: JwkFields): Jwk["key"] {
  const curve = texts.get("crv") ?? "";
  const part = (name: string): Uint8Array => bytes.get(name) ?? new Uint8Array();
  const isPrivate = type.endsWith("PrivateKey");
  switch (type) {
    case "rsaPublicKey":
    case "rsaPrivateKey":
      return rsaKey(part, isPrivate, bytes);
    case "ecdsaPublicKey":
    case "ecdsaPrivateKey":
      return ecKey(curve, part, isPrivate);
    case "okpPublicKey":
    case "okpPrivateKey":
      return okpKey(curve, part, isPrivate);
    case "symmetricKey":
      if (part("k").length === 0) throw new InvalidKey('missing "k" field');
      return { kind: "secret", bytes: part("k") };
  }
}

type Part = (name: string) => Uint8Array;

function rsaKey(part: Part, isPrivate: boolean, given: ReadonlyMap<string, Uint8Array>): Jwk["key"] {
  const [n, e] = [bytesToBigint(part("n")), bytesToBigint(part("e"))];
  if (n === 0n) throw new InvalidKey('missing "n" value');
  if (e === 0n) throw new InvalidKey('missing "e" value');
  if (e % 2n === 0n) throw new InvalidKey("invalid rsa public exponent: must be a positive odd integer");
  const bits = e.toString(2).length;
  if (bits >= 64) throw new InvalidKey(`rsa public exponent too large for this platform: ${bits} bits (max 63)`);
  if (!isPrivate) return { kind: "rsa", n, e };
  if (part("d").length === 0) throw new InvalidKey('missing "d" value');
  const missing = ["q", "p"].find((name) => !given.has(name));
  if (missing !== undefined) return { fault: `missing "${missing}" value` };
  const numbers = Object.fromEntries(
    ["d", "p", "q", "dp", "dq", "qi"].map((name) => [name, bytesToBigint(part(name))]),
  );
  const { d = 0n, p = 0n, q = 0n, dp = 0n, dq = 0n, qi = 0n } = numbers;
  const isPrecomputed = ["dp", "dq", "qi"].every((name) => given.has(name));
  return {
    kind: "rsa",
    n,
    e,
    private: { d, primes: [p, q], ...(isPrecomputed ? { precomputed: { dp, dq, qi } } : {}) },
  };
}

function ecKey(curve: string, part: Part, isPrivate: boolean): Key {
  if (!Object.hasOwn(coordinateSize, curve)) {
    throw new InvalidKey(`invalid curve algorithm "${curve}": unknown elliptic curve algorithm: "${curve}"`);
  }
  const name = curve as CurveName; // as: the check above
  const size = coordinateSize[name];
  const checkLength = (coordinate: string): void => {
    const { length } = part(coordinate);
    if (length !== size) throw new InvalidKey(`invalid "${coordinate}" length (${length}) for curve "${curve}"`);
  };
  ["x", "y"].forEach(checkLength);
  const point = concat(Uint8Array.of(4), part("x"), part("y"));
  checkPoint(name, part("x"), part("y"), point);
  if (!isPrivate) return { kind: "ec", curve: name, point };
  checkLength("d");
  return { kind: "ec", curve: name, point, d: part("d") };
}

function checkPoint(curve: CurveName, x: Uint8Array, y: Uint8Array, point: Uint8Array): void {
  const refuse = (reason: string): never => {
    throw new InvalidKey(`invalid ECDSA public key: ${reason}`);
  };
  const coordinates = { x: bytesToBigint(x), y: bytesToBigint(y) };
  if (coordinates.x === 0n && coordinates.y === 0n) refuse("identity point is not a valid public key");
  const bits = Number(curve.slice(2));
  for (const [name, value] of Object.entries(coordinates)) {
    const length = value.toString(2).length;
    if (length <= bits) continue;
    refuse(`${name} coordinate is ${length} bits, exceeds curve "${curve}" field size of ${bits} bits`);
  }
  const short = curve.replace("-", "");
  const { p } = curves[curve].Point.CURVE();
  if (coordinates.x >= p || coordinates.y >= p) refuse(`invalid ${short} element encoding`);
  if (!curves[curve].utils.isValidPublicKey(point, false)) refuse(`${short} point not on curve`);
}

function okpKey(curve: string, part: Part, isPrivate: boolean): Jwk["key"] {
  const [x, d] = [part("x"), part("d")];
  if (x.length === 0) throw new InvalidKey('missing "x" field');
  const isKnown = curve === "Ed25519" || curve === "X25519";
  if (isKnown && x.length !== 32) throw new InvalidKey(`${curve.toLowerCase()}: wrong public key size`);
  if (isPrivate && d.length === 0) throw new InvalidKey('missing "d" field');
  if (isPrivate && isKnown && d.length !== 32) throw new InvalidKey(`${curve.toLowerCase()}: wrong private key size`);
  const what = isPrivate
    ? "jwk.OKPPrivateKey: failed to build private key"
    : "jwk.OKPPublicKey: failed to build public key";
  if (!isKnown) return { fault: `${what}: invalid curve algorithm ${curve}` };
  if (curve === "X25519") return { kind: "other", name: curve };
  if (!isPrivate) return { kind: "ed25519", point: x };
  if (!equalBytes(ed25519.getPublicKey(d), x)) return { fault: `${what}: ed25519: invalid x value given d value` };
  return { kind: "ed25519", point: x, seed: d };
}
