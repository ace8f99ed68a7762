/** What a request of `http.send` asks of the world, checked as OPA checks it before it sends anything. */
import { machineInteger } from "../runtime/number.ts";
import type { RegoObject } from "../runtime/object.ts";
import { compare, isArray, isNumber, isObject, objectGet, objectKeys, typeName } from "../runtime/order.ts";
import { writeJSON } from "../runtime/json-writer.ts";
import { plainObject, toDocument } from "../runtime/to-document.ts";
import { quote } from "../runtime/text.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import { BuiltinFailure, fail, failOperand } from "./failure.ts";
import { BareFailure, NetworkFailure } from "./http-failure.ts";
import { parseReference, referenceText } from "./json-schema/reference.ts";
import { parseDuration } from "./time/duration.ts";
import { parseUrl } from "./url.ts";

/** A request as it came. */
type Request = RegoObject | PlainObject;

const textFields: ReadonlySet<Value> = new Set([
  "method",
  "url",
  "raw_body",
  "tls_ca_cert",
  "tls_ca_cert_file",
  "tls_ca_cert_env_variable",
  "tls_client_cert",
  "tls_client_cert_file",
  "tls_client_cert_env_variable",
  "tls_client_key",
  "tls_client_key_file",
  "tls_client_key_env_variable",
  "tls_server_name",
]);

const flags: ReadonlySet<Value> = new Set(["enable_redirect", "tls_insecure_skip_verify", "tls_use_system_certs"]);

/** OPA's own where the request names none. */
const usualTimeout = 5_000_000_000n;

/**
 * The request in one form, so that requests that mean the same are the same: `method` in capitals, `url`,
 * `timeout_ns`, `enable_redirect`, `max_retry_attempts`, and where they are given `headers` (canonical names to texts),
 * `body` (the text to send) and the parameters `tls_…` as they are. What only says how to cache or to read the answer
 * is left out.
 */
export function requestNeed(request: Request): PlainObject {
  const need = new Map<string, Value>([
    ["method", "GET"],
    ["enable_redirect", false],
    ["timeout_ns", usualTimeout],
  ]);
  for (const key of [...objectKeys(request)].sort(compare)) {
    const value = objectGet(request, key);
    if (typeof key === "string" && value !== undefined) readParameter(need, key, value);
  }
  const { method, url } = checkTarget(need);
  const headers = need.get("headers");
  if (headers !== undefined) checkHeaders(headers);
  need.set("max_retry_attempts", retriesOf(request));
  checkSendable(method, url, headers);
  return plainObject([...need].sort(([a], [b]) => compare(a, b)));
}

function readParameter(need: Map<string, Value>, key: string, value: Value): void {
  if (textFields.has(key)) {
    if (typeof value !== "string") fail(`${quote(key)} must be a string`);
    const text = withoutQuotes(value);
    if (key === "raw_body") need.set("body", text);
    else need.set(key, key === "method" ? text.toUpperCase() || "GET" : text);
  } else if (flags.has(key)) {
    need.set(key, parseFlag(value));
  } else if (key === "body") {
    need.set("body", writeJSON(toDocument(value)));
  } else if (key === "headers") {
    if (!isObject(value)) fail("invalid type for headers key");
    const document = toDocument(value);
    if (!isObject(document)) return;
    const names = objectKeys(document).filter((name) => typeof name === "string");
    const headers = names.map((name): [string, Value] => [canonicalName(name), objectGet(document, name) ?? null]);
    if (headers.length > 0) need.set("headers", plainObject(headers));
  } else if (key === "timeout") {
    need.set("timeout_ns", parseTimeout(value));
  }
}

/** OPA takes quotation marks off both ends. */
function withoutQuotes(text: string): string {
  let start = 0;
  let end = text.length;
  while (text.charAt(start) === '"') start++;
  while (end > start && text.charAt(end - 1) === '"') end--;
  return text.slice(start, end);
}

/** A flag as Go's ParseBool reads its text: `true` and 1 alike. */
function parseFlag(value: Value): boolean {
  const text = valueToText(value);
  if (["1", "true"].includes(text)) return true;
  if (["0", "false"].includes(text)) return false;
  return fail(`strconv.ParseBool: parsing ${quote(text)}: invalid syntax`);
}

