import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compileProgram } from "../compile.ts";
import { formatDiagnostics } from "../diagnostics.ts";
import { textOf } from "../source.ts";
import type { Module } from "../syntax/ast.ts";
import { parseModule } from "../syntax/parse.ts";
import { valueToText } from "../runtime/value-text.ts";
import { ask, type Question } from "./ask.ts";
import { CoverageCounter, rowsOf } from "./coverage.ts";
import { profileOf } from "./profile.ts";
import { Recorder } from "./recorder.ts";
import { runTests, type CaseResult } from "./run-tests.ts";
import { failuresOf, notesOf, traceOf, type TraceLine } from "./trace.ts";

function module(text: string, name = "a.rego"): Module {
  const parsed = parseModule({ name, text });
  assert.ok(parsed.ok, parsed.ok ? "" : formatDiagnostics(parsed.diagnostics));
  return parsed.value;
}

async function asked(query: string, modules: readonly Module[], recorder: Recorder): Promise<Question> {
  const { instrument, builtins } = recorder;
  const question = await ask({ query, modules, instrument, builtins, inOrder: true });
  assert.ok(question.ok, question.ok ? "" : formatDiagnostics(question.diagnostics));
  return question.value;
}

function shown({ operation, depth, site, values }: TraceLine): string {
  const known = values.map(([name, value]) => ` ${name}=${valueToText(value)}`).join("");
  const text = site.kind === "rule" ? site.path.join(".") : textOf(site.span);
  return `${"  ".repeat(depth)}${operation} ${text}${operation === "Exit" ? "" : known}`;
}

describe("traces", () => {
  const policy = module(`package a

p if {
	some x in input.xs
	q(x)
	count([y | y := input.ys[_]; y > x]) > 1
}

q(n) if n > 1

q(n) if n == 0
`);
  test("show what was tried, in what and with which values, and what failed", async () => {
    const recorder = new Recorder();
    const question = await asked("data.a.p", [policy], recorder);
    question.answers({ input: { xs: [1, 2], ys: [2, 3] } });
    const lines = traceOf(recorder.take(), recorder.sites);
    assert.deepEqual(failuresOf(lines).map(shown), [
      "  Enter a.p",
      "    Enter a.q n=1",
      "      Fail n > 1 n=1",
      "    Enter a.q n=1",
      "      Fail n == 0 n=1",
      "    Fail q(x) x=1",
      "      Fail y > x y=2 x=2",
      "    Fail count([y | y := input.ys[_]; y > x]) > 1 count([y | y := input.ys[_]; y > x])=1",
      "  Fail data.a.p",
    ]);
    assert.ok(lines.some((line) => shown(line) === "    Exit a.q"));
  });
  test("of an evaluation where all holds have no failure", async () => {
    const recorder = new Recorder();
    const question = await asked("data.a.q(5)", [module("package a\n\nq(n) if n > 1\n")], recorder);
    question.answers({});
    const lines = traceOf(recorder.take(), recorder.sites);
    assert.deepEqual(failuresOf(lines), []);
    assert.deepEqual(
      lines.map(({ operation }) => operation),
      ["Eval", "Enter", "Eval", "Exit"],
    );
  });
});

test("a profile counts by line, and gives the time between events to the former", async () => {
  let now = 0;
  const recorder = new Recorder(() => (now += 1));
  const question = await asked(
    "data.a.s",
    [module("package a\n\ns contains x if {\n\tsome x in [1, 2, 3]\n\tx > 1\n}\n")],
    recorder,
  );
  question.answers({});
  const [dearest] = profileOf(recorder.take(), recorder.sites);
  assert.deepEqual(
    { row: dearest?.row, tried: dearest?.tried, held: dearest?.retried, time: dearest?.time },
    { row: 5, tried: 3, held: 2, time: 3 },
  );
});

test("notes of trace stand in what was entered", async () => {
  const text = 'package a\n\np if {\n\tq(1)\n\ttrace("after")\n}\n\nq(n) if trace(sprintf("n is %d", [n]))\n';
  const recorder = new Recorder();
  const question = await asked("data.a.p", [module(text)], recorder);
  question.answers({ note: recorder.note });
  const lines = notesOf(traceOf(recorder.take(), recorder.sites));
  assert.deepEqual(
    lines.map(({ operation, depth, message = "" }) => `${"  ".repeat(depth)}${operation} ${message}`),
    ["  Enter ", "    Enter ", "      Note n is 1", "    Note after"],
  );
});

