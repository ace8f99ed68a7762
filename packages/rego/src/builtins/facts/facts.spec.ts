import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { valueToText } from "../../runtime/value-text.ts";
import type { BuiltinContext } from "../builtin.ts";
import { builtins, isCallable } from "../table.ts";
import { collectionsFacts } from "./collections-data.ts";
import { cryptoFacts } from "./crypto-data.ts";
import { encodingsFacts } from "./encodings-data.ts";
import { evaluationFacts } from "./evaluation-data.ts";
import { jsonFacts } from "./json-data.ts";
import { jwtFacts } from "./jwt-data.ts";
import { netFacts } from "./net-data.ts";
import { randomFacts } from "./random-data.ts";
import { readCall } from "./read-call.ts";
import { regexFacts } from "./regex-data.ts";
import { requestFacts } from "./request-data.ts";
import { sprintfFacts } from "./sprintf-data.ts";
import { stringsFacts } from "./strings-data.ts";
import { templateFacts } from "./template-data.ts";
import { timeFacts } from "./time-data.ts";
import { unitsFacts } from "./units-data.ts";
import { valuesFacts } from "./values-data.ts";
import { x509Facts } from "./x509-data.ts";
import { yamlFacts } from "./yaml-data.ts";

const tables = {
  collections: collectionsFacts,
  crypto: cryptoFacts,
  encodings: encodingsFacts,
  evaluation: evaluationFacts,
  json: jsonFacts,
  jwt: jwtFacts,
  net: netFacts,
  random: randomFacts,
  regex: regexFacts,
  request: requestFacts,
  sprintf: sprintfFacts,
  strings: stringsFacts,
  template: templateFacts,
  time: timeFacts,
  units: unitsFacts,
  values: valuesFacts,
  x509: x509Facts,
  yaml: yamlFacts,
};

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

for (const [name, facts] of Object.entries(tables)) {
  describe(`builtins: ${name}`, () => {
    for (const [call, answer] of facts) it(call, async () => assert.equal(await answerOf(call), answer));
  });
}
