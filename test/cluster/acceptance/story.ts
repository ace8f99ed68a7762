/** What the rows of the acceptance table work with. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  isJsonArray,
  isJsonObject,
  metadataOf,
  own,
  ownPath,
  ownString,
  readJson,
  type JsonObject,
} from "@portcullis/objects";
import type { TestCluster } from "../cluster.ts";
import type { Ran } from "../kubectl.ts";
import type { Product } from "../product.ts";

/** A cluster with the product in it, and the words that the rows are told in. */
export interface Story {
  readonly cluster: TestCluster;
  readonly product: Product;
  /** kubectl that must succeed; its standard output. */
  does(...args: readonly string[]): Promise<string>;
  /** kubectl that must succeed; what it told on standard error, which is where warnings stand. */
  warns(...args: readonly string[]): Promise<string>;
  /** kubectl that must fail; its standard error. */
  fails(...args: readonly string[]): Promise<string>;
  apply(fixture: string, ...args: readonly string[]): Promise<string>;
  /** Applies an object that must be admitted; standard error. */
  admits(object: JsonObject): Promise<string>;
  /** Applies an object that must be refused; standard error. */
  refuses(object: JsonObject): Promise<string>;
  object(...args: readonly string[]): Promise<JsonObject>;
  /** Waits until every replica says that it enforces this generation of the object. */
  enforced(kind: string, name: string): Promise<void>;
  /** Waits until what it does succeeds; its last complaint where it never does. */
  eventually<T>(attempt: () => Promise<T>): Promise<T>;
}

/** One row of the table. */
export interface Row {
  /** Its number in Gatekeeper's suite. */
  readonly row: number;
  readonly title: string;
  readonly run: (story: Story) => Promise<void>;
}

const fixtures = join(import.meta.dirname, "../fixtures");
const patience = 15_000;

/** The words over one cluster. */
export function storyOf(cluster: TestCluster, product: Product): Story {
  const kubectl = (args: readonly string[], input = ""): Promise<Ran> =>
    cluster.kubectl(args, { folder: fixtures, input });
  const told = (args: readonly string[], ran: Ran): string =>
    `kubectl ${args.join(" ")}: exit ${ran.status}\n${ran.stdout}${ran.stderr}`;
  const succeed = async (args: readonly string[], input?: string): Promise<Ran> => {
    const ran = await kubectl(args, input);
    assert.equal(ran.status, 0, told(args, ran));
    return ran;
  };
  const fail = async (args: readonly string[], input?: string): Promise<string> => {
    const ran = await kubectl(args, input);
    assert.notEqual(ran.status, 0, told(args, ran));
    return ran.stderr;
  };
  const fromInput = ["apply", "-f", "-"];
  const story: Story = {
    cluster,
    product,
    does: async (...args) => (await succeed(args)).stdout,
    warns: async (...args) => (await succeed(args)).stderr,
    fails: (...args) => fail(args),
    apply: async (fixture, ...args) => (await succeed(["apply", "-f", fixture, ...args])).stdout,
    admits: async (object) => (await succeed(fromInput, JSON.stringify(object))).stderr,
    refuses: (object) => fail(fromInput, JSON.stringify(object)),
    async object(...args) {
      const parsed = readJson((await succeed([...args, "-o", "json"])).stdout);
      assert.ok(parsed.ok && isJsonObject(parsed.value));
      return parsed.value;
    },
    enforced: (kind, name) =>
      story.eventually(async () => {
        const found = await story.object("get", kind, name);
        const pods = own(await story.object("get", "pods", "-n", "gatekeeper-system", "-l", webhookPods), "items");
        assert.ok(isJsonArray(pods) && pods.length > 0, "there are no Pods of the webhook");
        const byPod = ownPath(found, "status", "byPod");
        const generation = own(metadataOf(found), "generation");
        const ready = (isJsonArray(byPod) ? byPod : []).filter((each) => {
          const operations = own(each, "operations");
          return (
            isJsonArray(operations) &&
            operations.includes("webhook") &&
            own(each, "observedGeneration") === generation &&
            ownString(each, "id") !== ""
          );
        });
        assert.equal(ready.length, pods.length, JSON.stringify(byPod));
      }),
    async eventually(attempt) {
      const until = performance.now() + patience;
      for (;;) {
        try {
          return await attempt();
        } catch (error) {
          if (performance.now() > until) throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  };
  return story;
}

const webhookPods = "gatekeeper.sh/operation=webhook";

/** A ConfigMap. */
export function configMap(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, labels } };
}

/** A Namespace. */
export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): JsonObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

/** A Pod of one container. */
export function pod(inNamespace: string, name: string, limits?: Readonly<Record<string, string>>): JsonObject {
  const container = {
    name: "main",
    image: "example.com/main:1",
    ...(limits === undefined ? {} : { resources: { limits } }),
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: inNamespace },
    spec: { containers: [container] },
  };
}
