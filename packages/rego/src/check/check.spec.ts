import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { builtinSignatures } from "../builtins/signatures-data.ts";
import type { Diagnostic } from "../diagnostics.ts";
import { positionAt } from "../source.ts";
import type { Module, Term } from "../syntax/ast.ts";
import { annotationReader } from "../syntax/annotation.ts";
import { parseModule } from "../syntax/parse.ts";
import { printBody } from "../syntax/print.ts";
import { checkCases, type CheckCase } from "./check-cases-data.ts";
import { checkModules } from "./check.ts";
import type { CheckOptions } from "./compilation.ts";
import { type Program, ruleKey } from "./program.ts";

const builtins = new Map(builtinSignatures.map((signature) => [signature.name, signature]));

function parsed(modules: readonly string[], version: "v0" | "v1"): readonly Module[] | readonly Diagnostic[] {
  const result: Module[] = [];
  for (const [index, text] of modules.entries()) {
    const outcome = parseModule({ name: `test-${index}.rego`, text }, { version, annotations: annotationReader });
    if (!outcome.ok) return outcome.diagnostics;
    result.push(outcome.value);
  }
  return result;
}

function isModules(list: readonly Module[] | readonly Diagnostic[]): list is readonly Module[] {
  return list.every((item) => "kind" in item);
}

function told(diagnostics: readonly Diagnostic[]): readonly (readonly [string, number, string])[] {
  return diagnostics.map(({ code, span, message }) => [
    code,
    span === undefined ? 0 : positionAt(span.source, span.start).row,
    message,
  ]);
}

function errorsOf({ modules, version, strict = false }: CheckCase): readonly (readonly [string, number, string])[] {
  const list = parsed(modules, version);
  if (!isModules(list)) return told(list);
  const outcome = checkModules(list, { builtins, strict, print: true });
  return outcome.ok ? [] : told(outcome.diagnostics);
}

describe("modules and their errors", () => {
  for (const each of checkCases) {
    it(`${each.note}${each.strict === true ? " (strict)" : ""}`, () => {
      const expected = each.errors.map(([code, row, message]) => [code, row, message]);
      const sorted = (list: readonly (readonly (string | number)[])[]): readonly string[] =>
        list.map((error) => error.join(" ")).toSorted();
      assert.deepEqual(sorted(errorsOf(each)), sorted(expected));
    });
  }
});

function programOf(text: string, options: Partial<CheckOptions> = {}): Program {
  const list = parsed([text], "v1");
  assert.ok(isModules(list));
  const outcome = checkModules(list, { builtins, ...options });
  assert.ok(outcome.ok);
  return outcome.value;
}

function bodies(text: string, options: Partial<CheckOptions> = {}): readonly string[] {
  const [module] = programOf(text, options).modules;
  return module === undefined ? [] : module.rules.map(({ rule }) => printBody(rule.body));
}

describe("the program", () => {
  it("has calls flat and in an order that is safe", () => {
    assert.deepEqual(bodies("package t\np if { y > 1; y = count(input.xs) + 1 }"), [
      "__local2__ = input.xs; count(__local2__, __local0__); plus(__local0__, 1, __local1__); y = __local1__; gt(y, 1)",
    ]);
  });

  it("erases print calls unless they are wanted", () => {
    const text = 'package t\np if { print("x") }';
    assert.deepEqual(bodies(text), ["true"]);
    assert.deepEqual(bodies(text, { print: true }), [
      '__local1__ = {__local0__ | __local0__ = "x"}; internal.print([__local1__])',
    ]);
  });

  it("gives each scope's variables names of their own", () => {
    const text = "package t\np if { a = [x | x = input.a[_]]; b = [x | x = input.b[_]]; a = b }";
    assert.deepEqual(bodies(text), ["a = [x | x = input.a[_]]; b = [__local0__ | __local0__ = input.b[_]]; a = b"]);
  });

  it("knows each rule's path, kind and keys", () => {
    const { modules } = programOf(
      'package a.b\nc := 1\nd contains 2\ne[x].f := 3 if some x in ["g"]\nh(x) := x if x\nelse := 2',
    );
    const rules = modules[0]?.rules.map(({ path, document, keys }) => [path.join("."), document, keys.length]);
    assert.deepEqual(rules, [
      ["a.b.c", "complete", 0],
      ["a.b.d", "set", 0],
      ["a.b.e", "object", 2],
      ["a.b.h", "function", 0],
    ]);
  });

  it("says which groups need which, and what types they have", () => {
    const { dependencies, types } = programOf('package t\np := q + f(1)\nq := 2\nf(x) := x * 2\nr := {"a": p}');
    const needs = [...(dependencies.get(ruleKey(["t", "p"])) ?? [])].toSorted();
    assert.deepEqual(needs, [ruleKey(["t", "f"]), ruleKey(["t", "q"])]);
    assert.deepEqual(types.get(ruleKey(["t", "q"])), { kind: "number" });
    assert.deepEqual(types.get(ruleKey(["t", "r"])), {
      kind: "object",
      properties: [{ key: "a", value: { kind: "number" } }],
    });
  });
});

