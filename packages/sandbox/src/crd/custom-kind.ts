import {
  applyDefaults,
  decodeSchema,
  emptySchema,
  invalid,
  pruneUnknownFields,
  removeNulls,
  validateEmbeddedResources,
  validateListTypes,
  validateValue,
  type FieldError,
  type MutableJson,
  type Schema,
} from "@portcullis/objects";
import { allVerbs, type Kind, type KindVersion, type ScalePaths } from "../kinds/kind.ts";
import type { SchemaNode } from "../kinds/schema-node.ts";
import { compareVersions } from "../server/discovery.ts";
import { asJson } from "../server/metadata.ts";
import { getOwn, isFields, type ApiObject, type Draft } from "../storage/api-object.ts";
import { customColumns } from "./custom-columns.ts";
import { readJsonPath } from "./json-path.ts";

/** The kind that an accepted CRD describes. */
export function customKind(definition: ApiObject): Kind {
  const spec = definition["spec"];
  const names = getOwn(spec, "names");
  const given = listOf(getOwn(spec, "versions"));
  const storage = given.find((version) => getOwn(version, "storage") === true) ?? given[0];
  const served = given.find((version) => getOwn(version, "served") === true) ?? storage;
  const subresources = getOwn(served, "subresources");
  const scale = scaleOf(getOwn(subresources, "scale"));
  const kind = textOf(names, "kind");
  return {
    group: textOf(spec, "group"),
    kind,
    listKind: textOf(names, "listKind") || `${kind}List`,
    plural: textOf(names, "plural"),
    singular: textOf(names, "singular") || kind.toLowerCase(),
    shortNames: textsOf(names, "shortNames"),
    categories: textsOf(names, "categories"),
    namespaced: getOwn(spec, "scope") !== "Cluster",
    verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"].filter(isVerb),
    versions: given.map(versionOf).toSorted((left, right) => compareVersions(left.name, right.name)),
    storageVersion: textOf(storage, "name"),
    statusSubresource: isFields(getOwn(subresources, "status")),
    ...(scale === undefined ? {} : { scale }),
    tracksGeneration: true,
    selectableFields: selectableFields(served),
    origin: "custom",
  };
}

function isVerb(text: string): text is (typeof allVerbs)[number] {
  return allVerbs.some((verb) => verb === text);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(source: unknown, field: string): string {
  const value = getOwn(source, field);
  return typeof value === "string" ? value : "";
}

function textsOf(source: unknown, field: string): readonly string[] {
  return listOf(getOwn(source, field)).filter((item) => typeof item === "string");
}

function scaleOf(scale: unknown): ScalePaths | undefined {
  if (!isFields(scale)) return undefined;
  const selector = textOf(scale, "labelSelectorPath");
  return {
    specReplicasPath: textOf(scale, "specReplicasPath"),
    statusReplicasPath: textOf(scale, "statusReplicasPath"),
    ...(selector === "" ? {} : { labelSelectorPath: selector }),
  };
}

function selectableFields(version: unknown): NonNullable<Kind["selectableFields"]> {
  const entries = listOf(getOwn(version, "selectableFields")).map((field) => {
    const path = textOf(field, "jsonPath");
    const reading = readJsonPath(path);
    const get = (object: ApiObject): string => {
      const [value] = reading.ok ? reading.find(object) : [];
      return value === undefined || value === null ? "" : String(value);
    };
    return [path.replace(/^\./, ""), get] as const;
  });
  return Object.fromEntries(entries);
}

function versionOf(version: unknown): KindVersion {
  const raw = getOwn(getOwn(version, "schema"), "openAPIV3Schema");
  const reading = decodeSchema(asJson(raw) ?? {}, "");
  // The CRD was validated when it was written, so its schema decodes.
  const schema = reading.ok ? reading.schema : emptySchema;
  const warning = textOf(version, "deprecationWarning");
  return {
    name: textOf(version, "name"),
    served: getOwn(version, "served") === true,
    ...(getOwn(version, "deprecated") === true ? { deprecated: warning === "" ? true : warning } : {}),
    columns: customColumns(getOwn(version, "additionalPrinterColumns")),
    ...(isFields(raw) ? { schema: asNode(raw) } : {}),
    prune: (draft) => pruneUnknownFields(mutable(draft), schema),
    applyDefaults: (draft) => {
      removeNulls(mutable(draft), schema);
      applyDefaults(mutable(draft), schema);
    },
    validate: (object) => validate(schema, object),
  };
}

/** An openAPIV3Schema is a schema node in all but name: CRDs may not use references. */
function asNode(raw: object): SchemaNode {
  return raw as SchemaNode;
}

function mutable(draft: Draft): MutableJson {
  // A draft is plain JSON that belongs to whoever holds it.
  return draft as unknown as MutableJson;
}

function validate(schema: Schema, object: ApiObject): readonly FieldError[] {
  const value = asJson(object) ?? null;
  // The metadata is checked by the server, as that of all objects.
  const found = [
    ...validateValue(schema, value),
    ...validateEmbeddedResources(schema, value),
    ...validateListTypes(schema, value),
  ];
  return found.map((error) =>
    error.path === "" && error.type === "FieldValueTypeInvalid" ? invalid("", "", error.detail) : error,
  );
}
