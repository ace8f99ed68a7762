import { ageColumn, column, nameColumn, wideColumn } from "./columns.ts";
import { at, fieldsAt, listAt, numberAt, textAt } from "./fields-at.ts";
import { ageOf } from "./human-duration.ts";
import type { PrinterColumn } from "./kind.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

/** What `kubectl get pods` says of a Pod's containers. */
export interface PodSummary {
  readonly ready: number;
  readonly containers: number;
  readonly status: string;
  readonly restarts: number;
  readonly lastRestart: string | undefined;
}

/** The columns of Pods. */
export const podColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Ready", (pod) => {
    const summary = podSummary(pod);
    return `${summary.ready}/${summary.containers}`;
  }),
  column("Status", (pod) => podSummary(pod).status),
  column("Restarts", (pod, now) => {
    const { restarts, lastRestart } = podSummary(pod);
    return restarts !== 0 && lastRestart !== undefined ? `${restarts} (${ageOf(lastRestart, now)} ago)` : `${restarts}`;
  }),
  ageColumn,
  wideColumn("IP", (pod) => textAt(listAt(pod, "status", "podIPs")[0], "ip") || "<none>"),
  wideColumn("Node", (pod) => textAt(pod, "spec", "nodeName") || "<none>"),
  wideColumn("Nominated Node", (pod) => textAt(pod, "status", "nominatedNodeName") || "<none>"),
  wideColumn("Readiness Gates", readinessGates),
];

/** Counts and words for a Pod, by the rules by which the API server fills its table. */
export function podSummary(pod: ApiObject): PodSummary {
  const restartable = new Set(
    listAt(pod, "spec", "initContainers")
      .filter((container) => textAt(container, "restartPolicy") === "Always")
      .map((container) => textAt(container, "name")),
  );
  const init = initSummary(pod, restartable);
  const initialized = init.reason === undefined || hasCondition(pod, "Initialized");
  const main = initialized ? mainSummary(pod, initialReason(pod)) : undefined;
  const dates = main === undefined ? init.restartDates : [...init.sidecarRestartDates, ...main.restartDates];
  return {
    ready: init.ready + (main?.ready ?? 0),
    containers: listAt(pod, "spec", "containers").length + restartable.size,
    status: deletionReason(pod) ?? main?.reason ?? init.reason ?? initialReason(pod),
    restarts: main === undefined ? init.restarts : init.sidecarRestarts + main.restarts,
    lastRestart: dates.toSorted().at(-1),
  };
}

function initialReason(pod: ApiObject): string {
  if (listAt(pod, "status", "conditions").some((each) => each["reason"] === "SchedulingGated")) {
    return "SchedulingGated";
  }
  return textAt(pod, "status", "reason") || textAt(pod, "status", "phase");
}

function deletionReason(pod: ApiObject): string | undefined {
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  if (textAt(pod, "status", "reason") === "NodeLost") return "Unknown";
  return ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")) ? undefined : "Terminating";
}

interface InitSummary {
  readonly reason: string | undefined;
  readonly ready: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
  readonly restartDates: readonly string[];
  readonly sidecarRestartDates: readonly string[];
}

function initSummary(pod: ApiObject, restartable: ReadonlySet<string>): InitSummary {
  let [ready, restarts, sidecarRestarts] = [0, 0, 0];
  const restartDates: string[] = [];
  const sidecarRestartDates: string[] = [];
  let reason: string | undefined;
  const total = listAt(pod, "spec", "initContainers").length;
  for (const [index, status] of listAt(pod, "status", "initContainerStatuses").entries()) {
    const sidecar = restartable.has(textAt(status, "name"));
    restarts += numberAt(status, "restartCount") ?? 0;
    restartDates.push(...finishedAt(status));
    if (sidecar) {
      sidecarRestarts += numberAt(status, "restartCount") ?? 0;
      sidecarRestartDates.push(...finishedAt(status));
    }
    const exitCode = numberAt(status, "state", "terminated", "exitCode");
    if (exitCode === 0) continue;
    if (sidecar && status["started"] === true) {
      if (status["ready"] === true) ready += 1;
      continue;
    }
    reason = initReason(status) ?? `Init:${index}/${total}`;
    break;
  }
  return { reason, ready, restarts, sidecarRestarts, restartDates, sidecarRestartDates };
}

function initReason(status: Fields): string | undefined {
  const terminated = at(status, "state", "terminated");
  if (terminated !== undefined) return `Init:${terminationReason(fieldsAt(status, "state", "terminated"))}`;
  const waiting = textAt(status, "state", "waiting", "reason");
  return waiting === "" || waiting === "PodInitializing" ? undefined : `Init:${waiting}`;
}

function mainSummary(
  pod: ApiObject,
  initial: string,
): { reason: string; ready: number; restarts: number; restartDates: readonly string[] } {
  let [reason, errorReason, hasRunning] = [initial, "", false];
  let [ready, restarts] = [0, 0];
  const restartDates: string[] = [];
  for (const status of listAt(pod, "status", "containerStatuses").toReversed()) {
    restarts += numberAt(status, "restartCount") ?? 0;
    restartDates.push(...finishedAt(status));
    const waiting = textAt(status, "state", "waiting", "reason");
    const terminated = at(status, "state", "terminated");
    if (waiting !== "") reason = waiting;
    else if (terminated !== undefined) {
      reason = terminationReason(fieldsAt(status, "state", "terminated"));
      if (numberAt(terminated, "exitCode") !== 0) errorReason = reason;
    } else if (status["ready"] === true && at(status, "state", "running") !== undefined) {
      hasRunning = true;
      ready += 1;
    }
  }
  if (reason === "Completed") {
    if (hasRunning && hasCondition(pod, "Ready")) reason = "Running";
    else if (errorReason !== "") reason = errorReason;
    else if (hasRunning) reason = "NotReady";
  }
  return { reason, ready, restarts, restartDates };
}

function terminationReason(terminated: Fields): string {
  const reason = textAt(terminated, "reason");
  if (reason !== "") return reason;
  const signal = numberAt(terminated, "signal") ?? 0;
  return signal === 0 ? `ExitCode:${numberAt(terminated, "exitCode") ?? 0}` : `Signal:${signal}`;
}

function finishedAt(status: Fields): readonly string[] {
  const date = textAt(status, "lastState", "terminated", "finishedAt");
  return date === "" ? [] : [date];
}

function hasCondition(pod: ApiObject, type: string): boolean {
  return listAt(pod, "status", "conditions").some((each) => each["type"] === type && each["status"] === "True");
}

function readinessGates(pod: ApiObject): string {
  const gates = listAt(pod, "spec", "readinessGates");
  if (gates.length === 0) return "<none>";
  const open = gates.filter((gate) => hasCondition(pod, textAt(gate, "conditionType")));
  return `${open.length}/${gates.length}`;
}
