import { machineInteger } from "../runtime/number.ts";
import { objectEntries, objectOf, type RegoObject } from "../runtime/object.ts";
import { isObject, objectGet } from "../runtime/order.ts";
import { encodeUtf8 } from "../runtime/text.ts";
import { toDocument } from "../runtime/to-document.ts";
import { writeJSON } from "../runtime/json-writer.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { failOperand } from "./failure.ts";
import type { Family } from "./family.ts";
import { requestOperand, setText } from "./http-request.ts";
import { authenticate, digest } from "./keys/hashes.ts";
import { failType, numberOperand, objectOperand } from "./operand.ts";
import { escapeUrl, parseUrl, type Url } from "./url.ts";

/** `providers.aws.sign_req`: a request with the headers of AWS' Signature Version 4. */
export const aws: Family = new Map<string, BuiltinFunction>([["providers.aws.sign_req", signRequest]]);

type Fields = RegoObject | PlainObject;

interface Account {
  readonly service: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly sessionToken: string;
}

function textOf(object: Fields, key: string): string {
  const value = objectGet(object, key);
  return typeof value === "string" ? value : "";
}

/** A field, null where it is null. */
function fieldOr(object: Fields, key: string, absent: Value): Value {
  const value = objectGet(object, key);
  return value === undefined ? absent : value;
}

function signRequest(_context: BuiltinContext, requestValue: Value, configValue: Value, timeValue: Value): Value {
  objectOperand(requestValue, 1);
  const config = objectOperand(configValue, 1);
  const account = accountOf(config);
  const time = machineInteger(numberOperand(timeValue, 1));
  if (time === undefined) failOperand(3, "could not convert time_ns value into a unix timestamp");
  const request = requestOperand(requestValue, 1);
  const headers = fieldOr(request, "headers", {});
  if (!isObject(headers)) failType(0, headers, "object");
  const wrong = ["method", "url"].filter((key) => typeof objectGet(request, key) !== "string");
  if (wrong.length > 0) failOperand(1, `invalid values for required request parameters(s): ${setText(wrong)}`);
  const url = parseUrl(textOf(request, "url"));
  const unsigned = fieldOr(config, "disable_payload_signing", false);
  if (typeof unsigned !== "boolean") failOperand(2, "invalid value for 'disable_payload_signing' in AWS config");
  const bodyHash = unsigned ? "UNSIGNED-PAYLOAD" : hex(digest("SHA256", encodeUtf8(bodyOf(request))));
  const own = objectEntries(headers).map(([key, value]): [string, string] => [
    typeof key === "string" ? key : "",
    typeof value === "string" ? value : "",
  ]);
  const signed = sign(account, textOf(request, "method"), url, own, bodyHash, time);
  return objectOf([...objectEntries(request), ["headers", objectOf([...own, ...signed])]]);
}

const requiredConfig = ["aws_service", "aws_access_key", "aws_secret_access_key", "aws_region"];

function accountOf(config: Fields): Account {
  const missing = requiredConfig.filter((key) => objectGet(config, key) === undefined);
  if (missing.length > 0) failOperand(2, `missing required AWS config parameters(s): ${setText(missing)}`);
  const invalid = requiredConfig.filter((key) => typeof objectGet(config, key) !== "string");
  if (invalid.length > 0) failOperand(2, `invalid values for required AWS config parameters(s): ${setText(invalid)}`);
  return {
    service: textOf(config, "aws_service"),
    accessKey: textOf(config, "aws_access_key"),
    secretKey: textOf(config, "aws_secret_access_key"),
    region: textOf(config, "aws_region"),
    sessionToken: textOf(config, "aws_session_token"),
  };
}

function bodyOf(request: Fields): string {
  const raw = objectGet(request, "raw_body");
  if (raw !== undefined) return typeof raw === "string" ? raw : "";
  const body = objectGet(request, "body");
  return body === undefined ? "" : writeJSON(toDocument(body));
}

/** Headers that change on the way, or that this very signature makes. */
const unsignedHeaders = new Set(["authorization", "user-agent", "x-amzn-trace-id"]);

/** The headers that a signature adds, `Authorization` first. */
function sign(
  account: Account,
  method: string,
  url: Url,
  own: readonly (readonly [string, string])[],
  bodyHash: string,
  time: bigint,
): [string, string][] {
  const { service, region } = account;
  const stamp = timestamp(time);
  const day = stamp.slice(0, 8);
  const added: [string, string][] = [
    ["host", url.host],
    ["x-amz-date", stamp],
  ];
  if (service === "s3" || service === "glacier") added.push(["x-amz-content-sha256", bodyHash]);
  if (account.sessionToken !== "") added.push(["x-amz-security-token", account.sessionToken]);
  const toSign = new Map(added);
  for (const [name, value] of own) if (!unsignedHeaders.has(name.toLowerCase())) toSign.set(name.toLowerCase(), value);
  const names = [...toSign.keys()].toSorted();
  const lines = names.map((name) => `${name}:${toSign.get(name) ?? ""}\n`).join("");
  const list = names.join(";");
  const canonical = [method, escapedPath(url), url.rawQuery, lines, list, bodyHash].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", stamp, scope, hex(digest("SHA256", encodeUtf8(canonical)))].join("\n");
  const key = [day, region, service, "aws4_request"].reduce(mac, encodeUtf8(`AWS4${account.secretKey}`));
  const signature = hex(mac(key, text));
  const credential = `AWS4-HMAC-SHA256 Credential=${account.accessKey}/${scope}`;
  return [["Authorization", `${credential},SignedHeaders=${list},Signature=${signature}`], ...added];
}

function mac(key: Uint8Array, message: string): Uint8Array {
  return authenticate("SHA256", key, encodeUtf8(message));
}

/** Nanoseconds since 1970 as `20060102T150405Z`. */
function timestamp(nanoseconds: bigint): string {
  const milliseconds = (nanoseconds - (((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;
  return new Date(Number(milliseconds)).toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** The path as it was written where that is a way to write it, else in Go's own way. */
function escapedPath(url: Url): string {
  if (url.path === "*" || /^[A-Za-z0-9\-._~!$&'()*+,;=:@[\]/%]*$/.test(url.rawPath)) return url.rawPath;
  return escapeUrl(url.path, "path");
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
