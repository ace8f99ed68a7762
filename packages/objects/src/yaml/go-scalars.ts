/**
 * Plain scalars as go-yaml v2 resolves them, which is what kubectl and gator read with: YAML 1.1's booleans and octal
 * numbers, but no dates and no numbers to base 60, and integers of both octal forms, exact past 2^53.
 */
import { Scalar, type ScalarTag, type Tags } from "yaml";

const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const integerForms: readonly (readonly [form: RegExp, prefixLength: number, literal: string])[] = [
  [/^0[xX][0-9a-fA-F]+$/, 2, "0x"],
  [/^0[oO][0-7]+$/, 2, "0o"],
  [/^0[bB][01]+$/, 2, "0b"],
  [/^0[0-7]+$/, 1, "0o"],
  [/^(?:0|[1-9][0-9]*)$/, 0, ""],
];

/** The number that go-yaml makes of a plain scalar, or undefined where it stays a string. */
export function goNumber(text: string): number | bigint | undefined {
  const first = text.charAt(0);
  if (first === ".") return float.test(text) ? Number(text) : undefined;
  if (!/[-+0-9]/.test(first)) return undefined;
  const plain = text.replaceAll("_", "");
  return integer(plain) ?? (float.test(plain) ? Number(plain) : undefined);
}

function integer(plain: string): number | bigint | undefined {
  const signed = /^[-+]/.test(plain);
  const digits = signed ? plain.slice(1) : plain;
  for (const [form, prefixLength, literal] of integerForms) {
    if (!form.test(digits)) continue;
    const size = BigInt(literal + digits.slice(prefixLength));
    const value = plain.startsWith("-") ? -size : size;
    // Go holds 64 bits, signed or not; what is larger becomes a float there.
    if (value > 0xffff_ffff_ffff_ffffn || value < -0x8000_0000_0000_0000n) return undefined;
    const narrow = Number(value);
    return Number.isSafeInteger(narrow) ? narrow : value;
  }
  return undefined;
}

const anyNumber: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  identify: (value) => typeof value === "bigint" || typeof value === "number",
  // What passes this and still is no number, such as `08` beyond 64 bits, resolve leaves a string.
  test: /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]+)?|0[bB][01_]+|\.[0-9]+(?:[eE][-+]?[0-9]+)?)$/,
  resolve(text) {
    const value = goNumber(text);
    return value === undefined ? new Scalar(text) : new Scalar(value);
  },
};

const explicitFloat: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  resolve(text, onError) {
    const value = goNumber(text);
    if (value === undefined) onError(`\`${text}\` is no number`);
    return new Scalar(Number(value ?? 0));
  },
};

const notANumber: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve(text, onError) {
    onError(`\`${text}\` has no form in JSON, so no Kubernetes object can hold it`);
    return new Scalar(text);
  },
};

const dropped = new Set(["int", "float", "timestamp", "binary", "omap", "pairs", "set"]);

/** YAML 1.2's booleans alone: `yes`, `no`, `on` and `off` stay words. */
const strictBoolean: ScalarTag = {
  tag: "tag:yaml.org,2002:bool",
  default: true,
  identify: (value) => typeof value === "boolean",
  test: /^(?:true|True|TRUE|false|False|FALSE)$/,
  resolve: (text) => new Scalar(/^t/i.test(text)),
};

/** YAML 1.1's tags with those of go-yaml v2 in the place of numbers, and without the types that JSON lacks. */
export function goTags(tags: Tags): Tags {
  const kept = tags.filter(
    (tag) => typeof tag === "string" || !dropped.has(tag.tag.slice(tag.tag.lastIndexOf(":") + 1)),
  );
  return [...kept, anyNumber, notANumber, explicitFloat];
}

/** The same as go-yaml v3 has them, which gator reads suites and their files with. */
export function goTags3(tags: Tags): Tags {
  const kept = goTags(tags).filter((tag) => typeof tag === "string" || !tag.tag.endsWith(":bool"));
  return [...kept, strictBoolean];
}
