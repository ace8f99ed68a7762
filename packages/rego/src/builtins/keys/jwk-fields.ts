/** The members of a JWK, decoded one by one as the library that OPA uses decodes them, and in its words. */
import { decodeBase64, corruptText } from "../../runtime/base64.ts";
import { isArray, isObject, objectKeys, objectGet } from "../../runtime/order.ts";
import { quote } from "../../runtime/text.ts";
import type { RegoObject } from "../../runtime/object.ts";
import type { PlainObject, Value } from "../../runtime/value.ts";

/** Why a text is no JWK. */
export class JwkError extends Error {}

/** What Go's decoder calls the kind of a JSON value. */
export function kindOf(value: Value): string {
  if (isArray(value)) return "array";
  return typeof value === "boolean"
    ? "bool"
    : typeof value === "string"
      ? "string"
      : isObject(value)
        ? "object"
        : "number";
}

/** The kinds of keys, by what they are in the library. */
export type JwkType =
  | "rsaPublicKey"
  | "rsaPrivateKey"
  | "ecdsaPublicKey"
  | "ecdsaPrivateKey"
  | "okpPublicKey"
  | "okpPrivateKey"
  | "symmetricKey";

const textFields: ReadonlySet<string> = new Set(["kid", "use", "x5t", "x5t#S256", "x5u"]);

interface Shape {
  readonly kty: string;
  readonly bytes: readonly string[];
  readonly hasCurve: boolean;
  /** In the order in which they are asked for. */
  readonly required: readonly string[];
}

const rsaPrivate = ["d", "dp", "dq", "e", "n", "p", "q", "qi"];

const shapes: Readonly<Record<JwkType, Shape>> = {
  rsaPublicKey: { kty: "RSA", bytes: ["e", "n"], hasCurve: false, required: ["e", "n"] },
  rsaPrivateKey: { kty: "RSA", bytes: rsaPrivate, hasCurve: false, required: ["d", "e", "n"] },
  ecdsaPublicKey: { kty: "EC", bytes: ["x", "y"], hasCurve: true, required: ["crv", "x", "y"] },
  ecdsaPrivateKey: { kty: "EC", bytes: ["d", "x", "y"], hasCurve: true, required: ["crv", "d", "x", "y"] },
  okpPublicKey: { kty: "OKP", bytes: ["x"], hasCurve: true, required: ["crv", "x"] },
  okpPrivateKey: { kty: "OKP", bytes: ["d", "x"], hasCurve: true, required: ["crv", "d", "x"] },
  symmetricKey: { kty: "oct", bytes: ["k"], hasCurve: false, required: ["k"] },
};

const curves: ReadonlySet<string> = new Set(["Ed25519", "Ed448", "P-256", "P-384", "P-521", "X25519", "X448"]);

const wraps = ["A128KW", "A192KW", "A256KW"];

const singles: readonly string[] = [
  "ES256K",
  "EdDSA",
  "Ed25519",
  "none",
  "RSA1_5",
  "RSA-OAEP",
  "RSA-OAEP-256",
  "RSA-OAEP-384",
  "RSA-OAEP-512",
  "dir",
  "ECDH-ES",
];

/** Every algorithm that a key may be said to be for: to sign, to encrypt keys, to encrypt contents. */
const algorithms: ReadonlySet<string> = new Set([
  ...["HS", "RS", "PS", "ES"].flatMap((family) => ["256", "384", "512"].map((size) => family + size)),
  ...singles,
  ...wraps,
  ...["128", "192", "256"].flatMap((size) => [`A${size}GCMKW`, `A${size}GCM`, `A${size}CBC-HS${2 * Number(size)}`]),
  ...wraps.flatMap((wrap, at) => [`ECDH-ES+${wrap}`, `PBES2-HS${["256", "384", "512"][at] ?? ""}+${wrap}`]),
]);

