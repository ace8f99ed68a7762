import { isArray } from "../../runtime/order.ts";
import { objectEntries, type RegoObject } from "../../runtime/object.ts";
import type { PlainObject, Value } from "../../runtime/value.ts";
import { fail } from "../failure.ts";

/** What verification reads of a token's header. */
export interface Header {
  readonly algorithm: string;
  readonly keyId: string;
  readonly contentType: string;
  /** Whether an algorithm is named, and nothing critical is unknown. */
  readonly valid: boolean;
}

const known = new Set(["alg", "kid", "typ", "cty", "crit"]);

export function readHeader(decoded: RegoObject | PlainObject): Header {
  const texts = new Map<string, string>();
  const unknown: string[] = [];
  let critical: readonly Value[] = [];
  for (const [key, value] of objectEntries(decoded)) {
    const name = String(key); // JSON has no other keys
    if (!known.has(name)) unknown.push(name);
    else if (name === "crit") critical = criticalNames(value);
    else texts.set(name, typeof value === "string" ? value : fail(`${name}: must be a string`));
  }
  const algorithm = texts.get("alg") ?? "";
  return {
    algorithm,
    keyId: texts.get("kid") ?? "",
    contentType: texts.get("cty") ?? "",
    valid: algorithm !== "" && !unknown.some((name) => critical.includes(name)),
  };
}

function criticalNames(value: Value): readonly Value[] {
  if (!isArray(value)) return fail("crit: must be a list");
  // What follows an element that is no string is not read.
  const end = value.findIndex((name) => typeof name !== "string");
  const names = end === -1 ? value : value.slice(0, end);
  return names.length === 0 ? fail("crit: must be a nonempty list") : names;
}
