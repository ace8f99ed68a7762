/** Ground terms as JavaScript. */
import type { Term } from "../syntax/ast.ts";
import { type Code, join, js } from "./fragment.ts";
import type { RuntimeName } from "./runtime-names.ts";

/** The module that a constant stands in, as far as it must be known: it notes which of our functions are called. */
export interface RuntimeCaller {
  runtime(name: RuntimeName): Code;
}

/** Whether a term is cheap enough to stand where it is used. */
export function isLiteral(term: Term): boolean {
  switch (term.kind) {
    case "null":
    case "boolean":
    case "string":
      return true;
    case "number":
      return plainNumber(term.text) !== undefined;
    default:
      return false;
  }
}

/** A number that a literal holds exactly and prints as it was written. */
export function plainNumber(text: string): number | undefined {
  if (text.length > 15) return undefined;
  const number = Number(text);
  return String(number) === text && Number.isFinite(number) ? number : undefined;
}

/** The same text for the same constant. */
export function constantKey(term: Term): string {
  switch (term.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(term.value);
    case "number":
      return term.text;
    case "string":
      return JSON.stringify(term.value);
    case "array":
    case "set":
      return `${term.kind}(${term.items.map(constantKey).join()})`;
    case "object":
      return `object(${term.entries.map(([key, value]) => `${constantKey(key)}:${constantKey(value)}`).join()})`;
    default:
      throw new Error(`not a constant: ${term.kind}`);
  }
}

/** A ground term's value as an expression. */
export function emitConstant(unit: RuntimeCaller, term: Term): Code {
  switch (term.kind) {
    case "null":
      return js`null`;
    case "boolean":
    case "string":
      return js`${term.value}`;
    case "number": {
      const plain = plainNumber(term.text);
      return plain === undefined ? js`${unit.runtime("numberOf")}(${term.text})` : js`${plain}`;
    }
    case "array":
      return js`[${join(items(unit, term.items), ", ")}]`;
    case "set":
      return js`${unit.runtime("setOf")}([${join(items(unit, term.items), ", ")}])`;
    case "object":
      return emitObject(
        unit,
        term.entries.map(([key, value]) => ({
          name: key.kind === "string" ? key.value : undefined,
          key: emitConstant(unit, key),
          value: emitConstant(unit, value),
        })),
      );
    default:
      throw new Error(`not a constant: ${term.kind}`);
  }
}

function items(unit: RuntimeCaller, terms: readonly Term[]): Code[] {
  return terms.map((item) => emitConstant(unit, item));
}

/** An entry of an object: its key, and the name that the key is where it is a string known when compiling. */
export interface ObjectEntry {
  readonly name: string | undefined;
  readonly key: Code;
  readonly value: Code;
}

/** An object: a literal where all keys are names, else one with keys of any kind. */
export function emitObject(unit: RuntimeCaller, entries: readonly ObjectEntry[]): Code {
  if (entries.every((entry) => entry.name !== undefined)) {
    // `__proto__` in a literal would set the prototype; in brackets it is a key like others.
    const parts = entries.map(({ name, key, value }) =>
      name === "__proto__" ? js`[${key}]: ${value}` : js`${name ?? ""}: ${value}`,
    );
    return parts.length === 0 ? js`{}` : js`{ ${join(parts, ", ")} }`;
  }
  const pairs = entries.map(({ key, value }) => js`[${key}, ${value}]`);
  return js`${unit.runtime("objectOf")}([${join(pairs, ", ")}])`;
}
