import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { alone, longest } from "./cluster/suites-data.ts";
import { runSuites, type Suite } from "./cluster/suites.ts";

interface Played {
  readonly passed: boolean;
  /** When each began and ended, in order. */
  readonly steps: readonly string[];
  readonly told: string;
}

/** Runs suites of these names; those with a `!` are to be alone, and each fails as often as it is said here. */
async function play(names: readonly string[], again: boolean, failures: Record<string, number> = {}): Promise<Played> {
  const steps: string[] = [];
  let told = "";
  const left = { ...failures };
  const suites: readonly Suite[] = names.map((file) => ({ file, isAlone: file.endsWith("!") }));
  const passed = await runSuites(suites, {
    lanes: 2,
    again,
    async run({ file }) {
      steps.push(`${file} begins`);
      await new Promise(setImmediate);
      steps.push(`${file} ends`);
      const fails = left[file] ?? 0;
      left[file] = fails - 1;
      return { passed: fails <= 0, output: `what ${file} says with ${fails} failures left` };
    },
    tell: (text) => void (told += text),
  });
  return { passed, steps, told };
}

describe("the runner of the cluster's suites", () => {
  it("runs two at once, and those to be alone behind all others, one after another", async () => {
    const { passed, steps, told } = await play(["a!", "b", "c", "d!"], false);
    assert.equal(passed, true);
    assert.deepEqual(steps, [
      "b begins",
      "c begins",
      "b ends",
      "c ends",
      "a! begins",
      "a! ends",
      "d! begins",
      "d! ends",
    ]);
    assert.match(told, /4 suites passed/);
  });

  it("fails where one fails, and shows what it said", async () => {
    const { passed, steps, told } = await play(["a", "b", "c!"], false, { a: 1 });
    assert.equal(passed, false);
    assert.equal(steps.filter((step) => step === "a begins").length, 1);
    assert.match(told, /== a FAILED in \d+ s\nwhat a says with 1 failures left/);
    assert.match(told, /1 of 3 suites FAILED: a\n$/);
  });

  it("runs again what failed and nothing else, and goes on saying that it failed", async () => {
    const { passed, steps, told } = await play(["a", "b", "c!"], true, { a: 1, "c!": 1 });
    assert.equal(passed, true);
    assert.deepEqual(steps.slice(-4), ["a begins", "a ends", "c! begins", "c! ends"]);
    assert.equal(steps.filter((step) => step === "b begins").length, 1);
    assert.match(told, /what a says with 1 failures left.*what a says with 0 failures left/s);
    assert.match(told, /FAILED first, and passed when run again: a, c!\n$/);
  });

  it("fails where one fails again", async () => {
    const { passed, told } = await play(["a", "b"], true, { a: 1, b: 2 });
    assert.equal(passed, false);
    assert.match(told, /FAILED twice: b\n$/);
  });

  it("knows no suite that is not there", () => {
    for (const file of [...Object.keys(alone), ...longest]) {
      assert.ok(existsSync(join(import.meta.dirname, "..", file)), file);
    }
  });
});
