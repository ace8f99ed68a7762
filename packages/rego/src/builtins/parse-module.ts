import { type Diagnostic, formatDiagnostic, formatDiagnostics } from "../diagnostics.ts";
import { readJSON } from "../runtime/json-reader.ts";
import type { Value } from "../runtime/value.ts";
import { moduleToJson } from "../syntax/json.ts";
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

/** Each error with the line that it is in, and a mark below the place. */
function describe(source: Source, diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  // An empty module has no place to point at.
  if (first !== undefined && first.span === undefined) return `${source.name}:0: ${formatDiagnostic(first)}`;
  return formatDiagnostics(
    diagnostics.map((diagnostic) => {
      if (diagnostic.span === undefined) return diagnostic;
      const { row, column } = positionAt(source, diagnostic.span.start);
      const line = source.text.split("\n")[row - 1] ?? "";
      return { ...diagnostic, details: [line, `${" ".repeat(column - 1)}^`] };
    }),
  );
}
