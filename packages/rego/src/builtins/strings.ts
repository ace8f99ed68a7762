import { floatOf, truncate } from "../runtime/float.ts";
import { numberText } from "../runtime/number.ts";
import { isArray, isSet, objectKeys, objectGet } from "../runtime/order.ts";
import { countRunes, hasNoPairs, inRunes, joined } from "../runtime/text.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { fail, failOperand } from "./failure.ts";
import type { Family } from "./family.ts";
import {
  countOperand,
  failElement,
  failType,
  numberOperand,
  objectOperand,
  stringOperand,
  stringsOperand,
} from "./operand.ts";
import { sprintf } from "./sprintf.ts";
import {
  beginsWith,
  endsWith,
  holds,
  lower,
  replaceAll,
  reverseRunes,
  splitText,
  trimBy,
  trimSpace,
  upper,
  withoutPrefix,
  withoutSuffix,
} from "./string-operations.ts";

/** Strings, by code points wherever positions or lengths are meant. */
export const strings: Family = new Map<string, BuiltinFunction>([
  ["concat", concat],
  ["contains", (_context, text: Value, part: Value) => holds(stringOperand(text, 1), stringOperand(part, 2))],
  ["startswith", (_context, text: Value, part: Value) => beginsWith(stringOperand(text, 1), stringOperand(part, 2))],
  ["endswith", (_context, text: Value, part: Value) => endsWith(stringOperand(text, 1), stringOperand(part, 2))],
  ["format_int", formatInteger],
  ["indexof", indexOf],
  ["indexof_n", indexesOf],
  ["lower", (_context, text: Value) => lower(stringOperand(text, 1))],
  ["upper", (_context, text: Value) => upper(stringOperand(text, 1))],
  ["replace", replace],
  ["strings.replace_n", replaceMany],
  ["split", (_context, text: Value, by: Value) => splitText(stringOperand(text, 1), stringOperand(by, 2))],
  ["strings.split_n", splitSome],
  ["sprintf", sprintf],
  ["substring", substring],
  ["strings.count", count],
  ["strings.reverse", (_context, text: Value) => reverseRunes(stringOperand(text, 1))],
  ["strings.any_prefix_match", (_context, a: Value, b: Value) => matchesAny(a, b, beginsWith)],
  ["strings.any_suffix_match", (_context, a: Value, b: Value) => matchesAny(a, b, endsWith)],
  ["trim", (_context, text: Value, set: Value) => trimBy(stringOperand(text, 1), stringOperand(set, 2), "both")],
  ["trim_left", (_context, text: Value, set: Value) => trimBy(stringOperand(text, 1), stringOperand(set, 2), "start")],
  ["trim_right", (_context, text: Value, set: Value) => trimBy(stringOperand(text, 1), stringOperand(set, 2), "end")],
  [
    "trim_prefix",
    (_context, text: Value, part: Value) => withoutPrefix(stringOperand(text, 1), stringOperand(part, 2)),
  ],
  [
    "trim_suffix",
    (_context, text: Value, part: Value) => withoutSuffix(stringOperand(text, 1), stringOperand(part, 2)),
  ],
  ["trim_space", (_context, text: Value) => trimSpace(stringOperand(text, 1))],
]);

function concat(context: BuiltinContext, delimiter: Value, collection: Value): Value {
  const join = stringOperand(delimiter, 1);
  const items = isArray(collection)
    ? collection
    : isSet(collection)
      ? collection.values()
      : failType(2, collection, "set", "array");
  let size = join.length * items.length;
  for (const item of items) {
    if (typeof item !== "string") failElement(2, collection, item, "string");
    size += item.length;
  }
  context.charge(size >> 4);
  return joined(items.join(join));
}

