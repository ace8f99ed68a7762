/**
 * Validation of a value against a schema: kube-openapi's checks in kube-openapi's order, with its texts, since scripts
 * and people know them.
 *
 * A check gives a `Result`: its errors and a count of what was checked, by which `anyOf` and `oneOf` choose whose errors
 * to show. A text that stands there already is not added again.
 */
import { formatGoFloat, formatGoNumber, marshalGo, quoteGo } from "../json/go.ts";
import { equalJson } from "../json/equal.ts";
import { isJsonArray, isJsonObject, jsonTypeOf, type JsonObject, type JsonValue } from "../json/value.ts";
import {
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
  type FieldError,
} from "../object/field-error.ts";
import { checkFormat, effectiveFormat } from "./format.ts";
import { platformPatterns, type PatternCompiler } from "./pattern.ts";
import type { Schema } from "./schema.ts";

/** Whether an object fits a schema: no error if it does. `patterns` compiles the schema's regular expressions. */
export function validateValue(
  schema: Schema,
  value: JsonValue,
  patterns: PatternCompiler = platformPatterns,
): readonly FieldError[] {
  return validate({ patterns, compiled: new Map() }, schema, value, "").errors;
}

interface Context {
  readonly patterns: PatternCompiler;
  readonly compiled: Map<string, ReturnType<PatternCompiler>>;
}

interface Result {
  readonly errors: FieldError[];
  readonly texts: Set<string>;
  matches: number;
}

function newResult(): Result {
  return { errors: [], texts: new Set(), matches: 0 };
}

/** Adds an error unless one with the same text is there. `text` tells apart what the printed form may not. */
function add(result: Result, error: FieldError, text: string): void {
  if (result.texts.has(text)) return;
  result.texts.add(text);
  result.errors.push(error);
}

function merge(result: Result, other: Result): void {
  const texts = [...other.texts];
  for (const [at, error] of other.errors.entries()) add(result, error, texts[at] ?? "");
  result.matches += other.matches;
}

/** The text of kube-openapi: what is where, then the rule. */
function says(path: string, rule: string): string {
  return `${path} in body ${rule}`;
}

/** The path as a field error has it: kube-openapi's without a leading dot. */
function fieldOf(path: string): string {
  return path.startsWith(".") ? path.slice(1) : path;
}

function addInvalid(result: Result, path: string, value: JsonValue, rule: string): void {
  const text = says(path, rule);
  add(result, invalid(fieldOf(path), value, text), text);
}

/** A finding about a whole construct, which kube-openapi gives no path of its own. */
function addGeneral(result: Result, text: string): void {
  add(result, invalid("", "", text), text);
}

function validate(context: Context, schema: Schema, value: JsonValue, path: string): Result {
  const result = newResult();
  if (value === null) {
    if (validateType(result, schema, value, path)) result.matches += 1;
    validateEnum(result, schema, value, path);
    return result;
  }
  if (typesOf(schema).length > 0 || effectiveFormat(schema) !== "") {
    result.matches += validateType(result, schema, value, path) ? 2 : 1;
  }
  validateCombined(context, result, schema, value, path);
  result.matches += 2;
  if (typeof value === "string") {
    validateString(context, result, schema, value, path);
    result.matches += 1;
    const format = effectiveFormat(schema);
    if (format !== "" && checkFormat(format) !== undefined) {
      validateFormat(result, format, value, path);
      result.matches += 1;
    }
  }
  if (typeof value === "number" || typeof value === "bigint") {
    validateNumber(result, schema, value, path);
    result.matches += 2;
  }
  if (isJsonArray(value)) {
    validateArray(context, result, schema, value, path);
    result.matches += 2;
  }
  validateEnum(result, schema, value, path);
  result.matches += 1;
  if (isJsonObject(value)) {
    validateObject(context, result, schema, value, path);
    result.matches += 1;
  }
  result.matches += 1;
  return result;
}

function typesOf(schema: Schema): readonly string[] {
  if (schema.intOrString) return ["integer", "string"];
  return schema.type === "" ? [] : [schema.type];
}

/** Whether a value has the schema's type; if not, the error is added. */
function validateType(result: Result, schema: Schema, value: JsonValue, path: string): boolean {
  const types = typesOf(schema);
  const actual = jsonTypeOf(value);
  if (value === null) {
    if (types.length === 0 || types.includes("null") || schema.nullable) return true;
  } else {
    const format = effectiveFormat(schema);
    if (format !== "") {
      const isText = actual === "string" || actual === "array";
      if (isText && !types.some(isNumeric)) return true;
      if (!isText && !fitsFormat(types, format, actual)) {
        const found = formatOf(actual);
        const text = says(path, `must be of type ${format}: ${quoteGo(found)}`);
        add(result, typeInvalid(fieldOf(path), found, text), text);
        return false;
      }
    }
    if (types.includes(actual) || (actual === "integer" && types.includes("number"))) return true;
    if (types.length === 0 && format === "") return true;
  }
  const text = says(path, `must be of type ${types.join(",")}: ${quoteGo(actual)}`);
  add(result, typeInvalid(fieldOf(path), actual, text), text);
  return false;
}

