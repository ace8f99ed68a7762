import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "@portcullis/objects";
import { compileMatch } from "../match/match.ts";
import { subjectOf } from "../match/subject.ts";
import { CandidateIndex } from "./candidates.ts";
import type { ConstraintEntry, TemplateEntry } from "./entries.ts";

const groups = fc.constantFrom("", "apps", "*");
const kinds = fc.constantFrom("Pod", "Service", "Deployment", "*");
const entry = fc.record(
  { apiGroups: fc.array(groups, { maxLength: 2 }), kinds: fc.array(kinds, { maxLength: 2 }) },
  { requiredKeys: [] },
);
const block = fc.option(fc.record({ kinds: fc.array(entry, { maxLength: 3 }) }, { requiredKeys: [] }), {
  nil: undefined,
});

function constraintOf(name: string, match: JsonObject | undefined): ConstraintEntry {
  return {
    name,
    constraint: {},
    parameters: {},
    enforcement: { action: "deny", actionsAt: () => [] },
    ...(match === undefined ? {} : { match: compileMatch(match) }),
  };
}

function templateOf(kind: string, constraints: Map<string, ConstraintEntry>): TemplateEntry {
  return {
    template: { name: kind.toLowerCase(), kind, labels: {}, shortNames: [], targets: [] },
    crd: { name: "", object: {}, schema: null as never }, // as: the index looks at the kind and the constraints alone
    engine: "Fake",
    compiled: { review: () => ({ evaluate: () => ({ kind: "violations", violations: [] }) }) },
    constraints,
  };
}

describe("the index of constraints", () => {
  it("lists exactly those that match by kind, in order", () => {
    const object = fc.record({
      apiVersion: fc.constantFrom("v1", "apps/v1"),
      kind: fc.constantFrom("Pod", "Service", "Deployment", "Other"),
    });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 8 }), fc.array(object, { maxLength: 4 }), (blocks, objects) => {
        const constraints = new Map(
          blocks.map((match, at) => [`c${at}`, constraintOf(`c${at}`, match as JsonObject | undefined)]), // as: drawn as JSON
        );
        const index = new CandidateIndex(new Map([["a", templateOf("A", constraints)]]));
        for (const of of objects) {
          const subject = subjectOf(of);
          const listed = index
            .of(subject.group, subject.kind)
            .flatMap((found) => found.constraints.map(({ name }) => name));
          const matching = [...constraints.values()]
            .filter(({ match }) => match === undefined || match.matches(subject, undefined, "Original") === true)
            .map(({ name }) => name);
          assert.deepEqual(listed, matching);
        }
      }),
    );
  });

  it("sees changes once it is told", () => {
    const constraints = new Map([["b", constraintOf("b", undefined)]]);
    const templates = new Map([["z", templateOf("Z", constraints)]]);
    const index = new CandidateIndex(templates);
    const names = (): readonly string[] =>
      index.of("", "Pod").flatMap((found) => found.constraints.map(({ name }) => name));
    assert.deepEqual(names(), ["b"]);
    constraints.set("a", constraintOf("a", undefined));
    templates.set("y", templateOf("Y", new Map([["c", constraintOf("c", undefined)]])));
    index.forget();
    assert.deepEqual(names(), ["c", "a", "b"]);
  });

  it("holds no more lists than it may, whatever kinds are asked for", () => {
    const index = new CandidateIndex(new Map([["a", templateOf("A", new Map([["b", constraintOf("b", undefined)]]))]]));
    for (let kind = 0; kind < 12_000; kind += 1) assert.equal(index.of("", `K${kind}`).length, 1);
  });
});
