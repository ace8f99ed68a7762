import { corruptText, decodeBase64, encodeBase64 } from "../runtime/base64.ts";
import { objectOf } from "../runtime/object.ts";
import { isArray, isObject, isSet } from "../runtime/order.ts";
import { stringEntries } from "../runtime/json-writer.ts";
import { decodeUtf8, encodeUtf8, escapeRune } from "../runtime/text.ts";
import type { Value } from "../runtime/value.ts";
import { base64UrlBytes } from "./base64-url.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { BuiltinFailure, fail, failOperand } from "./failure.ts";
import type { Family } from "./family.ts";
import { failType, stringOperand } from "./operand.ts";
import { escapeUrl, parseUrl, splitHost, unescapeUrl } from "./url.ts";

/** base64*, hex.*, urlquery.* and uri.* */
export const encodings: Family = new Map<string, BuiltinFunction>([
  ["base64.encode", (_context, text: Value) => encodeBase64(bytesOperand(text), "standard")],
  ["base64.decode", (_context, text: Value) => decodeStandard(stringOperand(text, 1))],
  ["base64.is_valid", (_context, text: Value) => typeof text === "string" && "bytes" in decodeBase64(text, "standard")],
  ["base64url.encode", (_context, text: Value) => encodeBase64(bytesOperand(text), "url")],
  ["base64url.encode_no_pad", (_context, text: Value) => encodeBase64(bytesOperand(text), "url", false)],
  ["base64url.decode", (_context, text: Value) => decodeUtf8(base64UrlBytes(stringOperand(text, 1)))],
  ["hex.encode", (_context, text: Value) => Array.from(bytesOperand(text), hexOf).join("")],
  ["hex.decode", decodeHex],
  ["urlquery.encode", (_context, text: Value) => escapeUrl(stringOperand(text, 1), "query")],
  ["urlquery.decode", (_context, text: Value) => unescapeUrl(stringOperand(text, 1), "query")],
  ["urlquery.encode_object", encodeObject],
  ["urlquery.decode_object", decodeObject],
  ["uri.parse", parseUri],
  ["uri.is_valid", isValidUri],
]);

function bytesOperand(value: Value): Uint8Array {
  return encodeUtf8(stringOperand(value, 1));
}

function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function decodeStandard(text: string): string {
  const result = decodeBase64(text, "standard");
  return "bytes" in result ? decodeUtf8(result.bytes) : fail(corruptText(result.corruptAt));
}

function decodeHex(_context: BuiltinContext, value: Value): Value {
  const text = bytesOperand(value);
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? 0;
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) {
      const code = byte.toString(16).toUpperCase().padStart(4, "0");
      fail(`encoding/hex: invalid byte: U+${code}${runeOf(byte)}`);
    }
    if (at % 2 === 0) bytes.push(digit << 4);
    else bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | digit;
  }
  if (text.length % 2 === 1) fail("encoding/hex: odd length hex string");
  return decodeUtf8(Uint8Array.from(bytes));
}

/** A byte as a character, where it can be printed. */
function runeOf(byte: number): string {
  const shown = escapeRune(byte, false);
  return shown.length > 1 ? "" : ` '${shown}'`;
}

const objectValues = "values must be string, array[string], or set[string]";

function encodeObject(_context: BuiltinContext, value: Value): Value {
  if (!isObject(value)) failType(1, value, "object");
  const pairs: string[] = [];
  for (const [key, item] of stringEntries(value)) {
    const name = escapeUrl(key, "query");
    for (const text of queryValues(item)) pairs.push(`${name}=${escapeUrl(text, "query")}`);
  }
  return pairs.join("&");
}

function queryValues(value: Value): readonly string[] {
  if (typeof value === "string") return [value];
  const items = isArray(value) ? value : isSet(value) ? value.values() : failOperand(1, objectValues);
  return items.map((item) => (typeof item === "string" ? item : failOperand(1, objectValues)));
}

function decodeObject(_context: BuiltinContext, value: Value): Value {
  const parts = stringOperand(value, 1).split("&");
  if (parts.length > 10_000) fail("number of URL query parameters exceeded limit");
  const found = new Map<string, string[]>();
  let firstFault: BuiltinFailure | undefined;
  for (const part of parts.filter((each) => each !== "")) {
    try {
      if (part.includes(";")) {
        firstFault = new BuiltinFailure("eval_builtin_error", "invalid semicolon separator in query");
        continue;
      }
      const equals = part.indexOf("=");
      const key = unescapeUrl(equals < 0 ? part : part.slice(0, equals), "query");
      const text = equals < 0 ? "" : unescapeUrl(part.slice(equals + 1), "query");
      const values = found.get(key);
      if (values === undefined) found.set(key, [text]);
      else values.push(text);
    } catch (fault) {
      if (!(fault instanceof BuiltinFailure)) throw fault;
      firstFault ??= fault;
    }
  }
  if (firstFault !== undefined) throw firstFault;
  return objectOf(found);
}

function parseUri(_context: BuiltinContext, value: Value): Value {
  const url = parseUrl(stringOperand(value, 1));
  const [hostname, port] = splitHost(url.host);
  const hasPlainPath = escapeUrl(url.path, "path") === url.rawPath;
  const parts: readonly (readonly [string, string])[] = [
    ["scheme", url.scheme],
    ["hostname", hostname],
    ["port", port],
    ["path", url.path],
    ["raw_path", hasPlainPath ? url.path : url.rawPath],
    ["raw_query", url.rawQuery],
    ["fragment", url.fragment],
  ];
  return objectOf(parts.filter(([, text]) => text !== ""));
}

function isValidUri(_context: BuiltinContext, value: Value): Value {
  if (typeof value !== "string" || value === "") return false;
  try {
    parseUrl(value);
    return true;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return false;
    throw failure;
  }
}
