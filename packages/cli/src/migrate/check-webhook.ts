import { reviewedSubresources } from "@portcullis/controller/webhook-rules";
import {
  isJsonArray,
  isJsonObject,
  own,
  ownPath,
  ownString,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import type { Finding } from "./finding.ts";

const gatekeepersService = "gatekeeper-webhook-service";

/** Looks at a webhook configuration of Gatekeeper's: what the API server asks it, and which values of the chart keep that. */
export function checkWebhook(configuration: JsonObject, subject: string): readonly Finding[] {
  const listed = own(configuration, "webhooks");
  const webhooks = (isJsonArray(listed) ? listed : []).filter(isJsonObject);
  const find = (name: string): JsonObject | undefined => webhooks.find((each) => ownString(each, "name") === name);
  const validation = find("validation.gatekeeper.sh");
  // One that calls another Service is Portcullis' own, beside Gatekeeper.
  const service = ownString(ownPath(validation, "clientConfig", "service"), "name");
  if (service !== undefined && service !== gatekeepersService) return [];
  const findings: Finding[] = [{ fate: "works", subject, text: "its place is taken by Portcullis' own" }];
  const keep = (text: string): void => void findings.push({ fate: "differs", subject, text });
  if (validation !== undefined) for (const text of departures(validation)) keep(text);
  const guard = find("check-ignore-label.gatekeeper.sh");
  const guards = ownString(guard, "failurePolicy") ?? "Fail";
  if (guard !== undefined && guards !== "Fail") {
    keep(
      `${ownString(guard, "name")}: failurePolicy becomes Fail without validatingWebhookCheckIgnoreFailurePolicy=${guards}`,
    );
  }
  return findings;
}

/** What the webhook's own settings become where nobody says them again. */
function departures(webhook: JsonObject): readonly string[] {
  const texts: string[] = [];
  const policy = ownString(webhook, "failurePolicy") ?? "Fail";
  if (policy !== "Ignore") {
    texts.push(`failurePolicy becomes Ignore without validatingWebhookFailurePolicy=${policy} or profile=strict`);
  }
  const timeout = own(webhook, "timeoutSeconds") ?? 10;
  if (timeout !== 3) texts.push(`timeoutSeconds becomes 3 without validatingWebhookTimeoutSeconds=${String(timeout)}`);
  if (ownString(webhook, "matchPolicy") === "Exact") {
    texts.push("matchPolicy becomes Equivalent: every version of an object is reviewed");
  }
  if (hasItems(own(webhook, "matchConditions"))) {
    texts.push("its matchConditions are gone without validatingWebhookMatchConditions: more is reviewed");
  }
  const selector = own(webhook, "objectSelector");
  if (hasItems(own(selector, "matchExpressions")) || hasItems(own(selector, "matchLabels"))) {
    texts.push("its objectSelector is gone without validatingWebhookObjectSelector: more is reviewed");
  }
  if (exempts(own(webhook, "namespaceSelector"))) {
    texts.push("its namespaceSelector is gone without validatingWebhookExemptNamespacesLabels: more is reviewed");
  }
  if (ownString(own(webhook, "clientConfig"), "url") !== undefined) {
    texts.push("it is called by an address of its own, which is gone without validatingWebhookURL");
  }
  const rules = own(webhook, "rules");
  return [...texts, ...rulesDepartures(isJsonArray(rules) ? rules : [])];
}

function rulesDepartures(rules: readonly JsonValue[]): readonly string[] {
  const [rule] = rules;
  const resources = textsOf(own(rule, "resources"));
  const isEverything =
    rules.length === 1 &&
    ["apiGroups", "apiVersions"].every((field) => textsOf(own(rule, field)).join() === "*") &&
    resources.includes("*");
  if (!isEverything) {
    return ["its rules are its own: everything is reviewed without validatingWebhookCustomRules"];
  }
  const texts: string[] = [];
  const operations = textsOf(own(rule, "operations"));
  for (const [operation, value] of [
    ["DELETE", "enableDeleteOperations"],
    ["CONNECT", "enableConnectOperations"],
  ] as const) {
    if (!operations.includes(operation) && !operations.includes("*")) continue;
    texts.push(`${operation} is no longer reviewed without ${value}=true`);
  }
  const scope = ownString(rule, "scope") ?? "*";
  if (scope !== "*") texts.push(`scope becomes * without validatingWebhookScope=${scope}: more is reviewed`);
  const reviewed = new Set<string>(["*", ...reviewedSubresources]);
  const lost = resources.filter((resource) => !reviewed.has(resource));
  if (lost.length > 0) {
    texts.push(`${lost.join(", ")} is no longer reviewed without validatingWebhookSubResources`);
  }
  const more = [...reviewed].filter((resource) => !resources.includes(resource) && !resources.includes("*/*"));
  if (more.length > 0)
    texts.push(`${more.join(", ")} is reviewed too, unless validatingWebhookSubResources leaves it out`);
  return texts;
}

/** Whether more namespaces are left out than Gatekeeper's own and those with its label. */
function exempts(selector: JsonValue | undefined): boolean {
  const expressions = own(selector, "matchExpressions");
  const others = (isJsonArray(expressions) ? expressions : []).filter((each) => {
    const key = ownString(each, "key");
    if (key === "admission.gatekeeper.sh/ignore") return false;
    return key !== "kubernetes.io/metadata.name" || textsOf(own(each, "values")).length > 1;
  });
  return others.length > 0 || hasItems(own(selector, "matchLabels"));
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((each) => typeof each === "string") : [];
}

function hasItems(value: JsonValue | undefined): boolean {
  return isJsonArray(value) ? value.length > 0 : isJsonObject(value) && Object.keys(value).length > 0;
}
