import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure, fail } from "../failure.ts";
import { compileRegex, type Regex } from "../regex/engine.ts";
import { canonicalText, isJsonArray, isJsonNumber, isJsonObject, type JsonNode, type JsonObject } from "./json-node.ts";
import { boundOf, enumerationOf, failExpected, listOf, sizeOf, textOf } from "./keywords.ts";
import { declaredDraft, SchemaPool } from "./pool.ts";
import { here, parseReference, referenceText } from "./reference.ts";
import { compareRationals, rationalOf } from "./rational.ts";
import { type Draft, emptySchema, isSince, type Schema } from "./schema.ts";

const types: readonly string[] = ["array", "boolean", "integer", "number", "null", "object", "string"];

/** Reads a schema with all that it refers to, or fails. */
export function compileSchema(context: BuiltinContext, document: JsonNode): Schema {
  const pool = new SchemaPool(context);
  pool.add(document, here);
  return new SchemaReader(context, pool).schema(document, declaredDraft(document) ?? "hybrid");
}

class SchemaReader {
  readonly #context: BuiltinContext;
  readonly #pool: SchemaPool;
  readonly #byReference = new Map<string, Schema>();

  constructor(context: BuiltinContext, pool: SchemaPool) {
    this.#context = context;
    this.#pool = pool;
  }

  /** Reads a schema into one that may already be referred to. */
  schema(node: JsonNode, draft: Draft, schema: Schema = emptySchema(draft)): Schema {
    this.#context.charge(1);
    if (typeof node === "boolean" && isSince(draft, 6)) {
      schema.pass = node;
      return schema;
    }
    if (!isJsonObject(node)) return fail("Expected: Valid Schema, given: Invalid JSON");
    const id = textOf(node, draft === 4 || (draft === "hybrid" && node.has("id")) ? "id" : "$id");
    if (id !== undefined) parseReference(id);
    this.#definitions(node, draft);
    textOf(node, "title");
    textOf(node, "description");
    if (this.#reference(node, schema)) return schema;
    readTypes(node, schema);
    this.#object(node, schema);
    this.#array(node, schema);
    readNumberBounds(node, schema);
    readTextBounds(node, schema);
    readObjectBounds(node, schema);
    this.#arrayBounds(node, schema);
    if (node.has("const") && isSince(draft, 6)) schema.constant = canonicalText(node.get("const") ?? null);
    const enumeration = enumerationOf(node);
    if (enumeration !== undefined) schema.enumeration = enumeration;
    this.#combinations(node, schema);
    return schema;
  }

  #definitions(node: JsonObject, draft: Draft): void {
    const definitions = node.get("definitions");
    if (definitions === undefined) return;
    if (!isJsonObject(definitions)) failExpected("Array Of Schemas", "definitions");
    for (const definition of definitions.values()) {
      if (!isSchemaNode(definition)) failExpected("Array Of Schemas", "definitions");
      this.schema(definition, draft);
    }
  }

  /** Follows `$ref`. Whether the rest of the schema is not even looked at: so it is the first time that one is met. */
  #reference(node: JsonObject, schema: Schema): boolean {
    const written = textOf(node, "$ref");
    if (written === undefined) return false;
    const name = referenceText(parseReference(this.#pool.absolute(node, written)));
    const known = this.#byReference.get(name);
    if (known !== undefined) {
      schema.reference = known;
      return false;
    }
    const found = this.#findAndRegister(name, schema.draft);
    schema.reference = found;
    return true;
  }

  #findAndRegister(name: string, draft: Draft): Schema {
    // It is known by its name before it is read, since it may refer to itself.
    const { node, draft: declared } = this.#pool.find(name);
    const target = emptySchema(declared ?? draft);
    this.#byReference.set(name, target);
    if (!isSchemaNode(node)) return fail("Valid Schema must be of type object");
    return this.schema(node, target.draft, target);
  }

