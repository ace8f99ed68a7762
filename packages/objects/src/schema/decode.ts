import { jsonTypeOf, isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from "../json/value.ts";
import { childPath, invalid, keyPath, typeInvalid, type FieldError } from "../object/field-error.ts";
import { emptySchema, type Schema } from "./schema.ts";

export type SchemaReading =
  | { readonly ok: true; readonly schema: Schema }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** How deep a schema may nest before it is refused: a guard for the recursion, far beyond what anybody writes. */
const deepest = 200;

const refused: readonly (readonly [key: string, empty: (value: JsonValue) => boolean])[] = [
  ["id", (value) => value === ""],
  ["$schema", (value) => value === ""],
  ["$ref", () => false],
  ["patternProperties", isEmptyObject],
  ["dependencies", () => false],
  ["additionalItems", () => false],
  ["definitions", isEmptyObject],
];

function isEmptyObject(value: JsonValue): boolean {
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** Decodes `openAPIV3Schema`; what has the wrong type is an error with its path, what nobody knows is dropped. */
export function decodeSchema(value: JsonValue, path: string): SchemaReading {
  const errors: FieldError[] = [];
  const schema = decode(value, path, errors, 0);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, schema };
}

function decode(value: JsonValue, path: string, errors: FieldError[], depth: number): Schema {
  if (!isJsonObject(value)) {
    errors.push(typeInvalid(path, value, `must be an object, and is ${jsonTypeOf(value)}`));
    return emptySchema;
  }
  if (depth > deepest) {
    errors.push(invalid(path, "", `is nested more than ${deepest} deep`));
    return emptySchema;
  }
  const read = reader(value, path, errors);
  const list = (key: string): readonly Schema[] =>
    read.list(key).map((item, at) => decode(item, keyPath(childPath(path, key), at), errors, depth + 1));
  const optional = <K extends string, T>(key: K, found: T | undefined): { readonly [P in K]?: T } =>
    // An optional property is left out rather than set to undefined.
    (found === undefined ? {} : { [key]: found }) as { readonly [P in K]?: T };

  const part = (key: string): Schema | undefined => {
    const found = present(own(value, key));
    return found === undefined ? undefined : decode(found, childPath(path, key), errors, depth + 1);
  };
  return {
    type: read.text("type") ?? "",
    format: read.text("format") ?? "",
    title: read.text("title") ?? "",
    description: read.text("description") ?? "",
    nullable: read.flag("nullable") ?? false,
    ...optional("default", present(own(value, "default"))),
    properties: decodeProperties(value, path, errors, depth),
    ...(isJsonArray(own(value, "items")) ? { itemList: list("items") } : optional("items", part("items"))),
    ...optional("additionalProperties", decodeAdditional(value, path, errors, depth)),
    required: read.texts("required"),
    enum: read.list("enum"),
    ...optional("maximum", read.number("maximum")),
    exclusiveMaximum: read.flag("exclusiveMaximum") ?? false,
    ...optional("minimum", read.number("minimum")),
    exclusiveMinimum: read.flag("exclusiveMinimum") ?? false,
    ...optional("multipleOf", read.number("multipleOf")),
    ...optional("maxLength", read.number("maxLength")),
    ...optional("minLength", read.number("minLength")),
    pattern: read.text("pattern") ?? "",
    ...optional("maxItems", read.number("maxItems")),
    ...optional("minItems", read.number("minItems")),
    uniqueItems: read.flag("uniqueItems") ?? false,
    ...optional("maxProperties", read.number("maxProperties")),
    ...optional("minProperties", read.number("minProperties")),
    allOf: list("allOf"),
    anyOf: list("anyOf"),
    oneOf: list("oneOf"),
    ...optional("not", part("not")),
    ...optional("preserveUnknownFields", read.flag("x-kubernetes-preserve-unknown-fields")),
    embeddedResource: read.flag("x-kubernetes-embedded-resource") ?? false,
    intOrString: read.flag("x-kubernetes-int-or-string") ?? false,
    ...optional("listType", read.text("x-kubernetes-list-type")),
    listMapKeys: read.texts("x-kubernetes-list-map-keys"),
    ...optional("mapType", read.text("x-kubernetes-map-type")),
    validations: read.list("x-kubernetes-validations"),
    unsupported: unsupportedIn(value),
  };
}

function present(value: JsonValue | undefined): JsonValue | undefined {
  return value === null ? undefined : value;
}

function unsupportedIn(value: JsonObject): readonly string[] {
  return refused
    .filter(([key, isEmpty]) => {
      const found = present(own(value, key));
      return found !== undefined && !isEmpty(found);
    })
    .map(([key]) => (key === "$schema" ? "schema" : key));
}

function decodeProperties(
  value: JsonObject,
  path: string,
  errors: FieldError[],
  depth: number,
): ReadonlyMap<string, Schema> {
  const properties = present(own(value, "properties"));
  const found = new Map<string, Schema>();
  if (properties === undefined) return found;
  const at = childPath(path, "properties");
  if (!isJsonObject(properties)) {
    errors.push(typeInvalid(at, properties, `must be an object, and is ${jsonTypeOf(properties)}`));
    return found;
  }
  for (const [name, property] of Object.entries(properties)) {
    found.set(name, decode(property, keyPath(at, name), errors, depth + 1));
  }
  return found;
}

function decodeAdditional(
  value: JsonObject,
  path: string,
  errors: FieldError[],
  depth: number,
): Schema["additionalProperties"] {
  const additional = present(own(value, "additionalProperties"));
  if (additional === undefined) return undefined;
  if (typeof additional === "boolean") return { allows: additional };
  return { allows: true, schema: decode(additional, childPath(path, "additionalProperties"), errors, depth + 1) };
}

/** Reads one keyword of a schema; a wrong type is noted and counts as absent. */
function reader(of: JsonObject, path: string, errors: FieldError[]): KeywordReader {
  const typed = <T extends JsonValue>(
    key: string,
    want: string,
    is: (value: JsonValue) => value is T,
  ): T | undefined => {
    const value = present(own(of, key));
    if (value === undefined) return undefined;
    if (is(value)) return value;
    errors.push(typeInvalid(childPath(path, key), value, `must be ${want}, and is ${jsonTypeOf(value)}`));
    return undefined;
  };
  const list = (key: string): readonly JsonValue[] => typed(key, "an array", isJsonArray) ?? [];
  return {
    text: (key) => typed(key, "a string", (value) => typeof value === "string"),
    flag: (key) => typed(key, "a boolean", (value) => typeof value === "boolean"),
    number: (key) => typed(key, "a number", (value) => typeof value === "number"),
    list,
    texts: (key) => {
      const items = list(key);
      const texts = items.filter((item) => typeof item === "string");
      if (texts.length !== items.length)
        errors.push(typeInvalid(childPath(path, key), [...items], "must hold strings"));
      return texts;
    },
  };
}

interface KeywordReader {
  readonly text: (key: string) => string | undefined;
  readonly flag: (key: string) => boolean | undefined;
  readonly number: (key: string) => number | undefined;
  readonly list: (key: string) => readonly JsonValue[];
  readonly texts: (key: string) => readonly string[];
}
