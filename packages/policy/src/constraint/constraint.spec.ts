import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { platformPatterns, type JsonObject, type JsonValue } from "@portcullis/objects";
import type { Outcome } from "../problem.ts";
import { makeConstraintCrd, type ConstraintCrd } from "../template/constraint-crd.ts";
import { checkEnforcementAction, readEnforcement } from "./enforcement.ts";
import { checkConstraintIdentity, isConstraint, validateConstraint } from "./validate.ts";

const parameters: JsonObject = {
  type: "object",
  properties: { repos: { type: "array", items: { type: "string" } } },
};

function crdOf(): ConstraintCrd {
  const crd = makeConstraintCrd(
    { name: "never", kind: "Never", labels: {}, shortNames: [], parameters, targets: [] },
    platformPatterns,
  );
  assert.ok(crd.ok);
  return crd.value;
}

const crd = crdOf();

function constraint(spec: JsonValue, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: "Never",
    metadata: { name: "one" },
    spec,
    ...more,
  };
}

function message(outcome: Outcome<unknown>): string {
  return outcome.ok ? "valid" : outcome.problem.message;
}

const validate = (object: JsonObject): string => message(validateConstraint(object, crd, platformPatterns));

describe("a constraint", () => {
  it("is known by its group", () => {
    assert.ok(isConstraint(constraint({})));
    assert.ok(!isConstraint({ apiVersion: "v1", kind: "Never" }));
  });

  it("has a name, a kind and the right group", () => {
    const identity = (object: JsonObject): string => message(checkConstraintIdentity(object));
    assert.equal(identity(constraint({}, { metadata: {} })), "invalid Constraint: missing metadata.name");
    assert.equal(identity(constraint({}, { kind: "" })), "invalid Constraint: missing kind");
    assert.equal(
      identity(constraint({}, { apiVersion: "v1" })),
      'invalid Constraint: wrong API Group for Constraint "one", got "" but need "constraints.gatekeeper.sh"',
    );
  });

  it("fits the schema of its kind", () => {
    assert.equal(validate(constraint({ parameters: { repos: ["a"] } })), "valid");
    assert.equal(
      validate(constraint({ parameters: { repos: "a" } })),
      'schema validation failed: [].spec.parameters.repos: Invalid value: "string": spec.parameters.repos in body must be of type array: "string"',
    );
    assert.equal(
      validate(constraint(null)),
      'schema validation failed: [].spec: Invalid value: "null": spec in body must be of type object: "null"',
    );
    assert.equal(
      validate(constraint({ match: { name: "a*b" } })),
      "schema validation failed: [].spec.match.name: Invalid value: \"a*b\": spec.match.name in body should match '^\\*?[-:a-z0-9]*\\*?$'",
    );
    const wrong = validateConstraint(constraint({ parameters: { repos: 1 } }), crd, platformPatterns);
    assert.equal(!wrong.ok && wrong.problem.kind, "schema");
  });

  it("has no fields that nobody knows", () => {
    assert.equal(
      validate(constraint({ parameters: { odd: 1 }, odd: {} })),
      "invalid Constraint: unknown fields: [spec.odd spec.parameters.odd]",
    );
    assert.equal(validate(constraint({}, { status: { anything: 1 } })), "valid");
  });

  it("tells which field was probably meant, also where it stands a level too high", () => {
    const strayed = constraint({ parameters: { repo: [] }, excludedNamespaces: ["a"], zebra: 1 });
    const refused = validateConstraint(strayed, crd, platformPatterns);
    assert.equal(
      !refused.ok && refused.problem.help,
      [
        'unknown field "spec.excludedNamespaces"; did you mean "spec.match.excludedNamespaces"?',
        'unknown field "spec.parameters.repo"; did you mean "spec.parameters.repos"?',
        'unknown field "spec.zebra"',
      ].join("\n"),
    );
    assert.ok(validateConstraint(strayed, crd, platformPatterns, "ignored").ok);
  });

  it("has a name, kind and version that its CRD knows", () => {
    assert.match(
      validate(constraint({}, { metadata: { name: "A" } })),
      /^invalid Constraint: invalid name: "a lowercase RFC 1123/,
    );
    assert.equal(
      validate(constraint({}, { kind: "never" })),
      'invalid Constraint: wrong kind "one" for constraint "never"; want "Never"',
    );
    assert.equal(
      validate(constraint({}, { apiVersion: "constraints.gatekeeper.sh/v1" })),
      'invalid Constraint: unsupported version "v1" for Constraint "one"; supported versions: map[v1alpha1:true v1beta1:true]',
    );
  });

  it("has selectors that select", () => {
    const select = (field: string, selector: JsonValue): string =>
      validate(constraint({ match: { [field]: selector } }));
    assert.equal(
      select("labelSelector", { matchExpressions: [{ key: "a", operator: "Near" }] }),
      'invalid Constraint: spec.labelSelector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector operator',
    );
    assert.match(
      select("namespaceSelector", { matchLabels: { "a b": "c" } }),
      /^invalid Constraint: spec\.labelSelector\.matchLabels: Invalid value: "a b": name part/,
    );
    assert.equal(
      select("labelSelector", { matchLabels: { a: 1 } }),
      "invalid Constraint: Could not convert JSON to LabelSelector: json: cannot unmarshal number into Go struct field LabelSelector.matchLabels of type string",
    );
    assert.equal(
      select("labelSelector", "x"),
      "invalid Constraint: .spec.match.labelSelector accessor error: x is of the type string, expected map[string]interface{}",
    );
  });
});

