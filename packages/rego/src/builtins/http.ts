import { readJSON } from "../runtime/json-reader.ts";
import { objectOf, type RegoObject } from "../runtime/object.ts";
import { isArray, isNumber, isObject, objectGet, objectKeys } from "../runtime/order.ts";
import { stringEntries } from "../runtime/json-writer.ts";
import { integerOf } from "../runtime/number.ts";
import { plainObject } from "../runtime/to-document.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import { quote } from "../runtime/text.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { BuiltinFailure, fail } from "./failure.ts";
import type { Family } from "./family.ts";
import { BareFailure, NetworkFailure } from "./http-failure.ts";
import { canonicalName, requestNeed } from "./http-need.ts";
import { requestOperand } from "./http-request.ts";
import { objectOperand } from "./operand.ts";
import { readYAML } from "./yaml/read.ts";

/**
 * http.send. It needs `{"kind": "http.send", "request": …}` with a request as `requestNeed` describes it (and with
 * `"caching"` where the answer may be kept between evaluations: `{"forced_seconds", "ignored_headers"}`), and takes for
 * an answer `{"status", "status_code", "headers", "raw_body"}` (headers are arrays of texts), or `{"error"}`: why there
 * is none, in the words of Go's client (`Get "http://host": dial tcp …`), with `"timed_out": true` where it took too
 * long; or `{"refused"}`: why no request could be made of it (its certificates, say). What the body means is found here. Requests that differ in nothing but headers that the policy ignores share the
 * first one's answer.
 */
export const http: Family = new Map<string, BuiltinFunction>([["http.send", send]]);

function send(context: BuiltinContext, value: Value): Value {
  const given = objectOperand(value, 1);
  const asked = objectGet(given, "raise_error");
  const raise = asked === undefined ? true : asked;
  if (typeof raise !== "boolean") fail("invalid value for raise_error field");
  try {
    return receive(context, requestOperand(value, 1), raise);
  } catch (failure) {
    if (raise || !(failure instanceof BuiltinFailure)) throw failure;
    return failed(failure);
  }
}

/** What is answered instead of failing where the request says so. */
function failed(failure: BuiltinFailure): Value {
  const isNetwork = failure instanceof NetworkFailure;
  const code = isNetwork ? "eval_http_send_network_error" : "eval_http_send_internal_error";
  const isBare = isNetwork || failure instanceof BareFailure;
  const message = isBare ? failure.message : `${failure.code}: http.send: ${failure.message}`;
  return { status_code: 0, error: { code, message } };
}

type Request = RegoObject | PlainObject;

function receive(context: BuiltinContext, request: Request, raise: boolean): Value {
  const key = cacheKey(request);
  const caching = cachingNeed(request);
  const response = context.memo(`http.send ${valueToText(key)}`, () =>
    context.fact({ kind: "http.send", request: requestNeed(request), ...caching }),
  );
  if (!isObject(response)) return fail("the fact for http.send is not an object");
  const refused = objectGet(response, "refused");
  if (typeof refused === "string") fail(refused);
  const error = objectGet(response, "error");
  if (typeof error === "string") {
    const timedOut = objectGet(response, "timed_out") === true;
    throw new NetworkFailure(raise && timedOut ? timeoutText(error) : error);
  }
  const isJson = flagOf(request, "force_json_decode");
  const isYaml = flagOf(request, "force_yaml_decode");
  const headers = lowerCased(objectGet(response, "headers") ?? {});
  const body = objectGet(response, "raw_body");
  const text = typeof body === "string" ? body : "";
  const status = objectGet(response, "status_code");
  return objectOf([
    ["status", objectGet(response, "status") ?? ""],
    ["status_code", status !== undefined && isNumber(status) ? status : 0],
    ["body", decoded(context, text, contentType(headers), isJson, isYaml)],
    ["raw_body", text],
    ["headers", headers],
  ]);
}

