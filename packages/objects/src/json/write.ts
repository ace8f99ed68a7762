import { printValue } from "./print.ts";
import type { JsonValue } from "./value.ts";

/**
 * Writes JSON, bigints as the integers they are. `indent` is the number of spaces, none by default, and none where a
 * value is nested so deeply that nobody could read it.
 */
export function writeJson(value: JsonValue, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (error instanceof RangeError) return writeDeep(value);
  }
  // Beside depth only a bigint makes JSON.stringify throw on a value of ours; the detour is kept off the usual path.
  try {
    return JSON.stringify(value, exactInteger, indent);
  } catch (error) {
    if (error instanceof RangeError) return writeDeep(value);
    throw error;
  }
}

/** The platform's writer calls itself, and goes some thousand levels down. */
function writeDeep(value: JsonValue): string {
  return printValue(value, {
    scalar: (scalar) => (typeof scalar === "bigint" ? String(scalar) : JSON.stringify(scalar)),
    key: (key) => JSON.stringify(key),
    entries: (object) => Object.entries(object),
  });
}

function exactInteger(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? rawJson(String(value)) : value;
}

function rawJson(text: string): unknown {
  // JSON.rawJSON is in every platform that we support, and not yet in the es2024 declarations.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}
