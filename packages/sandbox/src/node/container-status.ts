import { createHash } from "node:crypto";
import { timestamp } from "../controllers/change.ts";
import { at, fieldsAt, numberAt, textAt } from "../kinds/fields-at.ts";
import type { PullOutcome } from "./image-puller.ts";
import type { Occurrence } from "../controllers/event-recorder.ts";
import type { Fields } from "../storage/api-object.ts";

/** How the containers of a list live: for good, to an end at once, or to an end after a while. */
export type Life = "runs" | "ends" | "endsSoon";

/** A container one step on. */
export interface ContainerStep {
  readonly status: Fields;
  readonly occurrences: readonly Occurrence[];
  /** Milliseconds until the next step, if time alone brings it. */
  readonly again?: number;
}

/** How long a container that ends soon is seen running. */
const shortLife = 250;

/** What the kubelet says of a container before it has done anything about it. */
export function newContainerStatus(container: Fields, reason: string): Fields {
  return {
    name: textAt(container, "name"),
    image: textAt(container, "image"),
    imageID: "",
    ready: false,
    started: false,
    restartCount: 0,
    lastState: {},
    state: { waiting: { reason } },
  };
}

/** Takes a container one step further; `pull` is asked only where the container is to be started. */
export function stepContainer(
  podUid: string,
  container: Fields,
  before: Fields | undefined,
  life: Life,
  now: Date,
  pull: () => PullOutcome,
): ContainerStep {
  const status = before ?? newContainerStatus(container, "ContainerCreating");
  const changed = textAt(status, "image") !== textAt(container, "image");
  if (!changed && at(status, "state", "terminated") !== undefined) return { status, occurrences: [] };
  if (!changed && at(status, "state", "running") !== undefined) return stepRunning(status, life, now);
  const killed: readonly Occurrence[] =
    changed && at(status, "state", "running") !== undefined ? [definitionChanged(textAt(container, "name"))] : [];
  const outcome = pull();
  const restarts = (numberAt(status, "restartCount") ?? 0) + killed.length;
  const image = textAt(container, "image");
  if (outcome.kind === "waiting") {
    const { reason, message, again } = outcome;
    return {
      status: { ...status, image, ready: false, started: false, state: { waiting: { reason, message } } },
      occurrences: [...killed, ...outcome.occurrences],
      ...(again === undefined ? {} : { again }),
    };
  }
  const lastState = killed.length === 0 ? fieldsAt(status, "lastState") : fieldsAt(ended(status, now), "state");
  const started = startContainer(podUid, { ...status, image, restartCount: restarts, lastState }, life, now);
  const created: readonly Occurrence[] = [
    { type: "Normal", reason: "Created", message: "Container created" },
    { type: "Normal", reason: "Started", message: "Container started" },
  ];
  return { ...started, occurrences: [...killed, ...outcome.occurrences, ...created] };
}

function definitionChanged(name: string): Occurrence {
  return { type: "Normal", reason: "Killing", message: `Container ${name} definition changed, will be restarted` };
}

function startContainer(podUid: string, status: Fields, life: Life, now: Date): ContainerStep {
  const time = timestamp(now);
  const identity = `${podUid}/${textAt(status, "name")}/${numberAt(status, "restartCount") ?? 0}`;
  const containerID = `simulated://${createHash("sha256").update(identity).digest("hex")}`;
  const running = { ...status, containerID, ready: true, started: true, state: { running: { startedAt: time } } };
  if (life === "ends") return { status: ended(running, now), occurrences: [] };
  return { status: running, occurrences: [], ...(life === "endsSoon" ? { again: shortLife } : {}) };
}

function stepRunning(status: Fields, life: Life, now: Date): ContainerStep {
  if (life === "runs") return { status, occurrences: [] };
  const age = now.getTime() - Date.parse(textAt(status, "state", "running", "startedAt"));
  if (life === "endsSoon" && age < shortLife) return { status, occurrences: [], again: shortLife - age };
  return { status: ended(status, now), occurrences: [] };
}

function ended(status: Fields, now: Date): Fields {
  const terminated = {
    exitCode: 0,
    reason: "Completed",
    startedAt: textAt(fieldsAt(status, "state", "running"), "startedAt"),
    finishedAt: timestamp(now),
    containerID: textAt(status, "containerID"),
  };
  return { ...status, ready: false, started: false, state: { terminated } };
}
