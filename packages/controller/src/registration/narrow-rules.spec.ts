import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, JsonValue } from "@portcullis/objects";
import { isRulesOwnedByApply, isWideRule, narrowRules, neededResources, resourcesOf, union } from "./narrow-rules.ts";

const wide: JsonValue = [
  {
    apiGroups: ["*"],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: ["*", "pods/ephemeralcontainers", "pods/exec", "deployments/scale"],
    scope: "*",
  },
];
const served = [
  { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true },
  { group: "apps", version: "v1", plural: "deployments", kind: "Deployment", namespaced: true },
  { group: "extensions", version: "v1beta1", plural: "deployments", kind: "Deployment", namespaced: true },
];
const find = (group: string, kind: string): Promise<typeof served> =>
  Promise.resolve(served.filter((each) => each.kind === kind && (group === "*" || group === each.group)));
const constraint = (...kinds: JsonObject[]): JsonObject => ({ spec: { match: { kinds } } });
const needed = async (...constraints: JsonObject[]): Promise<unknown> => {
  const found = await neededResources(constraints, find);
  return found === undefined ? undefined : Object.fromEntries([...found].map(([group, of]) => [group, [...of]]));
};

test("what constraints can match is what they name, in the groups that they name", async () => {
  assert.deepEqual(await needed(constraint({ apiGroups: [""], kinds: ["Pod"] })), { "": ["pods"] });
  assert.deepEqual(await needed(constraint({ apiGroups: ["*"], kinds: ["Deployment", "Pod"] })), {
    "": ["pods"],
    apps: ["deployments"],
    extensions: ["deployments"],
  });
  assert.deepEqual(await needed(constraint({ kinds: ["Pod"] })), { "": ["pods"] });
  assert.deepEqual(await needed(constraint({ apiGroups: [""], kinds: ["PodExecOptions"] })), { "": ["pods/exec"] });
});

test("whatever is not certain is anything", async () => {
  for (const one of [
    {},
    { spec: { match: {} } },
    constraint(),
    constraint({ apiGroups: ["apps"], kinds: ["*"] }),
    constraint({ apiGroups: ["apps"] }),
    constraint({ apiGroups: ["example.com"], kinds: ["NotYet"] }),
    constraint({ apiGroups: ["", "example.com"], kinds: ["Pod"] }),
  ]) {
    assert.equal(await needed(constraint({ apiGroups: [""], kinds: ["Pod"] }), one), undefined, JSON.stringify(one));
  }
});

test("narrow rules are the wide ones for fewer resources, with their subresources, and always our own groups", () => {
  const rules = narrowRules(wide, new Map([["", new Set(["pods"])]]));
  const [own, pods, ...more] = rules as JsonObject[];
  assert.deepEqual(more, []);
  assert.deepEqual(pods, {
    apiGroups: [""],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: ["pods", "pods/ephemeralcontainers", "pods/exec"],
    scope: "*",
  });
  assert.deepEqual(own?.["resources"], ["*"]);
  assert.match(JSON.stringify(own?.["apiGroups"]), /"constraints.gatekeeper.sh".*"templates.gatekeeper.sh"/);
  assert.deepEqual([...resourcesOf(rules)], [["", new Set(["pods", "pods/ephemeralcontainers", "pods/exec"])]]);
  const both = union(resourcesOf(rules), new Map([["apps", new Set(["deployments"])]]));
  assert.match(JSON.stringify(narrowRules(wide, both)), /"deployments","deployments\/scale"/);
});

test("only one wide rule that nobody applies is ours to narrow", () => {
  assert.ok(isWideRule(wide));
  assert.ok(!isWideRule([{ apiGroups: ["apps"], resources: ["*"] }]));
  assert.ok(!isWideRule([...(wide as JsonValue[]), ...(wide as JsonValue[])]));
  assert.ok(!isWideRule(undefined));
  const owned = (operation: string): JsonObject => ({
    metadata: {
      managedFields: [
        { operation, fieldsV1: { "f:webhooks": { 'k:{"name":"validation.gatekeeper.sh"}': { "f:rules": {} } } } },
      ],
    },
  });
  assert.ok(isRulesOwnedByApply(owned("Apply"), "validation.gatekeeper.sh"));
  assert.ok(!isRulesOwnedByApply(owned("Update"), "validation.gatekeeper.sh"));
  assert.ok(!isRulesOwnedByApply(owned("Apply"), "other"));
});
