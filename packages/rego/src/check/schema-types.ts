/** JSON schemas as types, as far as OPA reads them. */
import { anyType, booleanType, type Known, numberType, objectType, stringType, union } from "./type-algebra.ts";
import type { Property, Type } from "./type.ts";

type Schema = Readonly<Record<string, unknown>>;

const knownTypes: ReadonlySet<string> = new Set(["array", "boolean", "integer", "number", "null", "object", "string"]);

/** Why a schema has no type. */
export class SchemaError extends Error {}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(schema: Schema, name: string): unknown {
  return Object.hasOwn(schema, name) ? schema[name] : undefined;
}

function typeNames(schema: Schema): ReadonlySet<string> {
  const type = own(schema, "type");
  const names: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  for (const name of names) {
    if (typeof name !== "string") {
      throw new SchemaError(
        "unable to compile the schema: Invalid type. Expected: type, given: string/Array Of Strings",
      );
    }
    if (knownTypes.has(name)) continue;
    throw new SchemaError(
      `unable to compile the schema: has a primitive type that is NOT VALID -- given: /${name}/ Expected valid values are:[array boolean integer number null object string]`,
    );
  }
  return new Set(names.map(String));
}

class SchemaReader {
  readonly #root: unknown;
  readonly #open = new Set<string>();

  constructor(root: unknown) {
    this.#root = root;
  }

  type(value: unknown): Known {
    if (!isSchema(value)) return anyType;
    const ref = own(value, "$ref");
    if (typeof ref === "string") return this.#reference(ref);
    if (ref !== undefined) {
      throw new SchemaError("unable to compile the schema: Invalid type. Expected: string, given: $ref");
    }
    const anyOf = own(value, "anyOf");
    if (Array.isArray(anyOf)) return this.#anyOf(value, anyOf);
    const allOf = own(value, "allOf");
    return Array.isArray(allOf) ? this.#allOf(value, allOf) : this.#plain(value);
  }

  #reference(ref: string): Known {
    // A schema within itself: what is below is left open.
    if (this.#open.has(ref)) return anyType;
    this.#open.add(ref);
    const result = this.type(this.#target(ref));
    this.#open.delete(ref);
    return result;
  }

  #target(ref: string): unknown {
    if (!ref.startsWith("#")) {
      throw new SchemaError(`unable to compile the schema: remote reference loading disabled: ${ref}`);
    }
    let at: unknown = this.#root;
    for (const part of ref.slice(1).split("/").slice(1)) {
      const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
      at = isSchema(at) ? own(at, name) : Array.isArray(at) ? at[Number(name)] : undefined;
    }
    if (at === undefined)
      throw new SchemaError(`unable to compile the schema: Object has no key '${ref.split("/").at(-1) ?? ""}'`);
    return at;
  }

  #anyOf(schema: Schema, members: readonly unknown[]): Known {
    let result: Known;
    if (typeNames(schema).size > 0) {
      const core = this.type({ ...schema, anyOf: undefined });
      if (core?.kind === "object" && core.properties.length > 0 && core.rest === undefined) result = core;
    }
    for (const member of members) result = union(this.type(member), result);
    return result;
  }

  #resolved(value: unknown): unknown {
    let at = value;
    for (let steps = 0; steps < 100 && isSchema(at); steps += 1) {
      const ref = own(at, "$ref");
      if (typeof ref !== "string") return at;
      at = this.#target(ref);
    }
    return at;
  }

  #allOf(schema: Schema, members: readonly unknown[]): Known {
    const parts: Schema[] = [];
    for (const member of members) {
      const part = this.#resolved(member);
      if (!isSchema(part)) continue;
      const isWrapper =
        typeNames(part).size === 0 &&
        own(part, "anyOf") !== undefined &&
        own(part, "properties") === undefined &&
        own(part, "items") === undefined;
      if (!isWrapper) parts.push(part);
    }
    if (parts.length === 0) return anyType;
    if (typeNames(schema).size > 0) parts.push({ ...schema, allOf: undefined });
    return this.type(mergeSchemas(parts));
  }

  #plain(schema: Schema): Type {
    const types = typeNames(schema);
    const properties = own(schema, "properties");
    const items = own(schema, "items");
    if (types.has("boolean")) return booleanType;
    if (types.has("string")) return stringType;
    if (types.has("integer") || types.has("number")) return numberType;
    if (types.has("object")) return this.#object(properties);
    if (types.has("array")) return this.#array(items);
    if (isSchema(properties) && Object.keys(properties).length > 0) return this.#object(properties);
    return items === undefined ? anyType : this.#array(items);
  }

  #object(properties: unknown): Type {
    const known: Property[] = [];
    if (isSchema(properties)) {
      for (const [key, value] of Object.entries(properties)) known.push({ key, value: this.type(value) });
    }
    return known.length === 0 ? objectType([], { key: anyType, value: anyType }) : objectType(known);
  }

  #array(items: unknown): Type {
    if (Array.isArray(items)) {
      if (items.length === 0) return { kind: "array", items: [], rest: anyType };
      return { kind: "array", items: items.map((item) => this.type(item)) };
    }
    return { kind: "array", items: [], rest: items === undefined ? anyType : this.type(items) };
  }
}

function effectiveTypes(schema: Schema): string {
  const names = new Set(typeNames(schema));
  const properties = own(schema, "properties");
  if (isSchema(properties) && Object.keys(properties).length > 0) names.add("object");
  else if (own(schema, "items") !== undefined) names.add("array");
  return [...names].toSorted().join(",");
}

function mergeSchemas(parts: readonly Schema[]): Schema {
  const [first = {}, ...others] = parts;
  const types = effectiveTypes(first);
  let merged: Schema = types === "" ? first : { ...first, type: types.split(",") };
  for (const part of others) {
    if (effectiveTypes(part) !== types) {
      throw new SchemaError(
        `type checking: unable to merge these schemas: type mismatch: ${types || "Undefined"} and ${effectiveTypes(part) || "Undefined"}`,
      );
    }
    const left = own(merged, "properties");
    const right = own(part, "properties");
    if (isSchema(left) && isSchema(right)) merged = { ...merged, properties: { ...left, ...right } };
  }
  return merged;
}

/** The type of the documents that a schema admits. Throws a SchemaError where it is none that OPA reads. */
export function typeOfSchema(schema: unknown): Known {
  return new SchemaReader(schema).type(schema);
}
