/** Types out of OPA's JSON for them, as capabilities declare built-in functions. */
import type { Property, Type } from "./type.ts";

type FunctionType = Extract<Type, { kind: "function" }>;
type Fields = ReadonlyMap<string, unknown>;

/** The JSON is no type; the message says where, and why. */
export class TypeFault extends Error {}

/** The type of a function. */
export function readFunctionType(json: unknown, at: string): FunctionType & { readonly args: readonly Type[] } {
  const fields = fieldsOf(json, at);
  if (fields.get("type") !== "function") throw new TypeFault(`${at} is no function type`);
  return functionType(fields, at);
}

function readType(json: unknown, at: string): Type {
  const fields = fieldsOf(json, at);
  const type = fields.get("type");
  switch (type) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return { kind: type };
    case "any":
      return {
        kind: "any",
        of: listOf(fields.get("of"), `${at}.of`).map((part, i) => readType(part, `${at}.of[${i}]`)),
      };
    case "array": {
      const items = listOf(fields.get("static"), `${at}.static`).map((item, i) => readType(item, `${at}.static[${i}]`));
      return { kind: "array", items, ...optional("rest", fields.get("dynamic"), `${at}.dynamic`) };
    }
    case "object":
      return objectType(fields, at);
    case "set":
      return { kind: "set", ...optional("of", fields.get("of"), `${at}.of`) };
    case "function":
      return functionType(fields, at);
    default:
      throw new TypeFault(`${at}.type is ${JSON.stringify(type)}, which is no type`);
  }
}

function objectType(fields: Fields, at: string): Type {
  const properties = listOf(fields.get("static"), `${at}.static`).map((entry, i): Property => {
    const place = `${at}.static[${i}]`;
    const property = fieldsOf(entry, place);
    return { key: property.get("key"), value: readType(property.get("value"), `${place}.value`) };
  });
  const dynamic = fields.get("dynamic");
  if (dynamic === undefined || dynamic === null) return { kind: "object", properties };
  const rest = fieldsOf(dynamic, `${at}.dynamic`);
  const key = readType(rest.get("key"), `${at}.dynamic.key`);
  return { kind: "object", properties, rest: { key, value: readType(rest.get("value"), `${at}.dynamic.value`) } };
}

function functionType(fields: Fields, at: string): FunctionType & { readonly args: readonly Type[] } {
  return {
    kind: "function",
    args: listOf(fields.get("args"), `${at}.args`).map((argument, i) => readType(argument, `${at}.args[${i}]`)),
    ...optional("variadic", fields.get("variadic"), `${at}.variadic`),
    ...optional("result", fields.get("result"), `${at}.result`),
  };
}

function optional<K extends string>(name: K, json: unknown, at: string): { readonly [key in K]?: Type } {
  if (json === undefined || json === null) return {};
  // as: an object with one property of a computed name, which TypeScript widens
  return { [name]: readType(json, at) } as { readonly [key in K]?: Type };
}

function fieldsOf(json: unknown, at: string): Fields {
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return new Map(Object.entries(json));
  throw new TypeFault(`${at} is no object`);
}

function listOf(json: unknown, at: string): readonly unknown[] {
  if (json === undefined || json === null) return [];
  if (Array.isArray(json)) return json;
  throw new TypeFault(`${at} is no list`);
}
