import type { RegoObject } from "../runtime/object.ts";
import { objectKeys } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import { failOperand } from "./failure.ts";
import { objectOperand } from "./operand.ts";

/** What a request of `http.send` may say. */
const allowed: ReadonlySet<Value> = new Set([
  "method",
  "url",
  "body",
  "enable_redirect",
  "force_json_decode",
  "force_yaml_decode",
  "headers",
  "raw_body",
  "tls_use_system_certs",
  "tls_ca_cert",
  "tls_ca_cert_file",
  "tls_ca_cert_env_variable",
  "tls_client_cert",
  "tls_client_cert_file",
  "tls_client_cert_env_variable",
  "tls_client_key",
  "tls_client_key_file",
  "tls_client_key_env_variable",
  "tls_insecure_skip_verify",
  "tls_server_name",
  "timeout",
  "cache",
  "force_cache",
  "force_cache_duration_seconds",
  "raise_error",
  "caching_mode",
  "max_retry_attempts",
  "cache_ignored_headers",
]);

const required: readonly string[] = ["method", "url"];

/** A request as `http.send` and `providers.aws.sign_req` take it: nothing unknown in it, and nothing missing. */
export function requestOperand(value: Value, position: number): RegoObject | PlainObject {
  const request = objectOperand(value, position);
  const keys = objectKeys(request);
  const invalid = keys.filter((key) => !allowed.has(key));
  if (invalid.length > 0) failOperand(position, `invalid request parameters(s): ${setText(invalid)}`);
  const missing = required.filter((key) => !keys.includes(key));
  if (missing.length > 0) failOperand(position, `missing required request parameters(s): ${setText(missing)}`);
  return request;
}

/** Values as the text of a set. */
export function setText(values: readonly Value[]): string {
  return valueToText(new RegoSet(values));
}
