import { timestamp } from "../controllers/change.ts";
import { at, fieldsAt, listAt, numberAt, textAt } from "../kinds/fields-at.ts";
import { nodeAddress } from "./node-object.ts";
import { newContainerStatus, stepContainer } from "./container-status.ts";
import type { Life } from "./container-status.ts";
import type { PullOutcome } from "./image-puller.ts";
import type { Occurrence } from "../controllers/event-recorder.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

/** A Pod's status one step on. */
export interface PodStep {
  readonly status: Fields;
  readonly occurrences: readonly Occurrence[];
  readonly again: number | undefined;
}

/** What a step may ask for. */
export interface PodSurroundings {
  readonly now: Date;
  readonly podIp: string;
  readonly pull: (container: Fields) => PullOutcome;
}

/** The status with which the kubelet takes a Pod on: nothing is created yet. */
export function acceptedStatus(pod: ApiObject, now: Date): Fields {
  const initial = listAt(pod, "spec", "initContainers");
  const reason = initial.length === 0 ? "ContainerCreating" : "PodInitializing";
  const status: Fields = {
    ...fieldsAt(pod, "status"),
    phase: "Pending",
    hostIP: nodeAddress,
    hostIPs: [{ ip: nodeAddress }],
    startTime: timestamp(now),
    containerStatuses: listAt(pod, "spec", "containers").map((each) => newContainerStatus(each, reason)),
    ...(initial.length === 0
      ? {}
      : { initContainerStatuses: initial.map((each) => newContainerStatus(each, "PodInitializing")) }),
  };
  return { ...status, ...observed(pod), conditions: conditions(pod, status, now) };
}

/** Takes all containers of a Pod one step further, the initial ones first, one after the other. */
export function stepPod(pod: ApiObject, { now, podIp, pull }: PodSurroundings): PodStep {
  const occurrences: Occurrence[] = [];
  const pauses: number[] = [];
  const step = (container: Fields, statusField: string, specField: string, life: Life): Fields => {
    const name = textAt(container, "name");
    const before = listAt(pod, "status", statusField).find((each) => textAt(each, "name") === name);
    const next = stepContainer(pod.metadata.uid, container, before, life, now, () => pull(container));
    const fieldPath = `spec.${specField}{${name}}`;
    occurrences.push(...next.occurrences.map((each) => ({ ...each, fieldPath })));
    if (next.again !== undefined) pauses.push(next.again);
    return next.status;
  };
  const initStatuses = stepInitial(pod, (container, life) =>
    step(container, "initContainerStatuses", "initContainers", life),
  );
  const initialized = listAt(pod, "spec", "initContainers").every((container, index) =>
    isInitialized(container, initStatuses[index]),
  );
  const life: Life = belongsToJob(pod) || awaitsInput(pod) ? "endsSoon" : "runs";
  const statuses = listAt(pod, "spec", "containers").map((container, index) =>
    initialized
      ? step(container, "containerStatuses", "containers", life)
      : (listAt(pod, "status", "containerStatuses")[index] ?? newContainerStatus(container, "PodInitializing")),
  );
  const ephemeral = listAt(pod, "spec", "ephemeralContainers").map((container) =>
    step(container, "ephemeralContainerStatuses", "ephemeralContainers", "runs"),
  );
  const status: Fields = {
    ...fieldsAt(pod, "status"),
    ...observed(pod),
    phase: phaseOf(statuses),
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    containerStatuses: statuses,
    ...(initStatuses.length === 0 ? {} : { initContainerStatuses: initStatuses }),
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
  };
  return {
    status: { ...status, conditions: conditions(pod, status, now) },
    occurrences,
    again: pauses.length === 0 ? undefined : Math.min(...pauses),
  };
}

function stepInitial(pod: ApiObject, step: (container: Fields, life: Life) => Fields): readonly Fields[] {
  let open = true;
  return listAt(pod, "spec", "initContainers").map((container, index) => {
    const before = listAt(pod, "status", "initContainerStatuses")[index];
    if (!open) return before ?? newContainerStatus(container, "PodInitializing");
    const next = step(container, isSidecar(container) ? "runs" : "ends");
    open = isInitialized(container, next);
    return next;
  });
}

