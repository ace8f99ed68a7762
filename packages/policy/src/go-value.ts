import { compareBytes, isJsonArray, isJsonObject, printValue, type JsonValue } from "@portcullis/objects";

/** A value of OPA's as Go's `%v` and `%T` print it: numbers are texts there. */
export function formatGoValue(value: JsonValue): { readonly text: string; readonly type: string } {
  if (value === null) return { text: "<nil>", type: "<nil>" };
  if (isJsonArray(value)) return { text: textOf(value), type: "[]interface {}" };
  if (isJsonObject(value)) return { text: textOf(value), type: "map[string]interface {}" };
  switch (typeof value) {
    case "boolean":
      return { text: String(value), type: "bool" };
    case "string":
      return { text: value, type: "string" };
    default:
      return { text: String(value), type: "json.Number" };
  }
}

function textOf(value: JsonValue): string {
  return printValue(value, {
    scalar: (scalar) => (scalar === null ? "<nil>" : String(scalar)),
    key: (key) => key,
    entries: (object) => Object.entries(object).toSorted(([left], [right]) => compareBytes(left, right)),
    openObject: "map[",
    closeObject: "]",
    separator: " ",
  });
}
