/** The conditions under which a body is gone through. */
import type { Operand, Want } from "../plan/plan.ts";
import { type Code, join, js } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";
import { emitOperand } from "./operand.ts";
import type { Unit } from "./unit.ts";

/** What is true where a value is not admitted. */
export function emitRefusal(fn: FunctionUnit, context: Code, of: Operand, wants: readonly Want[]): Code {
  const value = emitOperand(fn, context, of);
  const [only, ...more] = wants;
  if (only === undefined) return js`${value} === undefined`;
  if (only.kind === "same" && more.length === 0) {
    const { term } = only;
    const constant = fn.unit.constant(term);
    // Numbers have more than one form; anything else that is a scalar is the same where it is identical.
    if (term.kind !== "number") return js`${value} !== ${constant}`;
    return js`!${fn.unit.runtime("equal")}(${value}, ${constant})`;
  }
  return js`!${wanted(fn.unit, wants)}.admit(${value})`;
}

/** What is true where a collection of base data is there and lacks a key that is there, or one of them is not. */
export function emitLack(fn: FunctionUnit, context: Code, key: Operand, collection: Operand): Code {
  const args = [key, collection].map((operand) => emitOperand(fn, context, operand));
  return js`!${fn.unit.runtime("hasKey")}(${join(args, ", ")})`;
}

function wanted(unit: Unit, wants: readonly Want[]): Code {
  const of = (kind: Want["kind"], code: (want: Want) => Code): Code =>
    js`[${join(wants.filter((want) => want.kind === kind).map(code), ", ")}]`;
  const term = (want: Want): Code => ("term" in want ? unit.constant(want.term) : js`null`);
  const text = (want: Want): Code => ("text" in want ? js`${want.text}` : js`null`);
  const parts = (want: Want): Code => {
    if (want.kind !== "parts") return js`null`;
    const items = want.parts.map((part) => (part === undefined ? js`undefined` : unit.constant(part)));
    const cut = want.delimiters === undefined ? js`` : js`, delimiters: ${want.delimiters}`;
    return js`{ parts: [${join(items, ", ")}]${cut} }`;
  };
  const lists = [of("same", term), of("member", term), of("prefix", text), of("suffix", text), of("parts", parts)];
  return unit.hoist(js`new ${unit.runtime("Wants")}(${join(lists, ", ")})`);
}
