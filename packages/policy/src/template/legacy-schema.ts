import {
  copyJson,
  isJsonArray,
  isJsonObject,
  own,
  setOwn,
  type JsonValue,
  type MutableJson,
} from "@portcullis/objects";
import { failure, success, type Outcome } from "../problem.ts";

/**
 * What `legacySchema: true` makes of a schema: whatever may be an object keeps fields that the schema does not know, and
 * a list whose items are not described holds anything. Templates of before structural schemas rely on it.
 */
export function addPreserveUnknownFields(schema: JsonValue): Outcome<JsonValue> {
  const copy = copyJson(schema);
  const message = preserve(copy);
  return message === undefined ? success(copy) : failure("conversion", message);
}

const preserveUnknown = "x-kubernetes-preserve-unknown-fields";

function preserve(schema: MutableJson): string | undefined {
  if (!isJsonObject(schema)) return undefined;
  const type = own(schema, "type");
  if (type === undefined || type === "" || type === "object") setOwn(schema, preserveUnknown, true);
  const items = own(schema, "items");
  if (type === "array" && (items === undefined || items === null)) setOwn(schema, "items", { [preserveUnknown]: true });
  if (isJsonArray(items)) return "non-nil JSONSchemas encountered, multiple schemas are not supported";
  const properties = own(schema, "properties");
  const parts = [
    ...(isJsonObject(properties) ? Object.values(properties) : []),
    own(schema, "items"),
    own(schema, "additionalProperties"),
  ];
  for (const part of parts) {
    // Parts of a copy of ours, so they may be changed.
    const message = part === undefined ? undefined : preserve(part as MutableJson);
    if (message !== undefined) return message;
  }
  return undefined;
}
