import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutManagedFields } from "./trim.ts";

test("managed fields go, all else stays, and the object given is as before", () => {
  const object = {
    kind: "Pod",
    metadata: { name: "a", labels: JSON.parse('{"__proto__":"x"}'), managedFields: [{ manager: "m" }] },
    spec: {},
  };
  assert.equal(
    JSON.stringify(withoutManagedFields(object)),
    '{"kind":"Pod","metadata":{"name":"a","labels":{"__proto__":"x"}},"spec":{}}',
  );
  assert.equal(object.metadata.managedFields.length, 1);
  const plain = { metadata: { name: "b" } };
  assert.equal(withoutManagedFields(plain), plain);
  assert.deepEqual(withoutManagedFields({ metadata: null }), { metadata: null });
});
