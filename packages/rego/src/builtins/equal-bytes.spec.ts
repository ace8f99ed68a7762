import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { equalBytes } from "./equal-bytes.ts";

/** Bytes that keep count of how often they are read. */
function counted(bytes: readonly number[]): { readonly bytes: ArrayLike<number>; readonly reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) reads += 1;
      return Reflect.get(target, key) as unknown;
    },
  });
  return { bytes: proxy, reads: () => reads };
}

describe("codes", () => {
  const code = Array.from({ length: 64 }, (_, at) => (at * 37) % 256);

  it("are compared", () => {
    assert.ok(equalBytes(code, Uint8Array.from(code)));
    assert.ok(equalBytes([], new Uint8Array()));
    assert.ok(!equalBytes(code, code.slice(1)));
    for (let at = 0; at < code.length; at += 1) assert.ok(!equalBytes(code, code.with(at, (code[at] ?? 0) ^ 0x80)));
  });

  it("are read to their ends wherever they differ, so that the time tells nothing", () => {
    const readsOf = (given: readonly number[]): readonly number[] => {
      const [one, other] = [counted(code), counted(given)];
      equalBytes(one.bytes, other.bytes);
      return [one.reads(), other.reads()];
    };
    const same = readsOf(code);
    assert.deepEqual(same, [code.length, code.length]);
    for (const at of [0, 1, 31, 63]) assert.deepEqual(readsOf(code.with(at, 255 - (code[at] ?? 0))), same);
    assert.deepEqual(readsOf(code.map((byte) => byte ^ 1)), same);
  });
});
