import { objectEntries, objectOf } from "../runtime/object.ts";
import { isArray, isNumber, isObject, isSet, typeName } from "../runtime/order.ts";
import type { Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import type { Family } from "./family.ts";
import { arrayOperand, stringOperand } from "./operand.ts";

/** What tells of the evaluation itself, and what print and template strings compile to. */
export const evaluation: Family = new Map<string, BuiltinFunction>([
  ["opa.runtime", (context) => withoutSecrets(context.runtime)],
  ["trace", trace],
  ["internal.print", print],
  ["internal.template_string", templateString],
  ["internal.test_case", () => true],
]);

/** The environment without the credentials and keys of its configuration. */
function withoutSecrets(environment: Value): Value {
  if (!isObject(environment)) return {};
  return mapEntry(environment, "config", (config) => {
    const open = mapEntry(config, "services", (services) => mapItems(services, ["credentials"]));
    return mapEntry(open, "keys", (keys) => mapItems(keys, ["key", "private_key"]));
  });
}

function mapEntry(object: Value, name: string, map: (value: Value) => Value): Value {
  if (!isObject(object)) return object;
  return objectOf(objectEntries(object).map(([key, value]) => [key, key === name ? map(value) : value]));
}

function mapItems(collection: Value, secrets: readonly string[]): Value {
  const strip = (item: Value): Value =>
    isObject(item)
      ? objectOf(objectEntries(item).filter(([key]) => typeof key !== "string" || !secrets.includes(key)))
      : item;
  if (isArray(collection)) return collection.map(strip);
  if (!isObject(collection)) return collection;
  return objectOf(objectEntries(collection).map(([key, item]) => [key, strip(item)]));
}

/** Every way to take one value from each operand; an empty set stands for an undefined one. */
function combinations(context: BuiltinContext, operands: Value): readonly (readonly string[])[] {
  let lines: readonly (readonly string[])[] = [[]];
  for (const operand of arrayOperand(operands, 1)) {
    const texts = textsOf(context, operand);
    lines = lines.flatMap((line) => texts.map((text) => [...line, text]));
    context.charge(lines.length);
  }
  return lines;
}

function textsOf(context: BuiltinContext, operand: Value): readonly string[] {
  if (isSet(operand)) return operand.size === 0 ? ["<undefined>"] : operand.values().map(plainText);
  if (operand === null || typeof operand === "boolean" || typeof operand === "string" || isNumber(operand)) {
    return [plainText(operand)];
  }
  return context.halt("eval_internal_error", `illegal argument type: ${typeName(operand)}`);
}

function plainText(value: Value): string {
  return typeof value === "string" ? value : valueToText(value);
}

function print(context: BuiltinContext, operands: Value): Value {
  if (context.print !== undefined) {
    for (const line of combinations(context, operands)) context.print(line.join(" "));
  }
  return true;
}

function trace(context: BuiltinContext, message: Value): Value {
  const text = stringOperand(message, 1);
  context.note?.(text);
  return true;
}

function templateString(context: BuiltinContext, operands: Value): Value {
  const [first = [], ...others] = combinations(context, operands);
  if (others.length > 0) {
    context.halt("eval_conflict_error", "template-strings must not produce multiple outputs");
  }
  return first.join("");
}
