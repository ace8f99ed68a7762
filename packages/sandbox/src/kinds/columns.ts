import { listAt, numberAt, textAt } from "./fields-at.ts";
import { ageOf } from "./human-duration.ts";
import { selectorText } from "./selector-text.ts";
import type { PrinterColumn } from "./kind.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** What a cell may hold. */
export type Cell = string | number | boolean | null;

/** A column of text that is always shown. */
export function column(name: string, cell: (object: ApiObject, now: Date) => Cell): PrinterColumn {
  return { name, type: "string", priority: 0, cell };
}

/** A column of whole numbers that is always shown. */
export function integerColumn(name: string, ...path: readonly string[]): PrinterColumn {
  return { name, type: "integer", priority: 0, cell: (object) => numberAt(object, ...path) ?? 0 };
}

/** A column that only `-o wide` shows. */
export function wideColumn(name: string, cell: (object: ApiObject, now: Date) => Cell): PrinterColumn {
  return { name, type: "string", priority: 1, cell };
}

/** The column that every kind begins with. */
export const nameColumn: PrinterColumn = {
  name: "Name",
  type: "string",
  format: "name",
  priority: 0,
  cell: (object) => object.metadata.name,
};

/** The age of the object. */
export const ageColumn: PrinterColumn = column("Age", (object, now) => ageOf(object.metadata.creationTimestamp, now));

/** The columns Containers and Images of a workload whose Pod template stands at a path. */
export function containerColumns(...templatePath: readonly string[]): readonly PrinterColumn[] {
  const each = (object: ApiObject, field: string): string =>
    listAt(object, ...templatePath, "spec", "containers")
      .map((container) => textAt(container, field))
      .join(",");
  return [
    wideColumn("Containers", (object) => each(object, "name")),
    wideColumn("Images", (object) => each(object, "image")),
  ];
}

/** A label selector as `-o wide` shows it. */
export function selectorColumn(selectorOf: (object: ApiObject) => unknown, none: string = "<none>"): PrinterColumn {
  return wideColumn("Selector", (object) => selectorText(selectorOf(object)) || none);
}
