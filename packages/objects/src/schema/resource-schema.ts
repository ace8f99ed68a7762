/** The checks that the API server makes of a CustomResourceDefinition's schema before it accepts it. */
import {
  childPath,
  forbidden,
  invalid,
  keyPath,
  notSupported,
  required,
  type FieldError,
} from "../object/field-error.ts";
import { own, ownString, type JsonValue } from "../json/value.ts";
import { platformPatterns, type PatternCompiler } from "./pattern.ts";
import { findUnknownInPart } from "./prune.ts";
import type { Schema } from "./schema.ts";
import { checkStructural } from "./structural.ts";
import { validateValue } from "./validate.ts";

const types = ["array", "boolean", "integer", "number", "object", "string"];
const rootKeywords =
  "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]";

/**
 * What is wrong with the schema of a custom resource at `path` (that of `openAPIV3Schema`), in Kubernetes' words.
 * Rules in CEL are looked at as far as their shape goes; nobody compiles them here.
 */
export function checkResourceSchema(
  schema: Schema,
  path: string,
  patterns: PatternCompiler = platformPatterns,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema.nullable) errors.push(forbidden(`${path}.nullable`, "nullable cannot be true at the root"));
  if (!usesUnsupported(schema)) {
    const structural = checkStructural(schema, path, patterns);
    errors.push(...structural);
    if (structural.length === 0) checkDefaults(errors, schema, path, patterns);
  }
  checkSchema({ errors, root: true, insideMetadata: false, defaultsForbidden: undefined }, schema, path);
  return errors;
}

/** The further check of a root schema whose resource has a status subresource. */
export function checkRootWithStatus(schema: Schema, path: string): readonly FieldError[] {
  if (schema.type !== "" && schema.type !== "object") {
    const detail =
      'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    return [invalid(`${path}.type`, schema.type, detail)];
  }
  const isLogical = schema.allOf.length + schema.anyOf.length + schema.oneOf.length > 0 || schema.not !== undefined;
  const isMarked = schema.nullable || schema.embeddedResource || schema.intOrString || schema.mapType !== undefined;
  const isOther = schema.enum.length > 0 || schema.default !== undefined || schema.additionalProperties !== undefined;
  if (!isLogical && !isMarked && !isOther) return [];
  const detail = `only ${rootKeywords} fields are allowed at the root of the schema if the status subresource is enabled`;
  return [{ path, type: "FieldValueInvalid", detail }];
}

/** Whether any part uses what no structural schema may; then the shape is not worth a second complaint. */
function usesUnsupported(schema: Schema): boolean {
  if (schema.unsupported.length > 0 || schema.itemList !== undefined) return true;
  const { items, additionalProperties, not } = schema;
  const parts = [...schema.properties.values(), ...schema.allOf, ...schema.anyOf, ...schema.oneOf];
  for (const part of [items, additionalProperties?.schema, not]) if (part !== undefined) parts.push(part);
  return parts.some(usesUnsupported);
}

interface Checking {
  readonly errors: FieldError[];
  readonly root: boolean;
  readonly insideMetadata: boolean;
  readonly defaultsForbidden: string | undefined;
}

function checkSchema(on: Checking, schema: Schema, path: string): void {
  const { errors } = on;
  checkStandard(on, schema, path);
  if (schema.uniqueItems) {
    const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.push(forbidden(childPath(path, "uniqueItems"), detail));
  }
  descend(on, schema, path);
  if (schema.preserveUnknownFields === false) {
    const at = childPath(path, "x-kubernetes-preserve-unknown-fields");
    errors.push(invalid(at, false, "must be true or undefined"));
  }
  checkMapType(errors, schema, path);
  checkListType(errors, schema, path);
  for (const [at, rule] of schema.validations.entries()) {
    checkRule(errors, rule, keyPath(childPath(path, "x-kubernetes-validations"), at));
  }
}

