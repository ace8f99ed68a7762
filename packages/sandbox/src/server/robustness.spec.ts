import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { startSandbox, type Sandbox } from "../index.ts";
import { send } from "../testing.ts";

const word = fc.constantFrom(
  "a",
  "metadata",
  "name",
  "spec",
  "labels",
  "finalizers",
  "ownerReferences",
  "managedFields",
  "__proto__",
  "status",
  "data",
  "0",
  "",
);
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e30, "", "x", "v1"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(word, tie("value"), { maxKeys: 4 }),
  ),
})).value;
const metadata = fc.oneof(
  value,
  fc.record(
    {
      name: fc.constantFrom<unknown>("a", "", 1),
      labels: value,
      finalizers: value,
      ownerReferences: value,
      managedFields: value,
      annotations: value,
    },
    { requiredKeys: [] },
  ),
);
const object = fc.record(
  {
    apiVersion: fc.constantFrom<unknown>("v1", "v2", 1),
    kind: fc.constantFrom<unknown>("ConfigMap", "Pod", null),
    metadata,
    data: value,
    spec: value,
    status: value,
  },
  { requiredKeys: [] },
);
const operation = fc.record({
  op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test", "bad"),
  path: fc.constantFrom(
    "",
    "/",
    "/metadata",
    "/metadata/name",
    "/metadata/labels/a",
    "/data/x",
    "/spec/containers/-",
    "/kind",
  ),
  from: fc.constantFrom("/data", "/metadata"),
  value,
});

describe("whatever is sent", () => {
  const faults: unknown[] = [];
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ controllers: false, report: (error) => faults.push(error) });
    const base = "/api/v1/namespaces/default";
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: "1" } };
    await send(sandbox, "POST", `${base}/configmaps`, { body });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a" },
      spec: { containers: [{ name: "c", image: "i" }] },
    };
    await send(sandbox, "POST", `${base}/pods`, { body: pod });
  });
  after(() => sandbox.close());

  const resource = fc.constantFrom(
    "configmaps",
    "pods",
    "customresourcedefinitions",
    "validatingwebhookconfigurations",
  );
  const collection = (plural: string): string => {
    if (plural === "customresourcedefinitions") return "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    if (plural === "validatingwebhookconfigurations")
      return "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
    return `/api/v1/namespaces/default/${plural}`;
  };
  const kinds: Readonly<Record<string, object>> = {
    configmaps: { apiVersion: "v1", kind: "ConfigMap" },
    pods: { apiVersion: "v1", kind: "Pod" },
    customresourcedefinitions: { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
    validatingwebhookconfigurations: {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
    },
  };

  async function answers(method: string, path: string, body: unknown, type?: string): Promise<void> {
    const { status, text } = await send(sandbox, method, path, {
      body: JSON.stringify(body) ?? "",
      ...(type === undefined ? {} : { type }),
    });
    assert.deepEqual(faults.splice(0), []);
    assert.ok(status < 500 || text.includes("resourceVersion should not be set"), `${status} ${text}`);
  }

  it("is answered, and never a fault: objects", async () => {
    await fc.assert(
      fc.asyncProperty(resource, object, fc.boolean(), async (plural, body, right) => {
        const whole = right ? { ...body, ...kinds[plural] } : body;
        await answers("POST", `${collection(plural)}?dryRun=All`, whole);
        await answers("PUT", `${collection(plural)}/a?dryRun=All`, whole);
        await answers(
          "PATCH",
          `${collection(plural)}/a?dryRun=All&fieldManager=m&force=true`,
          whole,
          "application/apply-patch+yaml",
        );
      }),
      { numRuns: 150 },
    );
  });

  it("is answered, and never a fault: patches", async () => {
    await fc.assert(
      fc.asyncProperty(resource, value, fc.array(operation, { maxLength: 3 }), async (plural, body, operations) => {
        const path = `${collection(plural)}/a?dryRun=All`;
        await answers("PATCH", path, body, "application/merge-patch+json");
        await answers("PATCH", path, body, "application/strategic-merge-patch+json");
        await answers("PATCH", path, operations, "application/json-patch+json");
        await answers(
          "PATCH",
          path,
          { metadata: body, spec: body, data: body },
          "application/strategic-merge-patch+json",
        );
      }),
      { numRuns: 150 },
    );
  });

  it("is answered, and never a fault: queries and paths", async () => {
    const text = fc.constantFrom(
      "labelSelector",
      "fieldSelector",
      "limit",
      "continue",
      "resourceVersion",
      "dryRun",
      "x",
    );
    await fc.assert(
      fc.asyncProperty(text, fc.string({ maxLength: 12 }), async (name, given) => {
        const { status } = await send(sandbox, "GET", `/api/v1/pods?${name}=${encodeURIComponent(given)}`);
        assert.ok(status < 500 || status === 504, String(status));
        const odd = await send(
          sandbox,
          "GET",
          `/api/v1/namespaces/${encodeURIComponent(given)}/pods/${encodeURIComponent(given)}`,
        );
        assert.ok(odd.status < 500);
        assert.deepEqual(faults, []);
      }),
      { numRuns: 150 },
    );
  });
});
