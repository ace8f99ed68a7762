import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "@portcullis/objects";
import { compileMatch, namespaceFactsOf, subjectOf } from "@portcullis/policy";
import { conditionFor } from "./kinds-condition.ts";
import {
  covers,
  coversAll,
  everyKind,
  kindsOf,
  noKind,
  readKinds,
  unionOf,
  writeKinds,
  type MatchedKinds,
} from "./matched-kinds.ts";
import { withMark, writeRecord, type Mark } from "./narrowing-record.ts";

const constraint = (match: JsonObject): JsonObject => ({ spec: { match } });

/** What the condition answers: the little CEL that it is written in, read strictly. */
function answers(condition: string, group: string, kind: string): boolean {
  const listOf = (text: string): readonly string[] => {
    const names: unknown = JSON.parse(text);
    assert.ok(Array.isArray(names) && names.every((name) => typeof name === "string"));
    return names;
  };
  return condition.split(" || ").reduce((is, term) => {
    if (term === 'request.kind.group.endsWith("gatekeeper.sh")') return is || group.endsWith("gatekeeper.sh");
    if (term === "(object == null && oldObject == null)") return is;
    const [, groupsOf] = /^request\.kind\.group in (\[.*\])$/.exec(term) ?? [];
    if (groupsOf !== undefined) return is || listOf(groupsOf).includes(group);
    const [, kindsIn] = /^request\.kind\.kind in (\[.*\])$/.exec(term) ?? [];
    if (kindsIn !== undefined) return is || listOf(kindsIn).includes(kind);
    const [, one, both] = /^\(request\.kind\.group == "([^"]*)" && request\.kind\.kind in (\[.*\])\)$/.exec(term) ?? [];
    assert.ok(one !== undefined && both !== undefined, `no part of the condition: ${term}`);
    return is || (group === one && listOf(both).includes(kind));
  }, false);
}

