import assert from "node:assert/strict";
import { test } from "node:test";
import { readExclusion } from "./namespace-exclusion.ts";
import { wishesOfConfig, wishesOfTemplate } from "./sync-wish.ts";

const annotated = (text: string): { metadata: { annotations: Record<string, string> } } => ({
  metadata: { annotations: { "metadata.gatekeeper.sh/requires-sync-data": text } },
});

test("what the Rego names exactly is wished for exactly; what it leaves open in every group", () => {
  assert.deepEqual(wishesOfTemplate({}, [{ groupVersion: "apps/v1", kind: "Deployment" }, { kind: "Ingress" }, {}]), [
    { kind: "exact", of: { group: "apps", version: "v1", kind: "Deployment" } },
    { kind: "every-group", name: "Ingress" },
  ]);
});

test("the annotation says what the Rego leaves open, in the form that authors write", () => {
  const text = `"[
    [{"groups": ["extensions"], "versions": ["v1beta1"], "kinds": ["Ingress"]},
     {"groups": ["networking.k8s.io"], "versions": ["v1beta1", "v1"], "kinds": ["Ingress"]}]
  ]"
`;
  assert.deepEqual(wishesOfTemplate(annotated(text), [{ kind: "Ingress" }]), [
    {
      kind: "any-of",
      these: [
        { group: "extensions", version: "v1beta1", kind: "Ingress" },
        { group: "networking.k8s.io", version: "v1beta1", kind: "Ingress" },
        { group: "networking.k8s.io", version: "v1", kind: "Ingress" },
      ],
    },
  ]);
  // One that is no list says nothing, and no template loses its data by it.
  assert.deepEqual(wishesOfTemplate(annotated("nonsense"), [{ kind: "Ingress" }]), [
    { kind: "every-group", name: "Ingress" },
  ]);
  assert.deepEqual(wishesOfTemplate(annotated(text), []), []);
});

test("odd entries of a Config are what they are, and nothing breaks", () => {
  assert.deepEqual(wishesOfConfig({ spec: { sync: { syncOnly: [{ version: "v1", kind: "Pod" }] } } }), [
    { kind: "exact", of: { group: "", version: "v1", kind: "Pod" } },
  ]);
  assert.deepEqual(wishesOfConfig({ spec: null }), []);
  const exclusion = readExclusion({ spec: { match: [null, 3, { processes: "*", excludedNamespaces: {} }] } });
  assert.equal(exclusion.excludes("webhook", "a"), false);
});

test("each process leaves alone what is said of it, and a star speaks of all", () => {
  const exclusion = readExclusion({
    spec: {
      match: [
        { processes: ["*"], excludedNamespaces: ["kube-*"] },
        { processes: ["webhook", "unknown"], excludedNamespaces: ["*-test", "one"] },
      ],
    },
  });
  const excluded = (namespace: string): string[] =>
    (["webhook", "audit", "sync", "mutation-webhook"] as const).filter((each) => exclusion.excludes(each, namespace));
  assert.deepEqual(excluded("kube-system"), ["webhook", "audit", "sync", "mutation-webhook"]);
  assert.deepEqual(excluded("a-test"), ["webhook"]);
  assert.deepEqual(excluded("one"), ["webhook"]);
  assert.deepEqual(excluded("ones"), []);
  assert.deepEqual(excluded(""), []);
});
