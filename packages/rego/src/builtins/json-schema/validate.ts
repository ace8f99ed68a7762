import { countRunes } from "../../runtime/text.ts";
import type { Numeric } from "../../runtime/number.ts";
import type { BuiltinContext } from "../builtin.ts";
import { isFormat } from "./formats.ts";
import { canonicalText, isJsonArray, isJsonNumber, isJsonObject, type JsonNode, type JsonObject } from "./json-node.ts";
import { compareRationals, isMultiple, isWhole, rationalOf, rationalText } from "./rational.ts";
import { type Place, Result, root } from "./result.ts";
import type { Schema } from "./schema.ts";

/** What a schema finds in a document. */
export function validate(context: BuiltinContext, schema: Schema, document: JsonNode): Result {
  return new Validator(context).attempt(schema, document, root);
}

/** Goes through schema and document together; errors come, and attempts are scored, in gojsonschema's order. */
class Validator {
  readonly #context: BuiltinContext;

  constructor(context: BuiltinContext) {
    this.#context = context;
  }

  attempt(schema: Schema, node: JsonNode, place: Place): Result {
    const result = new Result();
    this.#check(schema, node, result, place);
    this.#context.charge(result.errors.length);
    return result;
  }

  #check(schema: Schema, node: JsonNode, result: Result, place: Place): void {
    this.#context.charge(1);
    if (schema.pass !== undefined) {
      if (!schema.pass) result.add("false", place, "False always fails validation");
      return;
    }
    if (schema.reference !== undefined) {
      this.#check(schema.reference, node, result, place);
      return;
    }
    const given = typeOf(node);
    const { types } = schema;
    const isAllowed = types.length === 0 || types.includes(given) || (given === "integer" && types.includes("number"));
    if (!isAllowed) {
      const expected = types.length > 1 ? `[${types.join(",")}]` : (types[0] ?? "");
      result.add("invalid_type", place, `Invalid type. Expected: ${expected}, given: ${given}`);
      return;
    }
    this.#combinations(schema, node, result, place);
    if (isJsonArray(node)) this.#array(schema, node, result, place);
    else if (isJsonObject(node)) this.#object(schema, node, result, place);
    else if (isJsonNumber(node)) checkNumber(schema, node, result, place);
    checkCommon(this.#context, schema, node, result, place);
    if (typeof node === "string") this.#text(schema, node, result, place);
    if (isJsonObject(node)) this.#properties(schema, node, result, place);
    result.passed();
  }

