import assert from "node:assert/strict";
import { it } from "node:test";
import { SharedValues } from "./shared-values.ts";

it("equal values are one for as long as somebody holds it", () => {
  const shared = new SharedValues();
  const first = shared.take({ labels: ["a"] });
  const second = shared.take({ labels: ["a"] });
  assert.equal(second, first);
  assert.notEqual(shared.take({ labels: ["b"] }), first);
  shared.giveBack({ labels: ["a"] });
  assert.equal(shared.take({ labels: ["a"] }), first, "the other one still holds it");
  shared.giveBack(first);
  shared.giveBack(first);
  const later = { labels: ["a"] };
  assert.equal(shared.take(later), later, "nobody held it any more");
});
