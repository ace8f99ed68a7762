import assert from "node:assert/strict";
import { test } from "node:test";
import { formatGoValue } from "./go-value.ts";

test("values are printed as Go prints them, a map's keys in the order of their bytes", () => {
  // In UTF-16 the key outside of the basic plane would come first.
  const object = { "\u{1F600}": [1, null], "\uFF5E": { b: "text", a: true } };
  assert.deepEqual(formatGoValue(object), {
    text: "map[\uFF5E:map[a:true b:text] \u{1F600}:[1 <nil>]]",
    type: "map[string]interface {}",
  });
  assert.deepEqual(formatGoValue(null), { text: "<nil>", type: "<nil>" });
  assert.deepEqual(formatGoValue(2), { text: "2", type: "json.Number" });
});
