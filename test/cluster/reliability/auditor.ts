/**
 * An auditor that trusts nobody: what the API server has, read past every fault, beside what each replica has in force and
 * in its inventory, which a policy of its own brings to light.
 */
import {
  isJsonArray,
  nameOf,
  namespaceOf,
  own,
  ownPath,
  ownString,
  readJson,
  resourceVersionOf,
} from "@portcullis/objects";
import { valueOf, type Resource } from "@portcullis/kube";
import type { JsonObject } from "@portcullis/objects";
import type { TestCluster } from "../cluster.ts";
import type { Replica } from "../product.ts";
import { askOverTls } from "../requests.ts";
import { bodyOf, reviewOf } from "./reviews.ts";

const rego = `package audited

asks { input.review.object.metadata.name == "the-auditor-asks" }

violation[{"msg": msg}] {
  asks
  msg := sprintf("mark %v", [input.parameters.mark])
}

violation[{"msg": msg}] {
  asks
  input.parameters.mark == "inventory"
  held := [text |
    object := data.inventory.namespace[namespace]["v1"].ConfigMap[name]
    text := sprintf("%v/%v@%v", [namespace, name, object.metadata.resourceVersion])
  ]
  msg := sprintf("held %v", [concat(" ", sort(held))])
}
`;

/** The template that tells. */
export const auditedTemplate: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1",
  kind: "ConstraintTemplate",
  metadata: { name: "audited" },
  spec: {
    crd: {
      spec: {
        names: { kind: "Audited" },
        validation: { openAPIV3Schema: { type: "object", properties: { mark: { type: "string" } } } },
      },
    },
    targets: [{ target: "admission.k8s.gatekeeper.sh", rego }],
  },
};

/** The kind of its constraints. */
export const audited: Resource = {
  group: "constraints.gatekeeper.sh",
  version: "v1beta1",
  plural: "audited",
  kind: "Audited",
  namespaced: false,
};

/** What the inventory holds of the cluster. */
export const configMaps: Resource = {
  group: "",
  version: "v1",
  plural: "configmaps",
  kind: "ConfigMap",
  namespaced: true,
};

/** A constraint that says its mark when the auditor asks. */
export function auditedConstraint(name: string, mark: string): JsonObject {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "Audited",
    metadata: { name },
    spec: { parameters: { mark } },
  };
}

/** What is so, one line each, in one order. */
export async function truth({ client }: TestCluster): Promise<readonly string[]> {
  const marks = valueOf(await client.list(audited), "listing the constraints").items.map(
    (each) => `[denied by ${nameOf(each)}] mark ${ownString(ownPath(each, "spec", "parameters"), "mark")}`,
  );
  const maps = valueOf(await client.list(configMaps), "listing the maps").items.map(
    (each) => `${namespaceOf(each)}/${nameOf(each)}@${resourceVersionOf(each)}`,
  );
  return [...marks, ...maps].toSorted();
}

/** What a replica has, in the same words. */
async function claimOf(replica: Replica, authority: string): Promise<readonly string[]> {
  const object = { apiVersion: "v1", kind: "Secret", metadata: { name: "the-auditor-asks", namespace: "default" } };
  const { body } = bodyOf(JSON.stringify(reviewOf(object)));
  const parsed = readJson(await postTo(replica.port, authority, body));
  const message = parsed.ok ? (ownString(ownPath(parsed.value, "response", "status"), "message") ?? "") : "";
  return message
    .split("\n")
    .flatMap((line) => {
      const held = /^\[denied by [^\]]+\] held ?(.*)$/.exec(line);
      return held === null ? [line] : (held[1] ?? "").split(" ").filter((each) => each !== "");
    })
    .toSorted();
}

/** The replicas that do not have what is so, each with what it has too much and too little. */
export async function contradictions(
  cluster: TestCluster,
  replicas: readonly Replica[],
  authority: string,
): Promise<readonly string[]> {
  const so = await truth(cluster);
  const found: string[] = [];
  for (const replica of replicas) {
    const claim = await claimOf(replica, authority);
    const missing = so.filter((each) => !claim.includes(each));
    const surplus = claim.filter((each) => !so.includes(each));
    if (missing.length + surplus.length > 0) {
      found.push(
        `${replica.pod} lacks ${missing.slice(0, 5).join(", ")}; has beyond ${surplus.slice(0, 5).join(", ")}`,
      );
    }
  }
  return found;
}

/** Puts a review to one replica; the body of its answer. */
export async function postTo(port: number, authority: string, body: string): Promise<string> {
  const name = "gatekeeper-webhook-service.gatekeeper-system.svc";
  const question = { port, name, authority, path: "/v1/admit?timeout=5s", body, milliseconds: 10_000 };
  return (await askOverTls(question)).text;
}

/** Whether an answer denies, with a text like this. */
export function denies(answer: string, text: RegExp): boolean {
  const parsed = readJson(answer);
  const response = parsed.ok ? own(parsed.value, "response") : undefined;
  return own(response, "allowed") === false && text.test(ownString(own(response, "status"), "message") ?? "");
}

/** Entries of a list field. */
export function entriesOf(value: unknown): readonly unknown[] {
  return isJsonArray(value) ? value : [];
}
