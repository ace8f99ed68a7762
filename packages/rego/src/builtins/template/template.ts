import { readJSON } from "../../runtime/json-reader.ts";
import type { Value } from "../../runtime/value.ts";
import { valueToText } from "../../runtime/value-text.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { objectOperand, stringOperand } from "../operand.ts";
import { datumOf } from "./datum.ts";
import { executeTemplate } from "./execute.ts";
import { FUNCTIONS } from "./functions.ts";
import { parseTemplate } from "./tree.ts";

/** strings.render_template: Go's text templates. */
export const template: Family = new Map<string, BuiltinFunction>([["strings.render_template", render]]);

const NAMES: ReadonlySet<string> = new Set(FUNCTIONS.keys());

function render(context: BuiltinContext, text: Value, variables: Value): Value {
  const source = stringOperand(text, 1);
  // The variables go to Go as JSON, which is their Rego text: where that is none, they do not get there.
  const data = readJSON(valueToText(objectOperand(variables, 2)));
  if ("error" in data) fail(data.error);
  context.charge(source.length >> 2);
  const made = executeTemplate(context, parseTemplate(source, NAMES), datumOf(data.value));
  return made.replaceAll("<no value>", "<undefined>");
}
