import assert from "node:assert/strict";
import { test } from "node:test";
import type { Builtin } from "./builtins/builtin.ts";
import { check, compile, type CompileOptions } from "./compile.ts";
import { formatDiagnostics } from "./diagnostics.ts";
import { formatEvaluationError, type Kept, type Policy } from "./policy.ts";
import { Store } from "./runtime/store.ts";
import { toDocument } from "./runtime/to-document.ts";
import type { Value } from "./runtime/value.ts";

async function policyOf(text: string, query: string, more: Partial<CompileOptions> = {}): Promise<Policy> {
  const compiled = await compile({ modules: [{ name: "p.rego", text }], entrypoints: { main: query }, ...more });
  if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
  return compiled.value;
}

function plain(value: Value | undefined): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(toDocument(value)));
}

test("a budget ends a policy that runs away, as an error of it alone", async () => {
  const policy = await policyOf(
    `package p
    xs := numbers.range(1, 2000)
    many := count([1 | xs[_]; xs[_]; xs[_]])`,
    "data.p.many",
  );
  const outcome = policy.value("main", { budget: 100_000 });
  assert.equal(outcome.kind === "error" ? outcome.code : outcome.kind, "eval_cancel_error");
});

test("who gives further steps decides how long a policy runs", async () => {
  const policy = await policyOf(
    "package p\nxs := numbers.range(1, 500)\nmany := count([1 | xs[_]; xs[_]])",
    "data.p.many",
  );
  let asked = 0;
  const furtherSteps = (): number => {
    asked += 1;
    return 10_000;
  };
  const outcome = policy.value("main", { budget: 1000, furtherSteps });
  assert.deepEqual(outcome, { kind: "value", value: 250_000 });
  assert.ok(asked > 20 && asked < 100, `asked ${asked} times`);
  const ended = policy.value("main", { budget: 1000, furtherSteps: () => (asked-- > 10 ? 1000 : 0) });
  assert.equal(ended.kind === "error" ? ended.message : ended.kind, "caller cancelled query execution");
});

test("notes of trace go to who asks for them", async () => {
  const policy = await policyOf('package p\nq := [x | some x in [1, 2]; trace(sprintf("x is %d", [x]))]', "data.p.q");
  const notes: string[] = [];
  const { kind } = policy.value("main", { note: (message) => void notes.push(message) });
  assert.equal(kind, "value");
  assert.deepEqual(notes, ["x is 1", "x is 2"]);
});

test("a document that is in conflict is worked out once, however many keys are asked for", async () => {
  const text = `package p
ages[name] := age if { some name, ages in input; trace("looked"); some age in ages }
known contains name if { some name in ["b", "c", "d"]; ages[name] == 1 }`;
  const policy = await policyOf(text, "data.p.known");
  const notes: string[] = [];
  const input = { a: [1, 2], b: [1], c: [2], d: [1] };
  const answer = policy.value("main", { input, note: (message) => void notes.push(message) });
  assert.deepEqual(plain(answer.kind === "value" ? answer.value : answer.kind), ["b", "d"]);
  // The first once as a whole, up to the conflict, and each key once by itself.
  assert.equal(notes.length, 4);
});

test("what ends an evaluation is no conflict that another way leads around", async () => {
  const text = `package p
sizes[key] := size if { key := "all"; size := count([1 | input[_]; input[_]; input[_]]) }
sizes[key] := 1 if key := "one"
asked := [sizes[key] | key := input[0]]`;
  const policy = await policyOf(text, "data.p.asked");
  const ended = policy.value("main", { input: ["one", ...Array.from({ length: 200 }, String)], budget: 10_000 });
  assert.equal(ended.kind === "error" ? ended.code : ended.kind, "eval_cancel_error");
  assert.deepEqual(policy.value("main", { input: ["one"], budget: 10_000 }), { kind: "value", value: [1] });
});

test("a builtin is charged for what it makes", async () => {
  const policy = await policyOf("package p\nxs := count(numbers.range(1, 10000000))", "data.p.xs");
  const outcome = policy.value("main", { budget: 10_000 });
  assert.equal(outcome.kind === "error" ? outcome.code : outcome.kind, "eval_cancel_error");
});

test("input that is nested too deep ends the evaluation, and nothing else", async () => {
  const policy = await policyOf("package p\nq if input < [input]", "data.p.q");
  let input: Value = [];
  for (let depth = 0; depth < 200_000; depth += 1) input = [input];
  const outcome = policy.value("main", { input });
  assert.equal(outcome.kind === "error" ? outcome.code : outcome.kind, "eval_cancel_error");
});

