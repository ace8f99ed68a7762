import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createAuthority, issueCertificate, type KeyedCertificate } from "@portcullis/certs";
import type { Clock } from "@portcullis/kube";
import { silentLog, type Log } from "../log/log.ts";
import { FileCertificates } from "./file-certificates.ts";

async function freshCertificate(): Promise<KeyedCertificate> {
  const validity = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 3_600_000) };
  const authority = await createAuthority({ commonName: "ca", ...validity });
  return issueCertificate(authority, { commonName: "webhook", names: ["127.0.0.1"], ...validity });
}

/** A clock whose sleepers the test wakes; `asleep` resolves when somebody sleeps. */
function handClock(): { readonly clock: Clock; asleep(): Promise<void>; wake(): void } {
  let wakeUp = (): void => {};
  let sleeping = Promise.withResolvers<void>();
  const clock: Clock = {
    now: () => 0,
    random: () => 0,
    sleep: (_milliseconds, signal) =>
      new Promise((resolve) => {
        wakeUp = resolve;
        signal?.addEventListener("abort", () => resolve());
        sleeping.resolve();
      }),
  };
  return {
    clock,
    asleep: () => sleeping.promise,
    wake: () => {
      sleeping = Promise.withResolvers();
      wakeUp();
    },
  };
}

test("files that come into disorder are told once for each time, and what was served is served on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "certificates-"));
  const { clock, asleep, wake } = handClock();
  const told: string[] = [];
  const log: Log = { ...silentLog, warn: (_message, fields) => void told.push(String(fields?.["error"])) };
  let served = "";
  const certificates = new FileCertificates({
    clock,
    log,
    directory: folder,
    onCertificate: ({ certificate }) => void (served = certificate),
  });
  const put = async ({ certificate, privateKey }: KeyedCertificate): Promise<void> => {
    await writeFile(join(folder, "tls.crt"), certificate);
    await writeFile(join(folder, "tls.key"), privateKey);
    wake();
    await asleep();
  };
  const [first, second] = [await freshCertificate(), await freshCertificate()];
  const none = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
  const broken = { ...second, certificate: second.certificate + none };
  try {
    certificates.start();
    await asleep();
    assert.match(told.join(), /ENOENT/);
    // The leaf is in order, and what stands behind it is not: no server could be started with it.
    await put(broken);
    assert.equal(told.at(-1), "what stands behind the first certificate of tls.crt is none");
    assert.equal(served, "");
    await put(first);
    await certificates.ready();
    assert.equal(served, first.certificate);
    told.length = 0;
    const mixed = { ...first, privateKey: second.privateKey };
    for (const pair of [mixed, mixed, first, mixed]) await put(pair);
    assert.deepEqual(told, ["tls.key is not the key of tls.crt", "tls.key is not the key of tls.crt"]);
    await put(broken);
    assert.equal(certificates.current?.certificate, first.certificate);
    await put(second);
    assert.equal(served, second.certificate);
  } finally {
    await certificates.stop();
    await rm(folder, { recursive: true });
  }
});
