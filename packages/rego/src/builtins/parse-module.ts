import { type Diagnostic, formatDiagnostic, formatDiagnostics } from "../diagnostics.ts";
import { readJSON } from "../runtime/json-reader.ts";
import type { Value } from "../runtime/value.ts";
import { moduleToJson } from "../syntax/json.ts";
import { excerptOf, markedLines } from "../excerpt.ts";
import { positionAt, type Source } from "../source.ts";
import { parseModule } from "../syntax/parse.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail } from "./failure.ts";
import type { Family } from "./family.ts";
import { stringOperand } from "./operand.ts";

/** rego.parse_module: a module's tree as OPA's JSON. */
export const parseModuleFamily: Family = new Map<string, BuiltinFunction>([["rego.parse_module", parse]]);

function parse(context: BuiltinContext, name: Value, text: Value): Value {
  const source = { name: stringOperand(name, 1), text: stringOperand(text, 1) };
  context.charge(source.text.length);
  const parsed = parseModule(source);
  if (!parsed.ok) return fail(describe(source, parsed.diagnostics));
  const tree = readJSON(moduleToJson(parsed.value));
  if ("error" in tree) throw new Error(`a module's tree is not JSON: ${tree.error}`);
  return tree.value;
}

/** All errors as OPA words them together; those of the grammar show the line that they are in. */
function describe(source: Source, diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  // An empty module has no place to point at.
  if (first !== undefined && first.span === undefined) return `${source.name || "0"}:0: ${formatDiagnostic(first)}`;
  const shown = diagnostics.map((diagnostic): Diagnostic => {
    if (diagnostic.span === undefined || diagnostic.excerpt !== true) return diagnostic;
    return { ...diagnostic, details: markedLines(excerptOf(source.text, diagnostic.span.start)) };
  });
  if (source.name !== "") return formatDiagnostics(shown);
  const lines = shown.map((diagnostic) => nameless(source, diagnostic));
  return lines.length === 1
    ? `1 error occurred: ${lines.join("")}`
    : `${lines.length} errors occurred:\n${lines.join("\n")}`;
}

/** An error of a text without a name: row and column stand for it. At the end of the text OPA is a column behind. */
function nameless(source: Source, diagnostic: Diagnostic): string {
  const { span, code, message, details = [], excerpt } = diagnostic;
  const text = `${code}: ${[message, ...details].join("\n\t")}`;
  if (span === undefined) return text;
  const { row, column } = positionAt(source, span.start);
  const isPastEnd = excerpt === true && span.start >= source.text.length;
  return `${row}:${isPastEnd ? column - 1 : column}: ${text}`;
}
