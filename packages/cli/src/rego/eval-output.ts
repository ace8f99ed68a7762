/** The answers of a query, as opa eval prints them. */
import type { Value } from "@portcullis/rego";
import { writeIndentedJSON, writeJSON, type Answer } from "@portcullis/rego/tools";
import type { Terminal } from "../terminal.ts";
import { documentJson, List, Struct, type Document } from "./document.ts";
import { problemsDocument, problemsText, type Problem } from "./report.ts";
import { table } from "./table.ts";

/** The formats of opa eval that are about answers. */
export type EvalFormat = "json" | "values" | "bindings" | "pretty" | "raw" | "discard";

/** What stands beside the answers. */
export interface EvalOutput {
  readonly format: EvalFormat;
  /** Cells of tables are cut behind so many bytes. */
  readonly limit: number;
  /** Fields beside `result` in JSON. */
  readonly fields?: readonly (readonly [name: string, value: Document])[];
}

/** Prints what went wrong: as JSON where JSON was asked for, else as text. */
export function printProblems(
  problems: readonly Problem[],
  { format, fields = [] }: Pick<EvalOutput, "format" | "fields">,
  terminal: Terminal,
): void {
  if (format !== "json" && format !== "discard") {
    terminal.error(`${problemsText({ problems })}\n`);
    return;
  }
  const document = new Struct([...problemsDocument({ problems }).fields, ...fields]);
  terminal.out(`${documentJson(document)}\n`);
}

/** Prints the answers. */
export function printAnswers(answers: readonly Answer[], output: EvalOutput, terminal: Terminal): void {
  terminal.out(answersText(answers, output));
}

function answersText(answers: readonly Answer[], { format, limit, fields = [] }: EvalOutput): string {
  switch (format) {
    case "json":
    case "discard": {
      const result = format === "json" ? new List(answers.map(answerDocument)) : "discarded";
      const document = new Struct([["result", answers.length === 0 ? undefined : result], ...fields]);
      return `${documentJson(document)}\n`;
    }
    case "values":
      return answers.map((answer) => line(answer.expressions.map(({ value }) => value))).join("");
    case "bindings":
      return answers.map((answer) => line(bindingsOf(answer))).join("");
    case "raw":
      return answers.map((answer) => `${answer.expressions.map(({ value }) => rawText(value)).join(" ")}\n`).join("");
    case "pretty":
      return prettyText(answers, limit);
  }
}

function line(value: Value): string {
  return `${writeIndentedJSON(value, "", "  ")}\n`;
}

function rawText(value: Value): string {
  return typeof value === "string" ? value : writeJSON(value);
}

function answerDocument(answer: Answer): Struct {
  const { expressions, bindings } = answer;
  return new Struct([
    [
      "expressions",
      new List(
        expressions.map(({ value, text, position: { row, column } }) => {
          const location = new Struct([
            ["row", row],
            ["col", column],
          ]);
          return new Struct([
            ["value", value],
            ["text", text],
            ["location", location],
          ]);
        }),
      ),
    ],
    ["bindings", bindings.size === 0 ? undefined : bindingsOf(answer)],
  ]);
}

function bindingsOf({ bindings }: Answer): Value {
  const names = [...bindings.keys()].toSorted((left, right) => (left < right ? -1 : 1));
  return Object.fromEntries(names.map((name) => [name, bindings.get(name) ?? null]));
}

function prettyText(answers: readonly Answer[], limit: number): string {
  const [first] = answers;
  if (first === undefined) return "undefined\n";
  const [expression] = first.expressions;
  const isBoolean = first.expressions.every(({ value }) => typeof value === "boolean");
  if (answers.length === 1 && first.bindings.size === 0 && expression !== undefined) {
    if (first.expressions.length === 1 || isBoolean) return line(expression.value);
  }
  const shown = first.expressions.flatMap(({ value }, at) =>
    typeof value !== "boolean" || first.bindings.size === 0 ? [at] : [],
  );
  const names = [...first.bindings.keys()].toSorted((left, right) => (left < right ? -1 : 1));
  const header = [...shown.map((at) => first.expressions[at]?.text ?? ""), ...names];
  const rows = answers.map((answer) =>
    [
      ...shown.map((at) => answer.expressions[at]?.value ?? null),
      ...names.map((name) => answer.bindings.get(name) ?? null),
    ].map((value) => cut(writeJSON(value), limit)),
  );
  return table(header, rows);
}

function cut(text: string, limit: number): string {
  return limit > 0 && text.length > limit ? `${text.slice(0, limit)}...` : text;
}
