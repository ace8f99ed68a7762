import {
  groupVersionKindOf,
  metadataOf,
  nameOf,
  namespaceOf,
  ownString,
  resourceVersionOf,
  type JsonObject,
} from "@portcullis/objects";
import type { ApiStatus, ApplyOptions, Clock, Discovery, KubeClient, Resource } from "@portcullis/kube";
import { titleOf, type Manifest } from "./manifest.ts";

/** How objects are applied. */
export interface ApplierOptions {
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly apply: ApplyOptions;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  /** Whether objects of other namespaces are refused, as kubectl does where a namespace was asked for. */
  readonly onlyNamespace: boolean;
  /** Whether nothing is sent at all. */
  readonly isDry: boolean;
  /** Until when it is tried again where nobody answers yet: the webhook, or for a kind. Milliseconds on the clock. */
  readonly deadline: number;
  readonly interrupted: AbortSignal;
}

/** What became of an object. */
export type Applied =
  | {
      readonly ok: true;
      readonly title: string;
      readonly word: "created" | "configured" | "unchanged" | "serverside-applied";
      readonly resource: Resource;
      readonly object: JsonObject;
    }
  | { readonly ok: false; readonly message: string };

/** Applies an object on the server's side. */
export async function applyObject(manifest: Manifest, options: ApplierOptions): Promise<Applied> {
  const { client, clock, deadline, interrupted } = options;
  for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
    const resource = await options.discovery.find(groupVersionKindOf(manifest.object));
    const placed = resource === undefined ? undefined : placeIn(manifest, resource, options);
    if (placed?.ok === false) return placed;
    const mayTry = clock.now() < deadline && !interrupted.aborted;
    if (resource === undefined || placed === undefined) {
      if (!mayTry) return { ok: false, message: unknownKind(manifest) };
    } else {
      const at = { name: nameOf(placed.object), namespace: namespaceOf(placed.object) };
      const before = await client.get(resource, at);
      if (options.isDry) {
        const word = before.ok ? "configured" : "created";
        return { ok: true, title: titleOf(placed.object), word, resource, object: placed.object };
      }
      const done = await client.apply(resource, placed.object, options.apply);
      if (done.ok) {
        const word = before.ok
          ? resourceVersionOf(before.value) === resourceVersionOf(done.value)
            ? "unchanged"
            : "configured"
          : before.status.code === 404
            ? "created"
            : "serverside-applied";
        return { ok: true, title: titleOf(placed.object), word, resource, object: done.value };
      }
      if (!mayTry || !isPassing(done.status)) return { ok: false, message: refusal(manifest, done.status) };
    }
    await clock.sleep(wait, interrupted);
  }
}

function placeIn(
  { object, source }: Manifest,
  { namespaced }: Resource,
  { namespace, onlyNamespace }: ApplierOptions,
): { readonly ok: true; readonly object: JsonObject } | { readonly ok: false; readonly message: string } {
  const own = namespaceOf(object);
  if (!namespaced || own === namespace) return { ok: true, object };
  if (own === "") return { ok: true, object: { ...object, metadata: { ...metadataOf(object), namespace } } };
  if (!onlyNamespace) return { ok: true, object };
  return {
    ok: false,
    message: `${source}: the namespace from the provided object "${own}" does not match the namespace "${namespace}". You must pass '--namespace=${own}' to perform this operation.`,
  };
}

/** Whether it may be another answer in a moment: nobody answers for the webhook yet, or the kind has just been made. */
function isPassing({ code, message, details }: ApiStatus): boolean {
  // Nobody makes the namespace meanwhile: if it is in what is applied, it stands behind what is to be in it.
  if (code === 404 && ownString(details, "kind") === "namespaces") return false;
  if ([404, 429, 503, 504].includes(code)) return true;
  return /failed calling webhook|Portcullis is starting|failed to create augmentedReview/.test(message);
}

function unknownKind({ object, source }: Manifest): string {
  const { group, version, kind } = groupVersionKindOf(object);
  const namespace = namespaceOf(object);
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return `resource mapping not found for name: "${nameOf(object)}" namespace: "${namespace}" from "${source}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`;
}

function refusal({ object, source }: Manifest, { reason, message }: ApiStatus): string {
  // The classic denial has its whole text as the reason.
  const why = /^[A-Za-z]+$/.test(reason) ? ` (${reason})` : "";
  const hint =
    reason === "Conflict"
      ? "\nto take these fields over, apply with --force-conflicts; to leave them, take them out"
      : "";
  return `Error from server${why}: error when applying "${source}" (${titleOf(object)}): ${message}${hint}`;
}
