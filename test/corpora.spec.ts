import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { checkFamily } from "./conformance/check-family.ts";
import type { Family } from "./conformance/case.ts";
import { regoFamily } from "./conformance/rego-family.ts";

/** A corpus of our own, with the real opa's answers: every case of it, and that there are as many as we mean. */
function holds(corpus: string, families: readonly Family[], atLeast: number): void {
  test(`every case of ${corpus} is answered as opa does`, async () => {
    let count = 0;
    const failed: string[] = [];
    for (const family of families) {
      for (const one of family.cases?.(join(import.meta.dirname, corpus, family.folder)) ?? []) {
        count += 1;
        const verdict = await one.run();
        if (verdict.kind === "failed") failed.push(`${one.name}: ${verdict.reason}`);
      }
    }
    assert.deepEqual(failed, []);
    assert.ok(count >= atLeast, `only ${count} cases`);
  });
}

holds("check-corpus", [checkFamily], 350);
holds("rego-corpus", [regoFamily("v1"), regoFamily("v0")], 300);
