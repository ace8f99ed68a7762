/** The metadata of a custom resource and of the resources embedded in it. */
import { isJsonArray, isJsonObject, own, type JsonValue } from "../json/value.ts";
import { childPath, invalid, keyPath, required, typeInvalid, type FieldError } from "../object/field-error.ts";
import { parseApiVersion } from "../object/group-version-kind.ts";
import { checkDns1035Label, checkLabelKey, checkLabelValue, checkPathSegment } from "../object/names.ts";
import type { Schema } from "./schema.ts";

/** What is wrong with apiVersion, kind and metadata of the resources that a schema embeds below its root. */
export function validateEmbeddedResources(schema: Schema, value: JsonValue, path = ""): readonly FieldError[] {
  if (isJsonArray(value)) {
    const { items } = schema;
    if (items === undefined) return [];
    return value.flatMap((item, at) => validateEmbeddedResources(items, item, keyPath(path, at)));
  }
  if (!isJsonObject(value)) return [];
  const errors: FieldError[] = [];
  if (schema.embeddedResource) errors.push(...validateResource(value, path));
  const additional = schema.additionalProperties?.schema;
  for (const [key, item] of Object.entries(value)) {
    const property = schema.properties.get(key);
    if (property !== undefined) errors.push(...validateEmbeddedResources(property, item, childPath(path, key)));
    else if (additional !== undefined) errors.push(...validateEmbeddedResources(additional, item, keyPath(path, key)));
  }
  return errors;
}

function validateResource(value: JsonValue, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const apiVersion = own(value, "apiVersion");
  const apiVersionPath = childPath(path, "apiVersion");
  if (apiVersion === undefined) errors.push(required(apiVersionPath));
  else if (typeof apiVersion !== "string") errors.push(invalid(apiVersionPath, apiVersion, "must be a string"));
  else if (apiVersion === "") errors.push(invalid(apiVersionPath, apiVersion, "must not be empty"));
  else if (parseApiVersion(apiVersion) === undefined) {
    errors.push(invalid(apiVersionPath, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  }
  const kind = own(value, "kind");
  const kindPath = childPath(path, "kind");
  if (kind === undefined) errors.push(required(kindPath));
  else if (typeof kind !== "string") errors.push(invalid(kindPath, kind, "must be a string"));
  else if (kind === "") errors.push(invalid(kindPath, kind, "must not be empty"));
  else {
    const wrong = checkDns1035Label(kind.toLowerCase());
    if (wrong.length > 0) {
      const detail = `may have mixed case, but should otherwise match: ${wrong.join(",")}`;
      errors.push(invalid(kindPath, kind, detail));
    }
  }
  const metadata = own(value, "metadata");
  if (metadata !== undefined) errors.push(...validateMetadata(metadata, childPath(path, "metadata")));
  return errors;
}

function validateMetadata(metadata: JsonValue, path: string): readonly FieldError[] {
  if (!isJsonObject(metadata)) return [typeInvalid(path, metadata, "must be an object")];
  const errors: FieldError[] = [];
  const name = own(metadata, "name");
  if (typeof name === "string") {
    errors.push(...checkPathSegment(name).map((text) => invalid(childPath(path, "name"), name, text)));
  }
  errors.push(...checkLabels(own(metadata, "labels"), childPath(path, "labels")));
  errors.push(...checkAnnotations(own(metadata, "annotations"), childPath(path, "annotations")));
  return errors;
}

/** What is wrong with the labels of an object's metadata. */
export function checkLabels(labels: JsonValue | undefined, path: string): readonly FieldError[] {
  if (labels === undefined || labels === null) return [];
  if (!isJsonObject(labels)) return [typeInvalid(path, labels, "must be an object")];
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels)) {
    errors.push(...checkLabelKey(key).map((text) => invalid(path, key, text)));
    if (typeof value !== "string") errors.push(typeInvalid(keyPath(path, key), value, "must be a string"));
    else errors.push(...checkLabelValue(value).map((text) => invalid(path, value, text)));
  }
  return errors;
}

/** What is wrong with the annotations of an object's metadata. */
export function checkAnnotations(annotations: JsonValue | undefined, path: string): readonly FieldError[] {
  if (annotations === undefined || annotations === null) return [];
  if (!isJsonObject(annotations)) return [typeInvalid(path, annotations, "must be an object")];
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(annotations)) {
    errors.push(...checkLabelKey(key.toLowerCase()).map((text) => invalid(path, key, text)));
    if (typeof value !== "string") errors.push(typeInvalid(keyPath(path, key), value, "must be a string"));
  }
  return errors;
}
