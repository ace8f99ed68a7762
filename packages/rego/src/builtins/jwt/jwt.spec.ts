import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeBase64, encodeBase64 } from "../../runtime/base64.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure } from "../failure.ts";
import { jwt } from "./jwt.ts";

// as: these builtins ask for time, randomness and a count only
const context = {
  now: 1_000_000_000_000_000_000n,
  charge: () => {},
  random: (bytes: number) => new Uint8Array(bytes),
} as unknown as BuiltinContext;

function call(name: string, ...args: Value[]): Value {
  const implementation = jwt.get(`io.jwt.${name}`);
  assert.ok(implementation);
  return implementation(context, ...args) ?? null;
}

function failureOf(name: string, ...args: Value[]): string {
  try {
    return `no failure, but ${JSON.stringify(call(name, ...args))}`;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return failure.message;
    throw failure;
  }
}

// Keys of RFC 7515 appendix A and RFC 8037 appendix A.
const ec = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
};
const okp = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
};
const { d: _ecSecret, ...ecPublic } = ec;
const { d: _okpSecret, ...okpPublic } = okp;

describe("io.jwt", () => {
  it("signs and verifies by each kind of key", () => {
    for (const [algorithm, key, verifier, publicKey] of [
      ["ES256", ec, "verify_es256", JSON.stringify(ecPublic)],
      ["EdDSA", okp, "verify_eddsa", JSON.stringify(okpPublic)],
      [
        "HS384",
        { kty: "oct", k: encodeBase64(new TextEncoder().encode("secret"), "url", false) },
        "verify_hs384",
        "secret",
      ],
    ] as const) {
      const token = call("encode_sign", { alg: algorithm }, { iss: "me" }, key);
      assert.equal(call(verifier, token, publicKey), true, algorithm);
      const tampered = String(token).replace(/\.[^.]+\./, ".eyJpc3MiOiJ5b3UifQ.");
      assert.equal(call(verifier, tampered, publicKey), false, algorithm);
    }
  });

  it("does not take a private key for a public one, as OPA does not", () => {
    const token = call("encode_sign", { alg: "ES256" }, {}, ec);
    assert.equal(call("verify_es256", token, JSON.stringify(ec)), false);
  });

  it("holds a token to its constraints", () => {
    const key = { kty: "oct", k: "c2VjcmV0" };
    const token = call("encode_sign", { alg: "HS256" }, { iss: "me", aud: ["a", "b"], exp: 1_000_000_001 }, key);
    const valid = [true, { alg: "HS256" }, { iss: "me", aud: ["a", "b"], exp: 1_000_000_001 }];
    const unverified = [false, {}, {}];
    assert.deepEqual(call("decode_verify", token, { secret: "secret", aud: "b", iss: "me" }), valid);
    assert.deepEqual(call("decode_verify", token, { secret: "secret", aud: "c" }), unverified);
    assert.deepEqual(call("decode_verify", token, { secret: "secret" }), unverified, "an audience must be asked for");
    assert.deepEqual(call("decode_verify", token, { secret: "other", aud: "b" }), unverified);
    assert.deepEqual(call("decode_verify", token, { secret: "secret", aud: "b", alg: "HS512" }), unverified);
    assert.deepEqual(call("decode_verify", token, { secret: "secret", aud: "b", time: 1.1e18 }), unverified);
    assert.equal(failureOf("decode_verify", token, { secrets: "x" }), "unknown token validation constraint: secrets");
    assert.equal(failureOf("decode_verify", token, {}), "no key constraint");
  });

  it("says what is wrong with a token", () => {
    assert.equal(failureOf("decode", "x"), "encoded JWT had no period separators");
    assert.equal(failureOf("decode", "a.b"), "encoded JWT must have 3 sections, found 2");
    assert.equal(
      failureOf("decode", "e*30.e30.e30"),
      "JWT header had invalid encoding: illegal base64 data at input byte 1",
    );
    assert.equal(failureOf("encode_sign", { alg: "none" }, {}, { kty: "oct", k: "AA" }), "unknown JWS algorithm: none");
    for (const [header, text] of [
      ["", 'cannot parse JSON: cannot parse empty string; unparsed tail: ""'],
      ["{", "cannot parse JSON: cannot parse object: missing '}'; unparsed tail: \"\""],
      ["x y", 'cannot parse JSON: cannot parse number: unexpected char: "x"; unparsed tail: "x y"'],
      ['{"a" 1}', "cannot parse JSON: cannot parse object: missing ':' after object key; unparsed tail: \"1}\""],
      ["nul", 'cannot parse JSON: unexpected value found: "nul"; unparsed tail: "nul"'],
      ["e", 'jwsbb: header "alg" not found'],
      ['{"alg":1}', "value doesn't contain string; it contains number"],
    ] as const) {
      const got = failureOf("encode_sign_raw", header, "{}", '{"kty":"oct","k":"AyM1"}');
      assert.equal(got, `missing or invalid 'alg' header: ${text}`);
    }
    assert.match(failureOf("verify_rs256", "e30.e30.e30", "{"), /^failed to parse a JWK key \(set\): /);
  });
});

describe("base64", () => {
  it("finds corruption where Go does", () => {
    assert.deepEqual(decodeBase64("QUJD", "standard"), { bytes: Uint8Array.of(65, 66, 67) });
    assert.deepEqual(decodeBase64("QU\nJD", "standard"), { bytes: Uint8Array.of(65, 66, 67) });
    assert.deepEqual(decodeBase64("QUI=", "standard"), { bytes: Uint8Array.of(65, 66) });
    assert.deepEqual(decodeBase64("QUI", "standard"), { corruptAt: 0 });
    assert.deepEqual(decodeBase64("QUI=x", "standard"), { corruptAt: 4 });
    assert.deepEqual(decodeBase64("QU*D", "standard"), { corruptAt: 2 });
  });
});
