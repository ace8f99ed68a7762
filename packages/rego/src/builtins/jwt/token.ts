import { readJSON } from "../../runtime/json-reader.ts";
import { isObject, objectGet } from "../../runtime/order.ts";
import type { RegoObject } from "../../runtime/object.ts";
import { decodeUtf8 } from "../../runtime/text.ts";
import type { PlainObject, Value } from "../../runtime/value.ts";
import { base64UrlBytes } from "../base64-url.ts";
import { fail } from "../failure.ts";
import { stringOperand } from "../operand.ts";

type Json = RegoObject | PlainObject;

/** The three parts of a token, still encoded. */
export interface Token {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

/** Takes a token apart. */
export function splitToken(value: Value): Token {
  const text = stringOperand(value, 1);
  if (!text.includes(".")) fail("encoded JWT had no period separators");
  const parts = text.split(".");
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    return fail(`encoded JWT must have 3 sections, found ${parts.length}`);
  }
  return { header, payload, signature };
}

/** The header as an object. Encrypted tokens are refused. */
export function decodeHeader(token: Token): Json {
  const text = decodeUtf8(base64UrlBytes(token.header, "JWT header had invalid encoding: "));
  const header = jsonObject(text, "bad JWT header: ");
  if (objectGet(header, "enc") !== undefined) fail("JWT is a JWE object, which is not supported");
  return header;
}

/** A JSON object. */
export function jsonObject(text: string, what = ""): Json {
  const read = readJSON(text);
  if ("error" in read) return fail(`${what}invalid JSON: ${read.error}`);
  return isObject(read.value) ? read.value : fail(`${what}decoded JSON type was not an Object`);
}