/** The members of one JWK. */
export interface JwkFields {
  readonly texts: ReadonlyMap<string, string>;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/** Reads the members that a key of a type has; others are passed over. Throws a `JwkError`. */
export function readFields(type: JwkType, object: RegoObject | PlainObject): JwkFields {
  const shape = shapes[type];
  const texts = new Map<string, string>();
  const bytes = new Map<string, Uint8Array>();
  for (const key of objectKeys(object)) {
    const name = String(key); // JSON has no other keys
    const value = objectGet(object, key) ?? null;
    if (name === "kty") checkType(value, shape.kty);
    else if (name === "key_ops") checkOperations(value);
    else if (name === "x5c") checkChain(value);
    else if (name === "alg") texts.set(name, algorithmOf(value));
    else if (textFields.has(name)) texts.set(name, stringOf(name, value));
    else if (name === "crv" && shape.hasCurve) texts.set(name, curveOf(value));
    else if (shape.bytes.includes(name)) bytes.set(name, bytesOf(name, value));
  }
  const missing = shape.required.find((name) => !texts.has(name) && !bytes.has(name));
  if (missing !== undefined) throw new JwkError(`required field ${missing} is missing`);
  return { texts, bytes };
}

function refuse(name: string, reason: string): never {
  throw new JwkError(`failed to decode value for key ${name}: ${reason}`);
}

function noString(value: Value): string {
  return `json: cannot unmarshal ${kindOf(value)} into Go value of type string`;
}

/** Go takes null for the empty string. */
function stringOf(name: string, value: Value): string {
  if (value === null) return "";
  return typeof value === "string" ? value : refuse(name, `error reading next value: ${noString(value)}`);
}

function checkType(value: Value, type: string): void {
  if (value !== null && typeof value !== "string") {
    throw new JwkError(`error reading token: error reading next value: ${noString(value)}`);
  }
  if (value !== type) throw new JwkError(`invalid kty value for RSAPublicKey (${value ?? ""})`);
}

function bytesOf(name: string, value: Value): Uint8Array {
  const text = stringOf(name, value);
  const alphabet = /[+/]/.test(text) ? "standard" : "url";
  const decoded = decodeBase64(text, alphabet, text.endsWith("="));
  return "bytes" in decoded ? decoded.bytes : refuse(name, "expected base64 encoded []byte (string)");
}

function algorithmOf(value: Value): string {
  if (value !== null && typeof value !== "string") refuse("alg", noString(value));
  const name = value ?? "";
  if (algorithms.has(name)) return name;
  const runes = Array.from(name);
  const shown = runes.length > 64 ? `${runes.slice(0, 64).join("")}...` : name;
  return refuse("alg", `invalid key value: ${quote(shown)}: invalid key algorithm`);
}

function curveOf(value: Value): string {
  if (value !== null && typeof value !== "string") {
    refuse("crv", `failed to unmarshal EllipticCurveAlgorithm: ${noString(value)}`);
  }
  const name = value ?? "";
  return curves.has(name) ? name : refuse("crv", `unknown EllipticCurveAlgorithm: ${quote(name)}`);
}

function checkOperations(value: Value): void {
  if (value === null) return;
  const type = "Go value of type jwk.KeyOperation";
  if (!isArray(value)) return refuse("key_ops", `json: cannot unmarshal ${kindOf(value)} into ${type}List`);
  const wrong = value.find((item) => item !== null && typeof item !== "string");
  if (wrong !== undefined) refuse("key_ops", `json: cannot unmarshal ${kindOf(wrong)} into ${type}`);
}

function checkChain(value: Value): void {
  if (!isArray(value)) return refuse("x5c", "failed to unmarshal certificate chain: expected JSON array");
  for (const [index, item] of value.entries()) {
    const where = `failed to decode certificate at index ${index}: `;
    if (item !== null && typeof item !== "string") refuse("x5c", where + noString(item));
    const decoded = decodeBase64((item ?? "").replaceAll(/[ \t\r\n]/g, ""), "standard");
    if (!("bytes" in decoded)) {
      refuse("x5c", `${where}failed to base64 decode the certificate: ${corruptText(decoded.corruptAt)}`);
    }
  }
}