function formatInteger(_context: BuiltinContext, value: Value, base: Value): Value {
  const number = numberOperand(value, 1);
  const radix = numberText(numberOperand(base, 2));
  if (!["2", "8", "10", "16"].includes(radix)) failOperand(2, "must be one of {2, 8, 10, 16}");
  const text = numberText(number);
  const integer = /^-?[0-9]+$/.test(text) ? BigInt(text) : truncate(floatOf(number)).integer;
  return integer.toString(Number(radix));
}

function runesBefore(text: string, index: number): number {
  return countRunes(text.slice(0, index));
}

function searchOperands(text: Value, part: Value): readonly [string, string] {
  const [base, search] = [stringOperand(text, 1), stringOperand(part, 2)];
  if (search === "") fail("empty search character");
  return [inRunes(base), inRunes(search)];
}

function indexOf(_context: BuiltinContext, text: Value, part: Value): Value {
  const [base, search] = searchOperands(text, part);
  const index = base.indexOf(search);
  return index < 0 ? -1 : runesBefore(base, index);
}

function indexesOf(context: BuiltinContext, text: Value, part: Value): Value {
  const [base, search] = searchOperands(text, part);
  const found: Value[] = [];
  let [runes, last] = [0, 0];
  for (let index = base.indexOf(search); index >= 0; index = base.indexOf(search, index + 1)) {
    context.charge(1);
    runes += countRunes(base.slice(last, index));
    last = index;
    found.push(runes);
  }
  return found;
}

function substring(_context: BuiltinContext, value: Value, from: Value, size: Value): Value {
  const text = stringOperand(value, 1);
  const start = countOperand(from, 2);
  const length = countOperand(size, 3);
  if (start < 0) fail("negative offset");
  // Only what is taken whole keeps its bytes outside UTF-8.
  if (start === 0 && length >= countRunes(text)) return text;
  const shown = inRunes(text);
  if (hasNoPairs(shown)) return length < 0 ? shown.slice(start) : shown.slice(start, start + length);
  const runes = Array.from(shown);
  return (length < 0 ? runes.slice(start) : runes.slice(start, start + length)).join("");
}

function count(_context: BuiltinContext, text: Value, part: Value): Value {
  const [base, search] = [stringOperand(text, 1), stringOperand(part, 2)];
  return search === "" ? countRunes(base) + 1 : splitText(base, search).length - 1;
}

function replace(context: BuiltinContext, text: Value, old: Value, replacement: Value): Value {
  return replaceAll(context, stringOperand(text, 1), [[stringOperand(old, 2), stringOperand(replacement, 3)]]);
}

function replaceMany(context: BuiltinContext, patterns: Value, text: Value): Value {
  const object = objectOperand(patterns, 1);
  const base = stringOperand(text, 2);
  const pairs = objectKeys(object).map((key): [string, string] => {
    if (typeof key !== "string") failOperand(1, "non-string key found in pattern object");
    const value = objectGet(object, key);
    return typeof value === "string" ? [key, value] : failOperand(1, "non-string value found in pattern object");
  });
  return replaceAll(context, base, pairs);
}

/** At most n parts from the front, or from the end where n is negative. */
function splitSome(_context: BuiltinContext, text: Value, by: Value, limit: Value): Value {
  const [base, delimiter] = [stringOperand(text, 1), stringOperand(by, 2)];
  const most = countOperand(limit, 3);
  const parts = splitText(base, delimiter);
  return most >= 0 ? parts.slice(0, most) : parts.slice(most);
}

/** Whether any of the strings begins (or ends) with any of the affixes. */
function matchesAny(value: Value, affix: Value, matches: (text: string, affix: string) => boolean): Value {
  const texts = stringOrStrings(value, 1);
  const affixes = stringOrStrings(affix, 2);
  return texts.some((text) => affixes.some((each) => matches(text, each)));
}

function stringOrStrings(value: Value, position: number): readonly string[] {
  if (typeof value === "string") return [value];
  if (isArray(value) || isSet(value)) return stringsOperand(value, position);
  return failType(position, value, "string", "set", "array");
}
