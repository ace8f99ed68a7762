import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { compile, formatDiagnostics, formatEvaluationError, Store, toDocument } from "@portcullis/rego";
import type { Builtin, Evaluated, Evaluation, PlainObject, Policy, Value } from "@portcullis/rego";
import { resolveNeeds } from "@portcullis/rego/host";
import { compareValues, readTerm, valueToText } from "@portcullis/rego/testing";
import { failed, passed, type Case, type Family, type Verdict } from "./case.ts";
import { field, listField, readJSONFile, stringField } from "./json-file.ts";
import { conformanceHost } from "./needs.ts";

/** OPA's conformance suite: `rego/v0` and `rego/v1`. */
export function regoFamily(version: "v0" | "v1"): Family {
  return {
    folder: `rego/${version}`,
    cases: (folder) =>
      globSync("*.json", { cwd: folder })
        .toSorted()
        .flatMap((file) => casesOf(join(folder, file), version)),
  };
}

function casesOf(path: string, version: "v0" | "v1"): Case[] {
  const cases = readJSONFile(path);
  if (!Array.isArray(cases)) throw new Error(`${path} does not hold a list of cases`);
  return cases.map((test: Value, index) => ({
    name: `${basename(path)} ${stringField(test, "note") ?? "?"} ${index}`,
    run: () => runCase(test, version),
  }));
}

/** The suite's own function: it does nothing but wait, and here time does not pass. */
const testSleep: Builtin = {
  signature: { name: "test.sleep", args: [{ kind: "string" }], result: { kind: "null" } },
  load: () => () => null,
  pure: false,
};

async function runCase(test: Value, version: "v0" | "v1"): Promise<Verdict> {
  const data = field(test, "data") ?? {};
  const store = new Store(data as PlainObject); // as: the suite's data are objects
  const compiled = await compile({
    modules: (listField(test, "modules") ?? []).map((text, index) => ({
      name: `test-${index}.rego`,
      text: String(text),
      version,
    })),
    entrypoints: { main: stringField(test, "query") ?? "" },
    builtins: { "test.sleep": testSleep },
    hasData: (path) => store.has(path),
  });
  if (!compiled.ok) {
    const [first] = compiled.diagnostics;
    if (field(test, "want_result") !== undefined) return failed(formatDiagnostics(compiled.diagnostics));
    return judgeError(test, first?.code ?? "", formatDiagnostics(compiled.diagnostics));
  }
  return judge(test, await evaluate(compiled.value, inputOf(test), store, test));
}

function inputOf(test: Value): Value | undefined {
  const term = stringField(test, "input_term");
  return term === undefined ? field(test, "input") : readTerm(term);
}

/** Evaluates, fetching what is needed from outside, until there is an outcome. */
async function evaluate(policy: Policy, input: Value | undefined, data: Store, test: Value): Promise<Evaluated> {
  const env = field(test, "env");
  const evaluation: Evaluation = {
    input,
    data,
    now: BigInt(Date.now()) * 1_000_000n,
    strictBuiltinErrors: field(test, "strict_error") === true,
    ...(env === undefined ? {} : { runtime: { env } }),
  };
  const again = (facts: ReadonlyMap<string, Value>): Evaluated => policy.evaluate("main", { ...evaluation, facts });
  return resolveNeeds<Evaluated>(again(new Map()), again, conformanceHost());
}

function judge(test: Value, outcome: Evaluated): Verdict {
  if (outcome.kind === "needs") return failed(`still needs ${outcome.needs.map((need) => need.key).join(", ")}`);
  if (outcome.kind === "error") return judgeError(test, outcome.code, formatEvaluationError(outcome));
  const wantError = stringField(test, "want_error_code") ?? stringField(test, "want_error");
  const got = outcome.solutions.map((solution) => shape(test, Object.fromEntries(solution)));
  if (wantError !== undefined) return failed(`wants the error ${wantError}, got ${got.map(valueToText).join(" ")}`);
  const wantDefined = field(test, "want_defined");
  if (typeof wantDefined === "boolean") {
    return wantDefined === got.length > 0
      ? passed
      : failed(`wants defined = ${wantDefined}, got ${got.length} results`);
  }
  const want = (listField(test, "want_result") ?? []).map((result) => shape(test, result));
  const [wanted, given] = [distinct(want), distinct(got)];
  // By value and not by text: `3.0` is 3.
  if (compareValues(wanted, given) === 0) return passed;
  return failed(`wants ${wanted.map(valueToText).join(" ")}\n      got   ${given.map(valueToText).join(" ")}`);
}

function judgeError(test: Value, code: string, message: string): Verdict {
  const wantCode = stringField(test, "want_error_code");
  const wantText = stringField(test, "want_error");
  if (wantCode === undefined && wantText === undefined) return failed(`${code}: ${message}`);
  if (wantCode !== undefined && wantCode !== code) return failed(`wants the code ${wantCode}, got ${code}: ${message}`);
  if (wantText !== undefined && !message.includes(wantText)) return failed(`wants «${wantText}», got «${message}»`);
  return passed;
}

/** A result as the suite compares it: as JSON would hold it, arrays sorted where the case says so. */
function shape(test: Value, result: Value): Value {
  const document = toDocument(result);
  return field(test, "sort_bindings") === true ? sortArrays(document) : document;
}

function sortArrays(value: Value): Value {
  if (Array.isArray(value)) return value.map((item: Value) => sortArrays(item)).toSorted(compareValues);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value as PlainObject).map(([key, item]) => [key, sortArrays(item)])); // as: a plain object
}

/** The results as a set, in one order. */
function distinct(results: readonly Value[]): readonly Value[] {
  const sorted = results.toSorted(compareValues);
  return sorted.filter((value, index) => index === 0 || compareValues(sorted[index - 1] ?? null, value) !== 0);
}
