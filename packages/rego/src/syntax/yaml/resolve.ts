/** What a scalar means, as Go's library has it: YAML 1.2's words, and of 1.1 octal numbers (`017`), `1_000` and dates. */
import { decodeBase64 } from "../../runtime/base64.ts";
import { decodeUtf8 } from "../../runtime/text.ts";
import { YAMLFault, type YAMLNode, type YAMLScalar } from "./node.ts";

/** What a scalar stands for: null, a truth value, an integer, a float, a moment, a text. */
export type ScalarValue = null | boolean | bigint | number | Date | string;

/** A meaning with the short form of its tag. */
export interface Resolved {
  readonly tag: string;
  readonly value: ScalarValue;
}

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
];

const moment =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})([.,][0-9]+)?(?:Z|([+-])([0-9]{2}):([0-9]{2})))|(?: ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})([.,][0-9]+)?))?$/;

/** The tag of a scalar as it counts: its own, or what it looks like. */
export function scalarTag({ tag, value, plain }: YAMLScalar): string {
  if (tag !== undefined && tag !== "!") return tag;
  return plain ? meaningOf(value).tag : "!!str";
}

/** Whether a node is a text for certain, whatever it looks like. */
function isText({ tag, plain }: YAMLScalar): boolean {
  return tag === "!!str" || (!plain && (tag === undefined || tag === "!"));
}

/** The meaning of a scalar; a tag that does not fit it is a fault. */
export function resolveScalar(scalar: YAMLScalar): Resolved {
  const { value } = scalar;
  if (isText(scalar)) return { tag: "!!str", value };
  const tag = scalar.tag === undefined || scalar.tag === "!" ? "" : scalar.tag;
  if (tag === "") return meaningOf(value);
  if (tag === "!!binary") {
    const result = decodeBase64(value, "standard");
    if (!("bytes" in result)) throw new YAMLFault("!!binary value contains invalid base64 data");
    return { tag, value: decodeUtf8(result.bytes) };
  }
  if (!["!!bool", "!!int", "!!float", "!!null", "!!timestamp"].includes(tag)) return { tag, value };
  const meaning = meaningOf(value);
  if (meaning.tag === tag) return meaning;
  if (tag === "!!float" && typeof meaning.value === "bigint") return { tag, value: Number(meaning.value) };
  throw new YAMLFault(`cannot decode ${meaning.tag} \`${value}\` as a ${tag}`);
}

/** Whether a key brings the pairs of another map. */
export function isMergeKey(node: YAMLNode): boolean {
  return node.kind === "scalar" && node.value === "<<" && scalarTag(node) === "!!merge";
}

function meaningOf(text: string): Resolved {
  const word = words.get(text);
  if (word !== undefined) return word;
  const first = text.charAt(0);
  if (first === ".") return floatOf(text) ?? { tag: "!!str", value: text };
  if (!/[-+0-9]/.test(first)) return { tag: "!!str", value: text };
  const date = momentOf(text);
  if (date !== undefined) return { tag: "!!timestamp", value: date };
  const digits = text.replaceAll("_", "");
  const integer = integerOf(digits);
  if (integer !== undefined) return { tag: "!!int", value: integer };
  return floatOf(digits) ?? { tag: "!!str", value: text };
}

function floatOf(text: string): Resolved | undefined {
  if (!float.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { tag: "!!float", value } : undefined;
}

/** An integer of at most 64 bits. */
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

function momentOf(text: string): Date | undefined {
  const match = moment.exec(text);
  if (match === null) return undefined;
  const part = (...groups: readonly number[]): number =>
    Number(groups.map((group) => match[group] ?? "").join("") || 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4, 11), part(5, 12), part(6, 13)];
  const fraction = Number((match[7] ?? match[14] ?? "0").replace(",", ".")) * 1000;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = (match[8] === "-" ? -1 : 1) * (part(9) * 60 + part(10));
  date.setUTCHours(hour, minute - offset, second, Math.trunc(fraction));
  return date;
}
