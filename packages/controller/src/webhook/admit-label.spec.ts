import assert from "node:assert/strict";
import { test } from "node:test";
import type { AdmissionRequest } from "@portcullis/policy";
import { fakeRequest } from "@portcullis/policy/testing";
import { admitLabel } from "./admit-label.ts";

const namespace = (name: string, labels: Record<string, string>, operation = "CREATE"): AdmissionRequest =>
  fakeRequest({
    uid: "u",
    kind: { group: "", version: "v1", kind: "Namespace" },
    name,
    namespace: name,
    operation,
    object: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
  });

test("only exempt namespaces may carry the ignore label", () => {
  const exempt = { names: ["gatekeeper-system"], prefixes: ["kube-"], suffixes: ["-infra"] };
  const label = { "admission.gatekeeper.sh/ignore": "" };
  const says = (request: AdmissionRequest): string => {
    const { allowed, code, message } = admitLabel(request, exempt);
    return `${allowed} ${code} ${message}`;
  };
  assert.equal(
    says(namespace("a", label)),
    "false 403 Only exempt namespace can have the admission.gatekeeper.sh/ignore label",
  );
  assert.equal(says(namespace("a", {})), "true 200 Namespace is not setting the admission.gatekeeper.sh/ignore label");
  assert.equal(says(namespace("a", label, "DELETE")), "true 200 Delete is always allowed");
  assert.equal(
    says({ ...namespace("a", label), kind: { group: "other", version: "v1", kind: "Namespace" } }),
    "true 200 Not a namespace",
  );
  for (const name of ["gatekeeper-system", "kube-public", "my-infra"]) {
    assert.equal(
      says(namespace(name, label)),
      `true 200 Namespace ${name} is allowed to set admission.gatekeeper.sh/ignore`,
    );
  }
  // The object's name counts: the request has none while one is generated.
  assert.match(says({ ...namespace("kube-x7k2p", label), name: "" }), /^true 200 /);
  assert.match(says({ ...namespace("a", label), name: "gatekeeper-system" }), /^false 403 /);
  const none = { ...namespace("a", label), object: undefined };
  assert.equal(says(none), "false 500 while deserializing resource: unexpected end of JSON input");
  const empty = { ...none, object: { n: 1 } };
  assert.equal(says(empty), `false 500 while deserializing resource: Object 'Kind' is missing in '{"n":1}'`);
});
