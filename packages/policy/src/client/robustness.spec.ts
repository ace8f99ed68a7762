/** Whatever is sent, there is an answer: nothing an object or a request holds makes the domain throw. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { copyJson, setOwn, type JsonObject, type JsonValue } from "@portcullis/objects";
import { fakeRequest } from "../review/fake-request.ts";
import { readRequest } from "../review/request.ts";
import { FakeDriver } from "../driver/fake/fake-driver.ts";
import { RegoDriver } from "../driver/rego/rego-driver.ts";
import { whyNotExpandable } from "../review/generator.ts";
import { reviewOfAdmission, reviewOfObject } from "../review/review.ts";
import { admissionResponse, decide, verdictOf } from "../review/verdict.ts";
import { readSuite } from "../suite/suite.ts";
import { Client } from "./client.ts";
import { checkOwnResource } from "./own-resources.ts";

const json: fc.Arbitrary<JsonValue> = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>; // as: it draws JSON

const template: JsonObject = {
  apiVersion: "templates.gatekeeper.sh/v1beta1",
  kind: "ConstraintTemplate",
  metadata: { name: "never", labels: { a: "b" } },
  spec: {
    crd: {
      spec: {
        names: { kind: "Never", shortNames: ["n"] },
        validation: {
          legacySchema: true,
          openAPIV3Schema: { type: "object", properties: { a: { type: "array", items: { type: "string" } } } },
        },
      },
    },
    targets: [
      {
        target: "admission.k8s.gatekeeper.sh",
        rego: 'package p\nviolation[{"msg": "x"}] { true }',
        libs: [],
        code: [{ engine: "Fake", source: { policy: "deny" } }],
        operations: ["CREATE"],
      },
    ],
  },
};
const constraint: JsonObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "Never",
  metadata: { name: "one", labels: { a: "b" } },
  spec: {
    enforcementAction: "scoped",
    scopedEnforcementActions: [{ action: "deny", enforcementPoints: [{ name: "*" }] }],
    match: {
      kinds: [{ apiGroups: ["*"], kinds: ["*"] }],
      scope: "*",
      namespaces: ["a*"],
      excludedNamespaces: ["b"],
      labelSelector: { matchLabels: { a: "b" }, matchExpressions: [{ key: "a", operator: "In", values: ["b"] }] },
      namespaceSelector: { matchExpressions: [{ key: "a", operator: "Exists" }] },
      name: "*",
      source: "All",
    },
    parameters: { a: ["b"] },
  },
};
const request: JsonObject = {
  uid: "u",
  kind: { group: "", version: "v1", kind: "Pod" },
  resource: { group: "", version: "v1", resource: "pods" },
  name: "p",
  namespace: "n",
  operation: "UPDATE",
  userInfo: { username: "u" },
  object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n", labels: { a: "b" } } },
  oldObject: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } },
  options: null,
};
const suite: JsonObject = {
  apiVersion: "test.gatekeeper.sh/v1alpha1",
  kind: "Suite",
  metadata: { name: "s" },
  skip: false,
  tests: [
    {
      name: "t",
      template: "a",
      cases: [{ object: "o", inventory: ["i"], assertions: [{ violations: 1, message: "m" }] }],
    },
  ],
};

/** The object with one part of it replaced by any JSON. */
function spoiled(object: JsonObject): fc.Arbitrary<JsonObject> {
  const paths = pathsOf(object, []);
  return fc.tuple(fc.constantFrom(...paths), json).map(([path, value]) => replaced(object, path, value) as JsonObject); // as: the root stays
}

function pathsOf(value: JsonValue, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, item]) => pathsOf(item as JsonValue, [...path, key])); // as: parts of JSON
  return path.length === 0 ? below : [path, ...below];
}

function replaced(of: JsonValue, [key, ...rest]: readonly string[], value: JsonValue): JsonValue {
  if (key === undefined) return value;
  if (Array.isArray(of))
    return of.map((item: JsonValue, at) => (String(at) === key ? replaced(item, rest, value) : item));
  const copy: { [name: string]: JsonValue } = {};
  for (const [name, item] of Object.entries(of as JsonObject)) {
    setOwn(copy, name, name === key ? replaced(item, rest, value) : item); // as: a path leads through objects and lists
  }
  return copy;
}

describe("the policy domain", () => {
  it("answers whatever a template holds", async () => {
    await fc.assert(
      fc.asyncProperty(spoiled(template), async (object) => {
        const client = new Client({ drivers: [new RegoDriver(), new FakeDriver()] });
        client.checkTemplate(object);
        await client.addTemplate(object);
        const kind = { group: "templates.gatekeeper.sh", kind: "ConstraintTemplate" };
        const read = readRequest({ ...request, kind, object });
        if (read.ok) checkOwnResource(client, read.request);
        client.addConstraint(constraint);
      }),
    );
  });

  it("answers whatever a constraint holds, and reviews under it", async () => {
    const good = new Client({ drivers: [new FakeDriver()] });
    await good.addTemplate(template);
    fc.assert(
      fc.property(spoiled(constraint), (object) => {
        good.checkConstraint(object);
        good.addConstraint(object);
        good.review(reviewOfObject(request["object"] as JsonObject), {
          enforcementPoint: "audit.gatekeeper.sh",
          now: 0n,
        }); // as: written above
      }),
    );
  });

  it("answers whatever a request holds", async () => {
    const client = new Client({ drivers: [new FakeDriver()] });
    await client.addTemplate(template);
    client.addConstraint(constraint);
    fc.assert(
      fc.property(spoiled(request), (spoilt) => {
        const read = readRequest(spoilt);
        if (!read.ok) return;
        checkOwnResource(client, read.request);
        const review = reviewOfAdmission(read.request, { source: "Original" });
        if (!review.ok) return;
        const outcome = client.review(review.value, { enforcementPoint: "validation.gatekeeper.sh", now: 0n });
        if (outcome.kind === "results") admissionResponse("u", verdictOf(decide(outcome.results), "classic"));
        client.addData(spoilt["object"] ?? null);
        client.removeData(spoilt["object"] ?? null);
      }),
    );
  });

  it("answers whatever a suite holds", () => {
    fc.assert(fc.property(spoiled(suite), (object) => void readSuite(object)));
  });
});

