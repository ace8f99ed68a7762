import { createHash } from "node:crypto";

/** What every object of JavaScript inherits from, and what code finds without naming a module. */
const roots: Readonly<Record<string, object>> = {
  Object: Object.prototype,
  Function: Function.prototype,
  Array: Array.prototype,
  String: String.prototype,
  Number: Number.prototype,
  Boolean: Boolean.prototype,
  BigInt: BigInt.prototype,
  Symbol: Symbol.prototype,
  RegExp: RegExp.prototype,
  Date: Date.prototype,
  Error: Error.prototype,
  Map: Map.prototype,
  Set: Set.prototype,
  WeakMap: WeakMap.prototype,
  Promise: Promise.prototype,
  Uint8Array: Uint8Array.prototype,
  JSON,
  Math,
  Reflect,
};

/** The prototypes of the language, a line for each thing in them; each with a hash, since functions are long. */
export function shapeOfPrototypes(): readonly string[] {
  const lines: string[] = [];
  for (const [name, root] of Object.entries(roots)) {
    for (const key of Reflect.ownKeys(root)) {
      const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(root, key) ?? {};
      const shown = typeof value === "function" ? Function.prototype.toString.call(value) : typeof value;
      const text = `${shown} ${String(get)} ${String(set)} ${JSON.stringify(flags)}`;
      lines.push(`${name}.${String(key)} ${createHash("sha256").update(text).digest("hex")}`);
    }
    lines.push(`${name} inherits from Object: ${Object.getPrototypeOf(root) === Object.prototype}`);
  }
  return [...lines, ...Reflect.ownKeys(globalThis).map((key) => `global ${String(key)}`)];
}
