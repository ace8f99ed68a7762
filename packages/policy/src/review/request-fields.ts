/** The fields of an AdmissionRequest, with the types that the API gives them. */
import { goWordOf, isJsonArray, isJsonObject, setOwn, type JsonObject, type JsonValue } from "@portcullis/objects";

/** The fields that there are, or why they are none, in the words of Go's reader of JSON. */
export type RequestFields =
  | { readonly ok: true; readonly fields: JsonObject }
  | { readonly ok: false; readonly message: string };

/** What a field holds. `name` is the type's name in errors. */
type FieldType =
  | { readonly kind: "text" | "truth"; readonly name: string }
  | { readonly kind: "any" }
  | { readonly kind: "texts"; readonly name: string }
  | { readonly kind: "lists"; readonly name: string; readonly item: string }
  | { readonly kind: "fields"; readonly name: string; readonly struct: string; readonly fields: Fields };

type Fields = ReadonlyMap<string, FieldType>;

const text: FieldType = { kind: "text", name: "string" };
const kindFields = new Map<string, FieldType>(["group", "version", "kind"].map((field) => [field, text]));
const resourceFields = new Map<string, FieldType>(["group", "version", "resource"].map((field) => [field, text]));
const aKind: FieldType = {
  kind: "fields",
  name: "v1.GroupVersionKind",
  struct: "GroupVersionKind",
  fields: kindFields,
};
const aResource: FieldType = {
  kind: "fields",
  name: "v1.GroupVersionResource",
  struct: "GroupVersionResource",
  fields: resourceFields,
};
const user: FieldType = {
  kind: "fields",
  name: "v1.UserInfo",
  struct: "UserInfo",
  fields: new Map<string, FieldType>([
    ["username", text],
    ["uid", text],
    ["groups", { kind: "texts", name: "[]string" }],
    ["extra", { kind: "lists", name: "map[string]v1.ExtraValue", item: "v1.ExtraValue" }],
  ]),
};
const anything: FieldType = { kind: "any" };

const requestFields: Fields = new Map<string, FieldType>([
  ["uid", { kind: "text", name: "types.UID" }],
  ["kind", aKind],
  ["resource", aResource],
  ["subResource", text],
  ["requestKind", aKind],
  ["requestResource", aResource],
  ["requestSubResource", text],
  ["name", text],
  ["namespace", text],
  ["operation", { kind: "text", name: "v1.Operation" }],
  ["userInfo", user],
  ["object", anything],
  ["oldObject", anything],
  ["dryRun", { kind: "truth", name: "bool" }],
  ["options", anything],
]);

/** Leaves this file as a value. */
class WrongType extends Error {}

/**
 * The fields of a request as the API's types have them: one of another type is an error, an unknown one is left out, and
 * so is one that is null.
 */
export function typedFieldsOf(request: JsonObject): RequestFields {
  try {
    return { ok: true, fields: readFields(request, requestFields, "AdmissionRequest", "AdmissionReview.request") };
  } catch (error) {
    if (error instanceof WrongType) return { ok: false, message: error.message };
    throw error;
  }
}

/** What is wrong with a request that is no object. */
export function wrongRequest(request: JsonValue): string {
  return wrongType(request, "unversionedAdmissionReview", "AdmissionReview.request", "v1.AdmissionRequest").message;
}

function readFields(value: JsonObject, fields: Fields, struct: string, path: string): JsonObject {
  const read: { [key: string]: JsonValue } = {};
  for (const [key, item] of Object.entries(value)) {
    const type = fields.get(key);
    if (type !== undefined && item !== null) read[key] = readField(item, type, struct, `${path}.${key}`);
  }
  return read;
}

function readField(value: JsonValue, type: FieldType, struct: string, path: string): JsonValue {
  switch (type.kind) {
    case "any":
      return value;
    case "text":
      if (typeof value === "string") return value;
      throw wrongType(value, struct, path, type.name);
    case "truth":
      if (typeof value === "boolean") return value;
      throw wrongType(value, struct, path, type.name);
    case "texts":
      return readTexts(value, struct, path, type.name);
    case "lists":
      return readLists(value, struct, path, type);
    case "fields":
      if (!isJsonObject(value)) throw wrongType(value, struct, path, type.name);
      return readFields(value, type.fields, type.struct, path);
  }
}

function readTexts(value: JsonValue, struct: string, path: string, type: string): JsonValue {
  if (!isJsonArray(value)) throw wrongType(value, struct, path, type);
  return value.map((item) => {
    if (item === null) return "";
    if (typeof item !== "string") throw wrongType(item, struct, path, "string");
    return item;
  });
}

function readLists(
  value: JsonValue,
  struct: string,
  path: string,
  type: { readonly name: string; readonly item: string },
): JsonValue {
  if (!isJsonObject(value)) throw wrongType(value, struct, path, type.name);
  const read: { [key: string]: JsonValue } = {};
  for (const [key, item] of Object.entries(value)) {
    setOwn(read, key, item === null ? null : readTexts(item, struct, path, type.item));
  }
  return read;
}

function wrongType(value: JsonValue, struct: string, path: string, type: string): WrongType {
  return new WrongType(
    `json: cannot unmarshal ${goWordOf(value)} into Go struct field ${struct}.${path} of type ${type}`,
  );
}