/** `Get "http://host": …` without quotes and reason. */
function timeoutText(error: string): string {
  const parts = /^(\S+) "([^"]*)": /.exec(error);
  return parts === null ? error : `${parts[1] ?? ""} ${parts[2] ?? ""}: request timed out`;
}

/** The request by which answers are kept: without the headers that the policy ignores. */
function cacheKey(request: Request): Value {
  const ignored = objectGet(request, "cache_ignored_headers");
  const headers = objectGet(request, "headers");
  const rest = objectKeys(request).flatMap((key): [Value, Value][] =>
    key === "cache_ignored_headers" || key === "headers" ? [] : [[key, objectGet(request, key) ?? null]],
  );
  if (ignored === undefined || headers === undefined) return objectOf([...rest, ["headers", headers ?? null]]);
  if (!isArray(ignored) || ignored.some((name) => typeof name !== "string")) {
    throw new BareFailure("cache_ignored_headers must be an array of strings");
  }
  if (!isObject(headers)) return fail("invalid type for headers key");
  const kept = objectKeys(headers).filter((name) => !ignored.includes(name));
  return objectOf([
    ...rest,
    ["headers", objectOf(kept.map((name): [Value, Value] => [name, objectGet(headers, name) ?? null]))],
  ]);
}

/** What is said of keeping answers between evaluations, for who answers; nothing where they may not be kept. */
function cachingNeed(request: Request): PlainObject {
  const isKept = flagOf(request, "cache");
  const isForced = flagOf(request, "force_cache");
  if (!isKept && !isForced) return {};
  const ignored = objectGet(request, "cache_ignored_headers");
  const headers = objectGet(request, "headers");
  const given = headers !== undefined && isObject(headers) ? objectKeys(headers) : [];
  const names = ignored !== undefined && isArray(ignored) ? ignored.filter((name) => given.includes(name)) : [];
  return {
    caching: {
      forced_seconds: isForced ? forcedSeconds(request) : 0,
      ignored_headers: names.flatMap((name) => (typeof name === "string" ? [canonicalName(name)] : [])),
    },
  };
}

function forcedSeconds(request: Request): number {
  const seconds = objectGet(request, "force_cache_duration_seconds");
  if (seconds === undefined) {
    fail("'force_cache' set but 'force_cache_duration_seconds' parameter is missing");
  }
  const text = valueToText(seconds);
  if (!isNumber(seconds) || !/^-?[0-9]+$/.test(text)) {
    fail(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  }
  const integer = integerOf(seconds);
  if (integer !== undefined && BigInt.asIntN(32, integer) !== integer) {
    fail(`strconv.ParseInt: parsing ${quote(text)}: value out of range`);
  }
  return Number(text);
}

function flagOf(request: Request, name: string): boolean {
  const value = objectGet(request, name);
  if (value === undefined) return false;
  return typeof value === "boolean" ? value : fail(`invalid value for ${quote(name)} field`);
}

function lowerCased(headers: Value): Value {
  if (!isObject(headers)) return {};
  return plainObject(stringEntries(headers).map(([name, values]) => [name.toLowerCase(), values]));
}

/** The body as its type or the request says; null where it is of another type, or not what it says. */
function decoded(context: BuiltinContext, text: string, type: string, isJson: boolean, isYaml: boolean): Value {
  context.charge(text.length >> 4);
  if (isJson || /^\s*application\/(?:[^;/]*\+)?json\s*(?:;|$)/i.test(type)) {
    const result = readJSON(text);
    return "value" in result ? result.value : null;
  }
  if (!isYaml && !/application\/(?:x-)?yaml/.test(type)) return null;
  try {
    return readYAML(context, text);
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return null;
    throw failure;
  }
}

function contentType(headers: Value): string {
  const given = isObject(headers) ? objectGet(headers, "content-type") : undefined;
  const first = given !== undefined && isArray(given) ? given[0] : given;
  return typeof first === "string" ? first : "";
}
