/** What is there before a body runs, and is only read: the input, base data, parameters, and what they have at names. */
import { termKey } from "../check/term-key.ts";
import type { Operand } from "./plan.ts";

/** The operand in terms of what is there before the body runs, or undefined where it is not. */
export function readOf(
  operand: Operand,
  values: ReadonlyMap<number, Operand>,
  params: ReadonlySet<number>,
): Operand | undefined {
  if (operand.kind === "local") {
    if (params.has(operand.id)) return operand;
    const value = values.get(operand.id);
    return value === undefined ? undefined : readOf(value, values, params);
  }
  if (operand.kind === "input" || operand.kind === "base") return operand;
  if (operand.kind !== "lookup" || operand.key.kind !== "constant") return undefined;
  const of = readOf(operand.of, values, params);
  return of === undefined ? undefined : { kind: "lookup", of, key: operand.key };
}

/** The same text for the same read. */
export function readText(operand: Operand): string | undefined {
  switch (operand.kind) {
    case "input":
      return "input";
    case "base":
      return operand.path.reduce((text, name) => `${text}[${JSON.stringify(name)}]`, "data");
    case "local":
      return `parameter ${operand.id}`;
    case "lookup": {
      const of = readText(operand.of);
      return of === undefined || operand.key.kind !== "constant" ? undefined : `${of}[${termKey(operand.key.term)}]`;
    }
    default:
      return undefined;
  }
}
