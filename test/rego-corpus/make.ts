/**
 * Answers the programs under `sources/` with the real opa, and writes them as cases of the suite's format.
 * `node --conditions=source test/rego-corpus/make.ts`; run by hand, after changing a source.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { readJSON } from "@portcullis/rego/testing";
import { writeIndentedJSON } from "@portcullis/rego/tools";
import type { PlainObject, Value } from "@portcullis/rego";
import { field, listField, stringField } from "../conformance/json-file.ts";
import { readCasesFile, type WrittenCase } from "../oracle/cases-file.ts";
import { buildOracle } from "../oracle/oracle.ts";

const opa = buildOracle("opa");
if (opa === undefined) throw new Error("opa is not built, and there is no Go to build it with");
const only = process.argv[2] ?? "";
const folder = mkdtempSync(join(tmpdir(), "rego-corpus-"));
let count = 0;
try {
  for (const source of globSync("sources/*.cases", { cwd: import.meta.dirname }).toSorted()) {
    if (!source.includes(only)) continue;
    const name = basename(source, ".cases");
    const cases = readCasesFile(join(import.meta.dirname, source));
    for (const version of ["v1", "v0"] as const) {
      const answered = cases
        .filter((one) => one.flags.includes("v0") === (version === "v0"))
        .flatMap((one) => answer(opa, one, name));
      if (answered.length === 0) continue;
      count += answered.length;
      const into = join(import.meta.dirname, "rego", version);
      mkdirSync(into, { recursive: true });
      writeFileSync(join(into, `${name}.json`), `${writeIndentedJSON(answered, "", "  ")}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.stdout.write(`${count} cases\n`);

/** The case with its answer; none, and a line that says so, where opa has no answer to hold anybody to. */
function answer(program: string, one: WrittenCase, name: string): PlainObject[] {
  const query = one.fields.get("query") ?? "data.test = x";
  const parts = ["eval", "--format", "json", "--fail=false"];
  if (one.flags.includes("v0")) parts.push("--v0-compatible");
  if (one.flags.includes("strict-errors")) parts.push("--strict-builtin-errors");
  one.modules.forEach((text, index) => parts.push("--data", file(`test-${index}.rego`, text)));
  const [input, data] = [one.fields.get("input"), one.fields.get("data")];
  if (data !== undefined) parts.push("--data", file("data.json", data));
  if (input !== undefined) parts.push("--input", file("input.json", input));
  const done = spawnSync(program, [...parts, query], { encoding: "utf8", cwd: folder });
  if (done.stdout === "") throw new Error(`${name}: ${one.note}: ${done.stderr}`);
  const output = readJSON(done.stdout);
  const [first] = listField(output, "errors") ?? [];
  const complaint = first === undefined ? undefined : unusable(one, first);
  if (complaint !== undefined) {
    process.stdout.write(`left out: ${name}: ${one.note}: ${complaint}\n`);
    return [];
  }
  const answered: PlainObject = {
    note: `${name}/${one.note}`,
    query,
    modules: one.modules,
    ...(data === undefined ? {} : { data: readJSON(data) }),
    ...(input === undefined ? {} : { input: readJSON(input) }),
    ...(one.flags.includes("strict-errors") ? { strict_error: true } : {}),
    ...(first === undefined ? { want_result: results(output) } : wantError(first)),
  };
  return [answered];
}

/** Why an error is no answer: opa cannot do it itself, or the program is wrong and does not say that it means to be. */
function unusable(one: WrittenCase, error: Value): string | undefined {
  const [code, message] = [stringField(error, "code"), stringField(error, "message") ?? "no message"];
  if (code === undefined || code === "eval_internal_error") return message;
  const row = field(field(error, "location"), "row");
  return code.startsWith("eval_") || one.flags.includes("invalid")
    ? undefined
    : `${code}: ${message} at row ${String(row)}`;
}

/** The text of a conflict is Gatekeeper's here and not that of the newest OPA: the code alone is wanted. */
function wantError(error: Value): PlainObject {
  const [code, message] = [stringField(error, "code") ?? "", stringField(error, "message") ?? ""];
  return message.includes("produced conflicting values")
    ? { want_error_code: code }
    : { want_error_code: code, want_error: message };
}

/** What the query's variables are in each answer. An expression that is false is an answer of the command line only. */
function results(output: Value): readonly Value[] {
  return (listField(output, "result") ?? [])
    .filter((result) => !(listField(result, "expressions") ?? []).some((part) => field(part, "value") === false))
    .map((result) => field(result, "bindings") ?? {});
}

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}
