import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { fakeRequest } from "./fake-request.ts";
import type { Result } from "./result.ts";
import { reviewOfAdmission, reviewOfObject, reviewOfRequest, type Review } from "./review.ts";
import { admissionResponse, allowedBecause, decide, errored, verdictOf } from "./verdict.ts";

const pod: JsonObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "shop" } };

const request: JsonObject = {
  uid: "u",
  kind: { group: "", version: "v1", kind: "Pod" },
  resource: { group: "", version: "v1", resource: "pods" },
  subResource: "",
  requestKind: { group: "", version: "v1", kind: "Pod" },
  name: "p",
  namespace: "shop",
  operation: "UPDATE",
  userInfo: { username: "someone", groups: ["a"] },
  object: pod,
  oldObject: null,
  dryRun: false,
  options: null,
  unknown: true,
};

function reviewed(of: JsonObject): Review {
  const review = reviewOfRequest(fakeRequest(of), { source: "Original" });
  assert.ok(review.ok, review.ok ? "" : review.problem.message);
  return review.value;
}

describe("the review document", () => {
  it("of a request has what Gatekeeper shows, and nothing else", () => {
    const { subResource: _sub, unknown: _unknown, ...shown } = request;
    assert.deepEqual(reviewed(request).document, { ...shown, namespaceObject: {} });
  });

  it("of a bare request has the keys that are always there", () => {
    const bare = reviewOfRequest(fakeRequest({ object: pod }));
    assert.ok(bare.ok);
    assert.deepEqual(bare.value.document, {
      uid: "",
      kind: { group: "", version: "", kind: "" },
      resource: { group: "", version: "", resource: "" },
      operation: "",
      userInfo: {},
      object: pod,
      oldObject: null,
      options: null,
      namespaceObject: {},
    });
  });

  it("of an object is that of audit and gator", () => {
    assert.deepEqual(reviewOfObject(pod).document, {
      uid: "",
      kind: { group: "", version: "v1", kind: "Pod" },
      resource: { group: "", version: "", resource: "" },
      name: "p",
      namespace: "shop",
      operation: "",
      userInfo: {},
      object: pod,
      oldObject: null,
      options: null,
      namespaceObject: {},
    });
  });

  it("shows the namespace where there is one", () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
    assert.deepEqual(reviewOfObject(pod, { namespace }).document["namespaceObject"], namespace);
  });

  it("of a DELETE has the old object in both places, and needs it", () => {
    const review = reviewed({ ...request, operation: "DELETE", object: null, oldObject: pod });
    assert.deepEqual([review.document["object"], review.document["oldObject"]], [pod, pod]);
    const without = reviewOfRequest(fakeRequest({ ...request, operation: "DELETE" }));
    assert.equal(!without.ok && without.problem.message, "oldObject cannot be nil for DELETE operations");
  });

  it("of a Namespace loses the request's namespace at the webhook", () => {
    const about = { ...request, kind: { group: "", version: "v1", kind: "Namespace" } };
    const review = reviewOfAdmission(fakeRequest(about));
    assert.ok(review.ok);
    assert.equal(review.value.document["namespace"], undefined);
    assert.equal(review.value.namespaceName, "");
    const own = reviewOfAdmission(
      fakeRequest({ ...request, kind: { group: "x.io", version: "v1", kind: "Namespace" } }),
    );
    assert.ok(own.ok && own.value.namespaceName === "shop");
  });

  it("cannot be matched without objects, or with one that says not what it is", () => {
    assert.match(reviewed({ ...request, object: null }).unreadable ?? "", /neither object nor old object are defined$/);
    assert.equal(
      reviewed({ ...request, object: { a: 1 } }).unreadable,
      'invalid request object: failed to unmarshal gkReview object {"a":1}',
    );
  });
});

describe("a verdict", () => {
  const result = (name: string, action: string, message: string, scoped: readonly string[] = []): Result => ({
    target: "admission.k8s.gatekeeper.sh",
    message,
    details: {},
    constraint: { kind: "Never", metadata: { name } },
    enforcementAction: action,
    scopedEnforcementActions: scoped,
  });

  it("denies in the classic form, in the reason as well", () => {
    const decisions = decide([result("a", "deny", "one"), result("b", "deny", "two"), result("c", "warn", "three")]);
    assert.deepEqual(verdictOf(decisions, "classic"), {
      allowed: false,
      code: 403,
      reason: "[denied by a] one\n[denied by b] two",
      message: "[denied by a] one\n[denied by b] two",
      warnings: ["[c] three"],
    });
  });

  it("denies in today's form", () => {
    assert.deepEqual(verdictOf(decide([result("a", "deny", "one")]), "current"), {
      allowed: false,
      code: 403,
      reason: "Forbidden",
      message: "[a] one",
      warnings: [],
    });
  });

  it("allows with warnings, and without a word", () => {
    assert.deepEqual(verdictOf(decide([result("a", "warn", "one")]), "classic"), {
      allowed: true,
      code: 299,
      warnings: ["[a] one"],
    });
    assert.deepEqual(verdictOf(decide([result("a", "dryrun", "one")]), "classic"), {
      allowed: true,
      code: 200,
      warnings: [],
    });
    assert.deepEqual(verdictOf([], "classic"), { allowed: true, code: 200, warnings: [] });
  });

  it("says no more than anybody reads of what very many items violate, and all of a single violation", () => {
    const many = decide(Array.from({ length: 20_000 }, (_, at) => result("a", "deny", `${at}`.padEnd(100, "x"))));
    const { message = "", reason } = verdictOf(many, "classic");
    const lines = message.split("\n");
    assert.equal(reason, message);
    assert.ok(message.length < 1.1 * 1024 * 1024 && lines.length > 5000, `${message.length} in ${lines.length}`);
    assert.equal(lines.at(-1), `… and ${20_000 - (lines.length - 1)} more`);
    const warned = decide(Array.from({ length: 20_000 }, (_, at) => result("a", "warn", `${at}`.padEnd(100, "x"))));
    assert.match(verdictOf(warned, "current").warnings.at(-1) ?? "", /^… and \d+ more$/);
    const long = "x".repeat(2 * 1024 * 1024);
    assert.equal(verdictOf(decide([result("a", "deny", long)]), "current").message, `[a] ${long}`);
  });

  it("lets one violation deny and warn, and leaves out actions that nobody knows", () => {
    const decisions = decide([result("a", "scoped", "one", ["deny", "warn", "shout"]), result("b", "shout", "two")]);
    assert.deepEqual(
      decisions.map(({ actions }) => actions),
      [["deny", "warn"]],
    );
    assert.deepEqual(verdictOf(decisions, "current").warnings, ["[a] one"]);
  });

  it("is written as the API server reads it", () => {
    assert.deepEqual(admissionResponse("u", verdictOf(decide([result("a", "deny", "one")]), "current")), {
      uid: "u",
      allowed: false,
      status: { metadata: {}, message: "[a] one", reason: "Forbidden", code: 403 },
    });
    assert.deepEqual(admissionResponse("u", allowedBecause("why")), {
      uid: "u",
      allowed: true,
      status: { metadata: {}, message: "why", code: 200 },
    });
    assert.deepEqual(admissionResponse("u", errored(500, "what")), {
      uid: "u",
      allowed: false,
      status: { metadata: {}, message: "what", code: 500 },
    });
  });
});
