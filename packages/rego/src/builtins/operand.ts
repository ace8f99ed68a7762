/** Operands of the type that a builtin wants, or its failure in OPA's words. */
import { integerOf, machineInteger, type Numeric } from "../runtime/number.ts";
import type { RegoObject } from "../runtime/object.ts";
import { isArray, isNumber, isObject, isSet, typeName } from "../runtime/order.ts";
import type { RegoSet } from "../runtime/set.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import { failOperand } from "./failure.ts";

/** The operand is of none of the types that it may have. */
export function failType(position: number, got: Value, ...expected: readonly string[]): never {
  const wanted = expected.length === 1 ? (expected[0] ?? "") : `one of {${expected.join(", ")}}`;
  failOperand(position, `must be ${wanted} but got ${typeName(got)}`);
}

/** An element of the operand is of none of the types that it may have. */
export function failElement(position: number, composite: Value, got: Value, ...expected: readonly string[]): never {
  const outer = typeName(composite);
  const wanted = expected.length === 1 ? `${expected[0]}s` : `(any of) {${expected.join(", ")}}`;
  failOperand(position, `must be ${outer} of ${wanted} but got ${outer} containing ${typeName(got)}`);
}

export function stringOperand(value: Value, position: number): string {
  return typeof value === "string" ? value : failType(position, value, "string");
}

export function numberOperand(value: Value, position: number): Numeric {
  return isNumber(value) ? value : failType(position, value, "number");
}

export function arrayOperand(value: Value, position: number): readonly Value[] {
  return isArray(value) ? value : failType(position, value, "array");
}

export function setOperand(value: Value, position: number): RegoSet {
  return isSet(value) ? value : failType(position, value, "set");
}

export function objectOperand(value: Value, position: number): RegoObject | PlainObject {
  return isObject(value) ? value : failType(position, value, "object");
}

/** A machine integer: `3` and `3.0`, but not `3e0`. */
export function machineIntegerOperand(value: Value, position: number): bigint {
  return (
    machineInteger(numberOperand(value, position)) ??
    failOperand(position, "must be integer number but got floating-point number")
  );
}

/** A machine integer as a number, for where lengths and positions are meant: past 2^53 it no longer matters. */
export function countOperand(value: Value, position: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  return Number(machineIntegerOperand(value, position));
}

/** An integer of any size. */
export function integerOperand(value: Value, position: number): bigint {
  if (!isNumber(value)) failType(position, value, "integer");
  return integerOf(value) ?? failOperand(position, "must be integer number but got floating-point number");
}

/** The strings of an array or set. */
export function stringsOperand(value: Value, position: number): readonly string[] {
  const items = isArray(value) ? value : isSet(value) ? value.values() : failType(position, value, "array", "set");
  return items.map((item) => (typeof item === "string" ? item : failElement(position, value, item, "string")));
}