  #object(node: JsonObject, schema: Schema): void {
    const { draft } = schema;
    const properties = node.get("properties");
    if (properties !== undefined) {
      if (!isJsonObject(properties)) fail("Properties must be of type object");
      for (const [key, property] of properties) schema.properties.set(key, this.schema(property, draft));
    }
    const additional = node.get("additionalProperties");
    if (additional !== undefined) {
      schema.additionalProperties = this.#schemaOrFlag(additional, draft, "additionalProperties");
    }
    const patterns = node.get("patternProperties");
    if (patterns !== undefined) {
      if (!isJsonObject(patterns)) failExpected("Valid Schema", "patternProperties");
      for (const [pattern, property] of patterns) {
        const regex = regexOf(pattern) ?? fail(`Invalid regex pattern '${pattern}'`);
        schema.patternProperties.push({ regex, schema: this.schema(property, draft) });
      }
    }
    const names = node.get("propertyNames");
    if (names !== undefined && isSince(draft, 6)) {
      if (!isSchemaNode(names)) failExpected("Valid Schema", "patternProperties");
      schema.propertyNames = this.schema(names, draft);
    }
    this.#dependencies(node, schema);
  }

  #schemaOrFlag(node: JsonNode, draft: Draft, word: string): Schema | boolean {
    if (typeof node === "boolean") return node;
    if (!isJsonObject(node)) return failExpected("boolean/Valid Schema", word);
    return this.schema(node, draft);
  }

  #dependencies(node: JsonObject, schema: Schema): void {
    const dependencies = node.get("dependencies");
    if (dependencies === undefined) return;
    if (!isJsonObject(dependencies)) fail("dependencies must be of type object");
    for (const [key, dependency] of dependencies) {
      if (isJsonArray(dependency)) {
        const names = dependency.filter((name) => typeof name === "string");
        if (names.length < dependency.length) fail("Dependency must be of type Schema Or Array Of Strings");
        schema.dependencies.set(key, names);
      } else if (isSchemaNode(dependency)) {
        schema.dependencies.set(key, this.schema(dependency, schema.draft));
      } else {
        fail("Dependency must be of type Schema Or Array Of Strings");
      }
    }
  }

  #array(node: JsonObject, schema: Schema): void {
    const { draft } = schema;
    const items = node.get("items");
    if (items !== undefined) {
      if (isJsonArray(items)) {
        schema.items = items.map((item) =>
          isSchemaNode(item) ? this.schema(item, draft) : failExpected("Valid Schema/Array Of Schemas", "items"),
        );
      } else if (isSchemaNode(items)) {
        schema.items = this.schema(items, draft);
      } else {
        failExpected("Valid Schema/Array Of Schemas", "items");
      }
    }
    const additional = node.get("additionalItems");
    if (additional !== undefined) schema.additionalItems = this.#schemaOrFlag(additional, draft, "additionalItems");
  }

  #arrayBounds(node: JsonObject, schema: Schema): void {
    const least = sizeOf(node, "minItems");
    if (least !== undefined) schema.minItems = least;
    const most = sizeOf(node, "maxItems");
    if (most !== undefined) schema.maxItems = most;
    const unique = node.get("uniqueItems");
    if (unique !== undefined) {
      if (typeof unique !== "boolean") fail("uniqueItems must be of a boolean");
      schema.uniqueItems = unique;
    }
    const contains = node.get("contains");
    if (contains !== undefined && isSince(schema.draft, 6)) schema.contains = this.schema(contains, schema.draft);
  }

  #combinations(node: JsonObject, schema: Schema): void {
    const { draft } = schema;
    schema.oneOf = this.#schemas(node, "oneOf", draft);
    schema.anyOf = this.#schemas(node, "anyOf", draft);
    schema.allOf = this.#schemas(node, "allOf", draft);
    for (const word of ["not", "if", "then", "else"] as const) {
      const inner = node.get(word);
      if (inner === undefined || (word !== "not" && !isSince(draft, 7))) continue;
      if (!isSchemaNode(inner)) fail(`${word} must be of an object`);
      schema[word] = this.schema(inner, draft);
    }
  }

  #schemas(node: JsonObject, word: string, draft: Draft): readonly Schema[] {
    return (listOf(node, word) ?? []).map((inner) => this.schema(inner, draft));
  }
}

