/** The values of a schema's words, or what is wrong with them in gojsonschema's texts. */
import { numberText } from "../../runtime/number.ts";
import { fail } from "../failure.ts";
import { canonicalText, isJsonArray, isJsonNumber, type JsonNode, type JsonObject } from "./json-node.ts";
import { type Rational, rationalOf } from "./rational.ts";

/** Ends the reading of a schema: a word's value is of the wrong type. */
export function failExpected(expected: string, given: string): never {
  fail(`Invalid type. Expected: ${expected}, given: ${given}`);
}

/** A text, or nothing where the word is not there. */
export function textOf(schema: JsonObject, word: string): string | undefined {
  const value = schema.get(word);
  if (value === undefined || typeof value === "string") return value;
  return failExpected("string", word);
}

/** A list, or nothing where the word is not there. */
export function listOf(schema: JsonObject, word: string): readonly JsonNode[] | undefined {
  const value = schema.get(word);
  if (value === undefined || isJsonArray(value)) return value;
  return fail(`${word} must be of an array`);
}

/** A size: an integer written as one, from zero. */
export function sizeOf(schema: JsonObject, word: string): number | undefined {
  const value = schema.get(word);
  if (value === undefined) return undefined;
  const text = isJsonNumber(value) ? numberText(value) : "";
  const size = /^-?[0-9]+$/.test(text) ? BigInt(text) : undefined;
  if (size === undefined || BigInt.asIntN(64, size) !== size) return fail(`${word} must be of an integer`);
  if (size < 0n) return fail(`${word} must be greater than or equal to 0`);
  return Number(size);
}

/** A bound on numbers. */
export function boundOf(schema: JsonObject, word: string): Rational | undefined {
  const value = schema.get(word);
  if (value === undefined) return undefined;
  return isJsonNumber(value) ? rationalOf(value) : fail(`${word} must be of a Number`);
}

/** The texts of values that must differ. */
export function enumerationOf(schema: JsonObject): readonly string[] | undefined {
  const values = listOf(schema, "enum");
  if (values === undefined) return undefined;
  const texts = new Set<string>();
  for (const value of values) {
    const text = canonicalText(value);
    if (texts.has(text)) fail("enum items must be unique");
    texts.add(text);
  }
  return [...texts];
}
