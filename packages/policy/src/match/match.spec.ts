import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "@portcullis/objects";
import { compileGenerateNameGlob, compileGlob } from "./glob.ts";
import { compileMatch, type Matched, type Source } from "./match.ts";
import { namespaceFactsOf, subjectOf } from "./subject.ts";

const pod: JsonObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "shop", labels: { app: "web" } },
};
const namespace: JsonObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", labels: { team: "a" } },
};
const node: JsonObject = { apiVersion: "v1", kind: "Node", metadata: { name: "n1" } };

function matches(match: JsonObject, object: JsonObject, within?: JsonObject, source: Source = "Original"): Matched {
  const facts = within === undefined ? undefined : namespaceFactsOf(within);
  return compileMatch(match).matches(subjectOf(object), facts, source);
}

describe("match", () => {
  it("takes an empty block for everything", () => {
    assert.equal(matches({}, pod), true);
    assert.equal(matches({ kinds: [], namespaces: [], scope: "", name: "" }, pod), true);
  });

  it("wants a group and a kind of the same entry", () => {
    const entries = [
      { apiGroups: ["apps"], kinds: ["Pod"] },
      { apiGroups: [""], kinds: ["Service"] },
    ];
    assert.equal(matches({ kinds: entries }, pod), false);
    assert.equal(matches({ kinds: [...entries, { apiGroups: ["*"], kinds: ["Pod"] }] }, pod), true);
    assert.equal(matches({ kinds: [{ apiGroups: [""] }] }, pod), true);
    assert.equal(matches({ kinds: [{ kinds: ["pod"] }] }, pod), false, "kinds are compared by case");
  });

  it("tells cluster scope from namespaces", () => {
    assert.equal(matches({ scope: "Cluster" }, pod), false);
    assert.equal(matches({ scope: "Cluster" }, node), true);
    assert.equal(matches({ scope: "Cluster" }, node, namespace), false, "a supplied namespace counts");
    assert.equal(matches({ scope: "Cluster" }, namespace), true);
    assert.equal(matches({ scope: "Namespaced" }, namespace, namespace), false);
    assert.equal(matches({ scope: "Namespaced" }, pod), true);
    assert.equal(matches({ scope: "whatever" }, pod), true);
  });

  it("compares namespaces by the namespace supplied, by the object's own, and by a Namespace's name", () => {
    assert.equal(matches({ namespaces: ["sh*"] }, pod), true);
    assert.equal(matches({ namespaces: ["other"] }, pod, namespace), false);
    assert.equal(matches({ namespaces: ["shop"] }, namespace), true);
    assert.equal(matches({ namespaces: ["other"] }, node), true, "cluster-scoped objects always match");
    assert.equal(matches({ excludedNamespaces: ["*op"] }, pod), false);
    assert.equal(matches({ excludedNamespaces: ["*op"] }, node), true);
  });

  it("selects by labels of the object and of its namespace", () => {
    assert.equal(matches({ labelSelector: { matchLabels: { app: "web" } } }, pod), true);
    assert.equal(
      matches({ labelSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] } }, pod),
      false,
    );
    assert.equal(matches({ labelSelector: {} }, pod), true);
    const byTeam = { namespaceSelector: { matchLabels: { team: "a" } } };
    assert.equal(matches(byTeam, pod, namespace), true);
    assert.equal(matches(byTeam, namespace), true, "a Namespace is selected by its own labels");
    assert.equal(matches(byTeam, node), true);
    assert.equal(matches(byTeam, pod), "namespace selector for namespace-scoped object but missing Namespace");
  });

  it("says what is wrong with a selector that cannot be used", () => {
    const selector = { matchExpressions: [{ key: "app", operator: "Near", values: ["x"] }] };
    assert.equal(matches({ labelSelector: selector }, pod), '"Near" is not a valid label selector operator');
    assert.equal(
      matches({ labelSelector: { matchExpressions: [{ key: "app", operator: "In" }] } }, pod),
      "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    );
  });

  it("matches names and the beginnings of generated ones", () => {
    const generated = { apiVersion: "v1", kind: "Pod", metadata: { generateName: "web-" } };
    assert.equal(matches({ name: "web-*" }, pod), true);
    assert.equal(matches({ name: "web-*" }, generated), true);
    assert.equal(matches({ name: "*-1" }, generated), false);
    assert.equal(matches({ name: "web-" }, generated), false);
  });

  it("compares the source, and asks for one", () => {
    assert.equal(matches({ source: "Generated" }, pod), false);
    assert.equal(matches({ source: "Original" }, pod), true);
    assert.equal(matches({ source: "All" }, pod, undefined, ""), true);
    assert.equal(matches({ source: "Original" }, pod, undefined, ""), "source field not specified for resource web-1");
  });

  it("stops at the first criterion that fails, before one that could not be decided", () => {
    const match = { name: "other", namespaces: ["other"], namespaceSelector: { matchLabels: { a: "b" } } };
    assert.equal(matches(match, pod), false);
  });

  it("reads labels by own properties only", () => {
    const selector = { matchExpressions: [{ key: "constructor", operator: "Exists" }] };
    assert.equal(matches({ labelSelector: selector }, pod), false);
  });
});

describe("globs", () => {
  const name = fc.stringMatching(/^[-:a-z0-9]{0,12}$/);

  it("anchor at the ends that have no star", () => {
    fc.assert(
      fc.property(name, name, (part, candidate) => {
        assert.equal(compileGlob(part)(candidate), part === candidate);
        assert.equal(compileGlob(`${part}*`)(candidate), candidate.startsWith(part));
        if (part !== "") assert.equal(compileGlob(`*${part}`)(candidate), candidate.endsWith(part));
        assert.equal(compileGlob(`*${part}*`)(candidate), candidate.includes(part));
        assert.equal(compileGenerateNameGlob(part)(candidate), false);
      }),
    );
  });

  it("take a lone star for anything", () => {
    fc.assert(fc.property(name, (candidate) => compileGlob("*")(candidate) && compileGlob("**")(candidate)));
  });
});
