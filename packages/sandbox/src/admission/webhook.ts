import { compileLabelSelector, isJsonObject, type LabelSelector } from "@portcullis/objects";
import { getOwn, isFields, type ApiObject } from "../storage/api-object.ts";
import { asJson } from "../server/metadata.ts";

/** One rule of a webhook. */
export interface WebhookRule {
  readonly operations: readonly string[];
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly resources: readonly string[];
  readonly scope: string;
}

/** Where a webhook is reached. */
export type WebhookAddress =
  | { readonly kind: "url"; readonly url: string }
  | {
      readonly kind: "service";
      readonly namespace: string;
      readonly name: string;
      readonly port: number;
      readonly path: string;
    };

/** A webhook of a configuration, made ready to be asked. */
export interface Webhook {
  /** Tells webhooks of one name apart; stable as long as the configuration is not changed. */
  readonly id: string;
  readonly configuration: string;
  readonly name: string;
  readonly address: WebhookAddress;
  /** PEM, or undefined for the system's authorities. */
  readonly ca: string | undefined;
  readonly rules: readonly WebhookRule[];
  readonly failsOpen: boolean;
  readonly equivalent: boolean;
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
  readonly sideEffects: string | undefined;
  readonly timeoutSeconds: number;
  readonly reviewVersions: readonly string[];
  readonly reinvokes: boolean;
}

/** The webhooks of configurations, in the order they are asked: by configuration's name, then as they stand. */
export function webhooksOf(configurations: readonly ApiObject[]): readonly Webhook[] {
  return configurations
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
    .flatMap((configuration) => {
      const webhooks = configuration["webhooks"];
      return Array.isArray(webhooks) ? webhooks.map((webhook) => readWebhook(configuration, webhook)) : [];
    });
}

function readWebhook(configuration: ApiObject, webhook: unknown): Webhook {
  const name = textOf(webhook, "name");
  const client = getOwn(webhook, "clientConfig");
  const bundle = textOf(client, "caBundle");
  const timeout = getOwn(webhook, "timeoutSeconds");
  const sideEffects = getOwn(webhook, "sideEffects");
  return {
    id: `${configuration.kind}/${configuration.metadata.name}/${name}`,
    configuration: configuration.metadata.name,
    name,
    address: readAddress(client),
    ca: bundle === "" ? undefined : Buffer.from(bundle, "base64").toString("utf8"),
    rules: listOf(webhook, "rules").map(readRule),
    failsOpen: getOwn(webhook, "failurePolicy") === "Ignore",
    equivalent: getOwn(webhook, "matchPolicy") !== "Exact",
    namespaceSelector: selectorOf(getOwn(webhook, "namespaceSelector")),
    objectSelector: selectorOf(getOwn(webhook, "objectSelector")),
    sideEffects: typeof sideEffects === "string" ? sideEffects : undefined,
    timeoutSeconds: typeof timeout === "number" ? timeout : 10,
    reviewVersions: textsOf(webhook, "admissionReviewVersions"),
    reinvokes: getOwn(webhook, "reinvocationPolicy") === "IfNeeded",
  };
}

function readAddress(client: unknown): WebhookAddress {
  const service = getOwn(client, "service");
  if (!isFields(service)) return { kind: "url", url: textOf(client, "url") };
  const port = getOwn(service, "port");
  const path = textOf(service, "path");
  return {
    kind: "service",
    namespace: textOf(service, "namespace"),
    name: textOf(service, "name"),
    port: typeof port === "number" ? port : 443,
    path: path.startsWith("/") ? path : `/${path}`,
  };
}

function readRule(rule: unknown): WebhookRule {
  return {
    operations: textsOf(rule, "operations"),
    apiGroups: textsOf(rule, "apiGroups"),
    apiVersions: textsOf(rule, "apiVersions"),
    resources: textsOf(rule, "resources"),
    scope: textOf(rule, "scope") || "*",
  };
}

function selectorOf(value: unknown): LabelSelector {
  const json = asJson(value);
  const compiled = isJsonObject(json) ? compileLabelSelector(json) : undefined;
  // A selector that does not compile was refused when the configuration was written.
  return compiled?.ok === true ? compiled.selector : [];
}

function textOf(source: unknown, field: string): string {
  const value = getOwn(source, field);
  return typeof value === "string" ? value : "";
}

function listOf(source: unknown, field: string): readonly unknown[] {
  const value = getOwn(source, field);
  return Array.isArray(value) ? value : [];
}

function textsOf(source: unknown, field: string): readonly string[] {
  return listOf(source, field).filter((item) => typeof item === "string");
}