test("no builtin takes what is nested too deep for undefined, which policies would pass over", async () => {
  const depth = 50_000;
  const nested = (wrap: (value: Value) => Value): Value => {
    let value: Value = 1;
    for (let at = 0; at < depth; at += 1) value = wrap(value);
    return value;
  };
  const text = (open: string, close: string): string => open.repeat(depth) + close.repeat(depth);
  const lists = nested((value) => [value]);
  const schema = nested((items) => ({ type: "array", items }));
  for (const [call, input] of [
    ["count([path | walk(input, [path, _])])", lists],
    ["json.marshal(input)", lists],
    ["json.unmarshal(input)", text("[", "]")],
    ["json.patch(input, [])", lists],
    ["json.match_schema(input.document, input.schema)", { document: lists, schema }],
    ["json.verify_schema(input)", schema],
    ["yaml.marshal(input)", lists],
    ["yaml.unmarshal(input)", text("[", "]")],
    ["object.union(input, input)", nested((a) => ({ a }))],
    ["array.flatten(input)", lists],
    ["{input, [input]}", lists],
    ["[input < input, input == input]", lists],
    ['sprintf("%v", [input])', lists],
    ['glob.match(input, [], "a")', text("{a,", "}")],
    ["graphql.is_valid(input, input)", text("{a", "}")],
    ["strings.render_template(input, {})", text("{{if true}}", "{{end}}")],
  ] as const) {
    const policy = await policyOf(`package p\nq := ${call}`, "data.p.q");
    const outcome = policy.value("main", { input });
    assert.ok(outcome.kind === "error" || (outcome.kind === "value" && outcome.value !== undefined), call);
  }
});

test("a conflict says what and where", async () => {
  const policy = await policyOf("package p\nq := 1 if input.a\nq := 2 if input.b", "data.p.q");
  const outcome = policy.value("main", { input: { a: true, b: true } });
  assert.equal(
    outcome.kind === "error" ? formatEvaluationError(outcome) : outcome.kind,
    "p.rego:3: eval_conflict_error: complete rules must not produce multiple outputs",
  );
});

test("a builtin's error is undefined, or the evaluation's where it is strict", async () => {
  const policy = await policyOf('package p\nq := to_number(input)\nr := "fine"', "data.p");
  assert.deepEqual(plain(valueOf(policy.value("main", { input: "x" }))), { r: "fine" });
  const strict = policy.value("main", { input: "x", strictBuiltinErrors: true });
  assert.equal(strict.kind === "error" ? strict.code : strict.kind, "eval_builtin_error");
});

test("what must be fetched is handed back as a need, and answered by a fact", async () => {
  const outside: Builtin = {
    signature: { name: "outside", args: [{ kind: "string" }], result: { kind: "any", of: [] } },
    load: () => (context, key) => context.fact({ kind: "outside", key: key ?? null }),
    pure: false,
  };
  const policy = await policyOf('package p\nq := outside("a")', "data.p.q", { builtins: { outside } });
  const first = policy.value("main", {});
  if (first.kind !== "needs") assert.fail(first.kind);
  assert.deepEqual(
    first.needs.map(({ need }) => need),
    [{ kind: "outside", key: "a" }],
  );
  const facts = new Map(first.needs.map(({ key }): [string, Value] => [key, "fetched"]));
  assert.deepEqual(policy.value("main", { facts }), { kind: "value", value: "fetched" });
});

test("a session works out what reads only the fixed part of the input once", async () => {
  let calls = 0;
  const counted: Builtin = {
    signature: { name: "counted", args: [{ kind: "any", of: [] }], result: { kind: "any", of: [] } },
    load: () => (_context, value) => {
      calls += 1;
      return value;
    },
    pure: true,
  };
  const text = `package p
    names contains name if { name := counted(input.review.names[_]) }
    violation contains {"msg": name} if { some name in names; name in input.parameters.refused }`;
  const policy = await policyOf(text, "data.p.violation", { builtins: { counted } });
  const session = policy.session("main", { input: { review: { names: ["a", "b"] } } }, ["parameters"]);
  const answers = [["a"], ["b"], ["a", "b"], []].map((refused) =>
    plain(valueOf(session.value({ parameters: { refused } }))),
  );
  assert.deepEqual(answers, [[{ msg: "a" }], [{ msg: "b" }], [{ msg: "a" }, { msg: "b" }], []]);
  assert.equal(calls, 2);
});