  #properties(schema: Schema, node: JsonObject, result: Result, place: Place): void {
    for (const [key, property] of schema.properties) {
      const value = node.get(key);
      if (value !== undefined) this.#check(property, value, result, { step: key, from: place });
    }
  }

  #combinations(schema: Schema, node: JsonNode, result: Result, place: Place): void {
    if (schema.anyOf.length > 0) this.#anyOf(schema, node, result, place);
    if (schema.oneOf.length > 0) this.#oneOf(schema, node, result, place);
    if (schema.allOf.length > 0) {
      const attempts = schema.allOf.map((one) => this.attempt(one, node, place));
      for (const attempt of attempts) result.merge(attempt);
      if (attempts.some((attempt) => !attempt.valid)) {
        result.add("number_all_of", place, "Must validate all the schemas (allOf)");
      }
    }
    if (schema.not !== undefined && this.attempt(schema.not, node, place).valid) {
      result.add("number_not", place, "Must not validate the schema (not)");
    }
    if (schema.dependencies.size > 0 && isJsonObject(node)) this.#dependencies(schema, node, result, place);
    if (schema.if !== undefined) this.#condition(schema, schema.if, node, result, place);
    result.passed();
  }

  #anyOf(schema: Schema, node: JsonNode, result: Result, place: Place): void {
    let best: Result | undefined;
    for (const one of schema.anyOf) {
      const attempt = this.attempt(one, node, place);
      if (attempt.valid) return;
      if (best === undefined || attempt.score > best.score) best = attempt;
    }
    result.add("number_any_of", place, "Must validate at least one schema (anyOf)");
    if (best !== undefined) result.merge(best);
  }

  #oneOf(schema: Schema, node: JsonNode, result: Result, place: Place): void {
    let valid = 0;
    let best: Result | undefined;
    for (const one of schema.oneOf) {
      const attempt = this.attempt(one, node, place);
      if (attempt.valid) valid++;
      else if (valid === 0 && (best === undefined || attempt.score > best.score)) best = attempt;
    }
    if (valid === 1) return;
    result.add("number_one_of", place, "Must validate one and only one schema (oneOf)");
    if (valid === 0 && best !== undefined) result.merge(best);
  }

  #dependencies(schema: Schema, node: JsonObject, result: Result, place: Place): void {
    for (const key of node.keys()) {
      const dependency = schema.dependencies.get(key);
      if (dependency === undefined) continue;
      if (!isNames(dependency)) {
        this.#check(dependency, node, result, place);
        continue;
      }
      for (const name of dependency) {
        if (!node.has(name)) result.add("missing_dependency", place, `Has a dependency on ${name}`);
      }
    }
  }

  #condition(schema: Schema, condition: Schema, node: JsonNode, result: Result, place: Place): void {
    const holds = this.attempt(condition, node, place).valid;
    const consequence = holds ? schema.then : schema.else;
    if (consequence === undefined) return;
    const attempt = this.attempt(consequence, node, place);
    if (attempt.valid) return;
    if (holds) result.add("condition_then", place, 'Must validate "then" as "if" was valid');
    else result.add("condition_else", place, 'Must validate "else" as "if" was not valid');
    result.merge(attempt);
  }

  #array(schema: Schema, node: readonly JsonNode[], result: Result, place: Place): void {
    this.#items(schema, node, result, place);
    if (schema.minItems !== undefined && node.length < schema.minItems) {
      result.add("array_min_items", place, `Array must have at least ${schema.minItems} items`);
    }
    if (schema.maxItems !== undefined && node.length > schema.maxItems) {
      result.add("array_max_items", place, `Array must have at most ${schema.maxItems} items`);
    }
    if (schema.uniqueItems === true) checkUnique(this.#context, node, result, place);
    if (schema.contains !== undefined) this.#contains(schema.contains, node, result, place);
    result.passed();
  }

  #items(schema: Schema, node: readonly JsonNode[], result: Result, place: Place): void {
    const { items, additionalItems } = schema;
    const checkItem = (one: Schema, item: JsonNode, index: number): void => {
      result.merge(this.attempt(one, item, { step: String(index), from: place }));
    };
    if (items === undefined) return;
    if (!isSchemas(items)) {
      node.forEach((item, index) => checkItem(items, item, index));
      return;
    }
    if (items.length === 0) return;
    node.forEach((item, index) => {
      const one = items[index];
      if (one !== undefined) checkItem(one, item, index);
    });
    if (items.length >= node.length) return;
    if (additionalItems === false) {
      result.add("array_no_additional_items", place, "No additional items allowed on array");
    } else if (typeof additionalItems === "object") {
      for (const [index, item] of node.entries()) if (index >= items.length) checkItem(additionalItems, item, index);
    }
  }

  #contains(schema: Schema, node: readonly JsonNode[], result: Result, place: Place): void {
    let best: Result | undefined;
    for (const [index, item] of node.entries()) {
      const attempt = this.attempt(schema, item, { step: String(index), from: place });
      if (attempt.valid) return;
      if (best === undefined || attempt.score > best.score) best = attempt;
    }
    result.add("contains", place, "At least one of the items must match");
    if (best !== undefined) result.merge(best);
  }

  #object(schema: Schema, node: JsonObject, result: Result, place: Place): void {
    if (schema.minProperties !== undefined && node.size < schema.minProperties) {
      result.add("array_min_properties", place, `Must have at least ${schema.minProperties} properties`);
    }
    if (schema.maxProperties !== undefined && node.size > schema.maxProperties) {
      result.add("array_max_properties", place, `Must have at most ${schema.maxProperties} properties`);
    }
    for (const name of schema.required) {
      if (node.has(name)) result.passed();
      else result.add("required", place, `${name} is required`);
    }
    for (const [key, value] of node) this.#additional(schema, key, value, result, place);
    if (schema.propertyNames !== undefined) {
      for (const key of node.keys()) {
        const attempt = this.attempt(schema.propertyNames, key, place);
        if (attempt.valid) continue;
        result.add("invalid_property_name", place, `Property name of "${key}" does not match`);
        result.merge(attempt);
      }
    }
    result.passed();
  }

  /** What patterns say of a property, and what `additionalProperties` says where nothing else does. */
  #additional(schema: Schema, key: string, value: JsonNode, result: Result, place: Place): void {
    const here = { step: key, from: place };
    let isMatched = false;
    for (const { regex, schema: property } of schema.patternProperties) {
      this.#context.charge(key.length >> 4);
      if (!regex.matches(key)) continue;
      isMatched = true;
      result.merge(this.attempt(property, value, here));
    }
    if (isMatched) result.passed();
    if (isMatched || schema.properties.has(key)) return;
    const { additionalProperties } = schema;
    if (additionalProperties === false) {
      result.add("additional_property_not_allowed", place, `Additional property ${key} is not allowed`);
    } else if (typeof additionalProperties === "object") {
      result.merge(this.attempt(additionalProperties, value, here));
    }
  }

  #text(schema: Schema, text: string, result: Result, place: Place): void {
    const { minLength, maxLength, pattern } = schema;
    if (minLength !== undefined && countRunes(text) < minLength) {
      result.add("string_gte", place, `String length must be greater than or equal to ${minLength}`);
    }
    if (maxLength !== undefined && countRunes(text) > maxLength) {
      result.add("string_lte", place, `String length must be less than or equal to ${maxLength}`);
    }
    if (pattern !== undefined) {
      this.#context.charge(text.length >> 4);
      if (!pattern.regex.matches(text)) result.add("pattern", place, `Does not match pattern '${pattern.text}'`);
    }
    result.passed();
  }
}