const groups = fc.constantFrom("", "apps", "batch", "example.com", "templates.gatekeeper.sh", "*", "Apps", 'a"b');
const kinds = fc.constantFrom("Pod", "pod", "Deployment", "Namespace", "Scale", "PodExecOptions", "NotYet", "*", "é");
const few = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 3 });
const entry = fc.record({ apiGroups: few(groups), kinds: few(kinds) }, { requiredKeys: [] });
const selector = fc.constantFrom<JsonObject>(
  {},
  { matchLabels: { app: "web" } },
  { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
);
const match = fc.record<JsonObject>(
  {
    kinds: fc.array(entry, { maxLength: 3 }),
    scope: fc.constantFrom("*", "Cluster", "Namespaced", ""),
    source: fc.constantFrom("All", "Original", "Generated"),
    namespaces: few(fc.constantFrom("shop", "sh*")),
    excludedNamespaces: few(fc.constantFrom("other", "*-system")),
    labelSelector: selector,
    namespaceSelector: selector,
    name: fc.constantFrom("", "web-*"),
  },
  { requiredKeys: [] },
);
const anyConstraint = fc.oneof(
  match.map(constraint),
  fc.constantFrom<JsonObject>({}, { spec: {} }, { spec: { match: null } }, { spec: { match: { kinds: null } } }),
  match.map((of) => ({ spec: { enforcementAction: "dryrun", match: of } })),
);
const object = fc.record({
  apiVersion: fc.constantFrom("v1", "apps/v1", "apps/v1beta2", "batch/v1", "example.com/v1", "autoscaling/v1"),
  kind: kinds.filter((kind) => kind !== "*"),
  metadata: fc.record(
    { name: fc.constant("web-1"), namespace: fc.constant("shop"), labels: fc.constant({ app: "web" }) },
    { requiredKeys: ["name"] },
  ),
});

test("what the matcher matches, or cannot decide, is among the kinds, and the condition lets it be asked about", () => {
  let matched = 0;
  fc.assert(
    fc.property(fc.array(anyConstraint, { maxLength: 4 }), object, fc.boolean(), (constraints, one, inNamespace) => {
      const subject = subjectOf(one);
      const namespace = inNamespace
        ? namespaceFactsOf({ kind: "Namespace", metadata: { name: "shop", labels: { app: "web" } } })
        : undefined;
      const isMatched = constraints.some(({ spec }) => {
        const of = (spec as JsonObject | undefined)?.["match"];
        const compiled = of === undefined || of === null ? undefined : compileMatch(of as JsonObject);
        return compiled === undefined || compiled.matches(subject, namespace, "Original") !== false;
      });
      const needed = kindsOf(constraints);
      const condition = conditionFor(needed);
      const isAsked = condition === undefined || answers(condition, subject.group, subject.kind);
      if (isMatched) {
        matched += 1;
        assert.ok(covers(needed, subject.group, subject.kind));
        assert.ok(isAsked, condition ?? "");
      }
      // Nor is more asked about than what is among the kinds, and our own.
      if (condition !== undefined && isAsked) assert.ok(covers(needed, subject.group, subject.kind));
    }),
    { numRuns: 3000 },
  );
  assert.ok(matched > 300, `only ${matched} matched`);
});

test("kinds are the same after they were written and read, and together they cover each of them", () => {
  const anyKinds = fc.array(anyConstraint, { maxLength: 3 }).map(kindsOf);
  fc.assert(
    fc.property(anyKinds, anyKinds, (one, other) => {
      const read = readKinds(writeKinds(one));
      assert.deepEqual(read && writeKinds(read), writeKinds(one));
      const both = unionOf([one, other]);
      assert.ok(coversAll(both, one) && coversAll(both, other));
      assert.deepEqual(writeKinds(both), writeKinds(unionOf([other, one])));
      assert.ok(coversAll(everyKind, one) && coversAll(one, noKind));
    }),
  );
});

test("the condition names groups and kinds, and is none where that is of no use", () => {
  const conditionOf = (...of: readonly JsonObject[]): string | undefined =>
    conditionFor(kindsOf(of.map((kind) => constraint({ kinds: [kind] }))));
  const always = 'request.kind.group.endsWith("gatekeeper.sh") || (object == null && oldObject == null)';
  assert.equal(conditionFor(noKind), always);
  assert.equal(
    conditionOf({ apiGroups: ["", "apps"], kinds: ["Pod"] }, { kinds: ["Job"] }, { apiGroups: ["batch"] }),
    `${always} || request.kind.group in ["batch"] || (request.kind.group == "" && request.kind.kind in ["Pod"])` +
      ' || request.kind.kind in ["Job"] || (request.kind.group == "apps" && request.kind.kind in ["Pod"])',
  );
  assert.equal(conditionOf({ apiGroups: ["*"], kinds: ["*"] }), undefined);
  assert.equal(conditionOf({ kinds: ["Pod"] }, {}), undefined);
  assert.equal(conditionOf({ kinds: ['Pod"] || true'] }), undefined);
  assert.equal(conditionOf({ kinds: Array.from({ length: 1000 }, (_, at) => `Kind${at}`) }), undefined);
  assert.equal(
    conditionFor(
      kindsOf([{ spec: { match: { kinds: [{ apiGroups: ["__proto__"], kinds: ["constructor"] }] } } }]),
    )?.includes("__proto__"),
    true,
  );
});

test("marks are brought together where they would become too many, and lose nothing", () => {
  let marks: readonly Mark[] = [];
  const marked: MatchedKinds[] = [];
  for (let at = 0; at < 3000; at += 1) {
    const kinds = kindsOf([constraint({ kinds: [{ apiGroups: ["example.com"], kinds: [`Kind${at}`] }] })]);
    marked.push(kinds);
    marks = withMark(marks, { id: String(at), kinds }, () => false);
    assert.ok(writeRecord({ expression: "", kinds: noKind, marks }).length < 20_000);
    if (at % 500 !== 499) continue;
    const together = unionOf(marks.map((mark) => mark.kinds));
    for (const each of marked) assert.ok(coversAll(together, each));
  }
  const again = (isOurs: boolean): readonly string[] =>
    withMark([{ id: "a", kinds: noKind }], { id: "b", kinds: noKind }, () => isOurs).map((mark) => mark.id);
  assert.deepEqual(again(true), ["b"]);
  assert.deepEqual(again(false), ["a", "b"], "another replica goes by its own");
});
