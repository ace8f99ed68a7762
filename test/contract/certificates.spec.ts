/** Certificates over their life: made once for all replicas, renewed with authorities that overlap, a user's own left alone. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { test } from "node:test";
import { createAuthority, issueCertificate, splitPem } from "@portcullis/certs";
import type { ControllerConfig } from "@portcullis/controller";
import type { KubeClient } from "@portcullis/kube";
import { isJsonArray, own, ownString, type JsonObject } from "@portcullis/objects";
import { kinds, ok, within, withSandbox } from "./with-sandbox.ts";

const secret = "gatekeeper-webhook-server-cert";
const validating = "gatekeeper-validating-webhook-configuration";
const at = { name: secret, namespace: "gatekeeper-system" };

const shared: Partial<ControllerConfig> = {
  certificates: { kind: "secret", secret, service: "gatekeeper-webhook-service", names: ["127.0.0.1"] },
  webhook: {
    host: "127.0.0.1",
    port: 0,
    failurePolicy: "Fail",
    timeoutSeconds: 3,
    registration: { kind: "adopt", validating: [validating], mutating: [] },
  },
};

/** A webhook configuration as the chart writes it, of which no call comes through yet. */
const configuration = (caBundle?: string): JsonObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: validating },
  webhooks: [
    {
      name: "validation.gatekeeper.sh",
      clientConfig: {
        service: { name: "gatekeeper-webhook-service", namespace: "gatekeeper-system", path: "/v1/admit" },
        ...(caBundle === undefined ? {} : { caBundle }),
      },
      failurePolicy: "Fail",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      // Nothing that this spec writes.
      rules: [{ apiGroups: ["example.com"], apiVersions: ["*"], operations: ["CREATE"], resources: ["*"] }],
    },
  ],
});

async function trusted(client: KubeClient): Promise<string> {
  const found = ok(await client.get(kinds.webhooks, { name: validating }));
  const webhooks = own(found, "webhooks");
  const bundle = ownString(own(isJsonArray(webhooks) ? webhooks[0] : undefined, "clientConfig"), "caBundle") ?? "";
  return Buffer.from(bundle, "base64").toString();
}

async function stored(client: KubeClient, key: string): Promise<string> {
  const found = ok(await client.get(kinds.secrets, at));
  return Buffer.from(ownString(own(found, "data"), key) ?? "", "base64").toString();
}

/** The serial number of the certificate that a server presents to somebody who trusts these authorities. */
function presented(port: number, ca: string, servername: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, ca, servername }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}
const service = "gatekeeper-webhook-service.gatekeeper-system.svc";

test("replicas share one certificate, and an authority that is emptied from the configuration comes back", async () => {
  await withSandbox(async ({ client, open, start }) => {
    // The namespace and CRDs come with the first; the configuration is the chart's.
    ok(await client.create(kinds.webhooks, configuration()));
    const replicas = [open("pod-a", shared), open("pod-b", shared), open("pod-c", shared)];
    await Promise.all(replicas.map((each) => each.ready));
    const ca = await stored(client, "ca.crt");
    assert.equal(splitPem(ca).length, 1);
    const serials = await Promise.all(replicas.map((each) => presented(each.port, ca, service)));
    assert.equal(new Set(serials).size, 1);
    assert.equal(await trusted(client), ca);
    for (const each of replicas) assert.equal(await each.checkTls(), undefined);
    // GitOps applies its file anew.
    const found = ok(await client.get(kinds.webhooks, { name: validating }));
    ok(await client.replace(kinds.webhooks, { ...configuration(), metadata: own(found, "metadata") ?? {} }));
    assert.equal(await trusted(client), "");
    await within(5000, async () => (await trusted(client)) === ca);
    // A replica that comes later makes none of its own.
    const late = await start("pod-d", shared);
    assert.equal(await presented(late.port, ca, service), serials[0]);
  });
});

