import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { startSandbox, type Sandbox } from "../index.ts";
import { at, send, type TestAnswer } from "../testing.ts";
import {
  decodeFields,
  difference,
  encodeFields,
  intersection,
  isEmptyTree,
  pathsOf,
  treeOf,
  union,
  type FieldTree,
} from "./field-tree.ts";

const steps = fc.constantFrom("f:a", "f:b", 'k:{"name":"x"}', 'v:"y"');
const trees = fc
  .array(fc.array(steps, { minLength: 1, maxLength: 3 }), { maxLength: 6 })
  .map((paths) => paths.map(pathTree).reduce(union, treeOf(false, [])));

function pathTree(path: readonly string[]): FieldTree {
  return path.reduceRight<FieldTree>((below, step) => treeOf(false, [[step, below]]), treeOf(true, []));
}

function same(left: FieldTree, right: FieldTree): boolean {
  return JSON.stringify(pathsOf(left)) === JSON.stringify(pathsOf(right));
}

describe("sets of fields", () => {
  it("obey the algebra of sets", () => {
    fc.assert(
      fc.property(trees, trees, (a, b) => {
        assert.ok(same(union(difference(a, b), intersection(a, b)), a));
        assert.ok(isEmptyTree(intersection(difference(a, b), b)));
        assert.ok(same(union(a, b), union(b, a)));
      }),
    );
  });

  it("come back from the form they are kept in", () => {
    fc.assert(fc.property(trees, (tree) => same(decodeFields(encodeFields(tree)), tree)));
  });
});

describe("server-side apply", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ controllers: false, now: () => new Date("2026-05-04T03:02:01Z") });
  });
  after(() => sandbox.close());

  function apply(path: string, body: object, manager: string, more = ""): Promise<TestAnswer> {
    const type = "application/apply-patch+yaml";
    return send(sandbox, "PATCH", `${path}?fieldManager=${manager}${more}`, { body, type });
  }

  const maps = "/api/v1/namespaces/default/configmaps";
  const map = (name: string, data: object): object => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data,
  });

  it("creates, shares, keeps others' fields and takes back its own", async () => {
    const made = await apply(`${maps}/shared`, map("shared", { a: "1", b: "2" }), "one");
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(at(made.body, "metadata", "managedFields"), [
      {
        manager: "one",
        operation: "Apply",
        apiVersion: "v1",
        time: "2026-05-04T03:02:01Z",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:data": { "f:a": {}, "f:b": {} } },
      },
    ]);
    const shared = await apply(`${maps}/shared`, map("shared", { b: "2", c: "3" }), "two");
    assert.equal(shared.status, 200, shared.text);
    assert.deepEqual(at(shared.body, "data"), { a: "1", b: "2", c: "3" });
    const less = await apply(`${maps}/shared`, map("shared", {}), "one");
    assert.deepEqual(at(less.body, "data"), { b: "2", c: "3" }, "b is the other's as well, and stays");
  });

  it("tells conflicts by field and manager, and takes over when forced", async () => {
    await send(sandbox, "POST", `${maps}?fieldManager=creator`, { body: map("fought", { a: "1", b: "1" }) });
    const one = await apply(`${maps}/fought`, map("fought", { a: "2" }), "applier");
    assert.equal(one.status, 409);
    assert.equal(
      at(one.body, "message"),
      'Apply failed with 1 conflict: conflict with "creator" using v1 at 2026-05-04T03:02:01Z: .data.a',
    );
    assert.deepEqual(at(one.body, "details", "causes"), [
      {
        reason: "FieldManagerConflict",
        message: 'conflict with "creator" using v1 at 2026-05-04T03:02:01Z',
        field: ".data.a",
      },
    ]);
    const two = await apply(`${maps}/fought`, map("fought", { a: "2", b: "2" }), "applier");
    assert.equal(
      at(two.body, "message"),
      'Apply failed with 2 conflicts: conflicts with "creator" using v1 at 2026-05-04T03:02:01Z:\n- .data.a\n- .data.b',
    );
    const forced = await apply(`${maps}/fought`, map("fought", { a: "2", b: "2" }), "applier", "&force=true");
    assert.equal(forced.status, 200, forced.text);
    assert.deepEqual(at(forced.body, "data"), { a: "2", b: "2" });
  });

  it("merges lists by their keys", async () => {
    const pods = "/api/v1/namespaces/default/pods";
    const pod = (containers: readonly object[]): object => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "keyed" },
      spec: { containers },
    });
    const made = await apply(`${pods}/keyed`, pod([{ name: "a", image: "x", ports: [{ containerPort: 80 }] }]), "one");
    assert.equal(made.status, 201, made.text);
    const fields = at(
      made.body,
      "metadata",
      "managedFields",
      0,
      "fieldsV1",
      "f:spec",
      "f:containers",
      'k:{"name":"a"}',
    );
    assert.deepEqual(fields, {
      ".": {},
      "f:image": {},
      "f:name": {},
      "f:ports": { 'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} } },
    });
    const other = await apply(`${pods}/keyed`, pod([{ name: "a", image: "y" }]), "two");
    assert.match(String(at(other.body, "message")), /conflict with "one": \.spec\.containers\[name="a"\]\.image$/);
  });

  it("changes nothing when nothing changed", async () => {
    const first = await apply(`${maps}/still`, map("still", { a: "1" }), "one");
    const second = await apply(`${maps}/still`, map("still", { a: "1" }), "one");
    assert.equal(at(second.body, "metadata", "resourceVersion"), at(first.body, "metadata", "resourceVersion"));
  });

  it("leaves what others wrote by update, and notes who wrote it", async () => {
    await apply(`${maps}/mixed`, map("mixed", { a: "1" }), "applier");
    const type = "application/merge-patch+json";
    const patch = { data: { b: "2" }, metadata: { labels: { l: "1" } } };
    const patched = await send(sandbox, "PATCH", `${maps}/mixed?fieldManager=editor`, { body: patch, type });
    const entries = at(patched.body, "metadata", "managedFields");
    assert.deepEqual(at(entries, 1, "fieldsV1"), {
      "f:data": { "f:b": {} },
      "f:metadata": { "f:labels": { ".": {}, "f:l": {} } },
    });
    const again = await apply(`${maps}/mixed`, map("mixed", { a: "3" }), "applier");
    assert.deepEqual(at(again.body, "data"), { a: "3", b: "2" });
  });

  it("needs a manager and no managed fields", async () => {
    const type = "application/apply-patch+yaml";
    const nobody = await send(sandbox, "PATCH", `${maps}/x`, { body: map("x", {}), type });
    assert.equal(nobody.status, 422);
    assert.match(String(at(nobody.body, "message")), /fieldManager: Required value: is required for apply patch/);
    const managed = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", managedFields: [{}] } };
    const sent = await apply(`${maps}/x`, managed, "one");
    assert.equal(sent.status, 400);
    assert.match(String(at(sent.body, "message")), /metadata\.managedFields must be nil/);
  });
});