describe("what is nested as deep as an API server takes", () => {
  // An API server takes ten thousand levels; a file may hold more.
  const depth = 50_000;
  const nested = (wrap: (value: JsonValue) => JsonValue, last: JsonValue = 1): JsonValue => {
    let value = last;
    for (let at = 0; at < depth; at += 1) value = wrap(value);
    return value;
  };
  const lists = nested((value) => [value]);
  const maps = nested((a) => ({ a }));
  const rego = `package p
violation[{"msg": msg}] { count(input.parameters) > 0; msg := sprintf("sees %v", [count(input.review.object.spec)]) }
violation[{"msg": "walked"}] { walk(input.review.object.spec, [_, 1]) }`;
  const withRego = (openAPIV3Schema: JsonValue): JsonObject => ({
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: "deep" },
    spec: {
      crd: { spec: { names: { kind: "Deep" }, validation: { openAPIV3Schema } } },
      targets: [{ target: "admission.k8s.gatekeeper.sh", rego }],
    },
  });
  const ofKind = (name: string, spec: JsonValue): JsonObject => ({
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "Deep",
    metadata: { name },
    spec,
  });
  const anything: JsonObject = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

  for (const [shape, deep] of [
    ["lists", lists],
    ["objects", maps],
  ] as const) {
    it(`is a constraint's parameters, ${shape}, and changes, and is compared`, async () => {
      const client = new Client({ drivers: [new RegoDriver()] });
      assert.ok((await client.addTemplate(withRego(anything))).ok);
      const changes = [deep, deep, 7, copyJson(deep)].map((p) =>
        client.addConstraint(ofKind("one", { parameters: { p } })),
      );
      assert.deepEqual(
        changes.map((change) => change.ok && change.value.changed),
        [true, false, true, true],
      );
    });

    it(`is no match and no enforcement, ${shape}, which a constraint is refused for`, async () => {
      const client = new Client({ drivers: [new RegoDriver()] });
      await client.addTemplate(withRego(anything));
      for (const field of ["labelSelector", "namespaceSelector", "kinds", "namespaces", "scope", "name", "source"]) {
        assert.equal(client.addConstraint(ofKind("one", { match: { [field]: deep } })).ok, false, field);
      }
      for (const selector of [
        { matchLabels: { a: deep } },
        { matchExpressions: [deep] },
        { matchExpressions: [{ key: deep, operator: "Exists" }] },
        { matchExpressions: [{ key: "a", operator: deep }] },
        { matchExpressions: [{ key: "a", operator: "In", values: [deep] }] },
        { matchExpressions: [{ key: { toString: "" }, operator: { valueOf: 1 }, values: [{ toString: [] }] }] },
      ]) {
        assert.equal(client.addConstraint(ofKind("one", { match: { labelSelector: selector } })).ok, false);
      }
      for (const spec of [
        { enforcementAction: deep },
        { enforcementAction: "scoped", scopedEnforcementActions: deep },
      ] as const) {
        assert.equal(client.addConstraint(ofKind("one", spec)).ok, false);
      }
      assert.equal(client.constraint("Deep", "one"), undefined);
    });

    it(`is reviewed, ${shape}, and whoever cannot go that deep counts as violated`, async () => {
      const client = new Client({ drivers: [new RegoDriver()] });
      await client.addTemplate(withRego(anything));
      client.addConstraint(ofKind("one", { parameters: { p: 1 } }));
      const object: JsonObject = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p", labels: { a: deep } },
        spec: deep,
      };
      const review = reviewOfAdmission(fakeRequest({ ...request, operation: "CREATE", object, oldObject: null }));
      assert.ok(review.ok);
      const outcome = client.review(review.value, { enforcementPoint: "validation.gatekeeper.sh", now: 0n });
      assert.equal(outcome.kind, "results");
      const messages = outcome.kind === "results" ? outcome.results.map(({ message }) => message) : [];
      assert.equal(messages.length, 1);
      assert.match(messages[0] ?? "", /walk: |went too deep/);
      assert.match(
        whyNotExpandable(fakeRequest({ operation: "CREATE", object: { spec: deep } })) ?? "",
        /Object 'Kind' is missing/,
      );
      assert.ok(client.addData(object).ok && client.addData(object).ok);
    });
  }

  it("is no schema, in words, and may be a default", async () => {
    for (const [schema, isTaken] of [
      [nested((a) => ({ type: "object", properties: { a } }), { type: "string" }), false],
      [nested((items) => ({ type: "array", items }), { type: "string" }), false],
      [nested((additionalProperties) => ({ type: "object", additionalProperties }), { type: "string" }), false],
      [nested((not) => ({ not }), {}), false],
      [{ type: "object", properties: { a: { enum: [lists] } } }, false],
      [{ type: "object", properties: { a: { ...anything, default: maps } } }, true],
    ] as const) {
      const client = new Client({ drivers: [new RegoDriver()] });
      const added = await client.addTemplate(withRego(schema));
      assert.equal(added.ok, isTaken);
      if (!added.ok) assert.notEqual(added.problem.message, "");
      else assert.ok(client.addConstraint(ofKind("one", { parameters: {} })).ok);
    }
  });
});
