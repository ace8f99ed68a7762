import { equalBytes } from "../equal-bytes.ts";
import { writeJSON } from "../../runtime/json-writer.ts";
import { compareNumbers, readNumber } from "../../runtime/number.ts";
import type { RegoObject } from "../../runtime/object.ts";
import { isArray, isNumber, objectGet } from "../../runtime/order.ts";
import { decodeUtf8, encodeUtf8 } from "../../runtime/text.ts";
import type { PlainObject, Value } from "../../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { base64UrlBytes } from "../base64-url.ts";
import { fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { objectOperand, stringOperand } from "../operand.ts";
import { trimBy } from "../string-operations.ts";
import { authenticate } from "../keys/hashes.ts";
import { algorithms, verificationSteps, verifySignature, type Algorithm, type Strictness } from "../keys/signature.ts";
import { type VerificationKey, verificationKeys } from "../keys/verification-keys.ts";
import { readConstraints, type Constraints } from "./constraints.ts";
import { readHeader, type Header } from "./header.ts";
import { encodeSign } from "./sign-token.ts";
import { decodeHeader, jsonObject, splitToken, type Token } from "./token.ts";

/** `io.jwt.*`. */
export const jwt: Family = new Map<string, BuiltinFunction>([
  ["io.jwt.decode", (_context, token: Value) => decode(token)],
  ...[...algorithms].map(([name, algorithm]): [string, BuiltinFunction] => [
    `io.jwt.verify_${name.toLowerCase()}`,
    (context, token: Value, key: Value) => verify(context, algorithm, token, key),
  ]),
  ["io.jwt.decode_verify", decodeVerify],
  [
    "io.jwt.encode_sign",
    (context, header: Value, payload: Value, key: Value) =>
      encodeSign(context, writeJSON(header), writeJSON(payload), writeJSON(key)),
  ],
  [
    "io.jwt.encode_sign_raw",
    (context, header: Value, payload: Value, key: Value) => {
      const jwk = stringOperand(key, 3);
      return encodeSign(context, stringOperand(header, 1), stringOperand(payload, 2), jwk);
    },
  ],
]);

/** The verify builtins take what Go's own functions take; decode_verify asks for what the standards say. */
const lenient: Strictness = { salt: "any", halves: "any", privateKeys: false };
const strict: Strictness = { salt: "hash", halves: "curve", privateKeys: true };

function decode(value: Value): Value {
  const token = splitToken(value);
  const header = decodeHeader(token);
  const payload = decodeUtf8(base64UrlBytes(token.payload, "JWT payload had invalid encoding: "));
  // A token may hold another one, quoted or not.
  if (objectGet(header, "cty") === "JWT") return decode(trimBy(payload, `"'`, "both"));
  const claims = jsonObject(payload);
  const signature = base64UrlBytes(token.signature, "JWT signature had invalid encoding: ");
  return [header, claims, Array.from(signature, (byte) => byte.toString(16).padStart(2, "0")).join("")];
}

function signedBytes(token: Token): Uint8Array {
  return encodeUtf8(`${token.header}.${token.payload}`);
}

function verify(context: BuiltinContext, algorithm: Algorithm, value: Value, key: Value): Value {
  if (algorithm.scheme === "hmac") return verifySecret(algorithm, value, key);
  const token = splitToken(value);
  const keys = verificationKeys(stringOperand(key, 2));
  const signature = base64UrlBytes(token.signature);
  const header = readHeader(decodeHeader(token));
  context.charge(token.payload.length);
  const matches = (jwk: VerificationKey): boolean => {
    context.charge(verificationSteps(jwk.key));
    return verifySignature(algorithm, jwk.key, signedBytes(token), signature, lenient);
  };
  return anyKey(keys, header, matches);
}

function verifySecret(algorithm: Algorithm, value: Value, key: Value): Value {
  stringOperand(value, 1);
  const secret = encodeUtf8(stringOperand(key, 2));
  const token = splitToken(value);
  const expected = authenticate(algorithm.hash, secret, signedBytes(token));
  return equalBytes(base64UrlBytes(token.signature), expected);
}

/** The key that the header names, if there is one; else any that is of the header's algorithm or of none. */
function anyKey(keys: readonly VerificationKey[], header: Header, matches: (jwk: VerificationKey) => boolean): boolean {
  const named = header.keyId === "" ? undefined : keys.find((jwk) => jwk.id === header.keyId);
  if (named !== undefined) return matches(named);
  return keys.some((jwk) => (jwk.algorithm === "" || jwk.algorithm === header.algorithm) && matches(jwk));
}

const unverified: Value = [false, {}, {}];

function decodeVerify(context: BuiltinContext, value: Value, constraintsOperand: Value): Value {
  const constraints = readConstraints(objectOperand(constraintsOperand, 2), context.now);
  let current = value;
  for (;;) {
    const token = splitToken(current);
    const decoded = decodeHeader(token);
    const header = readHeader(decoded);
    if (!header.valid) return unverified;
    if (constraints.algorithm !== "" && constraints.algorithm !== header.algorithm) return unverified;
    const signature = base64UrlBytes(token.signature);
    context.charge(token.payload.length);
    if (!isSigned(context, constraints, header, token, signature)) return unverified;
    const payload = decodeUtf8(base64UrlBytes(token.payload, "JWT payload had invalid encoding: "));
    if (header.contentType.toUpperCase() === "JWT") {
      current = payload;
      continue;
    }
    const claims = jsonObject(payload);
    return meets(constraints, claims) ? [true, decoded, claims] : unverified;
  }
}

function isSigned(
  context: BuiltinContext,
  constraints: Constraints,
  header: Header,
  token: Token,
  signature: Uint8Array,
): boolean {
  // A name of EdDSA that only this builtin takes.
  const algorithm = algorithms.get(header.algorithm === "Ed25519" ? "EdDSA" : header.algorithm);
  if (algorithm === undefined) return false;
  const matches = (jwk: VerificationKey): boolean => {
    context.charge(verificationSteps(jwk.key));
    return verifySignature(algorithm, jwk.key, signedBytes(token), signature, strict);
  };
  if (constraints.keys !== undefined) return anyKey(constraints.keys, header, matches);
  return matches({ algorithm: "", id: "", key: { kind: "secret", bytes: encodeUtf8(constraints.secret) } });
}

function meets(constraints: Constraints, claims: RegoObject | PlainObject): boolean {
  const issuer = objectGet(claims, "iss");
  if (constraints.issuer !== "" && issuer !== constraints.issuer) return false;
  const audience = objectGet(claims, "aud");
  if (audience === undefined ? constraints.audience !== "" : !isAudience(audience, constraints.audience)) return false;
  // Claims count seconds, the constraint nanoseconds; the quotient is a double, as in Go.
  const seconds = readNumber(String(constraints.time / 1_000_000_000)) ?? 0;
  const [expiry, begin] = [objectGet(claims, "exp"), objectGet(claims, "nbf")];
  if (expiry !== undefined) {
    if (!isNumber(expiry)) return fail("exp value must be a number");
    if (compareNumbers(seconds, expiry) >= 0) return false;
  }
  if (begin !== undefined) {
    if (!isNumber(begin)) return fail("nbf value must be a number");
    if (compareNumbers(seconds, begin) < 0) return false;
  }
  return true;
}

function isAudience(claim: Value, audience: string): boolean {
  return claim === audience || (isArray(claim) && claim.includes(audience));
}
