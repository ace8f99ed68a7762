import { type Diagnostic, formatDiagnostic, formatDiagnostics } from "../diagnostics.ts";
import { excerptOf, markedLines } from "../excerpt.ts";
import { positionAt, type Source } from "../source.ts";

/** All errors as OPA words them together; those of the grammar show the line that they are in. */
export function describeErrors(source: Source, diagnostics: readonly Diagnostic[]): string {
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
