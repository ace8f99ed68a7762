/** Values of a chart, as rows of names and values make them. */
import { isJsonObject, own, type JsonObject, type JsonValue } from "@portcullis/objects";

/** Values with one at the place that a dotted name tells. */
export function valueOf(name: string, value: JsonValue): JsonObject {
  const [first = "", ...rest] = name.split(".");
  return { [first]: rest.length === 0 ? value : valueOf(rest.join("."), value) };
}

/** Both values, the right one where they differ. */
export function merged(left: JsonObject, right: JsonObject): JsonObject {
  const both = Object.entries(right).map(([key, value]): readonly [string, JsonValue] => {
    const there = own(left, key);
    return [key, isJsonObject(there) && isJsonObject(value) ? merged(there, value) : value];
  });
  return { ...left, ...Object.fromEntries(both) };
}

/** The values of all rows. */
export const allOf = (rows: readonly { readonly name: string; readonly value: JsonValue }[]): JsonObject =>
  rows.map(({ name, value }) => valueOf(name, value)).reduce(merged, {});
