import { Client, constraintTemplateCrd, installedCrds, isConstraint, isTemplate, RegoDriver } from "@portcullis/policy";
import {
  groupVersionKindOf,
  isJsonArray,
  nameOf,
  namespaceOf,
  own,
  ownPath,
  type JsonObject,
} from "@portcullis/objects";
import { checkConstraint, checkTemplate } from "./check-policies.ts";
import { checkWebhook } from "./check-webhook.ts";
import { checkWorkload, isGatekeepersWorkload } from "./check-workload.ts";
import type { Finding } from "./finding.ts";

/** What an object is looked at beside. */
interface Surroundings {
  /** Gatekeeper's own namespace. */
  readonly namespace: string;
  /** Whether it is known that nothing is mutated. */
  readonly isWithoutMutators: boolean;
}

/**
 * Looks at every object that is Gatekeeper's, or that Gatekeeper is made of; others say nothing. Of a whole cluster it is
 * known as well what is not there.
 */
export async function checkObjects(objects: readonly JsonObject[], isCluster = false): Promise<readonly Finding[]> {
  const client = new Client({ drivers: [new RegoDriver()] });
  const surroundings: Surroundings = {
    namespace: namespaceOf(objects.find(isGatekeepersWorkload) ?? {}) || "gatekeeper-system",
    isWithoutMutators: isCluster && !objects.some((object) => groupVersionKindOf(object).group === mutationGroup),
  };
  const findings: Finding[] = isCluster ? [...missingCrds(objects)] : [];
  // A constraint is looked at under its template, wherever that stands.
  for (const template of objects.filter(isTemplate)) findings.push(await checkTemplate(client, template));
  for (const object of objects) {
    if (isTemplate(object)) continue;
    if (isConstraint(object)) findings.push(checkConstraint(client, object));
    else findings.push(...checkOther(object, surroundings));
  }
  return findings;
}

/** CRDs that the server needs and an older Gatekeeper did not have; none where there is no Gatekeeper at all. */
function missingCrds(objects: readonly JsonObject[]): readonly Finding[] {
  const crds = objects.filter((object) => groupVersionKindOf(object).kind === "CustomResourceDefinition");
  const names = new Set(crds.map(nameOf));
  if (!names.has(nameOf(constraintTemplateCrd))) return [];
  const missing = installedCrds.map(nameOf).filter((name) => !names.has(name));
  const text = "is not there, and Portcullis needs it; `portcullis manifests --only crds` prints it";
  return missing.map((name) => ({ fate: "stops", subject: `CustomResourceDefinition ${name}`, text }));
}

const mutationGroup = "mutations.gatekeeper.sh";

/** Groups of Gatekeeper's of which nothing is here yet. */
const missing: ReadonlyMap<string, string> = new Map([
  [mutationGroup, "mutation comes with a later version: what it changes is no longer changed"],
  ["expansion.gatekeeper.sh", "expansion comes with a later version: Pods are reviewed, and no longer what makes them"],
  ["externaldata.gatekeeper.sh", "external data comes with a later version: policies that ask for it are refused"],
  ["connection.gatekeeper.sh", "exporting violations comes with a later version"],
]);

function checkOther(object: JsonObject, surroundings: Surroundings): readonly Finding[] {
  const { group, kind } = groupVersionKindOf(object);
  const subject = `${kind} ${nameOf(object)}`;
  const gone = missing.get(group);
  if (gone !== undefined) return [{ fate: "stops", subject, text: gone }];
  switch (`${group}/${kind}`) {
    case "config.gatekeeper.sh/Config":
      return checkConfig(object, subject, surroundings.namespace);
    case "syncset.gatekeeper.sh/SyncSet":
      return [{ fate: "works", subject, text: "counts, beside what templates themselves read" }];
    case "admissionregistration.k8s.io/ValidatingWebhookConfiguration":
      return isGatekeepers(object) ? checkWebhook(object, subject) : [];
    case "admissionregistration.k8s.io/MutatingWebhookConfiguration":
      return isGatekeepers(object) ? [mutatingFinding(subject, surroundings.isWithoutMutators)] : [];
    case "admissionregistration.k8s.io/ValidatingAdmissionPolicy":
    case "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding":
      return nameOf(object).startsWith("gatekeeper-")
        ? [
            {
              fate: "differs",
              subject,
              text: "stays in force as it is, whatever becomes of its constraint's action; nothing renews it until a later version",
            },
          ]
        : [];
    case "apps/Deployment":
      return checkWorkload(object, subject);
    default:
      return [];
  }
}

function mutatingFinding(subject: string, isIdle: boolean): Finding {
  if (isIdle)
    return { fate: "works", subject, text: "there is no mutator, so it changes nothing; it goes with Gatekeeper" };
  const text = "mutation comes with a later version; delete this one with Gatekeeper, or calls of it fail";
  return { fate: "stops", subject, text };
}

function checkConfig(config: JsonObject, subject: string, ownNamespace: string): readonly Finding[] {
  const namespace = namespaceOf(config);
  if (namespace !== "" && namespace !== ownNamespace) {
    return [
      {
        fate: "works",
        subject,
        text: `of no effect in ${namespace}, as in Gatekeeper: ${ownNamespace} has the one that counts`,
      },
    ];
  }
  if (nameOf(config) !== "config") {
    return [{ fate: "works", subject, text: "of no effect, as in Gatekeeper: only the name `config` counts" }];
  }
  const findings: Finding[] = [
    {
      fate: "works",
      subject: namespace === "" ? subject : `${subject} in ${namespace}`,
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
