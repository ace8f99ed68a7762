/** What a scalar means, as Go's library has it: YAML 1.2's words, and of 1.1 octal numbers (`017`), `1_000` and dates. */
import { decodeBase64 } from "../runtime/base64.ts";
import { decodeUtf8 } from "../runtime/text.ts";
import { type Moment, readMoment } from "./moment.ts";
import { YAMLFault, type YAMLNode, type YAMLScalar } from "./node.ts";

/** What a scalar stands for: null, a truth value, an integer, a float, a moment, a text. */
export type ScalarValue = null | boolean | bigint | number | Moment | string;

/** A meaning with the short form of its tag. */
export interface Resolved {
  readonly tag: string;
  readonly value: ScalarValue;
}

/** What the tags of YAML itself begin with, in their long form. */
export const standardTags = "tag:yaml.org,2002:";

const words: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...["true", "True", "TRUE"].map((word) => [word, { tag: "!!bool", value: true }] as const),
  ...["false", "False", "FALSE"].map((word) => [word, { tag: "!!bool", value: false }] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { tag: "!!null", value: null }] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, { tag: "!!float", value: Number.NaN }] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, { tag: "!!float", value: Infinity }] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, { tag: "!!float", value: -Infinity }] as const),
  ["<<", { tag: "!!merge", value: "<<" }],
]);

const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

const integers: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^([-+]?)0[xX]([0-9a-fA-F]+)$/, "0x"],
  [/^([-+]?)0[bB]([01]+)$/, "0b"],
  [/^([-+]?)0[oO]?([0-7]+)$/, "0o"],
  [/^([-+]?)(0|[1-9][0-9]*)$/, ""],
  // A sign behind the prefix is read as well.
  [/^0b([-+])([01]+)$/, "0b"],
  [/^0o([-+])([0-7]+)$/, "0o"],
];

/** A tag as it is written with two exclamation marks. */
export function shortTag(tag: string): string {
  return tag.startsWith(standardTags) ? `!!${tag.slice(standardTags.length)}` : tag;
}

/** The tag of a scalar as it counts: its own, or what it looks like. */
export function scalarTag({ tag, value, plain }: YAMLScalar): string {
  if (tag !== undefined && tag !== "!") return tag;
  return plain ? resolvePlain(value).tag : "!!str";
}

/** The meaning of a scalar; a tag that does not fit it is a fault. */
export function resolveScalar({ tag, value, plain }: YAMLScalar): Resolved {
  if (tag === undefined || tag === "!") return plain ? resolvePlain(value) : { tag: "!!str", value };
  if (tag === "!!binary") {
    // Line breaks are no part of it.
    const result = decodeBase64(value.replaceAll(/[\r\n]/g, ""), "standard");
    if (!("bytes" in result)) throw new YAMLFault("!!binary value contains invalid base64 data");
    return { tag, value: decodeUtf8(result.bytes) };
  }
  if (!["!!bool", "!!int", "!!float", "!!null", "!!timestamp"].includes(tag)) return { tag, value };
  const meaning = resolvePlain(value, tag === "!!timestamp");
  if (meaning.tag === tag) return meaning;
  // Integers of 64 bits that have no sign are not taken for floats.
  if (tag === "!!float" && typeof meaning.value === "bigint" && meaning.value < 1n << 63n) {
    return { tag, value: Number(meaning.value) };
  }
  throw new YAMLFault(`cannot decode ${meaning.tag} \`${value}\` as a ${tag}`);
}

/** Whether a key brings the pairs of another map. */
export function isMergeKey(node: YAMLNode): boolean {
  return node.kind === "scalar" && node.value === "<<" && scalarTag(node) === "!!merge";
}

/** The meaning of a text without quotes. Dates are looked for unless another tag is there. */
export function resolvePlain(text: string, mayBeMoment = true): Resolved {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charAt(0);
  if (first === ".") return floatOf(text.replaceAll(/(?<=[0-9])_(?=[0-9])/g, "")) ?? { tag: "!!str", value: text };
  if (!/[-+0-9]/.test(first)) return { tag: "!!str", value: text };
  const moment = mayBeMoment ? readMoment(text) : undefined;
  if (moment !== undefined) return { tag: "!!timestamp", value: moment };
  const digits = text.replaceAll("_", "");
  const integer = integerOf(digits);
  if (integer !== undefined) return { tag: "!!int", value: integer };
  return floatOf(digits) ?? { tag: "!!str", value: text };
}

/** A double; what is too large is none. */
function floatOf(text: string): Resolved | undefined {
  if (!float.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { tag: "!!float", value } : undefined;
}

/** An integer of at most 64 bits, in any of the bases that have a prefix; a leading zero is octal's. */
function integerOf(digits: string): bigint | undefined {
  for (const [pattern, prefix] of integers) {
    const match = pattern.exec(digits);
    if (match === null) continue;
    const [, sign = "", magnitude = ""] = match;
    const value = BigInt(prefix + magnitude);
    if (sign === "-") return value > 1n << 63n ? undefined : -value;
    return value >= 1n << (sign === "" ? 64n : 63n) ? undefined : value;
  }
  return undefined;
}
