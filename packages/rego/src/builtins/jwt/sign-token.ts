import { encodeBase64 } from "../../runtime/base64.ts";
import { isValidJSON } from "../../runtime/json-reader.ts";
import { encodeUtf8 } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { fail } from "../failure.ts";
import { JwkError, type JwkType } from "../keys/jwk-fields.ts";
import { type Jwk, readJwks } from "../keys/jwk.ts";
import type { Key } from "../keys/key.ts";
import { rsaFault } from "../keys/rsa-private.ts";
import { concat, powerSteps } from "../keys/rsa.ts";
import { algorithms, type Scheme, sign } from "../keys/signature.ts";
import { readTokenHeader } from "./token-header.ts";

/** A signed token of a header, a payload and a JWK, all of them JSON texts. */
export function encodeSign(context: BuiltinContext, header: string, payload: string, jwk: string): Value {
  const key = firstKey(jwk);
  const read = readTokenHeader(header);
  const missing = "missing or invalid 'alg' header:";
  if ("error" in read) return fail(`${missing} ${read.error}`);
  const named = read.members.get("alg");
  if (named === undefined) return fail(`${missing} jwsbb: header "alg" not found`);
  if (!("text" in named)) return fail(`${missing} value doesn't contain string; it contains ${named.type}`);
  const name = named.text;
  const algorithm = algorithms.get(name);
  if (algorithm === undefined) return fail(`unknown JWS algorithm: ${name}`);
  const type = read.members.get("typ");
  const isToken = type === undefined || !("text" in type) || type.text === "JWT";
  if (isToken && !isValidJSON(payload)) fail("type is JWT but payload is not JSON");
  context.charge(payload.length + 1000);
  const signing = signingKey(context, algorithm.scheme, key);
  const signed = [header, payload].map((part) => encodeBase64(encodeUtf8(part), "url", false)).join(".");
  const signature = sign(algorithm, signing, encodeUtf8(signed), (bytes) => context.random(bytes));
  if (signature === undefined) return fail("crypto/rsa: message too long for RSA key size");
  return `${signed}.${encodeBase64(signature, "url", false)}`;
}

function firstKey(jwk: string): Jwk {
  try {
    return readJwks(jwk)[0] ?? fail("no keys found in JWK set");
  } catch (error) {
    if (error instanceof JwkError) fail(error.message);
    throw error;
  }
}

interface Wanted {
  readonly kind: Key["kind"];
  /** The kind of JWK that the library makes such a key of. */
  readonly type: JwkType;
  /** The type that it is asked for, as Go writes it in different places. */
  readonly required: string;
  readonly produced: string;
  readonly assigned: string;
}

const wantedKeys: Readonly<Record<Scheme, Wanted>> = {
  hmac: {
    kind: "secret",
    type: "symmetricKey",
    required: "[]byte",
    produced: "keyconv: failed to produce []byte",
    assigned: "*[]uint8",
  },
  pkcs1: rsaWanted(),
  pss: rsaWanted(),
  ecdsa: {
    kind: "ec",
    type: "ecdsaPrivateKey",
    required: "*ecdsa.PrivateKey",
    produced: "keyconv: failed to produce ecdsa.PrivateKey",
    assigned: "*ecdsa.PrivateKey",
  },
  eddsa: {
    kind: "ed25519",
    type: "okpPrivateKey",
    required: "ed25519.PrivateKey",
    produced: "failed to produce ed25519.PrivateKey",
    assigned: "*ed25519.PrivateKey",
  },
};

function rsaWanted(): Wanted {
  return {
    kind: "rsa",
    type: "rsaPrivateKey",
    required: "*rsa.PrivateKey",
    produced: "failed to produce rsa.PrivateKey",
    assigned: "*rsa.PrivateKey",
  };
}

/** The key that a scheme signs with; where the JWK is of another kind, the library says at length why it is none. */
function signingKey(context: BuiltinContext, scheme: Scheme, { type, key }: Jwk): Key {
  const wanted = wantedKeys[scheme];
  if (type === wanted.type && !("fault" in key) && key.kind === wanted.kind) {
    if (key.kind !== "rsa" || key.private === undefined) return key;
    const { d, primes } = key.private;
    for (const modulus of [key.n, ...primes]) context.charge(powerSteps(d, modulus));
    const fault = rsaFault({ ...key, private: key.private });
    return fault === undefined ? key : fail(fault);
  }
  // The bytes of an Ed25519 key pass for a secret.
  if (scheme === "hmac" && !("fault" in key) && key.kind === "ed25519") {
    return { kind: "secret", bytes: concat(key.seed ?? new Uint8Array(), key.point) };
  }
  const { required, produced } = wanted;
  return fail(
    `jwsbb.Sign: invalid key type *jwk.${type}. ${required} is required: ${produced} from *jwk.${type}: jwk.Export: ${exportFault(type, key, wanted)}`,
  );
}

function exportFault(type: JwkType, key: Jwk["key"], wanted: Wanted): string {
  const isAlike = type === wanted.type || type.startsWith("okp");
  if (!isAlike) return `no suitable exporter found for key type '*jwk.${type}'`;
  if ("fault" in key) return `failed to export jwk.Key to raw format: ${key.fault}`;
  // Any destination is tried for keys of this kind.
  const half = type === "okpPrivateKey" ? "PrivateKey" : "PublicKey";
  const made = key.kind === "ed25519" ? `ed25519.${half}` : `*ecdh.${half}`;
  return `failed to assign key: argument to AssignIfCompatible() must be compatible with ${made} (was ${wanted.assigned})`;
}