function parseTimeout(value: Value): bigint {
  if (isNumber(value)) {
    return machineInteger(value) ?? fail(`invalid timeout number value ${valueToText(value)}, must be int64`);
  }
  if (typeof value !== "string") {
    return failOperand(1, `'timeout' must be one of {string, number} but got ${typeName(value)}`);
  }
  if (/^[+-]?[0-9]{1,18}$/.test(value)) return BigInt(value);
  try {
    // Go's own durations have no days, weeks and years.
    const unit = /[0-9.]([^0-9.]*[dwy][^0-9.]*)/.exec(value)?.[1];
    if (unit !== undefined) fail(`time: unknown unit ${quote(unit)} in duration ${quote(value)}`);
    return parseDuration(value);
  } catch (failure) {
    if (!(failure instanceof BuiltinFailure)) throw failure;
    return fail(`invalid timeout value ${quote(value)}: ${failure.message}`);
  }
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A header's name as Go writes it: a capital after every hyphen. One that is no name stays as it is. */
export function canonicalName(name: string): string {
  if (!token.test(name)) return name;
  return name.toLowerCase().replaceAll(/(^|-)([a-z])/g, (_, hyphen: string, letter: string) => {
    return hyphen + letter.toUpperCase();
  });
}

/** Method and URL of a request that Go would make. */
function checkTarget(need: ReadonlyMap<string, Value>): { readonly method: string; readonly url: string } {
  const [method, url] = [need.get("method"), need.get("url")];
  if (typeof method !== "string" || typeof url !== "string") return fail("the request names no method or no URL");
  if (!token.test(method)) fail(`net/http: invalid method ${quote(method)}`);
  parseReference(url);
  return { method, url };
}

function checkHeaders(headers: Value): void {
  if (!isObject(headers)) return;
  for (const name of objectKeys(headers)) {
    const value = objectGet(headers, name);
    if (typeof value !== "string") fail(`invalid type for headers value ${shown(value ?? null)}`);
  }
}

/** What is no text, under Go's verb for texts. */
function shown(value: Value): string {
  if (isNumber(value)) return quote(valueToText(value));
  if (typeof value === "boolean") return `%!q(bool=${value})`;
  if (value === null) return "%!q(<nil>)";
  if (typeof value === "string") return quote(value);
  if (isArray(value)) return `[${value.map(shownWithin).join(" ")}]`;
  if (!isObject(value)) return valueToText(value);
  const entries = objectKeys(value).map((key) => `${shown(key)}:${shownWithin(objectGet(value, key) ?? null)}`);
  return `map[${entries.join(" ")}]`;
}

function shownWithin(value: Value): string {
  return value === null ? "<nil>" : shown(value);
}

function retriesOf(request: Request): Value {
  const value = objectGet(request, "max_retry_attempts");
  if (value === undefined) return 0;
  const count = isNumber(value) ? machineInteger(value) : undefined;
  if (count !== undefined && count >= 0n) return Number(count);
  throw new BareFailure(`invalid value ${valueToText(value)} for field "max_retry_attempts"`);
}

/** What Go's client finds wrong before it opens a connection. */
function checkSendable(method: string, url: string, headers: Value | undefined): void {
  const { scheme, host, rawQuery } = parseUrl(url);
  if (scheme === "unix" && rawQuery !== "") return;
  const refuse = (reason: string): never => {
    const text = referenceText(parseReference(url)).replace(/^([^:/?#]+:\/\/[^:/?#@]*):[^/?#@]*@/, "$1:***@");
    const operation = method.slice(0, 1) + method.slice(1).toLowerCase();
    throw new NetworkFailure(`${operation} ${quote(text)}: ${reason}`);
  };
  if (scheme !== "http" && scheme !== "https") refuse(`unsupported protocol scheme ${quote(scheme)}`);
  for (const name of headers !== undefined && isObject(headers) ? objectKeys(headers) : []) {
    const value = isObject(headers ?? null) ? objectGet(headers as PlainObject, name) : undefined;
    if (typeof name !== "string" || !token.test(name))
      refuse(`net/http: invalid header field name ${quote(String(name))}`);
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (typeof value === "string" && /[\0-\x08\x0a-\x1f\x7f]/.test(value)) {
      refuse(`net/http: invalid header field value for ${quote(String(name))}`);
    }
  }
  if (host === "") refuse("http: no Host in request URL");
}
