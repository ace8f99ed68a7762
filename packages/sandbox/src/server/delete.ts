import { draftOf, type ApiObject, type Draft, type Fields } from "../storage/api-object.ts";
import type { Kind } from "../kinds/kind.ts";
import type { RequestContext } from "./context.ts";
import { kindContext } from "./create.ts";
import { asVersion, resourceOf, sealed, type Target } from "./kind-table.ts";
import { finalizersOf, timestamp } from "./metadata.ts";
import { checkNamespaceDeletion } from "./namespaces.ts";
import { conflict, notFound } from "./refusals.ts";
import type { Place, Registry } from "./registry.ts";

/** How to delete. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** As sent, for admission. */
  readonly raw: Fields;
  /** What admission was asked: for the object, for its collection (it is told no name then), or something else before. */
  readonly asked?: "object" | "collection" | "before";
}

/** What a deletion came to: the object as it now stands, still there or gone. */
export interface Deletion {
  readonly object: ApiObject;
  readonly gone: boolean;
}

/** Deletes an object, or marks it where finalizers or a grace period keep it. */
export async function deleteObject(
  registry: Registry,
  context: RequestContext,
  place: Place,
  options: DeleteOptions,
): Promise<Deletion> {
  const { target, namespace, name } = place;
  const { kind } = target;
  const resource = resourceOf(kind);
  const named = { group: kind.group, resource: kind.plural };
  const before = registry.store.get(resource, namespace, name);
  if (before === undefined) throw notFound(named, name);
  checkNamespaceDeletion(place, name);
  checkPreconditions(target, before, options);
  const attributes = {
    operation: "DELETE" as const,
    target,
    subresource: "",
    objectKind: { group: kind.group, version: target.version.name, kind: kind.kind },
    name: options.asked === "collection" ? "" : name,
    namespace: kind.group === "" && kind.plural === "namespaces" ? name : namespace,
    oldObject: asVersion(target, before),
    options: options.raw,
  };
  if (options.asked !== "before") {
    await registry.admission.mutate(context, attributes, undefined);
    await registry.admission.validate(context, attributes, undefined);
  }
  // Webhooks take time: what counts is what stands there now.
  const current = registry.store.get(resource, namespace, name);
  if (current === undefined) throw notFound(named, name);
  checkPreconditions(target, current, options);
  return carryOut(registry, context, target, current, options);
}

function checkPreconditions({ kind }: Target, object: ApiObject, options: DeleteOptions): void {
  const named = { group: kind.group, resource: kind.kind };
  const { uid, resourceVersion, name } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(named, name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(named, name, why);
  }
}

function carryOut(
  registry: Registry,
  context: RequestContext,
  target: Target,
  current: ApiObject,
  options: DeleteOptions,
): Deletion {
  const { kind } = target;
  const draft = draftOf(current);
  const grace = Math.max(0, kind.gracePeriod?.(current, options.gracePeriodSeconds) ?? 0);
  setPropagation(draft, options);
  const waits = finalizersOf(kind, draft).length > 0;
  if (grace === 0 && !waits) return removeNow(registry, context, target, current);
  mark(kind, kind.gracePeriod === undefined ? 0 : grace, draft, context.now, current, options);
  kind.prepareForDelete?.(draft, kindContext(registry, context));
  const object = sealed(draft);
  if (context.dryRun) return { object: asVersion(target, object), gone: false };
  const outcome = registry.store.update(resourceOf(kind), object);
  if (!outcome.ok) throw notFound({ group: kind.group, resource: kind.plural }, current.metadata.name);
  kind.afterWrite?.(outcome.object, current, kindContext(registry, context));
  return { object: asVersion(target, outcome.object), gone: false };
}

function removeNow(registry: Registry, context: RequestContext, target: Target, current: ApiObject): Deletion {
  const { kind } = target;
  if (!context.dryRun) {
    const outcome = registry.store.remove(resourceOf(kind), current.metadata.namespace ?? "", current.metadata.name);
    if (outcome.ok) kind.afterRemove?.(outcome.object, kindContext(registry, context));
  }
  return { object: asVersion(target, current), gone: true };
}

/** Sets or shortens the time until an object goes; it is never made longer. */
function mark(kind: Kind, grace: number, draft: Draft, now: Date, current: ApiObject, options: DeleteOptions): void {
  const already = current.metadata.deletionTimestamp;
  const pending = current.metadata.deletionGracePeriodSeconds ?? 0;
  if (already !== undefined && (options.gracePeriodSeconds === undefined || grace >= pending)) return;
  const start = already === undefined ? now.getTime() : Date.parse(already) - pending * 1000;
  const end = new Date(Math.max(now.getTime(), start + grace * 1000));
  draft.metadata.deletionTimestamp = timestamp(end);
  // Namespaces and definitions have a deletion of their own, which knows of no grace.
  if (kind.specFinalizers !== true && kind.kind !== "CustomResourceDefinition") {
    draft.metadata.deletionGracePeriodSeconds = grace;
  }
  if (already === undefined && (draft.metadata.generation ?? 0) > 0) {
    draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
  }
}

const propagationFinalizers = { Orphan: "orphan", Foreground: "foregroundDeletion" } as const;

function setPropagation(draft: Draft, { propagationPolicy }: DeleteOptions): void {
  if (propagationPolicy === undefined) return;
  const others = (draft.metadata.finalizers ?? []).filter(
    (finalizer) => finalizer !== "orphan" && finalizer !== "foregroundDeletion",
  );
  const finalizers =
    propagationPolicy === "Background" ? others : [...others, propagationFinalizers[propagationPolicy]];
  if (finalizers.length === 0) delete draft.metadata.finalizers;
  else draft.metadata.finalizers = finalizers;
}
