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

/** At first what is awaited is looked at often: most of it takes some tenths of a second, and somebody waits. */
const firstPauseMilliseconds = 10;
const longestPauseMilliseconds = 1000;
/** The list of Pods is asked for anew after this long: one that has gone since is not waited for. */
const replicasFreshMilliseconds = 1000;

/**
 * Resolves when all of them are in force, with why one is not where that is certain, or where the time is up. One is looked
 * at until it is in force, and then the next: all of them come into force meanwhile.
 */
export async function untilInForce(awaited: readonly Awaited[], options: WaitOptions): Promise<readonly string[]> {
  const { clock } = options;
  // What takes a moment only is nothing to tell.
  const quietUntil = clock.now() + 1000;
  const replicas = rememberedReplicas(options);
  const failures: string[] = [];
  for (const each of awaited) {
    const failure = await failureOf(each, replicas, quietUntil, options);
    if (failure !== undefined) failures.push(`${titleOf(each.object)}: ${failure}`);
  }
  return failures;
}

/** Resolves when it is in force, or to why it is not. */
async function failureOf(
  each: Awaited,
  replicas: Replicas,
  quietUntil: number,
  options: WaitOptions,
): Promise<string | undefined> {
  const { clock, deadline, interrupted, progress } = options;
  let told = "";
  for (let pause = firstPauseMilliseconds; ; pause = Math.min(pause * 1.3, longestPauseMilliseconds)) {
    const isLast = clock.now() >= deadline || interrupted.aborted;
    const state = await stateOf(each, replicas, options).catch(unanswered);
    if (state.kind === "in-force") return undefined;
    if (state.kind === "failed") return state.why;
    if (isLast) return `timed out waiting for it to be in force: ${state.why}`;
    if (told !== state.why && clock.now() >= quietUntil) {
      progress(`waiting for ${titleOf(each.object)}: ${state.why}\n`);
      told = state.why;
    }
    await clock.sleep(pause, interrupted);
  }
}

/** The object is written, so a request that got no answer is only asked again: API servers restart, and are busy. */
function unanswered(error: unknown): State {
  return {
    kind: "awaited",
    why: `the cluster did not answer: ${error instanceof Error ? error.message : String(error)}`,
  };
}

/** The replicas as they were at some time since what is awaited was written. */
type Replicas = () => ReturnType<typeof findReplicas>;

/** Who became ready since the list was made has everything in force that was written before. */
function rememberedReplicas({ client, clock, gatekeeperNamespace }: WaitOptions): Replicas {
  let listed: ReturnType<Replicas> | undefined;
  let at = 0;
  return () => {
    if (listed === undefined || clock.now() - at >= replicasFreshMilliseconds) {
      at = clock.now();
      listed = findReplicas(client, gatekeeperNamespace);
    }
    return listed;
  };
}

async function stateOf(
  { resource, object }: Awaited,
  replicasOf: Replicas,
  { client, uidField }: WaitOptions,
): Promise<State> {
  const at = { name: nameOf(object), namespace: namespaceOf(object) };
  // The API server may take a tenth of a second for a list that is certain to be up to date.
  const [replicas, found] = await Promise.all([replicasOf(), client.get(resource, at)]);
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
      const found = await client.get(resource, { name: nameOf(object) }).catch(() => undefined);
      if (found?.ok === true && isEstablished(found.value)) break;
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