/** The format that kube-openapi gives to a value without one. */
function formatOf(type: ReturnType<typeof jsonTypeOf>): string {
  return type === "integer" ? "int64" : type === "number" ? "float64" : "";
}

function fitsFormat(types: readonly string[], format: string, actual: ReturnType<typeof jsonTypeOf>): boolean {
  return types.includes(actual) || formatOf(actual) === format || (actual === "integer" && types.includes("number"));
}

function isNumeric(type: string): boolean {
  return type === "integer" || type === "number";
}

function validateEnum(result: Result, schema: Schema, value: JsonValue, path: string): void {
  if (schema.enum.length === 0 || schema.enum.some((allowed) => equalJson(allowed, value))) return;
  const allowed = schema.enum.map((item) => (typeof item === "string" ? item : marshalGo(item)));
  add(result, notSupported(fieldOf(path), value, allowed), says(path, `should be one of ${allowed.join(" ")}`));
}

function validateString(context: Context, result: Result, schema: Schema, value: string, path: string): void {
  const { maxLength, minLength, pattern } = schema;
  if (maxLength !== undefined || minLength !== undefined) {
    const length = codePoints(value);
    if (maxLength !== undefined && length > maxLength) {
      add(result, tooLong(fieldOf(path), maxLength), says(path, `should be at most ${maxLength} chars long`));
      return;
    }
    if (minLength !== undefined && length < minLength) {
      addInvalid(result, path, value, `should be at least ${minLength} chars long`);
      return;
    }
  }
  if (pattern === "") return;
  let compiled = context.compiled.get(pattern);
  if (compiled === undefined) {
    compiled = context.patterns(pattern);
    context.compiled.set(pattern, compiled);
  }
  if (!compiled.ok)
    addInvalid(result, path, value, `should match '${pattern}, but pattern is invalid: ${compiled.message}'`);
  else if (!compiled.test(value)) addInvalid(result, path, value, `should match '${pattern}'`);
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function validateFormat(result: Result, format: string, value: string, path: string): void {
  if (checkFormat(format)?.(value) !== false) return;
  const text = says(path, `must be of type ${format}: ${quoteGo(value)}`);
  add(result, typeInvalid(fieldOf(path), value, text), text);
}

function validateNumber(result: Result, schema: Schema, value: number | bigint, path: string): void {
  const { maximum, minimum, multipleOf } = schema;
  const format = effectiveFormat(schema);
  const isWhole = typeof value === "bigint" || Number.isInteger(value);
  const shown = (at: number): string => (isWhole && Number.isInteger(at) ? formatGoNumber(at) : formatGoFloat(at));
  /** A bound as it is compared: one that the schema's type cannot hold is an error, and else an integer's is cut off. */
  const bound = (what: string, at: number): number => {
    if (!fitsRange(schema.type, format, at)) {
      addOutOfRange(result, schema, what, path);
      return at;
    }
    return isWhole ? Math.trunc(at) : at;
  };
  if (!fitsRange(schema.type, format, value)) addOutOfRange(result, schema, "Checked", path);
  if (multipleOf !== undefined) {
    const factor = bound("MultipleOf", multipleOf);
    if (factor <= 0) {
      const text = `factor MultipleOf declared for ${path} must be positive: ${shown(factor)}`;
      add(result, invalid(fieldOf(path), factor, text), text);
    } else if (!isMultiple(value, factor)) {
      addInvalid(result, path, value, `should be a multiple of ${shown(factor)}`);
    }
  }
  if (minimum !== undefined) {
    const least = bound("Minimum boundary", minimum);
    if (schema.exclusiveMinimum ? value <= least : value < least) {
      const rule = schema.exclusiveMinimum ? "greater than" : "greater than or equal to";
      addInvalid(result, path, value, `should be ${rule} ${shown(least)}`);
    }
  }
  if (maximum !== undefined) {
    const most = bound("Maximum boundary", maximum);
    if (schema.exclusiveMaximum ? value >= most : value > most) {
      const rule = schema.exclusiveMaximum ? "less than" : "less than or equal to";
      addInvalid(result, path, value, `should be ${rule} ${shown(most)}`);
    }
  }
}

function addOutOfRange(result: Result, schema: Schema, what: string, path: string): void {
  const format = effectiveFormat(schema);
  const kind = schema.type === "integer" || schema.type === "number" ? schema.type : "number";
  const which = format === "" ? "(default format)" : `with format ${format}`;
  addGeneral(result, `${what} value must be of type ${kind} ${which} in ${path}`);
}

function fitsRange(type: string, format: string, value: number | bigint): boolean {
  if (type === "integer" && typeof value === "number" && !Number.isInteger(value)) return false;
  if (type === "integer" && format === "int32") return value >= -2147483648 && value <= 2147483647;
  if (type === "integer") return value >= -9223372036854775808n && value <= 9223372036854775807n;
  if (format === "float") return Number.isFinite(Math.fround(Number(value)));
  return true;
}

function isMultiple(value: number | bigint, factor: number): boolean {
  if (typeof value === "bigint" && Number.isInteger(factor)) return value % BigInt(factor) === 0n;
  const number = Number(value);
  if (Number.isInteger(number) && Number.isInteger(factor)) return number % factor === 0;
  const times = factor < 1 ? (1 / factor) * number : number / factor;
  // As near to an integer as swag.IsFloat64AJSONInteger wants it.
  const difference = Math.abs(times - Math.trunc(times));
  return difference === 0 || difference / Math.abs(times) < 1e-9 || 1 - difference < 1e-9;
}

function validateArray(
  context: Context,
  result: Result,
  schema: Schema,
  value: readonly JsonValue[],
  path: string,
): void {
  const { items, minItems, maxItems } = schema;
  if (items !== undefined) {
    for (const [at, item] of value.entries()) merge(result, validate(context, items, item, `${path}[${at}]`));
  }
  if (minItems !== undefined && value.length < minItems) {
    addInvalid(result, path, value.length, `should have at least ${minItems} items`);
  }
  if (maxItems !== undefined && value.length > maxItems) {
    add(result, tooMany(fieldOf(path), value.length, maxItems), says(path, `should have at most ${maxItems} items`));
  }
  if (schema.uniqueItems && hasDuplicate(value)) addInvalid(result, path, "", "shouldn't contain duplicates");
}

function hasDuplicate(items: readonly JsonValue[]): boolean {
  return new Set(items.map((item) => marshalGo(item))).size !== items.length;
}

function validateObject(context: Context, result: Result, schema: Schema, value: JsonObject, path: string): void {
  const { minProperties, maxProperties, additionalProperties, properties } = schema;
  const keys = Object.keys(value);
  if (minProperties !== undefined && keys.length < minProperties) {
    addInvalid(result, path, keys.length, `should have at least ${minProperties} properties`);
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    add(
      result,
      tooMany(fieldOf(path), keys.length, maxProperties),
      says(path, `should have at most ${maxProperties} properties`),
    );
  }
  if (additionalProperties !== undefined && !additionalProperties.allows) {
    for (const key of keys) {
      if (properties.has(key)) continue;
      const text = `${path}.${key} in body is a forbidden property`;
      add(result, invalid(fieldOf(path), key, text), text);
    }
  } else if (additionalProperties?.schema !== undefined) {
    for (const key of keys) {
      const item = value[key];
      if (properties.has(key) || item === undefined) continue;
      merge(result, validate(context, additionalProperties.schema, item, `${path}.${key}`));
    }
  }
  for (const [name, property] of properties) {
    if (!Object.hasOwn(value, name)) continue;
    const item = value[name];
    if (item !== undefined) merge(result, validate(context, property, item, path === "" ? name : `${path}.${name}`));
  }
  for (const name of schema.required) {
    if (Object.hasOwn(value, name)) continue;
    add(result, required(fieldOf(`${path}.${name}`)), says(`${path}.${name}`, "is required"));
  }
}

function validateCombined(context: Context, result: Result, schema: Schema, value: JsonValue, path: string): void {
  const { anyOf, oneOf, allOf, not } = schema;
  const check = (part: Schema): Result => validate(context, part, value, path);
  if (anyOf.length > 0) validateAnyOf(result, anyOf, check, path);
  if (oneOf.length > 0) validateOneOf(result, oneOf, check, path);
  if (allOf.length > 0) {
    const results = allOf.map(check);
    for (const part of results) merge(result, part);
    const valid = results.filter(isValid).length;
    if (valid !== results.length) {
      addGeneral(
        result,
        `${quoteGo(path)} must validate all the schemas (allOf)${valid === 0 ? ". None validated" : ""}`,
      );
    }
  }
  if (not !== undefined && isValid(check(not))) {
    addGeneral(result, `${quoteGo(path)} must not validate the schema (not)`);
  }
}

function isValid(result: Result): boolean {
  return result.errors.length === 0;
}

function validateAnyOf(
  result: Result,
  schemas: readonly Schema[],
  check: (schema: Schema) => Result,
  path: string,
): void {
  let best: Result | undefined;
  for (const schema of schemas) {
    const part = check(schema);
    if (isValid(part)) {
      merge(result, part);
      return;
    }
    if (best === undefined || part.matches > best.matches) best = part;
  }
  addGeneral(result, `${quoteGo(path)} must validate at least one schema (anyOf)`);
  if (best !== undefined) merge(result, best);
}

function validateOneOf(
  result: Result,
  schemas: readonly Schema[],
  check: (schema: Schema) => Result,
  path: string,
): void {
  const results = schemas.map(check);
  const valid = results.filter(isValid);
  const [first] = valid;
  if (valid.length === 1 && first !== undefined) {
    merge(result, first);
    return;
  }
  const found = valid.length === 0 ? "Found none valid" : `Found ${valid.length} valid alternatives`;
  addGeneral(result, `${quoteGo(path)} must validate one and only one schema (oneOf). ${found}`);
  if (valid.length > 0) return;
  let best: Result | undefined;
  for (const part of results) if (best === undefined || part.matches > best.matches) best = part;
  if (best !== undefined) merge(result, best);
}
