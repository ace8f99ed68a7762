import { at, json, listAt, numberAt, ownFields, setDefault, textAt } from "./fields-at.ts";
import { qualityOfService } from "./pod-quality.ts";
import { forbidden, invalid } from "../server/refusals.ts";
import { equalJson, forbidden as forbiddenField } from "@portcullis/objects";
import type { KindContext } from "./kind.ts";
import type { ApiObject, Draft, Fields } from "../storage/api-object.ts";

const pods = { group: "", resource: "pods" };

/** What the API server's own admission does to a new Pod: its account, priority and tolerations. */
export function admitPod(draft: Draft, context: KindContext): void {
  const spec = ownFields(draft, "spec");
  admitServiceAccount(draft, spec, context);
  admitPriority(draft, spec, context);
  tolerateBriefly(spec, "node.kubernetes.io/not-ready");
  tolerateBriefly(spec, "node.kubernetes.io/unreachable");
}

/** The status of a new Pod. */
export function preparePod(draft: Draft, context: KindContext): void {
  const spec = ownFields(draft, "spec");
  draft["status"] = {
    phase: "Pending",
    qosClass: qualityOfService(spec),
    ...(listAt(spec, "schedulingGates").length === 0 ? {} : { conditions: [gated(context)] }),
  };
}

function gated({ now }: KindContext): Fields {
  return {
    type: "PodScheduled",
    status: "False",
    reason: "SchedulingGated",
    message: "Scheduling is blocked due to non-empty scheduling gates",
    lastProbeTime: null,
    lastTransitionTime: now.toISOString().replace(/\.\d+Z$/u, "Z"),
  };
}

function admitServiceAccount(draft: Draft, spec: Fields, { store }: KindContext): void {
  setDefault(spec, "serviceAccountName", "default");
  const name = textAt(spec, "serviceAccountName");
  spec["serviceAccount"] = name;
  const namespace = draft.metadata.namespace ?? "";
  // A new namespace's own account is made a moment after the namespace; a Pod that comes in between may pass.
  if (name === "default" || store.get("serviceaccounts", namespace, name) !== undefined) return;
  const text = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
  throw forbidden(pods, nameBefore(draft), text);
}

/** This admission comes before a name is generated, and its texts show what there is then. */
function nameBefore({ metadata: { name, generateName = "" } }: Draft): string {
  const isMade = name === undefined || name === "" || name.startsWith(generateName);
  return generateName !== "" && isMade ? generateName : (name ?? "");
}

const ownClasses: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

function admitPriority(draft: Draft, spec: Fields, { store }: KindContext): void {
  const classes = store.list("priorityclasses.scheduling.k8s.io").items;
  const name = textAt(spec, "priorityClassName");
  const found =
    name === ""
      ? classes.find((each) => each["globalDefault"] === true)
      : classes.find((each) => each.metadata.name === name);
  if (name !== "" && found === undefined && !Object.hasOwn(ownClasses, name)) {
    throw forbidden(pods, nameBefore(draft), `no PriorityClass with name ${name} was found`);
  }
  if (found !== undefined) spec["priorityClassName"] = found.metadata.name;
  spec["priority"] = numberAt(found, "value") ?? ownClasses[name] ?? 0;
  setDefault(spec, "preemptionPolicy", textAt(found, "preemptionPolicy") || "PreemptLowerPriority");
}

function tolerateBriefly(spec: Fields, key: string): void {
  const tolerations = listAt(spec, "tolerations");
  const tolerated = tolerations.some(
    (each) => (textAt(each, "key") === key || textAt(each, "key") === "") && textAt(each, "effect") !== "NoSchedule",
  );
  if (tolerated) return;
  spec["tolerations"] = [...tolerations, { key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }];
}

/** What an update of the Pod itself may not touch, because it has a subresource of its own. */
export function keepEphemeralContainers(draft: Draft, old: ApiObject): void {
  const before = at(old, "spec", "ephemeralContainers");
  if (equalJson(json(at(draft, "spec", "ephemeralContainers")), json(before))) return;
  const text =
    "pod updates may not add, change or remove ephemeral containers: use the ephemeralcontainers subresource";
  throw invalid({ group: "", resource: "Pod" }, draft.metadata.name, [
    forbiddenField("spec.ephemeralContainers", text),
  ]);
}
