import { marshalGo } from "@portcullis/objects";
import { humanDuration } from "../kinds/human-duration.ts";
import type { PrinterColumn } from "../kinds/kind.ts";
import { getOwn } from "../storage/api-object.ts";
import { asJson } from "../server/metadata.ts";
import { readJsonPath } from "./json-path.ts";

const nameColumn: PrinterColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  priority: 0,
  cell: (object) => object.metadata.name,
};

const ageDescription =
  "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/** The columns of a version of a CRD: its own after the name, or the age where it has none. */
export function customColumns(definitions: unknown): readonly PrinterColumn[] {
  const given = Array.isArray(definitions) ? definitions : [];
  if (given.length === 0) {
    const age = { name: "Age", type: "date", description: ageDescription, jsonPath: ".metadata.creationTimestamp" };
    return [nameColumn, columnOf(age)];
  }
  return [nameColumn, ...given.map(columnOf)];
}

const types = new Set(["string", "integer", "number", "boolean", "date"]);

function isColumnType(text: string): text is PrinterColumn["type"] {
  return types.has(text);
}

function columnOf(definition: unknown): PrinterColumn {
  const text = (field: string): string => {
    const value = getOwn(definition, field);
    return typeof value === "string" ? value : "";
  };
  const type = text("type");
  const path = text("jsonPath");
  const reading = readJsonPath(path);
  const shownType = isColumnType(type) ? type : "string";
  const priority = getOwn(definition, "priority");
  return {
    name: text("name"),
    type: shownType,
    // Whatever the definition says; the API passes it through.
    format: text("format") as NonNullable<PrinterColumn["format"]>,
    description: text("description") || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: typeof priority === "number" ? priority : 0,
    cell: (object, now) => (reading.ok ? cellOf(shownType, reading.find(object)[0], now) : null),
  };
}

function cellOf(type: PrinterColumn["type"], value: unknown, now: Date): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  switch (type) {
    case "string":
      return typeof value === "string" ? value : marshalGo(asJson(value) ?? null);
    case "integer":
      return typeof value === "number" || typeof value === "bigint" ? Math.trunc(Number(value)) : null;
    case "number":
      return typeof value === "number" || typeof value === "bigint" ? Number(value) : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date": {
      if (typeof value !== "string") return null;
      const time = Date.parse(value);
      return Number.isNaN(time) ? "<invalid>" : humanDuration(now.getTime() - time);
    }
  }
}
