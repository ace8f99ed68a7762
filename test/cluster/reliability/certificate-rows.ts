/** Rows about certificates. */
import assert from "node:assert/strict";
import { connect } from "node:tls";
import { splitPem } from "@portcullis/certs";
import { isJsonArray, own, ownString } from "@portcullis/objects";
import { valueOf, type Resource } from "@portcullis/kube";
import type { Replica } from "../product.ts";
import type { FaultRow } from "./row.ts";
import { startWrites } from "./replica-rows.ts";
import {
  assertSound,
  latencyFigures,
  pause,
  timeUntil,
  trusted,
  webhookConfigurationName,
  webhookConfigurations,
  type Setting,
} from "./setting.ts";

const secrets: Resource = { group: "", version: "v1", plural: "secrets", kind: "Secret", namespaced: true };
const at = { namespace: "gatekeeper-system", name: "gatekeeper-webhook-server-cert" };

/** The rows about certificates that are renewed, lost or replaced. */
export const certificateRows: readonly FaultRow[] = [
  {
    row: "R4",
    title: "a change of the authority under load is noticed by nobody, and an emptied caBundle is filled again",
    async run(setting) {
      const { extent, cluster } = setting;
      // Each connection is used for a few requests, so that TLS is begun all the time.
      const load = setting.load({ requestsOfConnection: 10 });
      const writes = startWrites(setting);
      let changes = 0;
      while (changes < extent.rounds || load.result().answered < extent.requests) {
        await changeAuthority(setting);
        changes += 1;
        await pause(500);
      }
      const result = await load.stop();
      const written = await writes.stop();
      assertSound(result, extent.requests);
      let slowest = 0;
      for (let round = 0; round < extent.rounds; round += 1) {
        const bundle = await trusted(cluster);
        await emptyBundles(setting);
        const took = await timeUntil(5000, "the emptied caBundle is filled", async () => {
          return (await trusted(cluster)) === bundle;
        });
        slowest = Math.max(slowest, took);
        await setting.story.eventually(() => setting.story.refuses({ ...stray, metadata: { ...stray.metadata } }));
      }
      setting.note("R4", {
        requests: result.answered,
        wrong: 0,
        lost: 0,
        "changes of authority": changes,
        "writes refused by the API server": written,
        "caBundle filled after": `${slowest.toFixed(0)} ms`,
        ...latencyFigures(load.mark()),
      });
    },
  },
];

const stray = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "stray-with-tls", namespace: "loaded" } };

/** As when an authority ends: a new one is trusted beside it, and signs when everybody had the time to know it. */
async function changeAuthority({ cluster, product }: Setting): Promise<void> {
  const { client } = cluster;
  const stored = async (key: string): Promise<string> => {
    const secret = valueOf(await client.get(secrets, at), "reading the Secret");
    return Buffer.from(ownString(own(secret, "data"), key) ?? "", "base64").toString();
  };
  const [before = ""] = splitPem(await stored("ca.crt"));
  valueOf(await client.patch(secrets, at, "merge", { data: { "ca.key": "" } }), "taking the key away");
  await timeUntil(10_000, "a new authority", async () => splitPem(await stored("ca.crt"))[0] !== before);
  const bundle = await stored("ca.crt");
  assert.ok(bundle.includes(before), "the old authority is trusted no more");
  await timeUntil(5000, "the API server is told", async () => (await trusted(cluster)) === bundle);
  // The time that API servers are given, cut short: they have read it when they follow their own watch.
  await pause(1500);
  const leaf = await stored("tls.crt");
  const annotations = { "portcullis.dev/trusted-since": "1" };
  valueOf(await client.patch(secrets, at, "merge", { metadata: { annotations } }), "ending the wait");
  await timeUntil(10_000, "a certificate of the new authority", async () => (await stored("tls.crt")) !== leaf);
  const [authority = ""] = splitPem(bundle);
  await timeUntil(5000, "all replicas present it", async () => {
    await Promise.all(product.replicas().map((replica) => handshake(replica, authority)));
    return true;
  });
}

/** Fails where a replica presents nothing that the authority signed. */
function handshake({ port }: Replica, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const servername = "gatekeeper-webhook-service.gatekeeper-system.svc";
    const socket = connect({ host: "127.0.0.1", port, ca, servername }, () => {
      socket.destroy();
      resolve();
    });
    socket.on("error", reject);
  });
}

async function emptyBundles({ cluster }: Setting): Promise<void> {
  const name = webhookConfigurationName;
  const found = valueOf(await cluster.client.get(webhookConfigurations, { name }), "reading it");
  const webhooks = own(found, "webhooks");
  assert.ok(isJsonArray(webhooks));
  const patch = webhooks.map((_, index) => ({ op: "remove", path: `/webhooks/${index}/clientConfig/caBundle` }));
  valueOf(await cluster.client.patch(webhookConfigurations, { name }, "json", patch), "emptying it");
}
