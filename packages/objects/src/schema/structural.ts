/** Whether a schema is structural: Kubernetes' rule that a value's shape stands outside of all logical parts. */
import {
  childPath,
  forbidden,
  formatFieldError,
  invalid,
  keyPath,
  required,
  type FieldError,
} from "../object/field-error.ts";
import { platformPatterns, type PatternCompiler } from "./pattern.ts";
import { emptySchema, type Schema } from "./schema.ts";

type Level = "root" | "item" | "field";

/** What makes a resource's schema not structural, sorted by text as Kubernetes does. */
export function checkStructural(
  schema: Schema,
  path: string,
  patterns: PatternCompiler = platformPatterns,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  checkInvariants({ errors, patterns }, schema, "root", path);
  checkCompleteness(errors, schema, path);
  return errors.toSorted((a, b) => (formatFieldError(a) < formatFieldError(b) ? -1 : 1));
}

interface Checking {
  readonly errors: FieldError[];
  readonly patterns: PatternCompiler;
}

function checkInvariants(on: Checking, schema: Schema, level: Level, path: string): void {
  const { errors } = on;
  if (schema.type === "array" && schema.items === undefined) {
    errors.push(required(childPath(path, "items"), "must be specified"));
  }
  if (schema.items !== undefined) checkInvariants(on, schema.items, "item", childPath(path, "items"));
  for (const [name, property] of schema.properties) {
    checkInvariants(on, property, "field", keyPath(childPath(path, "properties"), name));
  }
  const additional = schema.additionalProperties;
  if (additional !== undefined) {
    const at = childPath(path, "additionalProperties");
    if (level === "root") errors.push(forbidden(at, "must not be used at the root"));
    if (additional.schema !== undefined) checkInvariants(on, additional.schema, "field", at);
  }
  checkExtensions(errors, schema, path);
  checkValueRules(on, schema, isIntOrString(schema), isIntOrString(schema.allOf[0]), path);
  checkType(errors, schema, level, path);
  checkMetadata(errors, schema, level, path);
  if (schema.embeddedResource && schema.preserveUnknownFields !== true && schema.properties.size === 0) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(required(childPath(path, "properties"), detail));
  }
}

function checkExtensions(errors: FieldError[], schema: Schema, path: string): void {
  if (!schema.intOrString) return;
  const detail = "must be false if x-kubernetes-int-or-string is true";
  if (schema.preserveUnknownFields === true) {
    errors.push(invalid(childPath(path, "x-kubernetes-preserve-unknown-fields"), true, detail));
  }
  if (schema.embeddedResource) {
    errors.push(invalid(childPath(path, "x-kubernetes-embedded-resource"), true, detail));
  }
}

const missingType: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function checkType(errors: FieldError[], schema: Schema, level: Level, path: string): void {
  const at = childPath(path, "type");
  if (schema.embeddedResource && schema.type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(schema.type === "" ? required(at, detail) : invalid(at, schema.type, detail));
  } else if (schema.type === "" && !schema.intOrString && schema.preserveUnknownFields !== true) {
    errors.push(required(at, missingType[level]));
  }
  if (schema.embeddedResource && schema.additionalProperties !== undefined) {
    const detail = "must not be used if x-kubernetes-embedded-resource is set";
    errors.push(forbidden(childPath(path, "additionalProperties"), detail));
  }
  if (level === "root" && schema.type !== "" && schema.type !== "object") {
    errors.push(invalid(at, schema.type, "must be object at the root"));
  }
}

function checkMetadata(errors: FieldError[], schema: Schema, level: Level, path: string): void {
  const isResource = level === "root" || schema.embeddedResource;
  const at = (name: string): string => keyPath(childPath(path, "properties"), name);
  for (const name of ["kind", "apiVersion"]) {
    const property = schema.properties.get(name);
    if (isResource && property !== undefined && property.type !== "string") {
      errors.push(invalid(childPath(at(name), "type"), property.type, "must be string"));
    }
  }
  const metadata = schema.properties.get("metadata");
  if (metadata === undefined) return;
  if (isResource && metadata.type !== "object") {
    errors.push(invalid(childPath(at("metadata"), "type"), metadata.type, "must be object"));
  }
  if (level === "root" && !saysOnlyNames(metadata)) {
    const detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
    errors.push(forbidden(at("metadata"), detail));
  }
}

function saysOnlyNames(metadata: Schema): boolean {
  const names = [...metadata.properties.keys()];
  if (!names.every((name) => name === "name" || name === "generateName")) return false;
  return saysNothing({ ...metadata, properties: new Map(), type: "" });
}

function saysNothing(schema: Schema): boolean {
  const keys = Object.keys(schema).filter((key) => key !== "default" && key !== "unsupported");
  return keys.every((key) => {
    // Both are schemas, and a key of the one that the other lacks says something.
    const [value, empty] = [schema[key as keyof Schema], emptySchema[key as keyof Schema]];
    if (Array.isArray(value)) return value.length === 0;
    if (value instanceof Map) return value.size === 0;
    return value === empty;
  });
}

