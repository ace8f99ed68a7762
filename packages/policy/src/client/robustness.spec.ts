/** Whatever is sent, there is an answer: nothing an object or a request holds makes the domain throw. */
import { describe, it } from "node:test";
import fc from "fast-check";
import { setOwn, type JsonObject, type JsonValue } from "@portcullis/objects";
import { FakeDriver } from "../driver/fake/fake-driver.ts";
import { RegoDriver } from "../driver/rego/rego-driver.ts";
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
        checkOwnResource(client, {
          ...request,
          kind: { group: "templates.gatekeeper.sh", kind: "ConstraintTemplate" },
          object,
        });
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
        checkOwnResource(client, spoilt);
        const review = reviewOfAdmission(spoilt, { source: "Original" });
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
