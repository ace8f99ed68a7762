import type { JsonValue } from "./value.ts";

/** Writes JSON, bigints as the integers they are. `indent` is the number of spaces, none by default. */
export function writeJson(value: JsonValue, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch {
    // Only a bigint makes JSON.stringify throw on a value of ours; the detour is kept off the usual path.
    return JSON.stringify(value, exactInteger, indent);
  }
}

function exactInteger(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawJson(String(value)) : value;
}

function rawJson(text: string): unknown {
  // JSON.rawJSON is in every platform that we support, and not yet in the es2024 declarations.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}
