import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { valueToText } from "../../runtime/value-text.ts";
import type { BuiltinContext } from "../builtin.ts";
import { builtins, isCallable } from "../table.ts";
import { readCall } from "./read-call.ts";
import { factTables } from "./fact-tables.ts";

/** What a call answers: the value as Rego text, the error, or that it is undefined. */
async function answerOf(text: string): Promise<string> {
  const { name, args } = readCall(text);
  const entry = builtins.get(name);
  assert.ok(entry !== undefined && isCallable(entry), `${name} is not there`);
  let error: string | undefined;
  const context: BuiltinContext = {
    now: 0n,
    runtime: {},
    random: (count) => new Uint8Array(count),
    charge: () => undefined,
    fail: (code, message) => {
      error = `${code}: ${message}`;
      return undefined;
    },
    halt: (code, message) => {
      throw new Error(`${code}: ${message}`);
    },
    fact: () => {
      throw new Error("nothing is asked from outside here");
    },
    memo: (_key, make) => make(),
  };
  const value = (await entry.load())(context, ...args);
  return value === undefined ? (error ?? "undefined") : valueToText(value);
}

for (const [name, facts] of Object.entries(factTables)) {
  describe(`builtins: ${name}`, () => {
    for (const [call, answer] of facts) it(call, async () => assert.equal(await answerOf(call), answer));
  });
}
