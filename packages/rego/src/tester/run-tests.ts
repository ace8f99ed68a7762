/** Tests of policies: rules whose name begins with `test_`, each asked for once. */
import { compileProgram, type ProgramOptions } from "../compile.ts";
import type { Outcome } from "../diagnostics.ts";
import { type Host, replayed, resolveNeeds } from "../host.ts";
import type { Evaluated, Evaluation, EvaluationError } from "../policy.ts";
import { isObject, isSet } from "../runtime/order.ts";
import { objectEntries } from "../runtime/object.ts";
import { keyText } from "../runtime/json-writer.ts";
import type { Value } from "../runtime/value.ts";
import type { Body, Module, RefTerm, Rule, Term } from "../syntax/ast.ts";
import type { Span } from "../source.ts";
import { printRef } from "../syntax/print.ts";
import type { Event, Recorder } from "./recorder.ts";

/** A case of a test with several, perhaps with cases of its own. */
export interface CaseResult {
  readonly name: string;
  readonly failed: boolean;
  readonly cases: readonly CaseResult[];
}

/** What came of one test. */
export interface TestResult {
  /** `data.a_test`. */
  readonly package: string;
  readonly name: string;
  readonly span: Span;
  readonly outcome: "pass" | "fail" | "skip" | "error";
  readonly error?: EvaluationError;
  readonly cases: readonly CaseResult[];
  /** What it printed. */
  readonly output: readonly string[];
  /** In milliseconds. */
  readonly duration: number;
  /** What an instrumented policy told. */
  readonly events: readonly Event[];
}

/** Which tests to run, and how. */
export interface TestOptions extends Omit<ProgramOptions, "queries" | "instrument" | "builtins"> {
  /** Runs only those whose full name matches. */
  readonly matches?: (name: string) => boolean;
  readonly evaluation: Evaluation;
  /** Hears of everything that happens; tests with cases need one. */
  readonly recorder: Recorder;
  /** Whether the policy is instrumented even where no test has cases. */
  readonly instrumented: boolean;
  /** What each test may take; asked before it begins. */
  readonly limits?: () => Pick<Evaluation, "budget" | "furtherSteps">;
  /** Milliseconds from any start. */
  readonly clock: () => number;
  /** Who answers what tests ask of the outside; without one they may ask for nothing. */
  readonly host?: Host;
}

const prefix = "test_";
const skippedResult = "todo_test_";

interface Test {
  readonly rule: Rule;
  readonly module: Module;
  readonly name: string;
  readonly ref: RefTerm;
  readonly skipped: boolean;
}

/** Runs the tests of some modules, in the order of the text. */
export async function runTests(options: TestOptions): Promise<Outcome<readonly TestResult[]>> {
  const modules = separated(options.modules);
  const tests = modules.flatMap(testsOf).filter(({ ref }) => options.matches?.(printRef(ref.terms)) ?? true);
  const { recorder, evaluation, clock, instrumented, host, limits, matches: _matches, ...program } = options;
  const listens = instrumented || tests.some(({ rule }) => hasCases(rule));
  const queries = Object.fromEntries(tests.map(({ ref }, at) => [String(at), { body: queryOf(ref) }]));
  const compiled = await compileProgram({
    ...program,
    modules,
    queries,
    print: true,
    ...(listens ? { instrument: recorder.instrument, builtins: recorder.builtins } : {}),
  });
  if (!compiled.ok) return compiled;
  const results: TestResult[] = [];
  for (const [at, test] of tests.entries()) {
    let output: string[] = [];
    if (test.skipped) {
      results.push({ ...described(test), outcome: "skip", cases: [], output, duration: 0, events: [] });
      continue;
    }
    const start = clock();
    const own = { ...evaluation, ...limits?.(), ...(listens ? { note: recorder.note } : {}) };
    const chance = replayed(evaluation.random);
    // What was told on the way to a need is told again.
    const answered = (facts: ReadonlyMap<string, Value>): Evaluated => {
      recorder.take();
      const lines: string[] = [];
      output = lines;
      const print = (line: string): void => {
        lines.push(line);
      };
      return compiled.value.evaluate(String(at), { ...own, random: chance(), facts, print });
    };
    const first = answered(new Map());
    const answer = host === undefined ? first : await resolveNeeds<Evaluated>(first, answered, host);
    const duration = clock() - start;
    const events = recorder.take();
    const outcome = judged(test, answer, casesTold(test, events, recorder));
    results.push({ ...described(test), ...outcome, output, duration, events });
  }
  return { ok: true, value: results };
}

function described({ module, name, rule }: Test): Pick<TestResult, "package" | "name" | "span"> {
  return { package: printRef(module.package.path.terms), name, span: rule.span };
}

/** Tests of one name are tests of their own: the second is `test_a#01`. */
function separated(modules: readonly Module[]): readonly Module[] {
  const counts = new Map<string, number>();
  return modules.map((module) => {
    const rules = module.rules.map((rule) => {
      const { terms } = rule.head.ref;
      const at = testAt(terms);
      const term = terms[at];
      if (term === undefined || !nameOf(term).startsWith(prefix)) return rule;
      const key = printRef([...module.package.path.terms, ...terms.slice(0, at + 1)]);
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      return count === 0 ? rule : renamed(rule, at, `${nameOf(term)}#${String(count).padStart(2, "0")}`);
    });
    return { ...module, rules };
  });
}

