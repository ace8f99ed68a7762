import type { ManagedFieldsEntry } from "../storage/api-object.ts";
import { decodeFields, encodeFields, isEmptyTree, type FieldTree } from "./field-tree.ts";

/** Who has which fields: one entry of managed fields, decoded. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldTree;
}

/** Whether two entries are the same manager's: an applier is one whatever version it speaks. */
export function isSameManager(left: Manager, right: Manager): boolean {
  return (
    left.name === right.name &&
    left.operation === right.operation &&
    left.subresource === right.subresource &&
    (left.operation === "Apply" || left.apiVersion === right.apiVersion)
  );
}

/** Reads managed fields; entries of other formats are dropped. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): readonly Manager[] {
  return (entries ?? []).flatMap((entry) => {
    if (entry.operation !== "Apply" && entry.operation !== "Update") return [];
    return [
      {
        name: entry.manager ?? "",
        operation: entry.operation,
        apiVersion: entry.apiVersion ?? "",
        subresource: entry.subresource ?? "",
        time: entry.time,
        fields: decodeFields(entry.fieldsV1),
      },
    ];
  });
}

/** Writes managed fields in the API's order: appliers first, then by time and name. Nobody without fields is named. */
export function writeManagers(managers: readonly Manager[]): ManagedFieldsEntry[] {
  return managers
    .filter(({ fields }) => !isEmptyTree(fields))
    .toSorted(compareManagers)
    .map((manager) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === undefined ? {} : { time: manager.time }),
      fieldsType: "FieldsV1",
      fieldsV1: encodeFields(manager.fields),
      ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
    }));
}

function compareManagers(left: Manager, right: Manager): number {
  const keys = (manager: Manager): readonly string[] => [
    manager.operation,
    manager.time ?? "",
    manager.name,
    manager.apiVersion,
    manager.subresource,
  ];
  const [a, b] = [keys(left), keys(right)];
  for (const [index, key] of a.entries()) {
    const other = b[index] ?? "";
    if (key !== other) return key < other ? -1 : 1;
  }
  return 0;
}

/** A manager as conflicts name it. */
export function describeManager(manager: Manager): string {
  const name = JSON.stringify(manager.name);
  const named = manager.subresource === "" ? name : `${name} with subresource ${JSON.stringify(manager.subresource)}`;
  if (manager.operation === "Apply") return named;
  const using = `${named} using ${manager.apiVersion}`;
  return manager.time === undefined ? using : `${using} at ${manager.time}`;
}
