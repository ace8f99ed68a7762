import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { PlainObject, Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure } from "../failure.ts";
import { x509 } from "./x509.ts";

// The day on which the fixtures were made.
const now = 1_795_449_600_000_000_000n;
const context = { now, charge: () => {} } as unknown as BuiltinContext; // as: these builtins ask for nothing else

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");
const [root, leaf, key, request] = ["ca.pem", "leaf.pem", "leaf.key", "leaf.csr"].map(fixture) as [
  string,
  string,
  string,
  string,
]; // as: four names

function call(name: string, ...args: Value[]): Value {
  const implementation = x509.get(name);
  assert.ok(implementation);
  try {
    return implementation(context, ...args) ?? null;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return failure.message;
    throw failure;
  }
}

describe("crypto.x509", () => {
  it("shows a certificate as Go's JSON does", () => {
    const [certificate] = call("crypto.x509.parse_certificates", leaf) as [PlainObject]; // as: a list of one
    assert.deepEqual(certificate["DNSNames"], ["example.com", "*.x.org"]);
    assert.deepEqual(certificate["IPAddresses"], ["10.0.0.1", "2001:db8::1"]);
    assert.deepEqual(certificate["URIStrings"], ["https://foo.bar/path?q=1"]);
    assert.deepEqual(certificate["ExtKeyUsage"], [1, 2]);
    assert.deepEqual(certificate["UnknownExtKeyUsage"], [[1, 2, 3, 4]]);
    assert.deepEqual(certificate["ExcludedIPRanges"], [{ IP: "10.0.0.0", Mask: "/wAAAA==" }]);
    assert.equal(certificate["NotAfter"], "2026-12-23T15:09:08Z");
    assert.equal(certificate["MaxPathLen"], -1);
    assert.equal(certificate["SignatureAlgorithm"], 4);
    assert.equal(certificate["PublicKeyAlgorithm"], 3);
  });

  it("verifies a chain, and says no to one that is none", () => {
    const verified = (options?: Value, chain = root + leaf): Value => {
      const answer =
        options === undefined
          ? call("crypto.x509.parse_and_verify_certificates", chain)
          : call("crypto.x509.parse_and_verify_certificates_with_options", chain, options);
      return Array.isArray(answer) ? (answer[0] as Value) : answer; // as: the first of a list of values
    };
    assert.equal(verified(), true);
    assert.equal(verified(undefined, leaf + root), false);
    assert.equal(verified(undefined, root), false);
    assert.equal(verified({ DNSName: "a.x.org" }), true);
    assert.equal(verified({ DNSName: "a.b.x.org" }), false);
    assert.equal(verified({ KeyUsages: ["KeyUsageCodeSigning"] }), false);
    assert.equal(verified({ CurrentTime: 1 }), false);
    assert.equal(verified({ Other: 1 }), "invalid key option");
    assert.equal(verified({ KeyUsages: ["x"] }), "invalid entries for 'KeyUsages' found: [x]");
  });

  it("reads requests, keys and pairs", () => {
    const csr = call("crypto.x509.parse_certificate_request", request) as PlainObject; // as: an object
    assert.deepEqual(csr["DNSNames"], ["csr.example.com"]);
    const jwk = call("crypto.x509.parse_rsa_private_key", key) as PlainObject; // as: an object
    assert.deepEqual([jwk["kty"], jwk["crv"]], ["EC", "P-256"]);
    const pair = call("crypto.x509.parse_keypair", leaf, key) as PlainObject; // as: an object
    assert.deepEqual(Object.keys(pair).toSorted(), [
      "Certificate",
      "Leaf",
      "OCSPStaple",
      "PrivateKey",
      "SignedCertificateTimestamps",
      "SupportedSignatureAlgorithms",
    ]);
    assert.equal(call("crypto.x509.parse_keypair", root, key), "tls: private key type does not match public key type");
  });

  it("says what is wrong", () => {
    assert.equal(call("crypto.x509.parse_certificates", "YmFkc3RyaW5n"), "x509: malformed certificate");
    assert.equal(call("crypto.x509.parse_certificates", "foobar"), "illegal base64 data at input byte 4");
    assert.equal(
      call("crypto.x509.parse_certificates", key),
      "PEM block type is 'EC PRIVATE KEY', expected CERTIFICATE",
    );
  });
});
