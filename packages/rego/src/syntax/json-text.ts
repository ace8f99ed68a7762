import { positionAt, type Span } from "../source.ts";
import { toBase64 } from "./base64.ts";

/** A JSON object of texts; undefined values are left out. */
export function jsonObject(fields: readonly (readonly [key: string, value: string | undefined])[]): string {
  const written: string[] = [];
  for (const [key, value] of fields) if (value !== undefined) written.push(`${jsonString(key)}:${value}`);
  return `{${written.join(",")}}`;
}

/** A JSON array of texts. */
export function jsonArray(items: readonly string[]): string {
  return `[${items.join(",")}]`;
}

/** A string as Go's encoding/json writes it: what HTML minds is escaped. */
export function jsonString(text: string): string {
  const plain = JSON.stringify(text.toWellFormed());
  return /[<>&\u2028\u2029\u007f]/.test(plain) ? plain.replace(/[<>&\u2028\u2029]/g, escapeUnit) : plain;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A place as OPA's JSON, with a text if there is one to show. */
export function locationToJson({ source, start }: Span, text: string | undefined): string {
  const { row, column } = positionAt(source, start);
  return jsonObject([
    ["file", jsonString(source.name)],
    ["row", String(row)],
    ["col", String(column)],
    ["text", text === undefined || text === "" ? undefined : jsonString(toBase64(text))],
  ]);
}