function isSchemaNode(node: JsonNode): node is boolean | JsonObject {
  return typeof node === "boolean" || isJsonObject(node);
}

function regexOf(pattern: string): Regex | undefined {
  try {
    return compileRegex(pattern);
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return undefined;
    throw failure;
  }
}

function readTypes(node: JsonObject, schema: Schema): void {
  const given = node.get("type");
  if (given === undefined) return;
  if (typeof given !== "string" && !isJsonArray(given)) failExpected("type", "string/Array Of Strings");
  for (const type of isJsonArray(given) ? given : [given]) {
    if (typeof type !== "string") failExpected("type", "string/Array Of Strings");
    if (!types.includes(type)) {
      const valid = types.join(" ");
      fail(`has a primitive type that is NOT VALID -- given: /${type}/ Expected valid values are:[${valid}]`);
    }
    if (schema.types.includes(type)) fail(`${type} type is duplicated`);
    schema.types.push(type);
  }
}

function readNumberBounds(node: JsonObject, schema: Schema): void {
  const multiple = node.get("multipleOf");
  if (multiple !== undefined) {
    if (!isJsonNumber(multiple)) failExpected("Number", "multipleOf");
    const divisor = rationalOf(multiple);
    if (compareRationals(divisor, { coefficient: 0n, exponent: 0 }) <= 0) {
      fail("multipleOf must be strictly greater than 0");
    }
    schema.multipleOf = divisor;
  }
  readBound(node, schema, "minimum", "exclusiveMinimum");
  readBound(node, schema, "maximum", "exclusiveMaximum");
}

/** A bound and the word that excludes it: a flag in draft 4, a bound of its own later, either where no draft is said. */
function readBound(
  node: JsonObject,
  schema: Schema,
  word: "minimum" | "maximum",
  exclusiveWord: "exclusiveMinimum" | "exclusiveMaximum",
): void {
  const bound = boundOf(node, word);
  if (bound !== undefined) schema[word] = bound;
  const exclusive = node.get(exclusiveWord);
  if (exclusive === undefined) return;
  const { draft } = schema;
  if (typeof exclusive === "boolean" && (draft === 4 || draft === "hybrid")) {
    if (bound === undefined) fail(`${exclusiveWord} cannot be used without ${word}`);
    if (!exclusive) return;
    schema[exclusiveWord] = bound;
    schema[word] = undefined;
  } else if (isJsonNumber(exclusive) && draft !== 4) {
    schema[exclusiveWord] = rationalOf(exclusive);
  } else {
    failExpected(draft === 4 ? "boolean" : draft === "hybrid" ? "boolean/number" : "number", exclusiveWord);
  }
}

function readTextBounds(node: JsonObject, schema: Schema): void {
  const least = sizeOf(node, "minLength");
  if (least !== undefined) schema.minLength = least;
  const most = sizeOf(node, "maxLength");
  if (most !== undefined) schema.maxLength = most;
  if (least !== undefined && most !== undefined && least > most) fail("minLength cannot be greater than maxLength");
  const pattern = textOf(node, "pattern");
  if (pattern !== undefined) {
    schema.pattern = { text: pattern, regex: regexOf(pattern) ?? fail("pattern must be a valid regex") };
  }
  const format = textOf(node, "format");
  if (format !== undefined) schema.format = format;
}

function readObjectBounds(node: JsonObject, schema: Schema): void {
  const least = sizeOf(node, "minProperties");
  if (least !== undefined) schema.minProperties = least;
  const most = sizeOf(node, "maxProperties");
  if (most !== undefined) schema.maxProperties = most;
  if (least !== undefined && most !== undefined && least > most) {
    fail("minProperties cannot be greater than maxProperties");
  }
  for (const name of listOf(node, "required") ?? []) {
    if (typeof name !== "string") failExpected("string", "required");
    if (schema.required.includes(name)) fail("required items must be unique");
    schema.required.push(name);
  }
}
