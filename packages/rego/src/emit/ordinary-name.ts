import { Decimal } from "../runtime/decimal.ts";

/**
 * Whether no value but a plain object can have a property of this name: so that `x?.name` asks for a key and nothing
 * else. Every name that the prototypes of values know is out, and every index.
 */
export function isOrdinaryName(name: string): boolean {
  return !known.has(name) && !index.test(name);
}

/** What an array or a string has an element at. */
const index = /^[0-9]+$/;

const known: ReadonlySet<string> = new Set(
  [Object.prototype, Array.prototype, String.prototype, Number.prototype, Boolean.prototype, BigInt.prototype]
    .flatMap((prototype: object) => Object.getOwnPropertyNames(prototype))
    .concat(ownAndInherited(new Decimal(1n, 0, "1.0")), "length", "__proto__"),
);

function ownAndInherited(value: object): string[] {
  const names: string[] = [];
  for (let at: unknown = value; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at));
  }
  return names;
}
