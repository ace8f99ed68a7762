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

/** A hash of the prototypes of the language: another one means that somebody wrote into them. */
export function hashOfPrototypes(): string {
  const hash = createHash("sha256");
  for (const [name, root] of Object.entries(roots)) {
    for (const key of Reflect.ownKeys(root)) {
      const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(root, key) ?? {};
      const shown = typeof value === "function" ? Function.prototype.toString.call(value) : typeof value;
      hash.update(`${name}.${String(key)} ${shown} ${String(get)} ${String(set)} ${JSON.stringify(flags)}\n`);
    }
    hash.update(String(Object.getPrototypeOf(root) === Object.prototype));
  }
  hash.update(Reflect.ownKeys(globalThis).map(String).join());
  return hash.digest("hex");
}