test("coverage tells why a part did not run", async () => {
  const text = [
    "package a",
    "",
    'p if { input.kind == "y"; input.b }',
    "",
    'p if { input.kind == "x"; input.a }',
    "",
    "q if input.a",
    "",
    "q if input.c",
    "",
    "r if { input.d; input.e }",
    "",
  ].join("\n");
  const policy = module(text);
  const counter = new CoverageCounter();
  const recorders = [
    [undefined, {}],
    ["index_excluded", { inOrder: true }],
    ["early_exit", { exhaustive: true }],
  ] as const;
  let sites: Recorder["sites"] = [];
  for (const [without, how] of recorders) {
    const recorder = new Recorder();
    const { instrument, builtins } = recorder;
    const modules = [policy];
    const question = await ask({ query: "data.a.p; data.a.q", modules, instrument, builtins, ...how });
    assert.ok(question.ok);
    question.value.answers({ input: { kind: "x", a: true, c: true } });
    counter.add(recorder.take(), without);
    sites = recorder.sites;
  }
  const { notCovered = [] } = counter.report(sites, [policy]).files.get("a.rego") ?? {};
  const told = notCovered.map(({ start: { row, column }, kinds }) => `${row}:${column} ${kinds.join(" ")}`.trimEnd());
  assert.deepEqual(told, [
    "3:1",
    "3:8 index_excluded",
    "3:27",
    "9:1 early_exit",
    "9:6 early_exit",
    "11:1",
    "11:8",
    "11:17",
  ]);
});

test("coverage knows what ran over several evaluations", async () => {
  const text = "package a\n\ndefault p := 0\n\np := 1 if input.x == 1\n\np := 2 if {\n\tinput.x == 2\n\tinput.y\n}\n";
  const recorder = new Recorder();
  const counter = new CoverageCounter();
  const policy = module(text);
  const question = await asked("data.a.p", [policy], recorder);
  question.answers({ input: { x: 1 } });
  counter.add(recorder.take());
  assert.deepEqual(rowsOf(counter.report(recorder.sites, [policy]).files.get("a.rego")?.notCovered ?? []), [3, 7, 9]);
  question.answers({ input: { x: 2, y: true } });
  counter.add(recorder.take());
  question.answers({});
  counter.add(recorder.take());
  const report = counter.report(recorder.sites, [policy]);
  assert.equal(report.coverage, 100);
  assert.equal(report.notCoveredLines, 0);
});

describe("tests", () => {
  async function ran(text: string, matches?: (name: string) => boolean): ReturnType<typeof outcomes> {
    return outcomes(text, matches);
  }
  async function outcomes(
    text: string,
    matches: ((name: string) => boolean) | undefined,
  ): Promise<readonly (readonly [name: string, outcome: string, cases: string])[]> {
    const results = await runTests({
      modules: [module(text)],
      evaluation: {},
      recorder: new Recorder(),
      instrumented: false,
      clock: () => 0,
      ...(matches === undefined ? {} : { matches }),
    });
    assert.ok(results.ok, results.ok ? "" : formatDiagnostics(results.diagnostics));
    return results.value.map(({ name, outcome, cases }) => [name, outcome, casesText(cases)]);
  }
  function casesText(cases: readonly CaseResult[]): string {
    return cases
      .map(
        ({ name, failed, cases: below }) =>
          `${name}${failed ? "-" : "+"}${below.length > 0 ? `(${casesText(below)})` : ""}`,
      )
      .join(" ");
  }

  test("pass where they are true, and fail where they are anything else", async () => {
    const text = `package a
test_true if true
test_false := false
test_number := 1
test_undefined if false
todo_test_later if false
test_conflict := x if some x in [1, 2]
helper if false
`;
    assert.deepEqual(await ran(text), [
      ["test_true", "pass", ""],
      ["test_false", "fail", ""],
      ["test_number", "fail", ""],
      ["test_undefined", "fail", ""],
      ["todo_test_later", "skip", ""],
      ["test_conflict", "error", ""],
    ]);
    assert.deepEqual(await ran(text, (name) => name === "data.a.test_true"), [["test_true", "pass", ""]]);
  });
  test("of one name are tests of their own", async () => {
    const text = `package a
test_a if true
test_a if false
test_a := 1 if false else := true
todo_test_b if true
todo_test_b if true
`;
    assert.deepEqual(await ran(text), [
      ["test_a", "pass", ""],
      ["test_a#01", "fail", ""],
      ["test_a#02", "pass", ""],
      ["todo_test_b", "skip", ""],
      ["todo_test_b", "skip", ""],
    ]);
  });
  test("with cases fail where one does, which its value does not show", async () => {
    const text = `package a
test_flat[name] if {
	some name, n in {"one": 1, "two": 2}
	n == 1
}
test_deep[a][b] if {
	some a in ["x", "y"]
	some b in ["1", "2"]
	[a, b] != ["y", "2"]
}
`;
    assert.deepEqual(await ran(text), [
      ["test_flat", "fail", "one+ two-"],
      ["test_deep", "fail", "x+(1+ 2+) y-(1+ 2-)"],
    ]);
  });
});

test("a program without probes has nothing of them", async () => {
  const compiled = await compileProgram({ modules: [module("package a\n\np if input.x\n")], queries: {} });
  assert.ok(compiled.ok);
  assert.doesNotMatch(compiled.value.code, /probe/);
});