function renamed(rule: Rule, at: number, name: string): Rule {
  const { ref } = rule.head;
  const terms = ref.terms.map((term, index): Term => {
    if (index !== at) return term;
    return term.kind === "var" ? { ...term, name } : { kind: "string", value: name, span: term.span };
  });
  const head = { ...rule.head, ref: { ...ref, terms }, ...(at === 0 && rule.head.name !== undefined ? { name } : {}) };
  return { ...rule, head, ...(rule.else === undefined ? {} : { else: renamed(rule.else, at, name) }) };
}

/** Where in a rule's ref the name of a test stands, before anything that varies; -1 where the rule is no test. */
function testAt(terms: readonly Term[]): number {
  const at = terms.findIndex((term) => nameOf(term).startsWith(prefix) || nameOf(term).startsWith(skippedResult));
  const end = terms.findIndex((term, index) => index > 0 && term.kind !== "string");
  return end !== -1 && end <= at ? -1 : at;
}

function testsOf(module: Module): readonly Test[] {
  const tests: Test[] = [];
  for (const rule of module.rules) {
    const { terms } = rule.head.ref;
    const at = testAt(terms);
    const last = terms[at];
    if (last === undefined) continue;
    const path = terms.slice(0, at + 1);
    const name = path.map(nameOf).join(".");
    const strings = path.map((term): Term => ({ kind: "string", value: nameOf(term), span: term.span }));
    const ref: RefTerm = { kind: "ref", terms: [...module.package.path.terms, ...strings], span: rule.head.span };
    tests.push({ rule, module, name, ref, skipped: nameOf(last).startsWith(skippedResult) });
  }
  return tests;
}

function nameOf(term: Term): string {
  if (term.kind === "var") return term.name;
  return term.kind === "string" ? term.value : "";
}

function hasCases({ head }: Rule): boolean {
  return head.key === undefined && head.ref.terms.some((term, at) => at > 0 && term.kind !== "string");
}

const resultName = "result";

/** `data.a_test.test_b = result`. */
function queryOf(ref: RefTerm): Body {
  const text = `${printRef(ref.terms)} = ${resultName}`;
  const span: Span = { source: { name: "", text }, start: 0, end: text.length };
  const operator: RefTerm = { kind: "ref", terms: [{ kind: "var", name: "eq", span }], span };
  const variable: Term = { kind: "var", name: resultName, span };
  return [{ kind: "call", operator, args: [ref, variable], negated: false, with: [], index: 0, span }];
}

/** The keys of the cases that the test came to, whether or not they held. */
function casesTold(test: Test, events: readonly Event[], { sites }: Recorder): readonly (readonly Value[])[] {
  if (!hasCases(test.rule)) return [];
  const depth = test.name.split(".").length;
  return events.flatMap(({ site, phase, values }) => {
    const source = sites[site]?.rule?.rule.head.span;
    const isOwn = phase === "key" && source?.source === test.rule.span.source && sites[site]?.path.includes(last(test));
    return isOwn === true ? [values.slice(depth - 1)] : [];
  });
}

function last({ name }: Test): string {
  return name.split(".").at(-1) ?? name;
}

function judged(
  { rule }: Test,
  answer: Evaluated,
  told: readonly (readonly Value[])[],
): Pick<TestResult, "outcome" | "cases" | "error"> {
  if (answer.kind === "error") return { outcome: "error", error: answer, cases: [] };
  if (answer.kind === "needs") {
    const message = "the test needs an answer from the network; replace http.send by `with`";
    return { outcome: "error", error: { kind: "error", code: "eval_builtin_error", message }, cases: [] };
  }
  if (answer.solutions.length === 0) return { outcome: "fail", cases: [] };
  const value = answer.solutions[0]?.get(resultName);
  if (!hasCases(rule)) return { outcome: value === true ? "pass" : "fail", cases: [] };
  const cases = casesOf(value, told);
  return { outcome: cases.some(({ failed }) => failed) ? "fail" : "pass", cases };
}

function casesOf(value: Value | undefined, told: readonly (readonly Value[])[]): readonly CaseResult[] {
  const found = new Map<string, CaseResult>();
  if (value !== undefined && isObject(value)) {
    for (const [key, item] of objectEntries(value)) {
      const name = keyText(key);
      const below = told.filter(([first]) => first !== undefined && keyText(first) === name).map(([, ...rest]) => rest);
      if (isObject(item) && !isSet(item)) {
        const cases = casesOf(item, below);
        found.set(name, { name, failed: cases.some(({ failed }) => failed), cases });
      } else found.set(name, { name, failed: item !== true, cases: [] });
    }
  }
  for (const [first, ...rest] of told) {
    if (first === undefined) continue;
    const name = keyText(first);
    if (found.has(name)) continue;
    const below = told.filter(([other]) => other !== undefined && keyText(other) === name).map(([, ...more]) => more);
    const cases = rest.length === 0 ? [] : casesOf(undefined, below);
    found.set(name, { name, failed: true, cases });
  }
  return [...found.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
