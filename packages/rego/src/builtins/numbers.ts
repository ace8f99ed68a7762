import {
  absolute,
  add,
  type ArithmeticResult,
  ceiling,
  divide,
  floor,
  multiply,
  remainder,
  round,
  subtract,
} from "../runtime/arithmetic.ts";
import { fromInteger, type Numeric } from "../runtime/number.ts";
import { isNumber, isSet } from "../runtime/order.ts";
import { difference } from "../runtime/set-operations.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail, failOperand } from "./failure.ts";
import type { Family } from "./family.ts";
import { failType, integerOperand, machineIntegerOperand, numberOperand, stringOperand } from "./operand.ts";

/** Arithmetic, bits, ranges and random integers. */
export const numbers: Family = new Map<string, BuiltinFunction>([
  ["plus", (_context, a: Value, b: Value) => add(numberOperand(a, 1), numberOperand(b, 2))],
  ["minus", minus],
  ["mul", (_context, a: Value, b: Value) => multiply(numberOperand(a, 1), numberOperand(b, 2))],
  ["div", (_context, a: Value, b: Value) => settle(divide(numberOperand(a, 1), numberOperand(b, 2)))],
  ["rem", (_context, a: Value, b: Value) => settle(remainder(numberOperand(a, 1), numberOperand(b, 2)))],
  ["abs", unary(absolute)],
  ["round", unary(round)],
  ["ceil", unary(ceiling)],
  ["floor", unary(floor)],
  ["bits.and", bits((a, b) => a & b)],
  ["bits.or", bits((a, b) => a | b)],
  ["bits.xor", bits((a, b) => a ^ b)],
  ["bits.negate", (_context, a: Value) => fromInteger(~integerOperand(a, 1))],
  ["bits.lsh", shiftLeft],
  ["bits.rsh", (_context, a: Value, b: Value) => fromInteger(integerOperand(a, 1) >> distance(b))],
  ["numbers.range", (context, a: Value, b: Value) => range(context, a, b, 1n)],
  ["numbers.range_step", rangeStep],
  ["rand.intn", randomInteger],
]);

function settle(result: ArithmeticResult): Numeric {
  return typeof result === "string" ? fail(result) : result;
}

function unary(operate: (number: Numeric) => Numeric): BuiltinFunction {
  return (_context, a: Value) => operate(numberOperand(a, 1));
}

function minus(_context: BuiltinContext, a: Value, b: Value): Value {
  if (isNumber(a)) {
    if (isNumber(b)) return subtract(a, b);
    failType(2, b, "number");
  }
  if (!isSet(a)) failType(1, a, "number", "set");
  // OPA tells of the second operand what the first was not.
  if (!isSet(b)) failType(2, b, isNumber(b) ? "set" : "number");
  return difference(a, b);
}

function bits(operate: (a: bigint, b: bigint) => bigint): BuiltinFunction {
  return (_context, a: Value, b: Value) => fromInteger(operate(integerOperand(a, 1), integerOperand(b, 2)));
}

function shiftLeft(context: BuiltinContext, a: Value, b: Value): Value {
  const integer = integerOperand(a, 1);
  const by = distance(b);
  // To print a number of so many bits takes more than their count.
  context.charge(Number(by >> 3n));
  if (by > 100_000_000n) fail("number too big");
  return fromInteger(integer << by);
}

function distance(value: Value): bigint {
  const by = integerOperand(value, 2);
  if (by < 0n) failOperand(2, "must be an unsigned integer number but got a negative integer");
  return BigInt.asUintN(64, by);
}

function rangeStep(context: BuiltinContext, a: Value, b: Value, step: Value): Value {
  const [from, to] = [integerOperand(a, 1), integerOperand(b, 2)];
  const by = integerOperand(step, 3);
  if (by <= 0n) fail("numbers.range_step: step must be a positive integer");
  return steps(context, from, to, by);
}

function range(context: BuiltinContext, a: Value, b: Value, step: bigint): Value {
  return steps(context, integerOperand(a, 1), integerOperand(b, 2), step);
}

function steps(context: BuiltinContext, from: bigint, to: bigint, by: bigint): Value {
  const items: Value[] = [];
  context.charge(Number((from < to ? to - from : from - to) / by));
  if (from <= to) for (let each = from; each <= to; each += by) items.push(fromInteger(each));
  else for (let each = from; each >= to; each -= by) items.push(fromInteger(each));
  return items;
}

function randomInteger(context: BuiltinContext, name: Value, limit: Value): Value {
  const key = stringOperand(name, 1);
  const below = machineIntegerOperand(limit, 2);
  if (below === 0n) return 0;
  const bound = below < 0n ? -below : below;
  return context.memo(`rand.intn ${key}-${bound}`, () => fromInteger(uniform(context.random(8), bound)));
}

/** An integer from 0 to below the bound, evenly from 63 random bits. */
function uniform(bytes: Uint8Array, bound: bigint): bigint {
  const bits = bytes.reduce((total, byte) => (total << 8n) | BigInt(byte), 0n);
  return BigInt.asUintN(63, bits) % bound;
}
