import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { equalJson } from "./plain.ts";
import { applyStrategicMergePatch, noPatchSchema, type PatchSchema } from "./strategic-merge-patch.ts";

const json = fc.jsonValue({ maxDepth: 3 });

function value(outcome: { ok: boolean; value?: unknown; problem?: unknown }): unknown {
  assert.ok(outcome.ok, JSON.stringify(outcome.problem));
  return outcome.value;
}

describe("JSON patch", () => {
  it("adds, replaces, removes, moves, copies and tests", () => {
    const document = { a: [1, 2], "b/c": { "~": 1 }, d: null };
    const patch = [
      { op: "test", path: "/b~1c/~0", value: 1 },
      { op: "add", path: "/a/1", value: 9 },
      { op: "add", path: "/a/-", value: 3 },
      { op: "replace", path: "/d", value: { x: 1 } },
      { op: "copy", from: "/d", path: "/e" },
      { op: "move", from: "/e/x", path: "/f" },
      { op: "remove", path: "/b~1c" },
    ];
    assert.deepEqual(value(applyJsonPatch(document, patch)), { a: [1, 9, 2, 3], d: { x: 1 }, e: {}, f: 1 });
    assert.deepEqual(document, { a: [1, 2], "b/c": { "~": 1 }, d: null }, "the document itself stays");
  });

  it("says what does not apply and what is no patch", () => {
    const refused = (patch: unknown): string => {
      const outcome = applyJsonPatch({ a: [1] }, patch);
      return outcome.ok ? "applied" : `${outcome.problem.kind}: ${outcome.problem.message}`;
    };
    assert.match(refused([{ op: "remove", path: "/b" }]), /^inapplicable: remove .*missing path: \/b$/);
    assert.match(refused([{ op: "add", path: "/a/7", value: 1 }]), /^inapplicable/);
    assert.match(refused([{ op: "add", path: "/x/y", value: 1 }]), /^inapplicable/);
    assert.match(refused([{ op: "test", path: "/a/0", value: 2 }]), /^inapplicable: testing value \/a\/0 failed$/);
    assert.match(refused([{ op: "frobnicate", path: "/a" }]), /^malformed/);
    assert.match(refused({ op: "add" }), /^malformed/);
  });

  it("reads only own properties", () => {
    assert.equal(applyJsonPatch({}, [{ op: "replace", path: "/constructor", value: 1 }]).ok, false);
    const patched = value(applyJsonPatch({}, [{ op: "add", path: "/__proto__", value: { polluted: true } }]));
    assert.deepEqual(Object.keys(patched ?? {}), ["__proto__"]);
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  it("replaces the whole document at the empty path", () => {
    fc.assert(
      fc.property(json, json, (document, other) =>
        equalJson(value(applyJsonPatch(document, [{ op: "add", path: "", value: other }])), other),
      ),
    );
  });
});

describe("JSON merge patch", () => {
  it("is idempotent", () => {
    fc.assert(
      fc.property(json, json, (document, patch) => {
        const once = applyMergePatch(document, patch);
        return equalJson(applyMergePatch(once, patch), once);
      }),
    );
  });

  it("merges objects, replaces lists, removes by null", () => {
    assert.deepEqual(applyMergePatch({ a: { b: 1, c: 2 }, d: [1] }, { a: { b: null, e: { f: null } }, d: [2] }), {
      a: { c: 2, e: {} },
      d: [2],
    });
  });
});

const list = (mergeKey: string | undefined, below: PatchSchema = noPatchSchema) => ({
  strategies: ["merge"],
  ...(mergeKey === undefined ? {} : { mergeKey }),
  below,
});

const container: PatchSchema = {
  field: (name) => (name === "ports" ? list("containerPort") : name === "env" ? list("name") : undefined),
};
const podSpec: PatchSchema = {
  field: (name) => {
    if (name === "containers") return list("name", container);
    if (name === "finalizers") return list(undefined);
    if (name === "strategy") return { strategies: ["retainKeys"], below: noPatchSchema };
    if (name === "whole") return { strategies: ["replace"], below: noPatchSchema };
    return undefined;
  },
};

describe("strategic merge patch", () => {
  const apply = (document: unknown, patch: unknown): unknown =>
    value(applyStrategicMergePatch(document, patch, podSpec));

  it("merges a list by its key and keeps what the patch does not name", () => {
    const document = { containers: [{ name: "a", image: "x", env: [{ name: "E", value: "1" }] }, { name: "b" }] };
    assert.deepEqual(apply(document, { containers: [{ name: "a", image: "y", env: [{ name: "F", value: "2" }] }] }), {
      containers: [
        {
          name: "a",
          image: "y",
          env: [
            { name: "F", value: "2" },
            { name: "E", value: "1" },
          ],
        },
        { name: "b" },
      ],
    });
  });

  it("deletes and replaces by directive", () => {
    const document = { containers: [{ name: "a" }, { name: "b" }], m: { x: 1 } };
    assert.deepEqual(apply(document, { containers: [{ $patch: "delete", name: "a" }], m: { $patch: "delete" } }), {
      containers: [{ name: "b" }],
    });
    assert.deepEqual(
      apply(document, { containers: [{ $patch: "replace" }, { name: "c" }], m: { $patch: "replace", y: 2 } }),
      {
        containers: [{ name: "c" }],
        m: { y: 2 },
      },
    );
  });

  it("orders a list as told", () => {
    const document = { containers: [{ name: "a" }, { name: "b" }, { name: "s" }] };
    const patch = {
      "$setElementOrder/containers": [{ name: "b" }, { name: "a" }, { name: "n" }],
      containers: [{ name: "n", image: "i" }],
    };
    assert.deepEqual(apply(document, patch), {
      containers: [{ name: "b" }, { name: "a" }, { name: "n", image: "i" }, { name: "s" }],
    });
    assert.deepEqual(
      apply(document, { "$setElementOrder/containers": [{ name: "s" }, { name: "b" }, { name: "a" }] }),
      {
        containers: [{ name: "s" }, { name: "b" }, { name: "a" }],
      },
    );
  });

  it("merges and deletes scalars", () => {
    const document = { finalizers: ["a", "b"] };
    assert.deepEqual(apply(document, { finalizers: ["c", "a"] }), { finalizers: ["c", "a", "b"] });
    assert.deepEqual(apply(document, { "$deleteFromPrimitiveList/finalizers": ["a"] }), { finalizers: ["b"] });
    assert.deepEqual(
      apply(document, {
        "$deleteFromPrimitiveList/finalizers": ["a"],
        "$setElementOrder/finalizers": ["c", "b"],
        finalizers: ["c"],
      }),
      { finalizers: ["c", "b"] },
    );
  });

  it("retains only the keys told", () => {
    const document = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } };
    assert.deepEqual(apply(document, { strategy: { $retainKeys: ["type"], type: "Recreate" } }), {
      strategy: { type: "Recreate" },
    });
  });

  it("replaces unknown lists and fields with the replace strategy, and removes by null", () => {
    assert.deepEqual(
      apply({ whole: { a: 1 }, l: [1], n: 1, o: { p: 1, q: 2 } }, { whole: { b: 1 }, l: [2], n: null, o: { p: null } }),
      {
        whole: { b: 1 },
        l: [2],
        o: { q: 2 },
      },
    );
  });

  it("refuses an element without its merge key", () => {
    const outcome = applyStrategicMergePatch(
      { containers: [{ name: "a" }] },
      { containers: [{ image: "x" }] },
      podSpec,
    );
    assert.ok(!outcome.ok);
    assert.match(outcome.problem.message, /does not contain declared merge key: name/);
  });

  it("is a merge patch where there are no lists and no schema", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (document, patch) => {
        const plain = (v: unknown): boolean =>
          !JSON.stringify(v).includes('"$') && !/\[.*null|\{.*null/.test(JSON.stringify(v));
        fc.pre(plain(patch));
        return equalJson(
          value(applyStrategicMergePatch(document, patch, noPatchSchema)),
          applyMergePatch(document, patch),
        );
      }),
    );
  });
});
