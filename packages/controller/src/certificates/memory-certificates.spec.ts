import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@portcullis/kube";
import { MemoryCertificates } from "./memory-certificates.ts";

test("they are there when it is ready, and a name that no certificate can have is told to whoever waits", async () => {
  let served = "";
  const certificates = new MemoryCertificates(systemClock, ["127.0.0.1"], ({ certificate }) => (served = certificate));
  await certificates.ready();
  assert.equal(served, certificates.current?.certificate);
  assert.match(served, /BEGIN CERTIFICATE/);

  const impossible = new MemoryCertificates(systemClock, [""], () => assert.fail("there is none"));
  // It fails while nobody waits for it, as long as it takes to make others; a rejection that nobody takes would end the
  // process.
  for (let made = 0; made < 3; made += 1) await new MemoryCertificates(systemClock, ["127.0.0.1"], () => {}).ready();
  await new Promise((resolve) => setImmediate(resolve));
  await assert.rejects(impossible.ready(), /no certificate can be made for the name ``/);
});
