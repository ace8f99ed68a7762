import type { Operand } from "../plan/plan.ts";
import type { Shape } from "../plan/shapes.ts";
import { emitObject } from "./constant.ts";
import { type Code, join, js, optionalProperty } from "./fragment.ts";
import type { FunctionUnit } from "./function-unit.ts";
import { isOrdinaryName } from "./ordinary-name.ts";

/** A recipe as an expression, in a context (`c`, or what a `with` made of it). */
export function emitOperand(fn: FunctionUnit, context: Code, operand: Operand): Code {
  const { unit } = fn;
  switch (operand.kind) {
    case "constant":
      return unit.constant(operand.term);
    case "local":
      return fn.local(operand);
    case "input":
      return js`${context}.input`;
    case "base":
      return emitBase(fn, context, operand.path);
    case "document":
      return js`${unit.document(operand.group)}(${context})`;
    case "extent":
      return js`${unit.use(operand.node, unit.interior(operand.node))}(${context})`;
    case "child": {
      const key = emitOperand(fn, context, operand.key);
      return js`${unit.child(operand.node, operand.suffix)}(${context}, ${key})`;
    }
    case "entry":
      return emitEntry(fn, context, operand.group, operand.keys);
    case "lookup":
      return emitLookup(fn, context, operand.of, operand.key);
    case "array":
      return js`[${join(operands(fn, context, operand.items), ", ")}]`;
    case "set":
      return js`${unit.runtime("setOf")}([${join(operands(fn, context, operand.items), ", ")}])`;
    case "object":
      return emitObject(
        unit,
        operand.entries.map(([key, value]) => ({
          name: key.kind === "constant" && key.term.kind === "string" ? key.term.value : undefined,
          key: emitOperand(fn, context, key),
          value: emitOperand(fn, context, value),
        })),
      );
  }
}

function operands(fn: FunctionUnit, context: Code, items: readonly Operand[]): Code[] {
  return items.map((item) => emitOperand(fn, context, item));
}

function emitBase(fn: FunctionUnit, context: Code, path: readonly string[]): Code {
  let code = js`${context}.data`;
  for (const name of path) code = emitField(fn, code, name, fn.unit.plain, true);
  return code;
}

function emitLookup(fn: FunctionUnit, context: Code, of: Operand, key: Operand): Code {
  const from = emitOperand(fn, context, of);
  if (key.kind === "constant" && key.term.kind === "string") {
    return emitField(fn, from, key.term.value, shapeOf(fn, of) === "plain", isStored(of));
  }
  return js`${fn.unit.runtime(readerOf(isStored(of)))}(${from}, ${emitOperand(fn, context, key)})`;
}

/** What a document has at keys: by a function of its own where the rest of the document may matter. */
function emitEntry(fn: FunctionUnit, context: Code, group: string, keys: readonly Operand[]): Code {
  const entry = fn.unit.entry(group, keys.length);
  if (entry !== undefined) return js`${entry}(${join([context, ...operands(fn, context, keys)], ", ")})`;
  return emitOperand(
    fn,
    context,
    keys.reduce<Operand>((of, key) => ({ kind: "lookup", of, key }), { kind: "document", group }),
  );
}

/** Whether a value is read straight from base data, where paths are texts: `data.x[2]` also finds the key `"2"`. */
function isStored(operand: Operand): boolean {
  return operand.kind === "base" || (operand.kind === "lookup" && isStored(operand.of));
}

/**
 * Reads a name. Of plain JSON `of?.name` says it, since no array, string or number has a property that is called like
 * an ordinary field; anything else goes through `lookup`.
 */
function emitField(fn: FunctionUnit, of: Code, name: string, plain: boolean, stored: boolean): Code {
  if (plain && isOrdinaryName(name)) return optionalProperty(of, name);
  return js`${fn.unit.runtime(readerOf(stored))}(${of}, ${name})`;
}

function readerOf(stored: boolean): "lookup" | "lookupStored" {
  return stored ? "lookupStored" : "lookup";
}

/** What is known of a value. */
export function shapeOf(fn: FunctionUnit, operand: Operand): Shape {
  switch (operand.kind) {
    case "input":
    case "base":
      return fn.unit.plain ? "plain" : "any";
    case "lookup":
      return shapeOf(fn, operand.of) === "any" ? "any" : "plain";
    case "local":
      return fn.shapeOf(operand);
    case "document":
      return fn.unit.shapes.results.get(operand.group) ?? "any";
    case "entry":
      return (fn.unit.shapes.results.get(operand.group) ?? "any") === "any" ? "any" : "plain";
    case "constant":
    case "extent":
    case "child":
    case "array":
    case "set":
    case "object":
      return "any";
  }
}
