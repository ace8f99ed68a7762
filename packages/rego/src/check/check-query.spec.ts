import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { builtinSignatures } from "../builtins/signatures-data.ts";
import { parseModule, parseQuery } from "../syntax/parse.ts";
import { printBody } from "../syntax/print.ts";
import { queryChecker, type QueryChecker, type QueryOptions } from "./check-query.ts";
import { checkModules } from "./check.ts";
import type { Program } from "./program.ts";

const builtins = new Map(builtinSignatures.map((signature) => [signature.name, signature]));

const library = `package lib

double(x) := x * 2

names contains name if some name in input.names

limit := 3
`;

function program(): Program {
  const module = parseModule({ name: "lib.rego", text: library });
  assert.ok(module.ok);
  const outcome = checkModules([module.value], { builtins });
  assert.ok(outcome.ok);
  return outcome.value;
}

function query(text: string, options: Partial<QueryOptions> = {}): ReturnType<QueryChecker> {
  const body = parseQuery({ name: "", text });
  assert.ok(body.ok);
  return queryChecker(program())(body.value, { builtins, ...options });
}

function messages(text: string, options: Partial<QueryOptions> = {}): readonly string[] {
  const outcome = query(text, options);
  return outcome.ok ? [] : outcome.diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

describe("queries", () => {
  it("are flattened and ordered as rules are, and keep their comparisons", () => {
    const outcome = query("x == 2; y := data.lib.double(1); x = y");
    assert.ok(outcome.ok);
    assert.equal(
      printBody(outcome.value.body),
      "data.lib.double(1, __localq1__); __localq0__ = __localq1__; x = __localq0__; equal(x, 2)",
    );
    assert.deepEqual(
      outcome.value.variables,
      new Map([
        ["__localq0__", "y"],
        ["x", "x"],
      ]),
    );
  });

  it("show the variables that were written, wildcards and closures apart", () => {
    const outcome = query("data.lib.names[x]; input.a[_]; [y | y := x]; some z; z = 1");
    assert.ok(outcome.ok);
    assert.deepEqual([...outcome.value.variables.values()].toSorted(), ["x", "z"]);
  });

  it("look names up in a package", () => {
    const { modules } = program();
    const path = modules[0]?.source.package.path;
    assert.ok(path !== undefined);
    assert.ok(query("double(limit) == 6", { package: path }).ok);
    assert.deepEqual(messages("double(limit) == 6"), ["rego_type_error: undefined function double"]);
  });

  const refused: readonly (readonly [text: string, message: string])[] = [
    ["x > 1", "rego_unsafe_var_error: var x is unsafe"],
    ["x; x := 1", "rego_compile_error: var x referenced above"],
    ["some x", "rego_compile_error: declared var x unused"],
    ['data.lib.double("a")', "rego_type_error: data.lib.double: invalid argument(s)"],
    ["data.lib.limit.x", "rego_type_error: undefined ref: data.lib.limit.x"],
    ["nothing(1)", "rego_type_error: undefined function nothing"],
    ["count(print(1))", "rego_type_error: print(1) used as value"],
    ["1 with foo as 2", "rego_type_error: with keyword target must reference existing input, data, or a function"],
  ];
  for (const [text, message] of refused) {
    it(`refuse \`${text}\``, () => assert.deepEqual(messages(text), [message]));
  }

  it("may compare what is of two types", () => assert.deepEqual(messages('data.lib.limit == "a"'), []));

  it("refuse builtins that are switched off", () => {
    assert.deepEqual(messages("http.send({})", { unsafeBuiltins: new Set(["http.send"]) }), [
      "rego_type_error: unsafe built-in function calls in expression: http.send",
    ]);
  });
});