function isNames(dependency: readonly string[] | Schema): dependency is readonly string[] {
  return Array.isArray(dependency);
}

function isSchemas(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items);
}

function typeOf(node: JsonNode): string {
  if (node === null) return "null";
  if (typeof node === "string" || typeof node === "boolean") return typeof node;
  if (isJsonArray(node)) return "array";
  if (!isJsonNumber(node)) return "object";
  return isWhole(rationalOf(node)) ? "integer" : "number";
}

function checkCommon(context: BuiltinContext, schema: Schema, node: JsonNode, result: Result, place: Place): void {
  const { constant, enumeration, format } = schema;
  if (constant !== undefined || enumeration !== undefined) {
    const text = canonicalText(node);
    context.charge(text.length >> 4);
    if (constant !== undefined && text !== constant) {
      result.add("const", place, (field) => `${field} does not match: ${constant}`);
    }
    if (enumeration !== undefined && !enumeration.includes(text)) {
      result.add("enum", place, (field) => `${field} must be one of the following: ${enumeration.join(", ")}`);
    }
  }
  if (format !== undefined && format !== "" && typeof node === "string") {
    context.charge(node.length >> 4);
    if (!isFormat(format, node)) result.add("format", place, `Does not match format '${format}'`);
  }
  result.passed();
}

function checkNumber(schema: Schema, node: Numeric, result: Result, place: Place): void {
  const value = rationalOf(node);
  const { multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum } = schema;
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) {
    result.add("multiple_of", place, `Must be a multiple of ${rationalText(multipleOf)}`);
  }
  if (maximum !== undefined && compareRationals(value, maximum) > 0) {
    result.add("number_lte", place, `Must be less than or equal to ${rationalText(maximum)}`);
  }
  if (exclusiveMaximum !== undefined && compareRationals(value, exclusiveMaximum) >= 0) {
    result.add("number_lt", place, `Must be less than ${rationalText(exclusiveMaximum)}`);
  }
  if (minimum !== undefined && compareRationals(value, minimum) < 0) {
    result.add("number_gte", place, `Must be greater than or equal to ${rationalText(minimum)}`);
  }
  if (exclusiveMinimum !== undefined && compareRationals(value, exclusiveMinimum) <= 0) {
    result.add("number_gt", place, `Must be greater than ${rationalText(exclusiveMinimum)}`);
  }
  result.passed();
}

function checkUnique(context: BuiltinContext, node: readonly JsonNode[], result: Result, place: Place): void {
  const seen = new Map<string, number>();
  for (const [index, item] of node.entries()) {
    const text = canonicalText(item);
    context.charge(1 + (text.length >> 4));
    const before = seen.get(text);
    if (before !== undefined) result.add("unique", place, `array items[${before},${index}] must be unique`);
    seen.set(text, index);
  }
}