describe("enforcement", () => {
  const scoped = (...entries: readonly JsonValue[]): JsonObject =>
    constraint({ enforcementAction: "scoped", scopedEnforcementActions: [...entries] });
  const entry = (action: string, ...points: readonly string[]): JsonValue => ({
    action,
    enforcementPoints: points.map((name) => ({ name })),
  });

  it("is deny everywhere by default, and whatever is written otherwise", () => {
    const read = readEnforcement(constraint({}));
    assert.ok(read.ok);
    assert.equal(read.value.action, "deny");
    assert.deepEqual(read.value.actionsAt("anywhere"), []);
    const odd = readEnforcement(constraint({ enforcementAction: "shout" }));
    assert.ok(odd.ok && odd.value.action === "shout");
  });

  it("is scoped to the places that are named", () => {
    const read = readEnforcement(
      scoped(
        entry("warn", "validation.gatekeeper.sh"),
        entry("deny", "gator.gatekeeper.sh", "validation.gatekeeper.sh"),
        entry("warn", "validation.gatekeeper.sh"),
        entry("dryrun", "*", "ignored.after.the.star"),
      ),
    );
    assert.ok(read.ok);
    assert.deepEqual(read.value.actionsAt("validation.gatekeeper.sh"), ["warn", "deny", "dryrun"]);
    assert.deepEqual(read.value.actionsAt("gator.gatekeeper.sh"), ["deny", "dryrun"]);
    assert.deepEqual(read.value.actionsAt("audit.gatekeeper.sh"), ["dryrun"]);
    const narrow = readEnforcement(scoped(entry("deny", "audit.gatekeeper.sh")));
    assert.ok(narrow.ok && narrow.value.actionsAt("gator.gatekeeper.sh") === undefined);
  });

  it("needs the entries that it is scoped to", () => {
    assert.equal(
      message(readEnforcement(constraint({ enforcementAction: "scoped" }))),
      "missing required field: spec.scopedEnforcementActions must be defined",
    );
  });

  it("is checked by the webhook", () => {
    const check = (action: string, object: JsonObject = constraint({})): string | undefined =>
      checkEnforcementAction(action, object)?.message;
    for (const action of ["deny", "warn", "dryrun"]) assert.equal(check(action), undefined);
    assert.equal(
      check("shout"),
      'unrecognized enforcementAction: "shout" is not within the supported list [deny dryrun warn scoped]',
    );
    assert.equal(check("scoped"), "error fetching scopedEnforcementActions: scopedEnforcementActions is required");
    assert.equal(check("scoped", scoped(entry("deny", "*"))), undefined);
    assert.equal(
      check("scoped", scoped(entry("shout", "nowhere"))),
      "unrecognized enforcement points: constraint will not be enforced for enforcement points [nowhere], supported enforcement points are [validation.gatekeeper.sh audit.gatekeeper.sh gator.gatekeeper.sh vap.k8s.io]\nunrecognized enforcementAction: [shout] is not within the supported list [deny dryrun warn]",
    );
  });
});
