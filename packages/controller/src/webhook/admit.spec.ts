import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { admit, type AdmitOptions } from "./admit.ts";
import { readReview, type AdmissionRequest } from "./admission-review.ts";

function request(fields: JsonObject): AdmissionRequest {
  const reading = readReview(
    JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "u", ...fields } }),
  );
  assert.ok(reading.ok);
  return reading.request;
}

const pod: JsonObject = {
  operation: "CREATE",
  kind: { group: "", version: "v1", kind: "Pod" },
  name: "p",
  namespace: "team",
  userInfo: { username: "me" },
  object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } },
};

/** Options that write down what was asked. */
function options(more: Partial<AdmitOptions> = {}): { readonly asked: string[]; readonly options: AdmitOptions } {
  const asked: string[] = [];
  return {
    asked,
    options: {
      namespace: "gatekeeper-system",
      isReady: () => true,
      waitForTemplate: (kind) => {
        asked.push(`wait ${kind}`);
        return Promise.resolve();
      },
      checkOwnResource: () => {
        asked.push("check");
        return undefined;
      },
      findNamespace: (name) => {
        asked.push(`namespace ${name}`);
        return Promise.resolve({ metadata: { name } });
      },
      review: () => {
        asked.push("review");
        return { allowed: true, code: 200, warnings: [] };
      },
      takeEffect: () => {
        asked.push("effect");
        return Promise.resolve();
      },
      ...more,
    },
  };
}

test("checks, namespace, review and effect come in this order", async () => {
  const { asked, options: all } = options();
  assert.equal((await admit(request(pod), all)).allowed, true);
  assert.deepEqual(asked, ["check", "namespace team", "review", "effect"]);
});

test("Gatekeeper's own account is let through before anything is looked at", async () => {
  const { asked, options: all } = options({ isReady: () => false });
  const own = request({ ...pod, userInfo: { username: "system:serviceaccount:gatekeeper-system:gatekeeper-admin" } });
  assert.deepEqual(await admit(own, all), {
    allowed: true,
    code: 200,
    message: "Gatekeeper does not self-manage",
    warnings: [],
  });
  assert.deepEqual(asked, []);
});

test("nothing is let through before the policies are in force, but for the kinds of constraints", async () => {
  const { asked, options: all } = options({ isReady: () => false });
  const refused = await admit(request(pod), all);
  assert.equal(refused.allowed, false);
  assert.equal(refused.code, 500);
  const crd = (name: string): AdmissionRequest =>
    request({ ...pod, kind: { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" }, name });
  assert.equal((await admit(crd("x.constraints.gatekeeper.sh"), all)).allowed, true);
  assert.equal((await admit(crd("x.example.com"), all)).allowed, false);
  assert.deepEqual(asked, []);
});

test("a constraint's template is waited for, and its refusal ends the matter", async () => {
  const { asked, options: all } = options({
    checkOwnResource: () => ({ code: 422, message: "wrong", statusCode: "" }),
  });
  const constraint = request({ ...pod, kind: { group: "constraints.gatekeeper.sh", version: "v1beta1", kind: "K" } });
  const { allowed, code, message } = await admit(constraint, all);
  assert.deepEqual([allowed, code, message], [false, 422, "wrong"]);
  assert.deepEqual(asked, ["wait K"]);
});

test("a namespace that cannot be found, or asked for, refuses", async () => {
  const missing = await admit(request(pod), options({ findNamespace: () => Promise.resolve(undefined) }).options);
  assert.deepEqual([missing.allowed, missing.code], [false, 500]);
  const failing = await admit(
    request(pod),
    options({ findNamespace: () => Promise.reject(new Error("etcd is away")) }).options,
  );
  assert.deepEqual(
    [failing.allowed, failing.code, failing.message],
    [false, 500, "failed to create augmentedReview: etcd is away"],
  );
});

test("a Namespace is in no namespace", async () => {
  const { asked, options: all } = options();
  await admit(request({ ...pod, kind: { group: "", version: "v1", kind: "Namespace" }, namespace: "team" }), all);
  assert.deepEqual(asked, ["check", "review", "effect"]);
});

test("what is refused, tried, changed or deleted has no effect before it is written", async () => {
  const refusing = options({ review: () => ({ allowed: false, code: 403, warnings: [] }) });
  await admit(request(pod), refusing.options);
  const dry = options();
  await admit(request({ ...pod, dryRun: true }), dry.options);
  const update = options();
  await admit(request({ ...pod, operation: "UPDATE", oldObject: pod["object"] ?? null }), update.options);
  const gone = options();
  await admit(request({ ...pod, operation: "DELETE", object: null, oldObject: pod["object"] ?? null }), gone.options);
  for (const { asked } of [refusing, dry, update, gone]) assert.ok(!asked.includes("effect"), asked.join());
});
