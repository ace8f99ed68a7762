import { elements, keysOf, lookup, lookupStored } from "./collection.ts";
import { hash, isDecimal } from "./order.ts";
import type { Value } from "./value.ts";

/** One step of a scan: a field, or each element with where in a row its key and value go (-1 for nowhere). */
export type ScanSegment =
  | { readonly field: string }
  | { readonly each: true; readonly key: number; readonly value: number };

/** A way through base data, and the part of its last value that rows are found by. */
export class Scan {
  readonly segments: readonly ScanSegment[];
  readonly on: readonly string[];
  readonly width: number;
  /** The same text for the same scan: several policies share an index. */
  readonly text: string;

  constructor(segments: readonly ScanSegment[], on: readonly string[], width: number) {
    this.segments = segments;
    this.on = on;
    this.width = width;
    this.text = JSON.stringify([segments, on]);
  }
}

/** What a scan binds on one of its ways. */
export type Row = readonly Value[];

/** What an index finds a value by: equal values have the same; others may, since bodies compare again. */
export function joinKey(value: Value): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isDecimal(value) && value.plain !== undefined) return value.plain;
  return `#${hash(value)}`;
}

/**
 * Runs a scan, all of it or only below a path, and tells each row with its key and the path of its last value. Elements
 * of arrays and sets have their positions and texts in the path.
 */
export function runScan(
  root: Value,
  scan: Scan,
  within: readonly string[] | undefined,
  tell: (row: Row, value: Value, path: readonly string[]) => void,
): void {
  const row: Value[] = Array.from({ length: scan.width }, () => null);
  const path: string[] = [];
  const step = (at: number, value: Value | undefined): void => {
    if (value === undefined) return;
    const segment = scan.segments[at];
    if (segment === undefined) {
      let part: Value | undefined = value;
      for (const name of scan.on) part = lookupStored(part, name);
      if (part !== undefined) tell(row.slice(), part, path.slice());
      return;
    }
    const wanted = within?.[at];
    if ("field" in segment) {
      if (wanted !== undefined && wanted !== segment.field) return;
      path.push(segment.field);
      step(at + 1, lookupStored(value, segment.field));
      path.pop();
      return;
    }
    const visit = (key: Value, name: string, element: Value | undefined): void => {
      if (segment.key >= 0) row[segment.key] = key;
      if (segment.value >= 0 && element !== undefined) row[segment.value] = element;
      path.push(name);
      step(at + 1, element);
      path.pop();
    };
    if (wanted !== undefined) {
      visit(wanted, wanted, lookup(value, wanted));
      return;
    }
    const list = elements(value);
    const keys = keysOf(value);
    for (const [index, element] of list.entries()) {
      const key: Value = keys === undefined ? index : (keys[index] ?? null);
      visit(key, typeof key === "string" ? key : `\0${index}`, element);
    }
  };
  step(0, root);
}
