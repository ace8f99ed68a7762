import { readNumber } from "../runtime/number.ts";
import { isArray, isNumber, isObject, isSet, typeName, type TypeName } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import { quote } from "../runtime/text.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail } from "./failure.ts";
import type { Family } from "./family.ts";
import { failType } from "./operand.ts";

/** Types of values, and casts between them. */
export const types: Family = new Map<string, BuiltinFunction>([
  ["type_name", (_context, value: Value) => typeName(value)],
  ["is_null", (_context, value: Value) => value === null],
  ["is_boolean", (_context, value: Value) => typeof value === "boolean"],
  ["is_number", (_context, value: Value) => isNumber(value)],
  ["is_string", (_context, value: Value) => typeof value === "string"],
  ["is_array", (_context, value: Value) => isArray(value)],
  ["is_object", (_context, value: Value) => isObject(value)],
  ["is_set", (_context, value: Value) => isSet(value)],
  ["to_number", toNumber],
  ["cast_null", cast("null")],
  ["cast_boolean", cast("boolean")],
  ["cast_string", cast("string")],
  ["cast_object", cast("object")],
  ["cast_array", (_context, value: Value) => (isSet(value) ? value.values() : castCollection(value))],
  ["cast_set", (_context, value: Value) => (isArray(value) ? new RegoSet(value) : castCollection(value))],
]);

function cast(wanted: TypeName): BuiltinFunction {
  return (_context, value: Value) => (typeName(value) === wanted ? value : failType(1, value, wanted));
}

function castCollection(value: Value): Value {
  return isArray(value) || isSet(value) ? value : failType(1, value, "array", "set");
}

const float = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

function toNumber(_context: BuiltinContext, value: Value): Value {
  if (value === null) return 0;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (isNumber(value)) return value;
  if (typeof value !== "string") failType(1, value, "null", "boolean", "number", "string");
  if (/^[+-]*(?:inf|infinity|nan)$/i.test(value)) failType(1, value, "valid number string");
  if (!float.test(value)) fail(`strconv.ParseFloat: parsing ${quote(value)}: invalid syntax`);
  if (!Number.isFinite(Number(value))) fail(`strconv.ParseFloat: parsing ${quote(value)}: value out of range`);
  return readNumber(value) ?? fail("invalid number: number too big");
}
