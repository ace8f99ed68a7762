/** What is wrong with policies and files, as OPA's commands say it: in text and in JSON. */
import { formatDiagnostic, positionAt, type Diagnostic, type EvaluationError } from "@portcullis/rego";
import { List, Struct } from "./document.ts";

/** One thing that is wrong: with the text of a policy, with a file, or with an evaluation. */
export interface Problem {
  /** As a line of text says it. */
  readonly text: string;
  readonly json: Struct;
}

/** Some problems, and what they came up in (`during loading`). */
export interface Problems {
  readonly problems: readonly Problem[];
  readonly during?: "loading";
}

/** A diagnostic as OPA shows it; one without a place is of the file as a whole, where there is one. */
export function diagnosticProblem(diagnostic: Diagnostic, file?: string): Problem {
  const { code, message, span, details } = diagnostic;
  const fields: [string, Struct | string][] = [
    ["message", message],
    ["code", code],
  ];
  if (span === undefined) {
    if (file !== undefined) fields.push(["location", locationOf(file, { row: 0, column: 0 })]);
    const place = file === undefined ? "" : `${file}:0: `;
    return { text: place + textOf(diagnostic), json: new Struct(fields) };
  }
  fields.push(["location", locationOf(span.source.name, positionOf(diagnostic))]);
  if (diagnostic.excerpt !== true) {
    if (details !== undefined) fields.push(["details", details.join("\n")]);
    return { text: textOf(diagnostic), json: new Struct(fields) };
  }
  const { line, index } = excerptOf(span.source.text, span.start);
  fields.push([
    "details",
    new Struct([
      ["line", line],
      ["idx", index],
    ]),
  ]);
  return { text: textOf({ ...diagnostic, details: markedLine(line, index) }), json: new Struct(fields) };
}

/** An error of an evaluation. */
export function evaluationProblem(error: EvaluationError): Problem {
  const { code, message, span } = error;
  const fields: [string, Struct | string][] = [
    ["message", message],
    ["code", code],
  ];
  if (span === undefined) return { text: `${code}: ${message}`, json: new Struct(fields) };
  const position = positionAt(span.source, span.start);
  fields.push(["location", locationOf(span.source.name, position)]);
  const place = span.source.name === "" ? `${position.row}:${position.column}` : `${span.source.name}:${position.row}`;
  return { text: `${place}: ${code}: ${message}`, json: new Struct(fields) };
}

/** Anything else, such as a file that cannot be read. */
export function plainProblem(text: string): Problem {
  return { text, json: new Struct([["message", text]]) };
}

/** The text for people: one line for one problem, else a count and a line each. */
export function problemsText({ problems, during }: Problems): string {
  const texts = problems.map(({ text }) => text);
  const where = during === undefined ? "" : ` during ${during}`;
  if (texts.length === 1) return `1 error occurred${where}: ${texts[0]}`;
  return `${texts.length} errors occurred${where}:\n${texts.join("\n")}`;
}

/** A query has no name: its rows and columns stand alone. */
function textOf(diagnostic: Diagnostic): string {
  const { span } = diagnostic;
  if (span === undefined || span.source.name !== "") return formatDiagnostic(diagnostic);
  const { row, column } = positionOf(diagnostic);
  const { code, message, details = [] } = diagnostic;
  return `${row}:${column}: ${code}: ${[message, ...details].join("\n\t")}`;
}

function locationOf(file: string, { row, column }: { readonly row: number; readonly column: number }): Struct {
  return new Struct([
    ["file", file],
    ["row", row],
    ["col", column],
  ]);
}

/** At the end of the text OPA is one column behind. */
function positionOf({ span, excerpt }: Diagnostic): { readonly row: number; readonly column: number } {
  if (span === undefined) return { row: 0, column: 0 };
  const position = positionAt(span.source, span.start);
  const atEnd = excerpt === true && span.start >= span.source.text.length;
  return atEnd ? { row: position.row, column: position.column - 1 } : position;
}

const space = /\s/;
const newline = /[\r\n]/;

/** The line of the last thing written before or at an offset, and where in it that is, in bytes. */
function excerptOf(text: string, offset: number): { readonly line: string; readonly index: number } {
  let at = Math.max(0, Math.min(offset, text.length - 1));
  while (at > 0 && space.test(text.charAt(at))) at -= 1;
  let begin = at;
  while (begin > 0 && !newline.test(text.charAt(begin))) begin -= 1;
  if (newline.test(text.charAt(begin))) begin += 1;
  let end = at;
  while (end < text.length && !newline.test(text.charAt(end))) end += 1;
  begin = Math.min(begin, end);
  return { line: text.slice(begin, end), index: new TextEncoder().encode(text.slice(begin, at)).length };
}

function markedLine(line: string, index: number): readonly string[] {
  const shown = line.replace(/^\t+/, "");
  return [shown, `${" ".repeat(Math.max(0, index - (line.length - shown.length)))}^`];
}

/** The JSON for programs: `{"errors": […]}`. */
export function problemsDocument({ problems }: Problems): Struct {
  return new Struct([["errors", new List(problems.map(({ json }) => json))]]);
}
