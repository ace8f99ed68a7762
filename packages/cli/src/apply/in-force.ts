/** Waiting until what was applied holds on every replica of the webhook. */
import { generationOf, isJsonArray, nameOf, namespaceOf, own, ownString, type JsonObject } from "@portcullis/objects";
import type { Clock, KubeClient, Resource } from "@portcullis/kube";
import { titleOf } from "./manifest.ts";
import { findReplicas, reportsIn } from "./replicas.ts";

/** An object that is there, and awaited. */
export interface Awaited {
  readonly resource: Resource;
  readonly object: JsonObject;
}

/** What is needed to wait. */
export interface WaitOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** Where the webhook's Pods are. */
  readonly gatekeeperNamespace: string;
  /** The field of an entry of `status.byPod` that holds the uid of its object. */
  readonly uidField: "templateUID" | "constraintUID";
  readonly deadline: number;
  readonly interrupted: AbortSignal;
  /** Told of everything new that is still awaited. */
  readonly progress: (text: string) => void;
}

type State =
  | { readonly kind: "in-force" }
  | { readonly kind: "awaited"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

/** Resolves when all of them are in force, with why one is not where that is certain, or where the time is up. */
export async function untilInForce(awaited: readonly Awaited[], options: WaitOptions): Promise<readonly string[]> {
  const { client, clock, gatekeeperNamespace, deadline, interrupted, progress } = options;
  const failures: string[] = [];
  const told = new Map<string, string>();
  // What takes a moment only is nothing to tell.
  const quietUntil = clock.now() + 1000;
  let pending = awaited;
  for (let wait = 50; pending.length > 0; wait = Math.min(wait * 1.5, 1000)) {
    const replicas = await findReplicas(client, gatekeeperNamespace);
    const still: Awaited[] = [];
    const isLast = clock.now() >= deadline || interrupted.aborted;
    for (const each of pending) {
      const state = await stateOf(each, replicas, options);
      const title = titleOf(each.object);
      if (state.kind === "in-force") continue;
      if (state.kind === "failed") failures.push(`${title}: ${state.why}`);
      else if (isLast) failures.push(`${title}: timed out waiting for it to be in force: ${state.why}`);
      else {
        still.push(each);
        if (told.get(title) === state.why || clock.now() < quietUntil) continue;
        progress(`waiting for ${title}: ${state.why}\n`);
        told.set(title, state.why);
      }
    }
    pending = still;
    if (pending.length > 0) await clock.sleep(wait, interrupted);
  }
  return failures;
}

async function stateOf(
  { resource, object }: Awaited,
  replicas: readonly string[] | undefined,
  { client, uidField }: WaitOptions,
): Promise<State> {
  const found = await client.get(resource, { name: nameOf(object), namespace: namespaceOf(object) });
  if (!found.ok) {
    const kind = found.status.code === 404 ? "failed" : "awaited";
    return { kind, why: kind === "failed" ? "it was deleted meanwhile" : found.status.message };
  }
  const wanted = generationOf(object);
  // Somebody who writes again meanwhile only makes the number larger.
  const reports = reportsIn(found.value, uidField).filter(({ generation }) => generation >= wanted);
  const needed = replicas ?? reportsIn(found.value, uidField).map(({ pod }) => pod);
  const broken = reports.find(({ problem }) => problem !== undefined);
  if (broken !== undefined) return { kind: "failed", why: `not in force on ${broken.pod}: ${broken.problem}` };
  if (needed.length === 0) {
    const why =
      replicas === undefined ? "no replica of the webhook has told of it yet" : "no Pod of the webhook is ready yet";
    return { kind: "awaited", why };
  }
  const missing = needed.filter((pod) => !reports.some((report) => report.pod === pod));
  if (missing.length === 0) return { kind: "in-force" };
  const count = `${needed.length - missing.length} of ${needed.length} replicas`;
  return { kind: "awaited", why: `in force on ${count}, missing on ${missing.join(", ")}` };
}

/** Resolves when the kinds of these CustomResourceDefinitions are served. */
export async function untilEstablished(
  awaited: readonly Awaited[],
  { client, clock, deadline, interrupted }: WaitOptions,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const { resource, object } of awaited) {
    for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
      const found = await client.get(resource, { name: nameOf(object) });
      if (found.ok && isEstablished(found.value)) break;
      if (clock.now() >= deadline || interrupted.aborted) {
        failures.push(`${titleOf(object)}: timed out waiting for its kind to be served`);
        break;
      }
      await clock.sleep(wait, interrupted);
    }
  }
  return failures;
}

function isEstablished(definition: JsonObject): boolean {
  const conditions = own(own(definition, "status"), "conditions");
  return (
    isJsonArray(conditions) &&
    conditions.some((each) => ownString(each, "type") === "Established" && ownString(each, "status") === "True")
  );
}
