import { checkEnforcementAction, Client, isConstraint, isTemplate, RegoDriver } from "@portcullis/policy";
import {
  groupVersionKindOf,
  isJsonArray,
  nameOf,
  namespaceOf,
  own,
  ownPath,
  ownString,
  type JsonObject,
} from "@portcullis/objects";
import { checkWorkload } from "./check-workload.ts";
import type { Finding } from "./finding.ts";

/** Looks at every object that is Gatekeeper's, or that Gatekeeper is made of; others say nothing. */
export async function checkObjects(objects: readonly JsonObject[]): Promise<readonly Finding[]> {
  const client = new Client({ drivers: [new RegoDriver()] });
  const findings: Finding[] = [];
  // A constraint is looked at under its template, wherever that stands.
  for (const template of objects.filter(isTemplate)) findings.push(...(await checkTemplate(client, template)));
  for (const object of objects) {
    if (isTemplate(object)) continue;
    findings.push(...(isConstraint(object) ? checkConstraint(client, object) : checkOther(object)));
  }
  return findings;
}

async function checkTemplate(client: Client, template: JsonObject): Promise<readonly Finding[]> {
  const subject = `ConstraintTemplate ${nameOf(template)}`;
  const added = await client.addTemplate(template);
  if (!added.ok) {
    const { message, location, help } = added.problem;
    const where =
      location === undefined ? "" : ` (${location.source}, line ${location.row}, column ${location.column})`;
    return [{ fate: "stops", subject, text: `${message}${where}${help === undefined ? "" : `; ${help}`}` }];
  }
  if (hasCel(template)) {
    return [{ fate: "differs", subject, text: "its Rego is run; its CEL comes with a later version" }];
  }
  return [{ fate: "works", subject, text: "compiles" }];
}

function hasCel(template: JsonObject): boolean {
  const targets = ownPath(template, "spec", "targets");
  if (!isJsonArray(targets)) return false;
  return targets.some((target) => {
    const code = own(target, "code");
    return isJsonArray(code) && code.some((entry) => ownString(entry, "engine") === "K8sNativeValidation");
  });
}

function checkConstraint(client: Client, constraint: JsonObject): readonly Finding[] {
  const { kind } = groupVersionKindOf(constraint);
  const subject = `${kind} ${nameOf(constraint)}`;
  if (!client.templates.has(kind.toLowerCase())) {
    return [{ fate: "stops", subject, text: "its template is not here or is refused" }];
  }
  const added = client.addConstraint(constraint);
  if (!added.ok) return [{ fate: "stops", subject, text: added.problem.message }];
  const action = ownString(own(constraint, "spec"), "enforcementAction") ?? "deny";
  const problem = checkEnforcementAction(action, constraint);
  if (problem !== undefined) return [{ fate: "stops", subject, text: problem.message }];
  return [{ fate: "works", subject, text: `enforced at admission (${action})` }];
}

/** Groups of Gatekeeper's of which nothing is here yet. */
const missing: ReadonlyMap<string, string> = new Map([
  ["mutations.gatekeeper.sh", "mutation comes with a later version: what it changes is no longer changed"],
  ["expansion.gatekeeper.sh", "expansion comes with a later version: Pods are reviewed, and no longer what makes them"],
  ["externaldata.gatekeeper.sh", "external data comes with a later version: policies that ask for it are refused"],
  ["connection.gatekeeper.sh", "exporting violations comes with a later version"],
]);

function checkOther(object: JsonObject): readonly Finding[] {
  const { group, kind } = groupVersionKindOf(object);
  const subject = `${kind} ${nameOf(object)}`;
  const gone = missing.get(group);
  if (gone !== undefined) return [{ fate: "stops", subject, text: gone }];
  switch (`${group}/${kind}`) {
    case "config.gatekeeper.sh/Config":
      return checkConfig(object, subject);
    case "syncset.gatekeeper.sh/SyncSet":
      return [{ fate: "works", subject, text: "counts, beside what templates themselves read" }];
    case "admissionregistration.k8s.io/ValidatingWebhookConfiguration":
      return checkValidatingWebhook(object, subject);
    case "admissionregistration.k8s.io/MutatingWebhookConfiguration":
      return isGatekeepers(object)
        ? [
            {
              fate: "stops",
              subject,
              text: "mutation comes with a later version; delete this one with Gatekeeper, or calls of it fail",
            },
          ]
        : [];
    case "admissionregistration.k8s.io/ValidatingAdmissionPolicy":
    case "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding":
      return nameOf(object).startsWith("gatekeeper-")
        ? [{ fate: "differs", subject, text: "stays in force as it is; nothing renews it until a later version" }]
        : [];
    case "apps/Deployment":
      return checkWorkload(object, subject);
    default:
      return [];
  }
}

function checkConfig(config: JsonObject, subject: string): readonly Finding[] {
  if (nameOf(config) !== "config") {
    return [{ fate: "works", subject, text: "of no effect, as in Gatekeeper: only the name `config` counts" }];
  }
  const findings: Finding[] = [
    {
      fate: "works",
      subject: `${subject} in ${namespaceOf(config)}`,
      text: "exemptions for the webhook and the sync set count",
    },
  ];
  const traces = ownPath(config, "spec", "validation", "traces");
  if (isJsonArray(traces) && traces.length > 0) {
    findings.push({
      fate: "differs",
      subject,
      text: "spec.validation.traces has no effect: traces come with a later version",
    });
  }
  const matches = ownPath(config, "spec", "match");
  const processes = (isJsonArray(matches) ? matches : []).flatMap((match) => {
    const named = own(match, "processes");
    return isJsonArray(named) ? named : [];
  });
  for (const process of ["audit", "mutation-webhook"]) {
    if (!processes.includes(process)) continue;
    findings.push({ fate: "works", subject, text: `exemptions for the process ${process} wait for it to come` });
  }
  return findings;
}

function isGatekeepers(object: JsonObject): boolean {
  return (
    nameOf(object).startsWith("gatekeeper-") || ownPath(object, "metadata", "labels", "gatekeeper.sh/system") === "yes"
  );
}

function checkValidatingWebhook(object: JsonObject, subject: string): readonly Finding[] {
  if (!isGatekeepers(object)) return [];
  const webhooks = own(object, "webhooks");
  const validation = (isJsonArray(webhooks) ? webhooks : []).find(
    (webhook) => ownString(webhook, "name") === "validation.gatekeeper.sh",
  );
  const policy = ownString(validation, "failurePolicy") ?? "Fail";
  const findings: Finding[] = [
    {
      fate: "works",
      subject,
      text: `taken over under its name; failure policy ${policy}, which the chart's values keep`,
    },
  ];
  if (ownString(validation, "matchPolicy") === "Exact") {
    findings.push({
      fate: "differs",
      subject,
      text: "matchPolicy becomes Equivalent: every version of an object is reviewed",
    });
  }
  return findings;
}
