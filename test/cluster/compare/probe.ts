/** Requests that are put to two API servers, and what of the answers must be equal. */
import { request } from "node:https";
import { isJsonArray, isJsonObject, readJson, setOwn, type JsonObject, type JsonValue } from "@portcullis/objects";
import type { TestCluster } from "../cluster.ts";

/** One request. */
export interface Probe {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: JsonValue | string;
  readonly type?: string;
  readonly accept?: string;
}

/** What was answered, without what no two servers have in common. */
export interface ProbeAnswer {
  readonly status: number;
  readonly type: string;
  readonly warnings: readonly string[];
  readonly body: JsonValue;
}

/** Puts a request to a cluster. */
export async function ask(cluster: TestCluster, probe: Probe): Promise<ProbeAnswer> {
  const { method = "GET", path, body, type = "application/json", accept = "application/json" } = probe;
  const authorization = (await cluster.config.authorization?.()) ?? "";
  const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, cluster.url),
      {
        method,
        ca: cluster.config.certificateAuthority,
        agent: false,
        headers: {
          authorization,
          accept,
          ...(text === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(text) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (part: Buffer) => chunks.push(part));
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString();
          const parsed = readJson(answer);
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"] ?? "",
            warnings: [response.headers["warning"] ?? []].flat(),
            body: parsed.ok ? masked(parsed.value) : answer,
          });
        });
      },
    );
    call.on("error", reject);
    call.end(text);
  });
}

/** Fields that are made anew with every object, by their name. */
const made = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "deletionTimestamp",
  "time",
  "continue",
  "lastTransitionTime",
  "clusterIP",
  "clusterIPs",
  "remainingItemCount",
  "serverAddress",
  "storageVersionHash",
  "nodePort",
  "controller-uid",
  "batch.kubernetes.io/controller-uid",
]);

/** The account is given by an admission that is off on the real API server; the words of columns are for people. */
const notCompared = new Set(["serviceAccountName", "serviceAccount", "description"]);

/** Ages, names made from `g-`, and uids. */
const shortLived = /^\d+s$|^g-[a-z0-9]{5}$|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu;

/** A value without what is made anew with every object. */
export function masked(value: JsonValue): JsonValue {
  if (isJsonArray(value)) return value.map(masked);
  if (typeof value === "string") return value.replace(shortLived, "…");
  if (!isJsonObject(value)) return value;
  const result: { [key: string]: JsonValue } = {};
  for (const [key, each] of Object.entries(value)) {
    if (notCompared.has(key)) continue;
    if (key === "managedFields" && isJsonArray(each)) setOwn(result, key, inOneOrder(each.map(masked)));
    else setOwn(result, key, made.has(key) && each !== null && each !== "" ? "…" : masked(each));
  }
  return result;
}

/** Entries of managed fields stand by the second in which they were written, which two servers need not share. */
function inOneOrder(entries: readonly JsonValue[]): readonly JsonValue[] {
  return entries.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : sortKey(a) > sortKey(b) ? 1 : 0));
}

function sortKey(entry: JsonValue): string {
  if (!isJsonObject(entry)) return "";
  return ["manager", "operation", "apiVersion", "subresource"].map((key) => String(entry[key] ?? "")).join(" ");
}

/** Where two answers differ: paths and both values. */
export function differences(one: JsonValue, other: JsonValue, path = ""): readonly string[] {
  if (isJsonArray(one) && isJsonArray(other)) {
    const length = Math.max(one.length, other.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      differences(one[index] ?? null, other[index] ?? null, `${path}[${index}]`),
    );
  }
  if (isJsonObject(one) && isJsonObject(other)) return ofObjects(one, other, path);
  return JSON.stringify(one) === JSON.stringify(other)
    ? []
    : [`${path}: ${JSON.stringify(one)?.slice(0, 300)} | ${JSON.stringify(other)?.slice(0, 300)}`];
}

function ofObjects(one: JsonObject, other: JsonObject, path: string): readonly string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => {
    const [a, b] = [Object.hasOwn(one, key), Object.hasOwn(other, key)];
    if (a && b) return differences(one[key] ?? null, other[key] ?? null, `${path}.${key}`);
    const value = JSON.stringify((a ? one : other)[key])?.slice(0, 300);
    return [`${path}.${key}: ${a ? `${value} | absent` : `absent | ${value}`}`];
  });
}