function isSidecar(container: Fields): boolean {
  return textAt(container, "restartPolicy") === "Always";
}

function isInitialized(container: Fields, status: Fields | undefined): boolean {
  return isSidecar(container)
    ? status?.["started"] === true
    : numberAt(status, "state", "terminated", "exitCode") === 0;
}

/** Nothing runs here, so only what is known to come to an end does: the Pods of Jobs. */
function belongsToJob(pod: ApiObject): boolean {
  return (pod.metadata.ownerReferences ?? []).some((owner) => owner.kind === "Job" && owner.controller === true);
}

/** A Pod that is to run once and read what its first visitor types (`kubectl run -i`) finds its input closed. */
function awaitsInput(pod: ApiObject): boolean {
  const once = listAt(pod, "spec", "containers").every((container) => container["stdinOnce"] === true);
  return once && textAt(pod, "spec", "restartPolicy") === "Never";
}

function observed(pod: ApiObject): Fields {
  return pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation };
}

function phaseOf(statuses: readonly Fields[]): string {
  if (statuses.every((status) => numberAt(status, "state", "terminated", "exitCode") === 0)) return "Succeeded";
  const started = statuses.every(
    (status) => at(status, "state", "waiting") === undefined || (numberAt(status, "restartCount") ?? 0) > 0,
  );
  return started ? "Running" : "Pending";
}

function conditions(pod: ApiObject, status: Fields, now: Date): readonly Fields[] {
  const before = listAt(pod, "status", "conditions");
  const condition = (type: string, holds: boolean, reason = "", message = ""): Fields => {
    const value = holds ? "True" : "False";
    const old = before.find((each) => each["type"] === type);
    const since = old?.["status"] === value ? old["lastTransitionTime"] : timestamp(now);
    return {
      type,
      ...observed(pod),
      status: value,
      lastProbeTime: null,
      lastTransitionTime: since,
      ...(reason === "" ? {} : { reason }),
      ...(message === "" ? {} : { message }),
    };
  };
  const done = status["phase"] === "Succeeded";
  const unready = listAt(status, "containerStatuses").filter((each) => each["ready"] !== true);
  const open = listAt(pod, "spec", "initContainers").filter(
    (container, index) => !isInitialized(container, listAt(status, "initContainerStatuses")[index]),
  );
  const names = (of: readonly Fields[]): string => of.map((each) => textAt(each, "name")).join(" ");
  const gates = listAt(pod, "spec", "readinessGates").filter(
    (gate) => !before.some((each) => each["type"] === gate["conditionType"] && each["status"] === "True"),
  );
  const notReady = unready.length === 0 ? "" : `containers with unready status: [${names(unready)}]`;
  const why = done ? "PodCompleted" : "ContainersNotReady";
  const ready = (type: string, gated: boolean): Fields => {
    if (unready.length > 0) return condition(type, false, why, done ? "" : notReady);
    return gated ? condition(type, false, "ReadinessGatesNotReady", gateText(gates)) : condition(type, true);
  };
  const known = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
  return [
    condition("PodReadyToStartContainers", !done && textAt(status, "podIP") !== ""),
    open.length === 0
      ? condition("Initialized", true, done ? "PodCompleted" : "")
      : condition(
          "Initialized",
          false,
          "ContainersNotInitialized",
          `containers with incomplete status: [${names(open)}]`,
        ),
    ready("Ready", gates.length > 0),
    ready("ContainersReady", false),
    condition("PodScheduled", true),
    ...before.filter((each) => !known.includes(textAt(each, "type"))),
  ];
}

function gateText(gates: readonly Fields[]): string {
  return gates
    .map((gate) => `corresponding condition of pod readiness gate "${textAt(gate, "conditionType")}" does not exist.`)
    .join(", ");
}