test("what depends on a session's changing keys alone is kept from one session to the next", async () => {
  let calls = 0;
  const counted: Builtin = {
    signature: { name: "counted", args: [{ kind: "any", of: [] }], result: { kind: "any", of: [] } },
    load: () => (_context, value) => {
      calls += 1;
      return value;
    },
    pure: true,
  };
  const text = `package p
    wanted contains name if { some one in input.parameters.names; name := counted(one) }
    outside contains name if { some one in input.parameters.names; data.names[one]; name := counted(one) }
    violation contains name if { some name in input.review.names; name in wanted }
    violation contains name if { some name in input.review.names; name in outside }`;
  const policy = await policyOf(text, "data.p.violation", { builtins: { counted } });
  const data = new Store({ names: { c: true } });
  const parameters = { names: ["a", "b", "c"] };
  const kept = {};
  const ask = (names: readonly string[], mine?: Kept): unknown =>
    plain(
      valueOf(
        policy.session("main", { input: { review: { names } }, data }, ["parameters"]).value({ parameters }, mine),
      ),
    );
  assert.deepEqual(ask(["a", "x"], kept), ["a"]);
  assert.equal(calls, 4);
  // What reads base data is worked out anew: it may have changed.
  data.put(["names", "a"], true);
  assert.deepEqual(ask(["b", "c"], kept), ["b", "c"]);
  assert.equal(calls, 6);
  assert.deepEqual(ask(["b"]), ["b"]);
  assert.equal(calls, 11);
});

test("a set within a set has no fields", async () => {
  const text = "package p\nsets contains {input.a}\nsets contains input.b\nq contains s.size if some s in sets";
  const policy = await policyOf(text, "data.p.q");
  assert.deepEqual(plain(valueOf(policy.value("main", { input: { a: 1, b: { size: 3 } } }))), [3]);
});

test("a query shows its variables by their written names, once for each solution", async () => {
  const policy = await policyOf("package p\nxs := [1, 2]", "x := data.p.xs[i]; i >= 0");
  const outcome = policy.evaluate("main", {});
  if (outcome.kind !== "result") assert.fail(outcome.kind);
  const solutions = outcome.solutions.map((solution) => Object.fromEntries(solution));
  assert.deepEqual(solutions, [
    { i: 0, x: 1 },
    { i: 1, x: 2 },
  ]);
});

test("base data is read as it is when the evaluation runs, and rules merge into it", async () => {
  const policy = await policyOf("package p\nq := 1", "data");
  const data = new Store({ p: { base: true }, system: { hidden: 1 } });
  assert.deepEqual(plain(valueOf(policy.value("main", { data }))), { p: { base: true, q: 1 } });
  data.put(["more", "deep"], 2);
  data.remove(["p", "base"]);
  assert.deepEqual(plain(valueOf(policy.value("main", { data }))), { more: { deep: 2 }, p: { q: 1 } });
});

test("checking gives the text of the module and links nothing", () => {
  const checked = check({
    modules: [{ name: "p.rego", text: "package p\nq := upper(input)" }],
    entrypoints: { main: "data.p.q" },
  });
  if (!checked.ok) assert.fail(formatDiagnostics(checked.diagnostics));
  assert.match(checked.value.code, /export \{ policy \};/);
  assert.deepEqual(checked.value.builtins, ["upper"]);
});

test("a builtin that is switched off is an undefined function", async () => {
  const compiled = await compile({
    modules: [{ name: "p.rego", text: 'package p\nq := http.send({"url": "x", "method": "get"})' }],
    entrypoints: { main: "data.p.q" },
    disabledBuiltins: ["http.send"],
  });
  assert.ok(!compiled.ok);
  assert.match(formatDiagnostics(compiled.diagnostics), /undefined function http\.send/);
});

function valueOf(outcome: ReturnType<Policy["value"]>): Value | undefined {
  if (outcome.kind !== "value") assert.fail(JSON.stringify(outcome));
  return outcome.value;
}

test("METADATA blocks are read, and broken ones refused, unless they are said to be comments", async () => {
  const options: CompileOptions = {
    modules: [{ name: "p.rego", text: "package p\n# METADATA\n# title: [\nq := rego.metadata.rule()\n" }],
    entrypoints: { main: "data.p.q" },
  };
  const refused = await compile(options);
  assert.equal(refused.ok ? "" : refused.diagnostics[0]?.code, "rego_parse_error");
  const compiled = await compile({ ...options, annotations: false });
  assert.ok(compiled.ok);
  assert.deepEqual(plain(valueOf(compiled.value.value("main", {}))), {});
  assert.ok(check(options).ok);
  const titled = await policyOf("package p\n# METADATA\n# title: a\nq := rego.metadata.rule().title\n", "data.p.q");
  assert.equal(valueOf(titled.value("main", {})), "a");
});
