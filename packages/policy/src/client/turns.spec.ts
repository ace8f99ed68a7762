import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Turns } from "./turns.ts";

describe("turns", () => {
  it("know what was asked for later", () => {
    const turns = new Turns();
    const [slow, quick] = [turns.begin(), turns.begin()];
    turns.put("a", quick);
    assert.ok(turns.isLatest("a", quick));
    assert.ok(!turns.isLatest("a", slow));
    assert.ok(turns.isLatest("b", slow));
  });

  it("remember what was taken away for as long as something runs that began before", () => {
    const turns = new Turns();
    const slow = turns.begin();
    turns.remove("a");
    const other = turns.begin();
    assert.ok(!turns.isLatest("a", slow));
    assert.ok(turns.isLatest("a", other));
    turns.end();
    assert.ok(!turns.isLatest("a", slow));
    turns.end();
    assert.equal(turns.size, 0);
  });

  it("keep what came back after it was taken away", () => {
    const turns = new Turns();
    const slow = turns.begin();
    turns.remove("a");
    const again = turns.begin();
    turns.put("a", again);
    turns.end();
    turns.end();
    assert.ok(!turns.isLatest("a", slow));
    assert.equal(turns.size, 1);
  });

  it("forget names that come and go", () => {
    const turns = new Turns();
    for (let number = 0; number < 100; number += 1) {
      turns.put(`t${number}`, turns.begin());
      turns.end();
      turns.remove(`t${number}`);
      turns.remove("never");
    }
    assert.equal(turns.size, 0);
  });
});
