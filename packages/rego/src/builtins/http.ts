import { readJSON } from "../runtime/json-reader.ts";
import { objectOf } from "../runtime/object.ts";
import { isArray, isNumber, isObject, objectGet, objectKeys } from "../runtime/order.ts";
import type { Value } from "../runtime/value.ts";
import type { BuiltinContext, BuiltinFunction } from "./builtin.ts";
import { BuiltinFailure, fail } from "./failure.ts";
import type { Family } from "./family.ts";
import { requestOperand } from "./http-request.ts";
import { objectOperand } from "./operand.ts";
import { quote } from "../runtime/text.ts";
import { readYAML } from "./yaml/read.ts";

/**
 * http.send. It needs `{"kind": "http.send", "request": …}`: an object with `status`, `status_code`, `headers` (each an
 * array of texts, names in lower case) and `raw_body`, or one with `error`, a text. What the body means is found here.
 */
export const http: Family = new Map<string, BuiltinFunction>([["http.send", send]]);

function send(context: BuiltinContext, value: Value): Value {
  const given = objectOperand(value, 1);
  const raise = objectGet(given, "raise_error") ?? true;
  if (typeof raise !== "boolean") fail("invalid value for raise_error field");
  try {
    return receive(context, value);
  } catch (failure) {
    if (raise || !(failure instanceof BuiltinFailure)) throw failure;
    return failed(failure);
  }
}

/** What is answered instead of failing where the request says so. */
function failed(failure: BuiltinFailure): Value {
  const isNetwork = failure instanceof NetworkFailure;
  const code = isNetwork ? "eval_http_send_network_error" : "eval_http_send_internal_error";
  const message = isNetwork ? failure.message : `${failure.code}: http.send: ${failure.message}`;
  return { status_code: 0, error: { code, message } };
}

/** The other side could not be asked. */
class NetworkFailure extends BuiltinFailure {
  constructor(message: string) {
    super("eval_builtin_error", message);
  }
}

const TEXTS: readonly string[] = [
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
];

function receive(context: BuiltinContext, value: Value): Value {
  const request = requestOperand(value, 1);
  for (const key of objectKeys(request)) {
    if (typeof key === "string" && TEXTS.includes(key) && typeof objectGet(request, key) !== "string") {
      fail(`${quote(key)} must be a string`);
    }
  }
  const response = context.fact({ kind: "http.send", request });
  if (!isObject(response)) return fail("the fact for http.send is not an object");
  const error = objectGet(response, "error");
  if (typeof error === "string") throw new NetworkFailure(error);
  const headers = objectGet(response, "headers") ?? {};
  const body = objectGet(response, "raw_body");
  const text = typeof body === "string" ? body : "";
  const status = objectGet(response, "status_code");
  return objectOf([
    ["status", objectGet(response, "status") ?? ""],
    ["status_code", status !== undefined && isNumber(status) ? status : 0],
    ["body", decoded(context, request, headers, text)],
    ["raw_body", text],
    ["headers", headers],
  ]);
}

/** The body as its type or the request says; null where it is of another type, or not what it says. */
function decoded(context: BuiltinContext, request: Value, headers: Value, text: string): Value {
  const isForced = (name: string): boolean => isObject(request) && objectGet(request, name) === true;
  if (isForced("force_json_decode") || /^\s*application\/(?:[^;/]*\+)?json\s*(?:;|$)/i.test(contentType(headers))) {
    const result = readJSON(text);
    return "value" in result ? result.value : null;
  }
  if (!isForced("force_yaml_decode") && !/application\/(?:x-)?yaml/.test(contentType(headers))) return null;
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
