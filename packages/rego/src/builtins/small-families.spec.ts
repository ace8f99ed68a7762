import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Value } from "../runtime/value.ts";
import { aws } from "./aws.ts";
import type { BuiltinContext } from "./builtin.ts";
import { BuiltinFailure } from "./failure.ts";
import type { Family } from "./family.ts";
import { semver } from "./semver.ts";
import { uuid } from "./uuid.ts";

const kept = new Map<string, unknown>();
const context = {
  random: (bytes: number) => new Uint8Array(bytes).fill(0xff),
  memo: <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as T; // as: kept under this key by this function
  },
} as unknown as BuiltinContext; // as: these builtins ask for nothing else

function call(family: Family, name: string, ...args: Value[]): Value | undefined {
  const implementation = family.get(name);
  assert.ok(implementation);
  try {
    return implementation(context, ...args);
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return `${failure.code}: ${failure.message}`;
    throw failure;
  }
}

describe("semver", () => {
  it("orders versions as semver.org does", () => {
    const ascending = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-alpha.beta",
      "1.0.0-beta.2",
      "1.0.0-beta.11",
      "1.0.0-rc.1",
      "1.0.0",
      "2.0.0",
    ];
    for (const [index, version] of ascending.entries()) {
      for (const [other, second] of ascending.entries()) {
        assert.equal(call(semver, "semver.compare", version, second), Math.sign(index - other), `${version} ${second}`);
      }
    }
    assert.equal(call(semver, "semver.compare", "v1.0.0+a", "1.0.0+b"), 0);
  });
  it("says what is no version", () => {
    for (const text of [
      "1.0",
      "01.0.0",
      "1.0.0-",
      "1.0.0-01",
      "1.0.0+",
      "1.0.0.0",
      "a.b.c",
      "99999999999999999999.0.0",
    ]) {
      assert.equal(call(semver, "semver.is_valid", text), false, text);
    }
    assert.equal(call(semver, "semver.is_valid", 1), false);
    assert.equal(
      call(semver, "semver.compare", "1", "1.0.0"),
      'eval_builtin_error: operand 1: string "1" is not a valid SemVer',
    );
  });
});

describe("uuid", () => {
  it("makes the same one for the same key", () => {
    const made = call(uuid, "uuid.rfc4122", "k");
    assert.equal(made, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    assert.equal(call(uuid, "uuid.rfc4122", "k"), made);
  });
  it("takes one apart", () => {
    assert.deepEqual(call(uuid, "uuid.parse", "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"), {
      version: 1,
      variant: "RFC4122",
      time: 886630433151182400n,
      nodeid: "00-c0-4f-d4-30-c8",
      macvariables: "global:unicast",
      clocksequence: 180,
    });
    assert.equal(call(uuid, "uuid.parse", "6ba7b810"), undefined);
  });
});

describe("providers.aws.sign_req", () => {
  const config = {
    aws_service: "s3",
    aws_access_key: "MYAWSACCESSKEYGOESHERE",
    aws_secret_access_key: "MYAWSSECRETACCESSKEYGOESHERE",
    aws_region: "us-east-1",
  };
  // The answer of opa 1.22.2.
  it("signs as opa does", () => {
    const signed = call(
      aws,
      "providers.aws.sign_req",
      { method: "get", url: "http://examplebucket.s3.amazonaws.com/database" },
      config,
      1451577600000000000n,
    );
    assert.deepEqual(signed, {
      method: "get",
      url: "http://examplebucket.s3.amazonaws.com/database",
      headers: {
        Authorization:
          "AWS4-HMAC-SHA256 Credential=MYAWSACCESSKEYGOESHERE/20151231/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=3b02abfaf85c39feb287480b9b7dba6841f586aec79e8d60bb9bbc780047f02c",
        host: "examplebucket.s3.amazonaws.com",
        "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-amz-date": "20151231T160000Z",
      },
    });
  });
  it("says what is missing", () => {
    assert.equal(
      call(aws, "providers.aws.sign_req", { method: "get", url: "http://a" }, {}, 1),
      'eval_type_error: operand 2 missing required AWS config parameters(s): {"aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"}',
    );
    assert.equal(
      call(aws, "providers.aws.sign_req", { method: "get" }, config, 1),
      'eval_type_error: operand 1 missing required request parameters(s): {"url"}',
    );
  });
});
