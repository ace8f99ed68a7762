import { readJSON } from "../../runtime/json-reader.ts";
import type { Value } from "../../runtime/value.ts";
import { valueToText } from "../../runtime/value-text.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { objectOperand, stringOperand } from "../operand.ts";
import { execute } from "./executor.ts";
import { concreteOf, invalidValue } from "./go-value.ts";
import { parseTemplates } from "./parser.ts";
import { TemplateError } from "./template-error.ts";

/** strings.render_template: Go's text/template over what Go reads of the variables' text as JSON. */
export const template: Family = new Map<string, BuiltinFunction>([["strings.render_template", render]]);

const nameForm = "template";

function render(context: BuiltinContext, given: Value, variables: Value): Value {
  const text = stringOperand(given, 1);
  // Values are read back from their text, as OPA does: where that is no JSON, as with sets, there is an error.
  const data = readJSON(valueToText(objectOperand(variables, 2)));
  if ("error" in data) return fail(data.error);
  context.charge(text.length >> 2);
  try {
    const templates = parseTemplates(nameForm, text);
    const written = execute(context, { name: nameForm, text, templates }, concreteOf(data.value) ?? invalidValue);
    return written.replaceAll("<no value>", "<undefined>");
  } catch (error) {
    if (error instanceof TemplateError) fail(error.message);
    throw error;
  }
}
