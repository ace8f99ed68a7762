/** The order of a profile's lines, by keys in OPA's names. */
import type { ProfileLine } from "@portcullis/rego/tools";
import { UsageError } from "../usage-error.ts";

type Comparison = (left: ProfileLine, right: ProfileLine) => number;

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ["total_time_ns", (left, right) => right.time - left.time],
  ["num_eval", (left, right) => right.tried - left.tried],
  ["num_redo", (left, right) => right.retried - left.retried],
  ["num_gen_expr", (left, right) => right.expressions - left.expressions],
  ["file", ({ source: left }, { source: right }) => Number(left.name < right.name) - Number(left.name > right.name)],
  ["line", (left, right) => right.row - left.row],
]);

/** What decides where the keys that were asked for do not. */
const usual = ["total_time_ns", "num_eval", "num_redo", "file", "line"];

/** The comparisons that the user asks for, and the usual ones behind them. */
export function profileOrder(keys: readonly string[]): readonly Comparison[] {
  return [...keys.flatMap((key) => key.split(",")), ...usual].map((key) => {
    const comparison = comparisons.get(key);
    if (comparison !== undefined) return comparison;
    throw new UsageError(
      `invalid argument "${key}" for "--profile-sort" flag: must be one of {${[...comparisons.keys()].join(",")}}`,
    );
  });
}

/** The lines in an order. */
export function sortProfile(lines: readonly ProfileLine[], order: readonly Comparison[]): readonly ProfileLine[] {
  return lines.toSorted((left, right) => {
    for (const compare of order) {
      const result = compare(left, right);
      if (result !== 0) return result;
    }
    return 0;
  });
}
