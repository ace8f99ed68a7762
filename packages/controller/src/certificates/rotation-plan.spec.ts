import assert from "node:assert/strict";
import { test } from "node:test";
import { splitPem } from "@portcullis/certs";
import { planRotation, type StoredCertificates } from "./rotation-plan.ts";

const rules = { commonName: "webhook.ns.svc", names: ["webhook.ns.svc"] };
const day = 86_400_000;
const now = Date.UTC(2030, 0, 1);
const garbage = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n";

async function made(at = now): Promise<StoredCertificates> {
  const step = await planRotation(undefined, rules, at);
  assert.ok(step.kind === "store");
  return step.certificates;
}

test("what cannot be read in a bundle is taken out of it, and hinders no renewal", async () => {
  const good = await made();
  const step = await planRotation({ ...good, authorities: good.authorities + garbage }, rules, now);
  assert.deepEqual(step, { kind: "store", certificates: good });
  // A leaf that ends, with the same in the bundle.
  const soon = await planRotation({ ...good, authorities: good.authorities + garbage }, rules, now + 300 * day);
  assert.ok(soon.kind === "store");
  const renewed = await planRotation(soon.certificates, rules, now + 300 * day);
  assert.ok(renewed.kind === "store" && renewed.certificates.certificate !== good.certificate);
  assert.equal(splitPem(renewed.certificates.authorities).length, 1);
});

test("a time that no clock has told holds up no renewal", async () => {
  const good = await made();
  const at = now + 300 * day;
  const step = await planRotation({ ...good, trustedSince: at + 400 * day }, rules, at);
  assert.equal(step.kind, "store");
  // A clock that goes an hour before is waited for.
  const waits = await planRotation({ ...good, trustedSince: at + 3_600_000 }, rules, at);
  assert.deepEqual(waits, { kind: "keep", lookAgainAt: at + 3_600_000 + 120_000 });
});

test("a certificate behind whose leaf stands what nobody can read is made anew: no server could present it", async () => {
  const good = await made();
  const step = await planRotation({ ...good, certificate: good.certificate + garbage }, rules, now);
  assert.ok(step.kind === "store");
  assert.equal(splitPem(step.certificates.certificate).length, 1);
  assert.deepEqual(step.certificates.authorities, good.authorities);
  assert.equal((await planRotation(step.certificates, rules, now)).kind, "keep");
});
