import { formatQuantity, parseQuantity } from "@portcullis/objects";
import { getOwn, isFields, setOwn, type Fields } from "../storage/api-object.ts";
import type { SchemaCatalogue, SchemaNode } from "../kinds/schema-node.ts";
import { memberNode, resolve } from "./schema-view.ts";

/** What a built-in kind's schema says against data: fields it does not know (taken out), and values of a wrong type. */
export interface TypedFields {
  readonly unknown: readonly string[];
  /** Each as the API server's decoder words it. */
  readonly wrong: readonly string[];
}

interface Walk {
  readonly catalogue: SchemaCatalogue;
  readonly unknown: string[];
  readonly wrong: string[];
}

/** Where in the data and in Go's types the walk stands; the latter is for messages alone. */
interface Position {
  /** `spec.containers[0]` */
  readonly path: string;
  /** `spec.containers` */
  readonly fieldPath: string;
  /** `Container` */
  readonly struct: string;
}

/** Takes fields out of `object` that its schema does not know, and finds values of another type than it says. */
export function settleTypes(catalogue: SchemaCatalogue, schema: SchemaNode, object: Fields): TypedFields {
  const walk: Walk = { catalogue, unknown: [], wrong: [] };
  visitObject(walk, object, schema, { path: "", fieldPath: "", struct: structName(schema) });
  return { unknown: walk.unknown, wrong: walk.wrong };
}

function structName(node: SchemaNode): string {
  return node.$ref?.slice(node.$ref.lastIndexOf(".") + 1) ?? "";
}

function isOpen(node: SchemaNode | undefined): boolean {
  if (node === undefined) return true;
  if (node["x-kubernetes-preserve-unknown-fields"] === true || node["x-kubernetes-int-or-string"] === true) return true;
  return node.type === undefined && node.properties === undefined && node.additionalProperties === undefined;
}

function visitObject(walk: Walk, object: Fields, node: SchemaNode, position: Position): void {
  const schema = resolve(walk.catalogue, node);
  if (schema === undefined || isOpen(schema)) return;
  const closed = schema.properties !== undefined && schema.additionalProperties === undefined;
  for (const key of Object.keys(object)) {
    const member = memberNode(schema, key);
    const value = getOwn(object, key);
    if (member === undefined) {
      if (!closed) continue;
      walk.unknown.push(join(position.path, key));
      delete object[key];
    } else if (value === null) {
      // Go reads null as the zero value, which is absent again when it is written.
      delete object[key];
    } else if (member.$ref === quantityType) {
      settleQuantity(walk, object, key, value);
    } else if (member.$ref === intOrStringType) {
      if (typeof value === "string" || (typeof value === "number" && Number.isInteger(value))) continue;
      walk.wrong.push(`json: cannot unmarshal ${jsonName(value)} into Go value of type int32`);
    } else {
      visitValue(walk, value, member, {
        path: join(position.path, key),
        // Go names the map, not its key.
        fieldPath: closed ? join(position.fieldPath, key) : position.fieldPath,
        struct: position.struct,
      });
      if (walk.catalogue.omitsZero?.(schema, key) === true && isZero(getOwn(object, key))) delete object[key];
    }
  }
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === "" || value === 0 || value === false || (isFields(value) && Object.keys(value).length === 0);
}

const quantityType = "io.k8s.apimachinery.pkg.api.resource.Quantity";

const intOrStringType = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

/** A quantity becomes the text of its canonical form, whether it came as text or as a number. */
function settleQuantity(walk: Walk, object: Fields, key: string, value: unknown): void {
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "bigint";
  const reading = isScalar ? parseQuantity(String(value)) : undefined;
  if (reading?.ok === true) setOwn(object, key, formatQuantity(reading.quantity));
  else {
    walk.wrong.push("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  }
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function visitValue(walk: Walk, value: unknown, node: SchemaNode, position: Position): void {
  const schema = resolve(walk.catalogue, node);
  if (schema === undefined || isOpen(schema)) return;
  const struct = node.$ref === undefined ? position.struct : structName(node);
  if (!fits(value, schema)) {
    const where = `${position.struct}.${position.fieldPath}`;
    walk.wrong.push(
      `json: cannot unmarshal ${jsonName(value)} into Go struct field ${where} of type ${goType(walk, node)}`,
    );
    return;
  }
  if (schema.format === "byte" && typeof value === "string") checkBase64(walk, value);
  if (isFields(value)) visitObject(walk, value, schema, { ...position, struct });
  else if (Array.isArray(value) && schema.items !== undefined) {
    for (const [index, item] of value.entries()) {
      visitValue(walk, item, schema.items, { ...position, path: `${position.path}[${index}]` });
    }
  }
}

function checkBase64(walk: Walk, text: string): void {
  const plain = text.replace(/[\r\n]/gu, "");
  const sound = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.exec(plain);
  if (sound !== null) return;
  // The first byte that has no place in base64, or the end where there is too little of it.
  const stray = /[^A-Za-z0-9+/]/u.exec(plain)?.index ?? plain.length - (plain.length % 4);
  walk.wrong.push(`illegal base64 data at input byte ${stray}`);
}

function fits(value: unknown, schema: SchemaNode): boolean {
  switch (schema.type) {
    case "object":
      return isFields(value);
    case "array":
      return Array.isArray(value);
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    default:
      return true;
  }
}

function jsonName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && !Number.isInteger(value)) return `number ${value}`;
  return typeof value === "boolean" ? "bool" : typeof value === "bigint" ? "number" : typeof value;
}

function goType(walk: Walk, node: SchemaNode): string {
  const schema = resolve(walk.catalogue, node);
  if (node.$ref !== undefined && schema?.type === "object") return goName(node.$ref);
  switch (schema?.type) {
    case "array":
      return `[]${schema.items === undefined ? "interface {}" : goType(walk, schema.items)}`;
    case "object":
      return `map[string]${typeof schema.additionalProperties === "object" ? goType(walk, schema.additionalProperties) : "interface {}"}`;
    case "integer":
      return schema.format ?? "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "string":
      return node.$ref === undefined ? "string" : goName(node.$ref);
    default:
      return "interface {}";
  }
}

function goName(reference: string): string {
  return reference.split(".").slice(-2).join(".");
}
