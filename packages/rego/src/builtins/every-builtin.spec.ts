/**
 * Every builtin has a test of its own. Most are calls in the tables of `facts/` or specs of their family; those that
 * only a whole evaluation shows stand here, with what OPA 1.22.2 answers to the query.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../tester/ask.ts";
import { annotationReader } from "../syntax/annotation.ts";
import { parseModule } from "../syntax/parse.ts";
import { valueToText } from "../runtime/value-text.ts";
import { readCall } from "./facts/read-call.ts";
import { factTables } from "./facts/fact-tables.ts";
import { builtins, isCallable } from "./table.ts";

const signed = `io.jwt.encode_sign_raw("{\\"alg\\":\\"HS256\\"}", "{\\"a\\":1}", "{\\"kty\\":\\"oct\\",\\"k\\":\\"c2VjcmV0\\"}")`;

/** The builtin, a query, the value of its last expression as Rego text (undefined where it has none), and what it prints. */
const facts: readonly (readonly [name: string, query: string, answer: string | undefined, ...printed: string[]])[] = [
  ["assign", "x := {1, 2}; x", "{1, 2}"],
  ["eq", "[x, {1}] = [2, {1}]; x", "2"],
  ["uuid.rfc4122", 'x := uuid.rfc4122("a"); x == uuid.rfc4122("a"); uuid.parse(x).version', "4"],
  ["uuid.rfc4122", 'uuid.rfc4122("a") != uuid.rfc4122("b")', "true"],
  ["print", 'print("a", {1: 2}); true', "true", "a {1: 2}"],
  ["internal.print", 'internal.print([{"a"}, {1}])', "true", "a 1"],
  ["internal.test_case", "internal.test_case([1])", "true"],
  ["trace", 'trace("a note")', "true"],
  ["opa.runtime", 'is_object(opa.runtime()["env"])', "true"],
  ["rand.intn", 'rand.intn("a", 10) == rand.intn("a", 10); rand.intn("a", 1)', "0"],
  ["time.now_ns", "time.now_ns() == time.now_ns(); time.now_ns() > 1e18", "true"],
  ["walk", '[p | walk({"a": [1, 2]}, [p, 2])]', '[["a", 1]]'],
  ["net.lookup_ip_addr", 'net.lookup_ip_addr("a b")', undefined],
  ["glob.quote_meta", 'glob.quote_meta("*.a?[b]")', '"\\\\*.a\\\\?\\\\[b\\\\]"'],
  ["is_boolean", "is_boolean(false)", "true"],
  ["is_set", "is_set(set())", "true"],
  ["rego.metadata.chain", "data.annotated.chain", '["a rule"]'],
  ["rego.metadata.rule", "data.annotated.title", '"a rule"'],
  [
    "io.jwt.encode_sign",
    `io.jwt.encode_sign({"alg": "HS256"}, {"a": 1}, {"kty": "oct", "k": "c2VjcmV0"}) == ${signed}`,
    "true",
  ],
  ["io.jwt.encode_sign_raw", `io.jwt.decode(${signed})[1]`, '{"a": 1}'],
  [
    "io.jwt.decode_verify",
    `io.jwt.decode_verify(${signed}, {"secret": "secret"})`,
    '[true, {"alg": "HS256"}, {"a": 1}]',
  ],
  ["crypto.parse_private_keys", 'crypto.parse_private_keys("")', "null"],
];

const annotated = `package annotated

# METADATA
# title: a rule
title := rego.metadata.rule().title

# METADATA
# title: a rule
chain := [link.annotations.title | some link in rego.metadata.chain()]
`;

describe("builtins in an evaluation", () => {
  for (const [name, query, answer, ...lines] of facts) {
    test(`${name}: ${query.slice(0, 60)}`, async () => {
      const module = parseModule({ name: "annotated.rego", text: annotated }, { annotations: annotationReader });
      assert.ok(module.ok);
      const question = await ask({ query, modules: [module.value], print: true });
      assert.ok(question.ok, JSON.stringify(question));
      const printed: string[] = [];
      const print = (line: string): void => {
        printed.push(line);
      };
      const evaluation = { now: 1_700_000_000_000_000_000n, runtime: { env: {} }, print };
      const answered = question.value.answers(evaluation);
      if (answered.kind === "needs") {
        assert.equal(name, "net.lookup_ip_addr");
        return;
      }
      assert.ok(answered.kind === "answers", JSON.stringify(answered));
      const value = answered.answers[0]?.expressions.at(-1)?.value;
      assert.equal(value === undefined ? undefined : valueToText(value), answer);
      assert.deepEqual(printed, lines);
    });
  }
});

test("every builtin of the capabilities is called somewhere, and its answer known", () => {
  const answered = new Set(facts.map(([name]) => name));
  for (const [call, answer] of Object.values(factTables).flat()) {
    // A call that fails shows that a builtin is there, but not what it does.
    if (!/^(?:eval_[a-z]+_error: |undefined$)/.test(answer)) answered.add(readCall(call).name);
  }
  assert.deepEqual(
    [...builtins.keys()].filter((name) => !answered.has(name)),
    [],
  );
});

test("every builtin can be called, or is compiled away", () => {
  const missing = [...builtins].flatMap(([name, entry]) =>
    !isCallable(entry) && entry.state === "missing" ? [name] : [],
  );
  assert.deepEqual(missing, []);
});
