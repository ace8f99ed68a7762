/** What a rule index asks of a value before a body runs. */
import { elements, lookup } from "./collection.ts";
import { equal, isArray, isObject, isSet } from "./order.ts";
import { partsOf } from "./parts.ts";
import { RegoSet } from "./set.ts";
import type { Value } from "./value.ts";

/** An array by its parts, of which some may be anything; a text is cut at the delimiters first. */
export interface Parts {
  readonly parts: readonly (Value | undefined)[];
  readonly delimiters?: string;
}

/** Any of these is enough: to be one of the values, to hold one, to begin or end with a text, to be of such parts. */
export class Wants {
  readonly #same: RegoSet;
  readonly #members: RegoSet;
  readonly #prefixes: readonly string[];
  readonly #suffixes: readonly string[];
  readonly #parts: readonly Parts[];

  constructor(
    same: readonly Value[],
    members: readonly Value[],
    prefixes: readonly string[],
    suffixes: readonly string[],
    parts: readonly Parts[],
  ) {
    this.#same = new RegoSet(same);
    this.#members = new RegoSet(members);
    this.#prefixes = prefixes;
    this.#suffixes = suffixes;
    this.#parts = parts;
  }

  /** Whether a value is what is wanted. */
  admit(value: Value | undefined): boolean {
    if (value === undefined) return false;
    if (this.#same.size > 0 && this.#same.has(value)) return true;
    if (this.#members.size > 0 && elements(value).some((element) => this.#members.has(element))) return true;
    if (this.#prefixes.length > 0 && someText(value, (text) => this.#prefixes.some((one) => text.startsWith(one)))) {
      return true;
    }
    if (this.#suffixes.length > 0 && someText(value, (text) => this.#suffixes.some((one) => text.endsWith(one)))) {
      return true;
    }
    return this.#parts.some((one) => isOf(value, one));
  }
}

/** Whether a text, or one of the texts in a collection, is such. */
function someText(value: Value, claim: (text: string) => boolean): boolean {
  if (typeof value === "string") return claim(value);
  return elements(value).some((element) => typeof element === "string" && claim(element));
}

function isOf(value: Value, { parts, delimiters }: Parts): boolean {
  const items =
    typeof value === "string" && delimiters !== undefined
      ? partsOf(value, delimiters)
      : isArray(value)
        ? value
        : undefined;
  if (items?.length !== parts.length) return false;
  return parts.every((part, at) => {
    const item = items[at];
    return part === undefined || (item !== undefined && equal(part, item));
  });
}

/** Whether a collection of base data has a key; an array is not asked, and keeps the rule. */
export function hasKey(key: Value | undefined, collection: Value | undefined): boolean {
  if (key === undefined || collection === undefined) return false;
  if (!isSet(collection) && !isObject(collection)) return true;
  return lookup(collection, key) !== undefined;
}