describe("what the caller may ask for", () => {
  it("refuses rules where base data is", () => {
    const list = parsed(["package t\np := 1\nq.r := 2"], "v1");
    assert.ok(isModules(list));
    const pathExists = (path: readonly string[]): boolean => path.join("/") === "t/q/r";
    const outcome = checkModules(list, { builtins, pathExists });
    assert.ok(!outcome.ok);
    assert.deepEqual(told(outcome.diagnostics), [
      ["rego_compile_error", 3, "conflicting rule for data path t/q/r found"],
    ]);
  });

  it("refuses builtins that are switched off", () => {
    const list = parsed(["package t\np := http.send({})"], "v1");
    assert.ok(isModules(list));
    const outcome = checkModules(list, { builtins, unsafeBuiltins: new Set(["http.send"]) });
    assert.ok(!outcome.ok);
    assert.deepEqual(told(outcome.diagnostics), [
      ["rego_type_error", 2, "unsafe built-in function calls in expression: http.send"],
    ]);
  });

  it("tells as many errors as are wanted", () => {
    const names = ["a", "b", "c", "d"];
    const list = parsed([`package t\np if {\n${names.map((name) => `${name} > 1`).join("\n")}\n}`], "v1");
    assert.ok(isModules(list));
    const outcome = checkModules(list, { builtins, errorLimit: 2 });
    assert.ok(!outcome.ok);
    assert.deepEqual(
      outcome.diagnostics.map(({ message }) => message),
      ["var a is unsafe", "var b is unsafe", "error limit reached"],
    );
  });

  it("uses schemas that annotations name where there are any", () => {
    const text = 'package t\n# METADATA\n# schemas:\n# - input: schema.order\np if input.price == "x"';
    const list = parsed([text], "v1");
    assert.ok(isModules(list));
    assert.ok(checkModules(list, { builtins }).ok);
    const schemas = new Map([["schema.order", { properties: { price: { type: "number" } } }]]);
    const outcome = checkModules(list, { builtins, schemas });
    assert.ok(!outcome.ok);
    assert.deepEqual(told(outcome.diagnostics), [["rego_type_error", 5, "match error"]]);
  });

  it("says so where a tree is too deep for it", () => {
    const [module] = parsed(["package t\np := 1"], "v1");
    assert.ok(module !== undefined && "rules" in module);
    const [rule] = module.rules;
    const value = rule?.head.value;
    assert.ok(rule !== undefined && value !== undefined);
    let deep: Term = value;
    for (let depth = 0; depth < 200_000; depth += 1) deep = { kind: "array", span: value.span, items: [deep] };
    const outcome = checkModules([{ ...module, rules: [{ ...rule, head: { ...rule.head, value: deep } }] }], {
      builtins,
    });
    assert.ok(!outcome.ok);
    assert.deepEqual(
      outcome.diagnostics.map(({ message }) => message),
      ["policy is nested too deeply"],
    );
  });
});
