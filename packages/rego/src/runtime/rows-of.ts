import { lookupStored } from "./collection.ts";
import type { Context } from "./context.ts";
import { joinKey, runScan, type Row, type Scan } from "./scan.ts";
import type { Value } from "./value.ts";

const noRows: readonly Row[] = [];

/** The rows of a scan that may have the key: from the store's index, or where a `with` has changed data, all of them. */
export function rowsOf(context: Context, scan: Scan, key: Value | undefined): Iterable<Row> {
  if (key === undefined) return noRows;
  const { store } = context.state;
  if (store !== undefined && store.root === context.data) return store.rows(scan, joinKey(key));
  const [first] = scan.segments;
  if (first !== undefined && "field" in first && lookupStored(context.data, first.field) === undefined) return noRows;
  const rows: Row[] = [];
  runScan(context.data, scan, undefined, (row) => rows.push(row));
  return rows;
}
