import { changeObject } from "./change.ts";
import { controllerOf, controllerReference } from "./controller.ts";
import { at, fieldsAt, listAt, mapAt, textAt } from "../kinds/fields-at.ts";
import { selects } from "../kinds/selector-text.ts";
import { cloneJson, isFields } from "../storage/api-object.ts";
import { StatusError } from "../server/status.ts";
import type { Reconciling } from "./controller.ts";
import type { Api } from "../server/api.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";
import type { GroupResource } from "../storage/store.ts";

/** What an owner manages of a resource; what its selector matches and nobody manages, it takes over. */
export async function dependentsOf(api: Api, resource: GroupResource, owner: ApiObject): Promise<readonly ApiObject[]> {
  const selector = at(owner, "spec", "selector");
  const all = api.list(resource, owner.metadata.namespace ?? "");
  const orphans = all.filter(
    (object) =>
      controllerOf(object) === undefined &&
      owner.metadata.deletionTimestamp === undefined &&
      object.metadata.deletionTimestamp === undefined &&
      selects(selector, object.metadata.labels ?? {}),
  );
  for (const orphan of orphans) {
    await changeObject(api, resource, orphan, (draft) => {
      draft.metadata.ownerReferences = [...(draft.metadata.ownerReferences ?? []), controllerReference(owner)];
      return true;
    });
  }
  const now = orphans.length === 0 ? all : api.list(resource, owner.metadata.namespace ?? "");
  return now.filter((object) => controllerOf(object)?.uid === owner.metadata.uid);
}

/** Whether a Pod still counts: it is neither finished nor going away. */
export function isActive(pod: ApiObject): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined && !["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"))
  );
}

/** Whether a Pod says that it is ready. */
export function isReady(pod: ApiObject): boolean {
  return readyCondition(pod)?.["status"] === "True";
}

/** Milliseconds until a ready Pod has been so for long enough to be available: 0 when it is, undefined when not ready. */
export function availableIn(pod: ApiObject, minReadySeconds: number, now: number): number | undefined {
  const condition = readyCondition(pod);
  if (condition?.["status"] !== "True") return undefined;
  const since = Date.parse(textAt(condition, "lastTransitionTime"));
  return minReadySeconds === 0 ? 0 : Math.max(0, since + minReadySeconds * 1000 - now);
}

function readyCondition(pod: ApiObject): Fields | undefined {
  return listAt(pod, "status", "conditions").find((condition) => condition["type"] === "Ready");
}

/** What a Pod gets besides what its owner's template says. */
export interface PodAdditions {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: (spec: Fields) => void;
  /** The caller tells of it in words of its own. */
  readonly quiet?: boolean;
}

/**
 * Makes a Pod from the template of its owner, and says so in an Event; says also when the API refuses it, and
 * throws the refusal.
 */
export async function createPod(
  { api, events }: Reconciling,
  owner: ApiObject,
  additions: PodAdditions = {},
): Promise<ApiObject> {
  const template = fieldsAt(owner, "spec", "template");
  const spec = cloneJson(fieldsAt(template, "spec"));
  additions.spec?.(spec);
  const namespace = owner.metadata.namespace ?? "";
  const annotations = { ...mapAt(template, "metadata", "annotations"), ...additions.annotations };
  try {
    const pod = await api.create("pods", {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        namespace,
        ...(additions.name === undefined ? { generateName: `${owner.metadata.name}-` } : { name: additions.name }),
        labels: { ...mapAt(template, "metadata", "labels"), ...additions.labels },
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        ownerReferences: [controllerReference(owner)],
      },
      spec,
    });
    const message = `Created pod: ${pod.metadata.name}`;
    if (additions.quiet !== true) events.record(owner, { type: "Normal", reason: "SuccessfulCreate", message });
    return pod;
  } catch (error) {
    if (!isTerminating(error) && additions.quiet !== true) {
      events.record(owner, { type: "Warning", reason: "FailedCreate", message: `Error creating: ${textOf(error)}` });
    }
    throw error;
  }
}

function isTerminating(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    (error.status.details?.causes ?? []).some((cause) => cause.reason === "NamespaceTerminating")
  );
}

/** The text of a refusal. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Deletes a Pod and says so in an Event of its owner. */
export async function deletePod({ api, events }: Reconciling, owner: ApiObject, pod: ApiObject): Promise<void> {
  const { namespace = "", name, uid } = pod.metadata;
  await api.delete("pods", namespace, name, { uid });
  events.record(owner, { type: "Normal", reason: "SuccessfulDelete", message: `Deleted pod: ${name}` });
}

/**
 * A status' conditions with one put in: the time of its last transition is kept where its status did not change, and
 * undefined takes it out.
 */
export function withCondition(
  conditions: readonly Fields[],
  type: string,
  condition: { readonly status: string; readonly reason: string; readonly message: string } | undefined,
  time: string,
  extra: Fields = {},
): readonly Fields[] {
  const old = conditions.find((each) => each["type"] === type);
  const others = conditions.filter((each) => each["type"] !== type);
  if (condition === undefined) return others;
  const lastTransitionTime = old?.["status"] === condition.status ? old["lastTransitionTime"] : time;
  const next = { ...extra, type, ...condition, lastTransitionTime };
  return old === undefined ? [...conditions, next] : conditions.map((each) => (each === old ? next : each));
}

/** A number or a percentage of a whole, as strategies write it; percentages are rounded as told. */
export function scaled(value: unknown, whole: number, round: (number: number) => number): number {
  if (typeof value === "number") return value;
  const percent = typeof value === "string" ? /^(\d+)%$/u.exec(value)?.[1] : undefined;
  return percent === undefined ? 0 : round((Number(percent) * whole) / 100);
}

/** A copy of a template without one of its labels. */
export function templateWithout(template: unknown, label: string): Fields {
  const copy = cloneJson(isFields(template) ? template : {});
  const labels = fieldsAt(copy, "metadata", "labels");
  delete labels[label];
  return copy;
}
