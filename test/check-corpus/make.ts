/**
 * Answers the modules under `sources/`, and those of the checker's own cases, with the real `opa check`, and writes
 * them as cases of the `rego/check` format. `node --conditions=source test/check-corpus/make.ts`; run by hand, after
 * changing a source.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { PlainObject, Value } from "@portcullis/rego";
import { readJSON } from "@portcullis/rego/testing";
import { writeIndentedJSON } from "@portcullis/rego/tools";
import { checkCases } from "../../packages/rego/src/check/check-cases-data.ts";
import { field, listField, stringField } from "../conformance/json-file.ts";
import { readCasesFile } from "../oracle/cases-file.ts";
import { buildOracle } from "../oracle/oracle.ts";

/** Modules to check, without an answer yet. */
interface Question {
  readonly note: string;
  readonly version: "v0" | "v1";
  readonly strict: boolean;
  readonly modules: readonly string[];
}

const opa = buildOracle("opa");
if (opa === undefined) throw new Error("opa is not built, and there is no Go to build it with");
const into = join(import.meta.dirname, "rego/check");
mkdirSync(into, { recursive: true });
let count = 0;
write(
  "checker",
  checkCases.map(({ strict, ...one }) => ({ ...one, strict: strict ?? false })),
);
write("lines", lines(join(import.meta.dirname, "sources/lines.txt")));
for (const source of globSync("sources/*.cases", { cwd: import.meta.dirname }).toSorted()) {
  const written = readCasesFile(join(import.meta.dirname, source));
  write(
    basename(source, ".cases"),
    written.map(({ note, flags, modules }) => ({
      note,
      version: flags.includes("v0") ? "v0" : "v1",
      strict: flags.includes("strict"),
      modules,
    })),
  );
}
process.stdout.write(`${count} cases\n`);

/** The modules of a file that has one a line. */
function lines(path: string): Question[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [mode] = line.split(" ", 1);
      const text = line.slice((mode?.length ?? 0) + 1);
      return {
        note: text.replaceAll("⏎", " ⏎ "),
        version: mode?.startsWith("v0") === true ? "v0" : "v1",
        strict: mode?.endsWith("strict") === true,
        modules: [`package t\n${text.replaceAll("⏎", "\n")}\n`],
      };
    });
}

function write(group: string, questions: readonly Question[]): void {
  const cases = questions.map((one): PlainObject => ({
    note: one.note,
    version: one.version,
    modules: one.modules,
    ...(one.strict ? { strict: true } : {}),
    errors: answer(one),
  }));
  count += cases.length;
  writeFileSync(join(into, `${group}.json`), `${writeIndentedJSON(cases, "", "  ")}\n`);
}

function answer(one: Question): Value[] {
  const folder = mkdtempSync(join(tmpdir(), "check-corpus-"));
  try {
    one.modules.forEach((text, index) => writeFileSync(join(folder, `test-${index}.rego`), text));
    const flags = [...(one.strict ? ["--strict"] : []), ...(one.version === "v0" ? ["--v0-compatible"] : [])];
    const files = one.modules.map((_, index) => `test-${index}.rego`);
    const done = spawnSync(opa ?? "", ["check", "--format", "json", ...flags, ...files], {
      encoding: "utf8",
      cwd: folder,
    });
    if (done.status === 0) return [];
    return (listField(readJSON(done.stderr), "errors") ?? []).map((error) => ({
      code: stringField(error, "code") ?? "",
      message: stringField(error, "message") ?? "",
      row: field(field(error, "location"), "row") ?? 0,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
