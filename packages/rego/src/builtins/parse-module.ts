import { readJSON } from "../runtime/json-reader.ts";
import type { Value } from "../runtime/value.ts";
import { moduleToJson } from "../syntax/json.ts";
import { describeErrors } from "../syntax/describe-errors.ts";
import { parseModule } from "../syntax/parse.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail } from "./failure.ts";
import type { Family } from "./family.ts";
import { stringOperand } from "./operand.ts";

/** rego.parse_module, a module's tree as OPA's JSON; and what answers for annotations where there is no rule. */
export const parseModuleFamily: Family = new Map<string, BuiltinFunction>([
  ["rego.parse_module", parse],
  ["rego.metadata.chain", outsideRules("rego.metadata.chain")],
  ["rego.metadata.rule", outsideRules("rego.metadata.rule")],
]);

/** In rules these calls are replaced by their answers; one that is left stands in a query. */
function outsideRules(name: string): BuiltinFunction {
  return () => fail(`the ${name} function must only be called within the scope of a rule`);
}

function parse(context: BuiltinContext, name: Value, text: Value): Value {
  const source = { name: stringOperand(name, 1), text: stringOperand(text, 1) };
  context.charge(source.text.length);
  const parsed = parseModule(source);
  if (!parsed.ok) return fail(describeErrors(source, parsed.diagnostics));
  const tree = readJSON(moduleToJson(parsed.value));
  if ("error" in tree) throw new Error(`a module's tree is not JSON: ${tree.error}`);
  return tree.value;
}
