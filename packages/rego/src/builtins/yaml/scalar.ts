/** What plain scalars mean: YAML 1.2's words, and of 1.1 what Go's library keeps (`017`, `1_000`, `<<`). */
import { type Numeric, readNumber } from "../../runtime/number.ts";
import { type Decoded, YAMLFloat } from "./decoded.ts";
import type { YAMLNode } from "./node.ts";

/** A resolved scalar with the short form of its tag. */
export type Resolved =
  | { readonly tag: "!!null"; readonly value: null }
  | { readonly tag: "!!bool"; readonly value: boolean }
  | { readonly tag: "!!int"; readonly value: Numeric }
  | { readonly tag: "!!float"; readonly value: YAMLFloat }
  | { readonly tag: "!!str" | "!!merge" | "!!timestamp"; readonly value: string };

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...["true", "True", "TRUE"].map((word) => [word, { tag: "!!bool", value: true }] as const),
  ...["false", "False", "FALSE"].map((word) => [word, { tag: "!!bool", value: false }] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { tag: "!!null", value: null }] as const),
  ["<<", { tag: "!!merge", value: "<<" }],
]);

const INFINITE = /^(?:[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?$/;

/** The meaning of a plain scalar without a tag. */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (INFINITE.test(text)) return { tag: "!!float", value: new YAMLFloat(infinityOf(text)) };
  const first = text.charAt(0);
  if (first === ".") {
    const digits = text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, "");
    return FLOAT.test(digits) ? float(digits, text) : { tag: "!!str", value: text };
  }
  if (!/[-+0-9]/.test(first)) return { tag: "!!str", value: text };
  if (TIMESTAMP.test(text)) return { tag: "!!timestamp", value: text };
  const plain = text.replaceAll("_", "");
  const integer = integerOf(text, plain);
  if (integer !== undefined) return { tag: "!!int", value: integer };
  return FLOAT.test(plain) ? float(plain, text) : { tag: "!!str", value: text };
}

function infinityOf(text: string): number {
  return /n$/i.test(text) ? Number.NaN : text.startsWith("-") ? -Infinity : Infinity;
}

/** A double; one that is too large stays a string. */
function float(digits: string, text: string): Resolved {
  const value = Number(digits);
  return Number.isFinite(value) ? { tag: "!!float", value: new YAMLFloat(value) } : { tag: "!!str", value: text };
}

const PREFIXES: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^([-+]?)0[xX]([0-9a-fA-F]+)$/, "0x"],
  [/^([-+]?)0[bB]([01]+)$/, "0b"],
  [/^([-+]?)0[oO]?([0-7]+)$/, "0o"],
  [/^([-+]?)(0|[1-9][0-9]*)$/, ""],
  [/^0b([-+])([01]+)$/, "0b"],
  [/^0o([-+])([0-7]+)$/, "0o"],
];

/** An integer of at most 64 bits, in any of the bases that have a prefix; a leading zero is octal's. */
function integerOf(text: string, plain: string): Numeric | undefined {
  // A sign before an unsigned number is not Go's.
  if (/__|_$/.test(text) && plain === "") return undefined;
  for (const [pattern, prefix] of PREFIXES) {
    const match = pattern.exec(plain);
    if (match === null) continue;
    const [, sign = "", digits = ""] = match;
    const magnitude = BigInt(prefix + digits);
    if (sign === "-" ? magnitude > 1n << 63n : magnitude >= 1n << (sign === "" ? 64n : 63n)) return undefined;
    return readNumber((sign === "-" && magnitude !== 0n ? "-" : "") + magnitude.toString());
  }
  return undefined;
}

const PREFIX = "tag:yaml.org,2002:";

/** A tag as it is written with two exclamation marks. */
export function shortTag(tag: string): string {
  return tag.startsWith(PREFIX) ? `!!${tag.slice(PREFIX.length)}` : tag;
}

/** What a node is. Dates are strings unless they are said to be dates. */
export function tagOf(node: YAMLNode): string {
  if (node.kind === "alias") return tagOf(node.target);
  if (node.kind !== "scalar") return node.kind === "sequence" ? "!!seq" : "!!map";
  if (node.tag !== "" && node.tag !== "!") return shortTag(node.tag);
  const { tag } = node.plain ? resolvePlain(node.value) : { tag: "!!str" };
  return tag === "!!timestamp" ? "!!str" : tag;
}

/** Whether a key is the one that merges maps. */
export function isMergeKey(node: YAMLNode): boolean {
  return node.kind === "scalar" && node.value === "<<" && tagOf(node) === "!!merge";
}

/** What a scalar is, or why it is not what its tag says. */
export function scalarOf({
  value: text,
  plain,
  tag: given,
}: YAMLNode & { readonly kind: "scalar" }):
  | { readonly kind: "value"; readonly value: Decoded }
  | { readonly kind: "fault"; readonly message: string } {
  const tag = shortTag(given);
  if (tag === "" || tag === "!") return { kind: "value", value: plain ? resolvePlain(text).value : text };
  // A tag of one's own leaves the text as it is.
  if (!["!!bool", "!!int", "!!float", "!!null", "!!timestamp"].includes(tag)) return { kind: "value", value: text };
  const resolved = resolvePlain(text);
  const date = resolved.tag === "!!timestamp" ? dateOf(text) : undefined;
  if (tag === "!!timestamp" && date !== undefined) return { kind: "value", value: date };
  if (tag === "!!float" && resolved.tag === "!!int") {
    return { kind: "value", value: new YAMLFloat(Number(resolved.value)) };
  }
  if (resolved.tag === tag && tag !== "!!timestamp") return { kind: "value", value: resolved.value };
  return {
    kind: "fault",
    message: `cannot decode ${resolved.tag === "!!timestamp" && date === undefined ? "!!str" : resolved.tag} \`${text}\` as a ${tag}`,
  };
}

/** A date as JSON has it; undefined where there is no such day or time. */
function dateOf(text: string): string | undefined {
  const parts = /^(\d+)-(\d+)-(\d+)(?:[Tt ](\d+):(\d+):(\d+)(\.\d+)?(.*))?$/.exec(text) ?? [];
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", zone = ""] = parts;
  const lastDay = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  const isThere = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= lastDay;
  if (!isThere || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const [date, time] = [
    [year, month, day],
    [hour, minute, second],
  ].map((each) => each.map((part) => part.padStart(2, "0")));
  const offset = zone === "" || /^[+-]00:00$/.test(zone) ? "Z" : zone;
  return `${date?.join("-")}T${time?.join(":")}${fraction.replace(/\.?0+$/, "")}${offset}`;
}
