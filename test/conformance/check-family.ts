import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { parseModule, positionAt, type Diagnostic, type Module, type Value } from "@portcullis/rego";
import { annotationReader, checkProgram } from "@portcullis/rego/tools";
import { failed, passed, type Case, type Family, type Verdict } from "./case.ts";
import { field, listField, readJSONFile, stringField } from "./json-file.ts";

/** Compile errors as `opa check --format json` reports them: verdict, codes and rows must be the same.
 * Our side is what answers `portcullis rego check`. */
export const checkFamily: Family = {
  folder: "rego/check",
  cases: (folder) =>
    globSync("*.json", { cwd: folder })
      .toSorted()
      .flatMap((file) => casesOf(join(folder, file))),
};

function casesOf(path: string): Case[] {
  const cases = readJSONFile(path);
  if (!Array.isArray(cases)) throw new Error(`${path} does not hold a list of cases`);
  return cases.map((test: Value, index) => ({
    name: `${basename(path)} ${stringField(test, "note") ?? "?"} ${index}`,
    run: () => runCase(test),
  }));
}

function runCase(test: Value): Verdict {
  const version = stringField(test, "version") === "v0" ? "v0" : "v1";
  const texts = (listField(test, "modules") ?? []).map(String);
  const got = problemsOf(texts, version, field(test, "strict") === true);
  const want = listField(test, "errors") ?? [];
  const [wanted, given] = [want.map(wantedKey).toSorted(), got.map(givenKey).toSorted()];
  const withoutRows = want.some((error) => field(error, "row") === undefined);
  const drop = (keys: readonly string[]): string =>
    keys.map((key) => (withoutRows ? key.split(" ")[0] : key)).join(", ");
  if (drop(wanted) !== drop(given)) {
    const texts = (keys: readonly string[], messages: readonly string[]): string =>
      keys.map((key, index) => `${key} ${messages[index]}`).join("; ") || "no error";
    return failed(
      `wants ${texts(
        want.map(wantedKey),
        want.map((error) => stringField(error, "message") ?? ""),
      )}\n      got   ${texts(
        got.map(givenKey),
        got.map((diagnostic) => diagnostic.message),
      )}`,
    );
  }
  const differing = want
    .map((error) => stringField(error, "message") ?? "")
    .filter((message) => !got.some((diagnostic) => diagnostic.message === message));
  return differing.length === 0 ? passed : { kind: "noted", note: `messages differ: ${differing.join("; ")}` };
}

function problemsOf(texts: readonly string[], version: "v0" | "v1", strict: boolean): readonly Diagnostic[] {
  const modules: Module[] = [];
  const problems: Diagnostic[] = [];
  for (const [index, text] of texts.entries()) {
    const parsed = parseModule({ name: `test-${index}.rego`, text }, { version, annotations: annotationReader });
    if (parsed.ok) modules.push(parsed.value);
    else problems.push(...parsed.diagnostics);
  }
  if (problems.length > 0) return problems;
  // `opa check` compiles print calls too.
  const checked = checkProgram({ modules, queries: {}, print: true, strict });
  return checked.ok ? [] : checked.diagnostics.filter((diagnostic) => diagnostic.severity === "error");
}

/** Row 0 is an error without a place. */
function wantedKey(error: Value): string {
  const row = field(error, "row");
  return `${stringField(error, "code") ?? ""} ${typeof row === "number" && row !== 0 ? row : ""}`;
}

function givenKey(diagnostic: Diagnostic): string {
  const { span, code } = diagnostic;
  return `${code} ${span === undefined ? "" : positionAt(span.source, span.start).row}`;
}
