import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient } from "@portcullis/kube";
import { InstantClock, ScriptedTransport } from "@portcullis/kube/testing";
import { ensureCrd } from "./constraint-crd.ts";

const wanted = { metadata: { name: "odd.constraints.gatekeeper.sh" }, spec: { names: { kind: "Odd" } } };
const owned = {
  metadata: {
    name: "odd.constraints.gatekeeper.sh",
    uid: "crd",
    ownerReferences: [{ kind: "ConstraintTemplate", name: "odd", uid: "second" }],
  },
};

/** What is asked when the template `first`, as a watch showed it, finds the CRD of `second`. */
async function asked(template: { readonly status: number; readonly body: readonly unknown[] }): Promise<string[]> {
  const transport = new ScriptedTransport(({ method, path }) => {
    if (path.includes("/constrainttemplates/")) return template;
    return { body: [method === "DELETE" ? {} : owned] };
  });
  const writer = { client: new KubeClient(transport), clock: new InstantClock() };
  await assert.rejects(ensureCrd(writer, wanted, { metadata: { name: "odd", uid: "first" } }));
  return transport.requests.map(({ method }) => method);
}

test("a CRD goes with the template that owned it, and not because a watch is behind", async () => {
  const isGone = { status: 404, body: [{ kind: "Status", status: "Failure", code: 404, reason: "NotFound" }] };
  assert.deepEqual(await asked(isGone), ["GET", "GET", "DELETE"]);
  const isFirst = { status: 200, body: [{ metadata: { name: "odd", uid: "first" } }] };
  assert.deepEqual(await asked(isFirst), ["GET", "GET", "DELETE"]);
  const isSecond = { status: 200, body: [{ metadata: { name: "odd", uid: "second" } }] };
  assert.deepEqual(await asked(isSecond), ["GET", "GET"]);
});