function checkStandard(on: Checking, schema: Schema, path: string): void {
  const { errors } = on;
  if (schema.type === "null") {
    const detail = "type cannot be set to null, use nullable as an alternative";
    errors.push(notSupported(childPath(path, "type"), schema.type, types));
    errors.push(forbidden(childPath(path, "type"), detail));
  } else if (schema.type !== "" && !types.includes(schema.type)) {
    errors.push(notSupported(childPath(path, "type"), schema.type, types));
  }
  if (schema.default !== undefined && on.defaultsForbidden !== undefined) {
    errors.push(forbidden(childPath(path, "default"), `must not be set ${on.defaultsForbidden}`));
  }
  for (const keyword of schema.unsupported) {
    errors.push(forbidden(childPath(path, keyword), `${keyword} is not supported`));
  }
  if (schema.itemList !== undefined) {
    errors.push(forbidden(childPath(path, "items"), "items must be a schema object and not an array"));
  }
  if (on.insideMetadata && schema.embeddedResource) {
    const at = childPath(path, "x-kubernetes-embedded-resource");
    errors.push(forbidden(at, "must not be used inside of resource meta"));
  }
}

const metaFields = new Set(["metadata", "kind", "apiVersion"]);

function descend(on: Checking, schema: Schema, path: string): void {
  const inner: Checking = { ...on, root: false };
  const additional = schema.additionalProperties;
  if (additional !== undefined) {
    const at = childPath(path, "additionalProperties");
    if (schema.properties.size > 0 && (!additional.allows || additional.schema !== undefined)) {
      on.errors.push(forbidden(at, "additionalProperties and properties are mutual exclusive"));
    }
    const why = "inside additionalProperties applying to object metadata";
    if (additional.schema !== undefined) {
      checkSchema(on.insideMetadata ? { ...inner, defaultsForbidden: why } : inner, additional.schema, at);
    }
  }
  for (const [name, property] of schema.properties) {
    const isMeta = (on.root || schema.embeddedResource) && metaFields.has(name);
    const checking: Checking = {
      ...inner,
      insideMetadata: on.insideMetadata || isMeta,
      defaultsForbidden: isMeta && on.root ? `in top-level ${name}` : on.defaultsForbidden,
    };
    checkSchema(checking, property, keyPath(childPath(path, "properties"), name));
  }
  if (schema.not !== undefined) checkSchema(inner, schema.not, childPath(path, "not"));
  for (const [key, parts] of [
    ["allOf", schema.allOf],
    ["oneOf", schema.oneOf],
    ["anyOf", schema.anyOf],
  ] as const) {
    for (const [at, part] of parts.entries()) checkSchema(inner, part, keyPath(childPath(path, key), at));
  }
  if (schema.items !== undefined) checkSchema(inner, schema.items, childPath(path, "items"));
}

function checkMapType(errors: FieldError[], schema: Schema, path: string): void {
  const { mapType, type } = schema;
  if (mapType === undefined) return;
  if (type !== "object") {
    const [at, detail] = [childPath(path, "type"), "must be object if x-kubernetes-map-type is specified"];
    errors.push(type === "" ? required(at, detail) : invalid(at, type, detail));
  }
  if (mapType !== "atomic" && mapType !== "granular") {
    errors.push(notSupported(childPath(path, "x-kubernetes-map-type"), mapType, ["atomic", "granular"]));
  }
}

