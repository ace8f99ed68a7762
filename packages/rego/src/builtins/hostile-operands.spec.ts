/** Operands come from whoever writes an object: however large and odd they are, they cost steps or next to nothing. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compile } from "../compile.ts";
import { formatDiagnostics } from "../diagnostics.ts";
import type { EvaluatedValue } from "../policy.ts";
import type { Value } from "../runtime/value.ts";

async function evaluated(expression: string, input: Value): Promise<EvaluatedValue> {
  const modules = [{ name: "policy.rego", text: `package policy\nanswer := ${expression}\n` }];
  const compiled = await compile({ modules, entrypoints: { main: "data.policy.answer" } });
  if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
  return compiled.value.value("main", { input });
}

/** What an expression comes to, and that it does not take the minute that it would if a text were looked through again and again. */
async function quickly(expression: string, input: Value): Promise<Value | undefined> {
  const before = performance.now();
  const answer = await evaluated(expression, input);
  assert.ok(performance.now() - before < 8000);
  return answer.kind === "value" ? answer.value : answer.kind;
}

const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64url");

describe("a builtin takes no more time than its operand is long", () => {
  test("though a token's payload is full of quotes", async () => {
    const header = base64('{"alg":"none","cty":"JWT"}');
    const token = `${header}.${base64(`x${'"'.repeat(200_000)}x`)}.`;
    assert.equal(await quickly("object.get({true: io.jwt.decode(input)}, true, null)", token), undefined);
  });

  test("though a pattern opens very many classes", async () => {
    assert.equal(await quickly("regex.is_valid(input)", String.raw`\p{`.repeat(150_000)), false);
  });

  test("though there are very many matches in a text beyond Latin", async () => {
    assert.equal(await quickly('count(regex.find_n("a", input, -1))', `${"a".repeat(600_000)}\u4e2d`), 600_000);
  });
});

test("a key costs steps by its size", async () => {
  const large = base64("\u0001".repeat(120_000));
  const key = JSON.stringify({ kty: "RSA", n: large, e: "AQAB" });
  const token = `${base64('{"alg":"RS256"}')}.${base64("{}")}.${large}`;
  for (const call of ["io.jwt.verify_rs256(input.token, input.key)", "io.jwt.verify_ps256(input.token, input.key)"]) {
    const answer = await evaluated(call, { token, key });
    assert.equal(answer.kind === "error" ? answer.code : answer.kind, "eval_cancel_error");
  }
  const d = base64("\u0001".repeat(20_000));
  const own = JSON.stringify({ kty: "RSA", n: large, e: "AQAB", d, p: d, q: d });
  const signed = await evaluated('io.jwt.encode_sign_raw(`{"alg":"RS256"}`, "{}", input)', own);
  assert.equal(signed.kind === "error" ? signed.code : signed.kind, "eval_cancel_error");
});
