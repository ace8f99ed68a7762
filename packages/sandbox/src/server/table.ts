import type { Kind, KindVersion, PrinterColumn } from "../kinds/kind.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

const swaggerName =
  "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
const swaggerCreated =
  "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

const plainColumns: readonly PrinterColumn[] = [
  {
    name: "Name",
    type: "string",
    format: "name",
    description: swaggerName,
    priority: 0,
    cell: (object) => object.metadata.name,
  },
  {
    name: "Created At",
    type: "date",
    description: swaggerCreated,
    priority: 0,
    cell: (object) => object.metadata.creationTimestamp,
  },
];

/** What rows carry of their objects. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** Reads the parameter of that name. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const text = query.get("includeObject");
  return text === "None" || text === "Object" ? text : "Metadata";
}

function columnsOf(version: KindVersion): readonly PrinterColumn[] {
  return version.columns ?? plainColumns;
}

/** The head of a table. */
export function columnDefinitions(version: KindVersion): readonly Fields[] {
  return columnsOf(version).map((column) => ({
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: column.description ?? "",
    priority: column.priority,
  }));
}

/** A row: the cells of an object, and of the object what was asked for. */
export function rowOf(
  version: KindVersion,
  object: ApiObject,
  now: Date,
  include: IncludeObject,
  meta: string,
): Fields {
  const cells = columnsOf(version).map((column) => column.cell(object, now));
  switch (include) {
    case "None":
      return { cells, object: null };
    case "Object":
      return { cells, object };
    case "Metadata":
      return { cells, object: partial(object, meta) };
  }
}

/** An object's metadata alone. */
export function partial(object: ApiObject, meta: string): Fields {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${meta}`, metadata: object.metadata };
}

/** A table of objects. */
export function tableOf(
  version: KindVersion,
  objects: readonly ApiObject[],
  metadata: Fields,
  options: { readonly now: Date; readonly include: IncludeObject; readonly meta: string; readonly head: boolean },
): Fields {
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${options.meta}`,
    metadata,
    columnDefinitions: options.head ? columnDefinitions(version) : [],
    rows: objects.map((object) => rowOf(version, object, options.now, options.include, options.meta)),
  };
}

/** The kind of a list of a kind. */
export function listKindOf(kind: Kind): string {
  return kind.listKind ?? `${kind.kind}List`;
}