test("a new authority is trusted before anything is presented that it signed", async () => {
  await withSandbox(async ({ client, start }) => {
    ok(await client.create(kinds.webhooks, configuration()));
    const controller = await start("pod-a", shared);
    const old = await stored(client, "ca.crt");
    const before = await presented(controller.port, old, service);
    // As if the authority's time were over: its key is gone, so it signs no more.
    const found = ok(await client.get(kinds.secrets, at));
    ok(await client.patch(kinds.secrets, at, "merge", { data: { "ca.key": "" } }));
    await within(3000, async () => splitPem(await stored(client, "ca.crt")).length === 2);
    const both = await stored(client, "ca.crt");
    assert.equal(splitPem(both)[1]?.trim(), old.trim());
    await within(3000, async () => (await trusted(client)) === both);
    // Callers that know only the old one are still served with what it signed.
    assert.equal(await presented(controller.port, old, service), before);
    assert.equal(
      await stored(client, "tls.crt"),
      Buffer.from(ownString(own(found, "data"), "tls.crt") ?? "", "base64").toString(),
    );
    // When everybody had the time to read the bundle, the new one signs. The time is up at once here.
    const annotations = { "portcullis.dev/trusted-since": "1" };
    ok(await client.patch(kinds.secrets, at, "merge", { metadata: { annotations } }));
    await within(3000, async () => (await presented(controller.port, both, service)) !== before);
    const [current = ""] = splitPem(both);
    await presented(controller.port, current, service);
    assert.equal(await controller.checkTls(), undefined);
  });
});

test("a Secret that is deleted or emptied is made anew, and callers that know only the old authority are served", async () => {
  await withSandbox(async ({ client, start }) => {
    ok(await client.create(kinds.webhooks, configuration()));
    const replicas = [await start("pod-a", shared), await start("pod-b", shared)];
    const old = await stored(client, "ca.crt");
    const [first] = replicas;
    assert.ok(first !== undefined);
    const serial = await presented(first.port, old, service);
    const accidents = [
      async () => ok(await client.delete(kinds.secrets, at)),
      async () => ok(await client.patch(kinds.secrets, at, "merge", { data: null })),
    ];
    for (const [index, happens] of accidents.entries()) {
      await happens();
      await within(5000, async () => {
        const found = await client.get(kinds.secrets, at);
        return found.ok && own(found.value, "data") !== undefined;
      });
      const bundle = await stored(client, "ca.crt");
      assert.equal(splitPem(bundle).length, index + 2);
      assert.ok(splitPem(bundle).some((one) => one.trim() === old.trim()));
      await within(5000, async () => (await trusted(client)) === bundle);
      for (const each of replicas) assert.equal(await presented(each.port, old, service), serial);
    }
  });
});

test("a certificate that no server can present keeps no replica from starting", async () => {
  await withSandbox(async ({ client, start }) => {
    ok(await client.create(kinds.webhooks, configuration()));
    await (await start("pod-a", shared)).stop();
    const authority = await stored(client, "ca.crt");
    // Its first certificate is the right one; what somebody has put behind it is none.
    const broken = `${await stored(client, "tls.crt")}-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n`;
    ok(await client.patch(kinds.secrets, at, "merge", { data: { "tls.crt": Buffer.from(broken).toString("base64") } }));
    const later = await start("pod-b", shared);
    await presented(later.port, authority, service);
    assert.equal(splitPem(await stored(client, "tls.crt")).length, 1);
  });
});

test("a server is not ready while the API server could not call it, and says why", async () => {
  await withSandbox(async ({ client, open }) => {
    const validity = { notBefore: new Date(Date.now() - 1000), notAfter: new Date(Date.now() + 3_600_000) };
    const stranger = await createAuthority({ commonName: "stranger", ...validity });
    const strange = Buffer.from(stranger.certificate).toString("base64");
    ok(await client.create(kinds.webhooks, configuration(strange)));
    const folder = await mkdtemp(join(tmpdir(), "certificates-"));
    try {
      const write = async (authority: typeof stranger): Promise<void> => {
        const leaf = await issueCertificate(authority, { commonName: "webhook", names: [service], ...validity });
        await writeFile(join(folder, "tls.key"), leaf.privateKey);
        await writeFile(join(folder, "tls.crt"), leaf.certificate);
      };
      const own = await createAuthority({ commonName: "own", ...validity });
      await write(own);
      const controller = open("pod-a", { ...shared, certificates: { kind: "files", directory: folder } });
      await within(5000, () => /calling ourselves as .*certificate/.test(controller.awaited().join()));
      // The user's authority is the user's affair: it is never written over.
      assert.equal(await trusted(client), stranger.certificate);
      await write(stranger);
      await within(8000, () => controller.awaited().length === 0);
      await controller.ready;
      assert.equal(await trusted(client), stranger.certificate);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
