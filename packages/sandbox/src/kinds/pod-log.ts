import { at, listAt, textAt } from "./fields-at.ts";
import { badRequest } from "../server/refusals.ts";
import type { TextAnswer } from "./kind.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

/** The log of a container: one line that says who is speaking, since nothing runs on the simulated node. */
export function readPodLog(pod: ApiObject, query: URLSearchParams, signal: AbortSignal): TextAnswer {
  const container = chosenContainer(pod, query.get("container") ?? "");
  const name = textAt(container, "name");
  const status = containerStatus(pod, name);
  const waiting = textAt(status, "state", "waiting", "reason");
  if (status === undefined || waiting !== "") {
    throw badRequest(`container "${name}" in pod "${pod.metadata.name}" is waiting to start: ${whyWaiting(waiting)}`);
  }
  if (query.get("previous") === "true") {
    throw badRequest(`previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
  }
  const startedAt =
    textAt(status, "state", "running", "startedAt") || textAt(status, "state", "terminated", "startedAt");
  const stamp = query.get("timestamps") === "true" ? `${startedAt.replace("Z", ".000000000Z")} ` : "";
  const node = textAt(pod, "spec", "nodeName");
  const text =
    `${stamp}portcullis sandbox: node ${node} is simulated and runs nothing, so container ${name} ` +
    `(image ${textAt(container, "image")}) of pod ${pod.metadata.namespace}/${pod.metadata.name} has no output of its own\n`;
  const tail = query.get("tailLines");
  const lines = tail === "0" ? [] : [text];
  const running = at(status, "state", "running") !== undefined;
  const follows = query.get("follow") === "true" && running;
  return { kind: "text", contentType: "text/plain", chunks: follows ? followed(lines, signal) : lines };
}

async function* followed(lines: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  yield* lines;
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function whyWaiting(reason: string): string {
  if (reason === "ErrImagePull" || reason === "ImagePullBackOff") {
    return reason === "ErrImagePull" ? "image can't be pulled" : "trying and failing to pull image";
  }
  return reason || "ContainerCreating";
}

function chosenContainer(pod: ApiObject, name: string): Fields {
  const containers = listAt(pod, "spec", "containers");
  const initial = listAt(pod, "spec", "initContainers");
  const [only] = containers;
  if (name === "") {
    if (containers.length === 1 && only !== undefined) return only;
    const names = (of: readonly Fields[]): string => of.map((each) => textAt(each, "name")).join(" ");
    const inits = initial.length === 0 ? "" : ` or one of the init containers: [${names(initial)}]`;
    const choice = `choose one of: [${names(containers)}]${inits}`;
    throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, ${choice}`);
  }
  const all = [...containers, ...initial, ...listAt(pod, "spec", "ephemeralContainers")];
  const found = all.find((each) => textAt(each, "name") === name);
  if (found === undefined) throw badRequest(`container ${name} is not valid for pod ${pod.metadata.name}`);
  return found;
}

function containerStatus(pod: ApiObject, name: string): Fields | undefined {
  return ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]
    .flatMap((field) => listAt(pod, "status", field))
    .find((status) => textAt(status, "name") === name);
}
