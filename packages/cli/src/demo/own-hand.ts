import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { groupVersionKindOf, isJsonObject, nameOf, namespaceOf, type JsonObject } from "@portcullis/objects";
import { readYaml } from "@portcullis/objects/yaml";
import type { ApiResult, KubeClient } from "@portcullis/kube";
import type { Carried, Hand } from "./hand.ts";
import { podRow, pods } from "./pods.ts";

/** Carries the commands out by our own client, over HTTPS as kubectl would, and tells the answers in its own words. */
export function ownHand(client: KubeClient, folder: string): Hand {
  return {
    introduction:
      "There is no kubectl on PATH, so Portcullis' own client carries the commands out and tells the answers in its own words.",
    async apply(file) {
      const line = `kubectl apply -f ${file}`;
      const [document] = readYaml(await readFile(join(folder, file), "utf8"), file).documents;
      if (!isJsonObject(document?.value)) return { line, status: 1, output: `${file} holds no object\n` };
      return told(line, await applyObject(client, document.value));
    },
    async getPods() {
      const line = "kubectl get pods";
      const listed = await client.list(pods, { namespace: "default" });
      if (!listed.ok) return told(line, { text: listed.status.message, ok: false });
      if (listed.value.items.length === 0) return told(line, { text: "there are no Pods", ok: true });
      const rows = [["NAME", "READY", "STATUS"], ...listed.value.items.map(podRow)];
      const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
      const text = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("   ")).join("\n");
      return told(line, { text, ok: true });
    },
    async deletePod(name) {
      const gone = await client.delete(pods, { name, namespace: "default" });
      const text = gone.ok ? `Pod ${name} is being deleted` : gone.status.message;
      return told(`kubectl delete pod ${name} --now`, { text, ok: gone.ok });
    },
  };
}

interface Told {
  readonly text: string;
  readonly ok: boolean;
}

function told(line: string, { text, ok }: Told): Carried {
  return { line, status: ok ? 0 : 1, output: `${text}\n` };
}

async function applyObject(client: KubeClient, object: JsonObject): Promise<Told> {
  const { group, version, kind } = groupVersionKindOf(object);
  const resource = (await client.discover(group, version)).find((candidate) => candidate.kind === kind);
  const what = `${kind} ${nameOf(object)}`;
  if (resource === undefined) return { text: `the API server knows no ${kind} in ${group}/${version}`, ok: false };
  const placed: JsonObject =
    resource.namespaced && namespaceOf(object) === ""
      ? { ...object, metadata: { ...objectOf(object["metadata"]), namespace: "default" } }
      : object;
  const created: ApiResult<JsonObject> = await client.create(resource, placed);
  if (created.ok) return { text: `${what} was created`, ok: true };
  if (created.status.reason !== "AlreadyExists") {
    return { text: `${what} was refused (${created.status.code}): ${created.status.message}`, ok: false };
  }
  const applied = await client.apply(resource, placed, { fieldManager: "portcullis", force: true });
  if (applied.ok) return { text: `${what} was updated`, ok: true };
  return { text: `${what} was refused (${applied.status.code}): ${applied.status.message}`, ok: false };
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
