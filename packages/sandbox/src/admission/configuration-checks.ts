import {
  checkDns1123Subdomain,
  checkLabelSelector,
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  type FieldError,
} from "@portcullis/objects";
import { getOwn, isFields, type ApiObject } from "../storage/api-object.ts";
import { asJson } from "../server/metadata.ts";

/** What is wrong with webhook configurations, by their kind; undefined for other kinds. */
export function configurationChecks(kind: string): ((object: ApiObject) => readonly FieldError[]) | undefined {
  if (kind !== "ValidatingWebhookConfiguration" && kind !== "MutatingWebhookConfiguration") return undefined;
  return (object) => {
    const names = new Set<string>();
    const webhooks = listOf(object, "webhooks");
    return webhooks.flatMap((webhook, index) => {
      const path = `webhooks[${index}]`;
      const name = textOf(webhook, "name");
      const twice = names.has(name) ? [duplicate(`${path}.name`, name)] : [];
      names.add(name);
      return [...twice, ...checkWebhook(webhook, path, kind === "MutatingWebhookConfiguration")];
    });
  };
}

function listOf(source: unknown, field: string): readonly unknown[] {
  const value = getOwn(source, field);
  return Array.isArray(value) ? value : [];
}

function textOf(source: unknown, field: string): string {
  const value = getOwn(source, field);
  return typeof value === "string" ? value : "";
}

function oneOf(source: unknown, field: string, path: string, allowed: readonly string[]): readonly FieldError[] {
  const value = getOwn(source, field);
  if (value === undefined || value === null) return [];
  if (typeof value === "string" && allowed.includes(value)) return [];
  return [notSupported(`${path}.${field}`, String(value), allowed.toSorted())];
}

function checkWebhook(webhook: unknown, path: string, mutating: boolean): readonly FieldError[] {
  return [
    ...checkName(textOf(webhook, "name"), `${path}.name`),
    ...listOf(webhook, "rules").flatMap((rule, index) => checkRule(rule, `${path}.rules[${index}]`)),
    ...oneOf(webhook, "failurePolicy", path, ["Fail", "Ignore"]),
    ...oneOf(webhook, "matchPolicy", path, ["Equivalent", "Exact"]),
    ...checkSideEffects(webhook, path),
    ...checkTimeout(webhook, path),
    ...(mutating ? oneOf(webhook, "reinvocationPolicy", path, ["IfNeeded", "Never"]) : []),
    ...checkReviewVersions(webhook, path),
    ...checkLabelSelector(asJson(getOwn(webhook, "namespaceSelector")), `${path}.namespaceSelector`),
    ...checkLabelSelector(asJson(getOwn(webhook, "objectSelector")), `${path}.objectSelector`),
    ...checkClient(getOwn(webhook, "clientConfig"), `${path}.clientConfig`),
    ...checkConditions(webhook, path),
  ];
}

function checkName(name: string, path: string): readonly FieldError[] {
  if (name === "") return [required(path)];
  const wrong = checkDns1123Subdomain(name);
  if (wrong.length > 0) return wrong.map((detail) => invalid(path, name, detail));
  return name.split(".").length >= 3
    ? []
    : [invalid(path, name, "should be a domain with at least three segments separated by dots")];
}

const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

function checkRule(rule: unknown, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["operations", "apiGroups", "apiVersions", "resources"]) {
    const values = listOf(rule, field);
    if (values.length === 0) errors.push(required(`${path}.${field}`));
    if (values.length > 1 && values.includes("*") && field !== "resources") {
      const detail =
        "if '*' is present, must not specify other " +
        (field === "operations" ? "operations" : `${field === "apiGroups" ? "API groups" : "API versions"}`);
      errors.push(invalid(`${path}.${field}`, asJson(values) ?? null, detail));
    }
  }
  for (const [index, operation] of listOf(rule, "operations").entries()) {
    if (typeof operation !== "string" || !operations.includes(operation)) {
      errors.push(notSupported(`${path}.operations[${index}]`, String(operation), operations));
    }
  }
  errors.push(...oneOf(rule, "scope", path, ["*", "Cluster", "Namespaced"]));
  return errors;
}

function checkSideEffects(webhook: unknown, path: string): readonly FieldError[] {
  const value = getOwn(webhook, "sideEffects");
  const allowed = ["None", "NoneOnDryRun"];
  if (value === undefined || value === null)
    return [required(`${path}.sideEffects`, `must specify one of ${allowed.join(", ")}`)];
  return oneOf(webhook, "sideEffects", path, allowed);
}

function checkTimeout(webhook: unknown, path: string): readonly FieldError[] {
  const value = getOwn(webhook, "timeoutSeconds");
  if (typeof value !== "number" || (value >= 1 && value <= 30)) return [];
  return [invalid(`${path}.timeoutSeconds`, value, "the timeout value must be between 1 and 30 seconds")];
}

function checkReviewVersions(webhook: unknown, path: string): readonly FieldError[] {
  const field = `${path}.admissionReviewVersions`;
  const versions = listOf(webhook, "admissionReviewVersions");
  if (versions.length === 0) return [required(field, "must specify one of v1, v1beta1")];
  if (versions.some((version) => version === "v1" || version === "v1beta1")) return [];
  return [invalid(field, asJson(versions) ?? null, "must include at least one of v1, v1beta1")];
}

function checkClient(client: unknown, path: string): readonly FieldError[] {
  const url = getOwn(client, "url");
  const service = getOwn(client, "service");
  const hasUrl = typeof url === "string";
  if (hasUrl === isFields(service)) return [required(path, "exactly one of url or service is required")];
  return hasUrl ? checkUrl(url, `${path}.url`) : checkService(service, `${path}.service`);
}

function checkUrl(text: string, path: string): readonly FieldError[] {
  const form = "; desired format: https://host[/path]";
  const url = URL.parse(text);
  if (url === null) return [required(path, `url must be a valid URL: ${text}${form}`)];
  const errors: FieldError[] = [];
  const scheme = url.protocol.replace(/:$/, "");
  if (scheme !== "https") errors.push(invalid(path, scheme, `'https' is the only allowed URL scheme${form}`));
  if (url.host === "") errors.push(invalid(path, "", `host must be specified${form}`));
  if (url.username !== "") errors.push(invalid(path, url.username, "user information is not permitted in the URL"));
  if (url.hash !== "") errors.push(invalid(path, url.hash.slice(1), "fragments are not permitted in the URL"));
  if (url.search !== "")
    errors.push(invalid(path, url.search.slice(1), "query parameters are not permitted in the URL"));
  return errors;
}

function checkService(service: unknown, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["name", "namespace"])
    if (textOf(service, field) === "") errors.push(required(`${path}.${field}`));
  const port = getOwn(service, "port");
  if (typeof port === "number" && (port < 1 || port > 65535)) {
    errors.push(invalid(`${path}.port`, port, "port is not valid: must be between 1 and 65535, inclusive"));
  }
  const urlPath = textOf(service, "path");
  if (urlPath !== "" && !urlPath.startsWith("/"))
    errors.push(invalid(`${path}.path`, urlPath, "must start with a '/'"));
  return errors;
}

/** Conditions are in CEL: a webhook that was called against them, or not called, would be worse than one refused. */
function checkConditions(webhook: unknown, path: string): readonly FieldError[] {
  if (listOf(webhook, "matchConditions").length === 0) return [];
  const detail =
    "the sandbox does not evaluate match conditions (CEL) yet: remove them, or narrow the rules and selectors";
  return [forbidden(`${path}.matchConditions`, detail)];
}
