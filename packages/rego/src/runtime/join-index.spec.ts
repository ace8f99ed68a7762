import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { joinKey, runScan, Scan, type Row } from "./scan.ts";
import { Store } from "./store.ts";
import type { Value } from "./value.ts";

const scan = new Scan(
  [
    { field: "inventory" },
    { each: true, key: 0, value: -1 },
    { field: "Ingress" },
    { each: true, key: 1, value: 2 },
    { field: "rules" },
    { each: true, key: -1, value: -1 },
  ],
  ["host"],
  3,
);

function scanned(store: Store, key: Value): string[] {
  const rows: Row[] = [];
  runScan(store.root, scan, undefined, (row, value) => {
    if (joinKey(value) === joinKey(key)) rows.push(row);
  });
  return texts(rows);
}

function texts(rows: Iterable<Row>): string[] {
  return [...rows].map((row) => JSON.stringify(row)).toSorted();
}

const name = fc.constantFrom("a", "b", "c");
const host = fc.constantFrom<Value>("x", "y", 1, null, { deep: [1] });
const ingress = fc.array(fc.record({ host }), { maxLength: 3 }).map((rules): Value => ({ rules }));
const change = fc.oneof(
  fc.record({ path: fc.tuple(name, fc.constant("Ingress"), name), value: fc.option(ingress, { nil: undefined }) }),
  fc.record({ path: fc.tuple(name, fc.constant("Pod"), name), value: fc.option(ingress, { nil: undefined }) }),
  fc.record({
    path: fc.tuple(name),
    value: fc.option(fc.constant<Value>({ Ingress: { z: { rules: [{ host: "x" }] } } }), { nil: undefined }),
  }),
);

test("an index that is kept up finds what a scan of the data finds", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), host, (changes, key) => {
      const store = new Store();
      texts(store.rows(scan, joinKey(key)));
      for (const { path, value } of changes) {
        if (value === undefined) store.remove(["inventory", ...path]);
        else store.put(["inventory", ...path], value);
        assert.deepEqual(texts(store.rows(scan, joinKey(key))), scanned(store, key));
      }
    }),
    { numRuns: 300 },
  );
});

test("what was put is never changed by what is put below it", () => {
  const mine = { a: { b: 1 } };
  const store = new Store();
  store.put(["x"], mine);
  store.put(["x", "a", "c"], 2);
  assert.deepEqual(mine, { a: { b: 1 } });
  assert.deepEqual(JSON.parse(JSON.stringify(store.get(["x"]))), { a: { b: 1, c: 2 } });
  assert.equal(store.remove(["x", "a", "b"]), true);
  assert.equal(store.remove(["x", "a", "b"]), false);
  assert.deepEqual(mine, { a: { b: 1 } });
});
