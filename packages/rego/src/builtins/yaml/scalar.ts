/** What plain scalars mean: YAML 1.2's words, and of 1.1 what Go's library keeps (`017`, `1_000`, `<<`). */
import { type Numeric, readNumber } from "../../runtime/number.ts";
import { fail } from "../failure.ts";

/** A resolved scalar with the short form of its tag. */
export type Resolved =
  | { readonly tag: "!!null"; readonly value: null }
  | { readonly tag: "!!bool"; readonly value: boolean }
  | { readonly tag: "!!int" | "!!float"; readonly value: Numeric }
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
  if (INFINITE.test(text)) return fail(`json: unsupported value: ${nameOfInfinity(text)}`);
  const first = text.charAt(0);
  if (first === ".") return FLOAT.test(text) ? float(text, text) : { tag: "!!str", value: text };
  if (!/[-+0-9]/.test(first)) return { tag: "!!str", value: text };
  if (TIMESTAMP.test(text)) return { tag: "!!timestamp", value: text };
  const plain = text.replaceAll("_", "");
  const integer = integerOf(text, plain);
  if (integer !== undefined) return { tag: "!!int", value: integer };
  return FLOAT.test(plain) ? float(plain, text) : { tag: "!!str", value: text };
}

function nameOfInfinity(text: string): string {
  return /n$/i.test(text) ? "NaN" : text.startsWith("-") ? "-Inf" : "+Inf";
}

/** A double, as JSON writes it; one that is too large stays a string. */
function float(digits: string, text: string): Resolved {
  const value = Number(digits);
  const number = Number.isFinite(value) ? readNumber(String(value)) : undefined;
  return number === undefined ? { tag: "!!str", value: text } : { tag: "!!float", value: number };
}

const PREFIXES: readonly (readonly [pattern: RegExp, prefix: string])[] = [
  [/^([-+]?)0[xX]([0-9a-fA-F]+)$/, "0x"],
  [/^([-+]?)0[bB]([01]+)$/, "0b"],
  [/^([-+]?)0[oO]?([0-7]+)$/, "0o"],
  [/^([-+]?)(0|[1-9][0-9]*)$/, ""],
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
