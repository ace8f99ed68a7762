import { isArray, isObject, isSet, objectSize } from "../runtime/order.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";

/**
 * What a builtin throws where it has no answer. Not an Error: policies meet these in numbers (`startswith` of a number),
 * and a stack trace each would be most of the cost.
 */
export class BuiltinFailure {
  readonly code: "eval_builtin_error" | "eval_type_error";
  readonly message: string;

  constructor(code: "eval_builtin_error" | "eval_type_error", message: string) {
    this.code = code;
    this.message = message;
  }
}

/** Ends a builtin: its answer could not be found. */
export function fail(message: string): never {
  throw new BuiltinFailure("eval_builtin_error", message);
}

/** Ends a builtin: an operand is not what it must be. */
export function failOperand(position: number, message: string): never {
  throw new BuiltinFailure("eval_type_error", `operand ${position} ${message}`);
}

/** What an answer costs: by its length, whatever it holds. */
function sizeOf(answer: Value | undefined): number {
  if (typeof answer === "string") return answer.length >> 6;
  if (answer === undefined || !isComposite(answer)) return 0;
  return (
    (isArray(answer) ? answer.length : isSet(answer) ? answer.size : isObject(answer) ? objectSize(answer) : 0) >> 2
  );
}

function isComposite(value: Value): boolean {
  return typeof value === "object" && value !== null;
}

/**
 * The builtin as evaluation calls it: what it throws becomes a recorded error under its name, and what it makes is
 * charged. One that makes much of little charges before it does.
 */
export function guard(name: string, implementation: BuiltinFunction): BuiltinFunction {
  return (context: BuiltinContext, ...args: Value[]): Value | undefined => {
    try {
      const answer = implementation(context, ...args);
      context.charge(sizeOf(answer));
      return answer;
    } catch (failure) {
      if (failure instanceof BuiltinFailure) {
        // A message is text for people: bytes outside UTF-8 are the sign of replacement in it.
        return context.fail(failure.code, `${name}: ${failure.message}`.toWellFormed());
      }
      // The engine's own limits (depth of the stack, size of a string): no answer may be taken for undefined then.
      if (failure instanceof RangeError) return context.halt("eval_builtin_error", `${name}: ${failure.message}`);
      throw failure;
    }
  };
}