function checkListType(errors: FieldError[], schema: Schema, path: string): void {
  const { listType, listMapKeys, type, items } = schema;
  const at = childPath(path, "x-kubernetes-list-type");
  if (listType !== undefined && type !== "array") {
    const [where, detail] = [childPath(path, "type"), "must be array if x-kubernetes-list-type is specified"];
    errors.push(type === "" ? required(where, detail) : invalid(where, type, detail));
  } else if (listType === "set" && items !== undefined) checkSetItems(errors, items, childPath(path, "items"));
  if (listType !== undefined && !["atomic", "set", "map"].includes(listType)) {
    errors.push(notSupported(at, listType, ["atomic", "set", "map"]));
  }
  if (listMapKeys.length > 0 && listType !== "map") {
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    errors.push(listType === undefined ? required(at, detail) : invalid(at, listType, detail));
  }
  if (listType === "map") checkMapItems(errors, schema, path);
  if ((listType === "set" || listType === "map") && items?.nullable === true) {
    const where = childPath(childPath(path, "items"), "nullable");
    errors.push(forbidden(where, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  }
}

function checkSetItems(errors: FieldError[], items: Schema, path: string): void {
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  if (items.type === "array" && items.listType !== undefined && items.listType !== "atomic") {
    errors.push(invalid(childPath(path, "x-kubernetes-list-type"), items.listType, detail));
  }
  if (items.type === "object" && items.mapType !== "atomic") {
    errors.push(invalid(childPath(path, "x-kubernetes-map-type"), items.listType ?? null, detail));
  }
}

function checkMapItems(errors: FieldError[], schema: Schema, path: string): void {
  const keysPath = childPath(path, "x-kubernetes-list-map-keys");
  const itemsPath = childPath(path, "items");
  const { items, listMapKeys } = schema;
  if (listMapKeys.length === 0) {
    errors.push(required(keysPath, "must not be empty if x-kubernetes-list-type is map"));
  }
  if (items === undefined) {
    errors.push(required(itemsPath, "must have a schema if x-kubernetes-list-type is map"));
    return;
  }
  if (items.type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    errors.push(invalid(childPath(itemsPath, "type"), items.type, detail));
    return;
  }
  const seen = new Set<string>();
  for (const key of listMapKeys) {
    const property = items.properties.get(key);
    const at = keyPath(childPath(itemsPath, "properties"), key);
    if (property === undefined) {
      errors.push(invalid(keysPath, [...listMapKeys], "entries must all be names of item properties"));
    } else if (property.type === "array" || property.type === "object") {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      errors.push(invalid(childPath(at, "type"), items.type, detail));
    }
    if (seen.has(key)) errors.push(invalid(keysPath, [...listMapKeys], "must not contain duplicate entries"));
    seen.add(key);
    if (property === undefined) continue;
    if (!items.required.includes(key) && property.default === undefined) {
      const detail =
        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
      errors.push(required(childPath(at, "default"), detail));
    }
    if (property.nullable) {
      const detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
      errors.push(forbidden(childPath(at, "nullable"), detail));
    }
  }
}

function checkRule(errors: FieldError[], rule: JsonValue, path: string): void {
  const text = ownString(rule, "rule") ?? "";
  const message = ownString(rule, "message") ?? "";
  if (text.trim() === "") errors.push(required(childPath(path, "rule"), "rule is not specified"));
  else if (message !== "" && message.trim() === "") {
    errors.push(invalid(childPath(path, "message"), message, "must be non-empty if specified"));
  } else if (/[\n\r]/.test(message.trim())) {
    errors.push(invalid(childPath(path, "message"), message, "must not contain line breaks"));
  } else if (/[\n\r]/.test(text.trim()) && message.trim() === "") {
    const detail = "message must be specified if rule contains line breaks";
    errors.push(required(childPath(path, "message"), detail));
  }
  const reason = own(rule, "reason");
  const reasons = ["FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"];
  if (typeof reason === "string" && !reasons.includes(reason)) {
    errors.push(notSupported(childPath(path, "reason"), reason, reasons.toSorted()));
  }
}

/** A default must fit the schema that it stands in, and hold nothing that would be pruned. */
function checkDefaults(errors: FieldError[], schema: Schema, path: string, patterns: PatternCompiler): void {
  if (schema.default !== undefined) {
    const at = childPath(path, "default");
    const unknown = findUnknownInPart(schema.default, schema);
    if (unknown.length > 0) {
      errors.push(invalid(at, schema.default, "must not have unknown fields"));
    }
    for (const error of validateValue(schema, schema.default, patterns)) {
      errors.push({ ...error, path: error.path === "" ? at : `${at}.${error.path}` });
    }
  }
  if (schema.items !== undefined) checkDefaults(errors, schema.items, childPath(path, "items"), patterns);
  for (const [name, property] of schema.properties) {
    checkDefaults(errors, property, keyPath(childPath(path, "properties"), name), patterns);
  }
  const additional = schema.additionalProperties?.schema;
  if (additional !== undefined) {
    checkDefaults(errors, additional, childPath(path, "additionalProperties"), patterns);
  }
}