/** The one shape in which types may stand in a logical part: `anyOf: [{type: integer}, {type: string}]`. */
function isIntOrString(schema: Schema | undefined): boolean {
  const [first, second, ...rest] = schema?.anyOf ?? [];
  return (
    rest.length === 0 &&
    first?.type === "integer" &&
    second?.type === "string" &&
    saysNothing({ ...first, type: "" }) &&
    saysNothing({ ...second, type: "" })
  );
}

function checkValueRules(on: Checking, schema: Schema, skipAnyOf: boolean, skipFirst: boolean, path: string): void {
  if (!skipAnyOf) {
    for (const [at, part] of schema.anyOf.entries()) {
      checkNested(on, part, false, keyPath(childPath(path, "anyOf"), at));
    }
  }
  for (const [at, part] of schema.allOf.entries()) {
    checkNested(on, part, skipFirst && at === 0, keyPath(childPath(path, "allOf"), at));
  }
  for (const [at, part] of schema.oneOf.entries()) {
    checkNested(on, part, false, keyPath(childPath(path, "oneOf"), at));
  }
  if (schema.not !== undefined) checkNested(on, schema.not, false, childPath(path, "not"));
  if (schema.pattern === "") return;
  const compiled = on.patterns(schema.pattern);
  if (compiled.ok) return;
  const detail = `must be a valid regular expression, but isn't: ${compiled.message}`;
  on.errors.push(invalid(childPath(path, "pattern"), schema.pattern, detail));
}

/** A schema within allOf, anyOf, oneOf or not: it may restrict values, and say nothing of their shape. */
function checkNested(on: Checking, schema: Schema, skipAnyOf: boolean, path: string): void {
  const { errors } = on;
  checkValueRules(on, schema, skipAnyOf, false, path);
  if (schema.items !== undefined) checkNested(on, schema.items, false, childPath(path, "items"));
  for (const [name, property] of schema.properties) {
    checkNested(on, property, false, keyPath(childPath(path, "properties"), name));
  }
  const additional = schema.additionalProperties;
  const forbid = (isThere: boolean, key: string, be: string): void => {
    if (isThere) errors.push(forbidden(childPath(path, key), `must be ${be} to be structural`));
  };
  forbid(schema.type !== "", "type", "empty");
  forbid(additional !== undefined && additional.allows, "additionalProperties", "undefined");
  forbid(schema.default !== undefined, "default", "undefined");
  forbid(schema.title !== "", "title", "empty");
  forbid(schema.description !== "", "description", "empty");
  forbid(schema.nullable, "nullable", "false");
  forbid(schema.preserveUnknownFields === true, "x-kubernetes-preserve-unknown-fields", "false");
  forbid(schema.embeddedResource, "x-kubernetes-embedded-resource", "false");
  forbid(schema.intOrString, "x-kubernetes-int-or-string", "false");
  forbid(schema.listMapKeys.length > 0, "x-kubernetes-list-map-keys", "empty");
  forbid(schema.listType !== undefined, "x-kubernetes-list-type", "undefined");
  forbid(schema.mapType !== undefined, "x-kubernetes-map-type", "undefined");
  forbid(schema.validations.length > 0, "x-kubernetes-validations", "empty");
  if (schema.properties.has("metadata")) {
    const at = keyPath(childPath(path, "properties"), "metadata");
    errors.push(forbidden(at, "must not be specified in a nested context"));
  }
}

/** Every path that a logical part of the root speaks of must be specified outside of it. */
function checkCompleteness(errors: FieldError[], schema: Schema, path: string): void {
  for (const [key, parts] of logicalParts(schema)) {
    for (const [at, part] of parts.entries()) {
      complete(errors, schema, part, path, key === "not" ? childPath(path, key) : keyPath(childPath(path, key), at));
    }
  }
}

function logicalParts(schema: Schema): readonly (readonly [key: string, parts: readonly Schema[]])[] {
  return [
    ["anyOf", schema.anyOf],
    ["allOf", schema.allOf],
    ["oneOf", schema.oneOf],
    ["not", schema.not === undefined ? [] : [schema.not]],
  ];
}

function complete(errors: FieldError[], shape: Schema | undefined, part: Schema, at: string, why: string): void {
  const because = (path: string, there: string): FieldError => required(path, `because it is defined in ${there}`);
  if (part.items !== undefined) {
    const there = childPath(why, "items");
    if (shape?.items === undefined) errors.push(because(childPath(at, "items"), there));
    else complete(errors, shape.items, part.items, childPath(at, "items"), there);
  }
  for (const [name, property] of part.properties) {
    const path = keyPath(childPath(at, "properties"), name);
    const there = keyPath(childPath(why, "properties"), name);
    const outer = shape?.properties.get(name);
    if (outer === undefined) errors.push(because(path, there));
    else complete(errors, outer, property, path, there);
  }
  for (const [key, parts] of logicalParts(part)) {
    for (const [index, inner] of parts.entries()) {
      complete(errors, shape, inner, at, key === "not" ? childPath(why, key) : keyPath(childPath(why, key), index));
    }
  }
}
