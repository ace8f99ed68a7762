import { draftOf, type ApiObject, type Draft, type Fields } from "../storage/api-object.ts";
import type { GroupVersionKind } from "../kinds/kind.ts";
import type { AdmissionAttributes } from "./admission.ts";
import type { RequestContext } from "./context.ts";
import { applyAllDefaults, checkObject, kindContext, settleMutated, settleNamespace } from "./create.ts";
import { asVersion, resourceOf, sealed, toStorage, type Target } from "./kind-table.ts";
import { bumpGeneration, checkMetadataUpdate, finalizersOf, keepSystemFields } from "./metadata.ts";
import { badRequest, conflict, invalid, notFound, objectModified } from "./refusals.ts";
import type { Place, Registry } from "./registry.ts";

/** How an update puts its change into what is there. */
export interface Change {
  readonly subresource: string;
  /** The new object, made from the current one in the request's version. May be asked again when others were faster. */
  readonly make: (current: ApiObject) => Draft;
  /** Puts what may be written through the subresource into a copy of the old; both in the storage version. */
  readonly merge: (target: Target, sent: Draft, old: ApiObject) => Draft;
  /** Server-side apply has kept managed fields itself. */
  readonly tracked: boolean;
  /** Whether it was sent as a patch, which may leave the version out. */
  readonly isPatch?: boolean;
  readonly options: Fields;
  /** The kind that admission sees, where it is not the target's. */
  readonly review?: {
    readonly kind: GroupVersionKind;
    readonly show: (object: ApiObject) => ApiObject;
    readonly take: (shown: Draft, object: ApiObject) => Draft;
  };
}

/** Takes the whole of what was sent; the kinds that have `/status` keep theirs. */
export function mergeMain(target: Target, sent: Draft, old: ApiObject): Draft {
  if (!target.kind.statusSubresource) return sent;
  const previous = draftOf(old);
  if (previous["status"] === undefined) delete sent["status"];
  else sent["status"] = previous["status"];
  return sent;
}

/** Takes nothing but status; of kinds that Kubernetes itself defines what users write into the metadata as well. */
export function mergeStatus(target: Target, sent: Draft, old: ApiObject): Draft {
  const draft = draftOf(old);
  if (target.kind.origin !== "custom") {
    for (const field of ["labels", "annotations", "finalizers"] as const) {
      if (field === "labels" && target.kind.keepsLabelsFromStatus === true) continue;
      if (sent.metadata[field] === undefined) delete draft.metadata[field];
      else Object.assign(draft.metadata, { [field]: sent.metadata[field] });
    }
  }
  if (sent["status"] === undefined) delete draft["status"];
  else draft["status"] = sent["status"];
  if (sent.metadata.managedFields !== undefined) draft.metadata.managedFields = sent.metadata.managedFields;
  draft.metadata.resourceVersion = sent.metadata.resourceVersion;
  return draft;
}

const attempts = 10;

/** Changes an object; without a resourceVersion it tries again when somebody else was faster. */
export async function updateObject(
  registry: Registry,
  context: RequestContext,
  place: Place,
  change: Change,
): Promise<ApiObject> {
  const named = { group: place.target.kind.group, resource: place.target.kind.plural };
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    // Each attempt depends on what the one before found.
    // oxlint-disable-next-line no-await-in-loop
    const done = await tryUpdate(registry, context, place, change);
    if (done !== undefined) return done;
  }
  throw conflict(named, place.name, objectModified);
}

async function tryUpdate(
  registry: Registry,
  context: RequestContext,
  place: Place,
  change: Change,
): Promise<ApiObject | undefined> {
  const { target, namespace, name } = place;
  const { kind } = target;
  const named = { group: kind.group, resource: kind.plural };
  const old = registry.store.get(resourceOf(kind), namespace, name);
  if (old === undefined) throw notFound(named, name);
  const oldInVersion = asVersion(target, old);
  const sent = change.make(oldInVersion);
  checkIdentity(place, sent, old);
  const unconditional = (sent.metadata.resourceVersion ?? "") === "";
  // A patch is made to a version, which mutating webhooks see; who replaces without naming one shows them none.
  if (unconditional && change.isPatch === true) sent.metadata.resourceVersion = old.metadata.resourceVersion;
  applyAllDefaults(target, sent);
  if (!change.tracked) registry.fields.track(context, target, sent, oldInVersion, change.subresource);
  const attributes = attributesOf(place, change, oldInVersion);
  const admitted = await mutate(registry, context, attributes, change, sent);
  if (admitted !== sent) {
    settleMutated(registry, context, target, admitted);
    applyAllDefaults(target, admitted);
  }
  if ((admitted.metadata.resourceVersion ?? "") === "") {
    admitted.metadata.resourceVersion = old.metadata.resourceVersion;
  }
  const given = admitted.metadata.resourceVersion;
  if (!unconditional && given !== old.metadata.resourceVersion) throw conflict(named, name, objectModified);
  if (unconditional && kind.origin === "custom" && change.subresource === "" && change.isPatch !== true) {
    throw invalid({ group: kind.group, resource: kind.kind }, name, [
      {
        path: "metadata.resourceVersion",
        type: "FieldValueInvalid",
        badValue: 0,
        detail: "must be specified for an update",
      },
    ]);
  }
  const stored = prepare(registry, context, target, admitted, old, change);
  const object = asVersion(target, stored);
  checkObject(registry, context, target, stored, object, old);
  await registry.admission.validate(context, attributes, change.review?.show(object) ?? object);
  if (
    registry.store.get(resourceOf(kind), namespace, name)?.metadata.resourceVersion !== old.metadata.resourceVersion
  ) {
    return lost(unconditional, place);
  }
  return keep(registry, context, target, stored, old);
}

/** Somebody was faster: whoever named a version is told, the others go round again. */
function lost(unconditional: boolean, { target, name }: Place): undefined {
  if (unconditional) return undefined;
  throw conflict({ group: target.kind.group, resource: target.kind.plural }, name, objectModified);
}

function checkIdentity(place: Place, sent: Draft, old: ApiObject): void {
  settleNamespace(place, sent);
  const given = sent.metadata.name ?? "";
  if (given === "") {
    throw badRequest("the name of the object (one based on URL) was undeterminable: name must be provided");
  }
  if (given !== place.name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${place.name})`);
  }
  const uid = sent.metadata.uid ?? "";
  if (uid !== "" && uid !== old.metadata.uid) {
    const named = { group: place.target.kind.group, resource: place.target.kind.plural };
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(named, place.name, why);
  }
}

function attributesOf(place: Place, change: Change, oldObject: ApiObject): AdmissionAttributes {
  const { kind, version } = place.target;
  return {
    operation: "UPDATE",
    target: place.target,
    subresource: change.subresource,
    objectKind: change.review?.kind ?? { group: kind.group, version: version.name, kind: kind.kind },
    name: place.name,
    namespace: kind.group === "" && kind.plural === "namespaces" ? place.name : place.namespace,
    oldObject: change.review?.show(oldObject) ?? oldObject,
    options: change.options,
  };
}

async function mutate(
  registry: Registry,
  context: RequestContext,
  attributes: AdmissionAttributes,
  change: Change,
  sent: Draft,
): Promise<Draft> {
  if (change.review === undefined) return (await registry.admission.mutate(context, attributes, sent)) ?? sent;
  const shown = draftOf(change.review.show(sealed(sent)));
  const admitted = await registry.admission.mutate(context, attributes, shown);
  return admitted === undefined || admitted === shown ? sent : change.review.take(admitted, sealed(sent));
}

function prepare(
  registry: Registry,
  context: RequestContext,
  target: Target,
  admitted: Draft,
  old: ApiObject,
  change: Change,
): ApiObject {
  const { kind } = target;
  const draft = change.merge(target, toStorage(target, admitted), old);
  draft.apiVersion = old.apiVersion;
  draft.kind = kind.kind;
  keepSystemFields(draft, old);
  draft.metadata.resourceVersion = old.metadata.resourceVersion;
  const hook = change.subresource === "status" ? kind.prepareForStatusUpdate : kind.prepareForUpdate;
  if (change.subresource === "" || change.subresource === "status") hook?.(draft, old, kindContext(registry, context));
  bumpGeneration(kind, draft, old);
  const stored = sealed(draft);
  const errors = checkMetadataUpdate(stored, old);
  if (errors.length > 0) throw invalid({ group: kind.group, resource: kind.kind }, old.metadata.name, errors);
  return stored;
}

function keep(
  registry: Registry,
  context: RequestContext,
  target: Target,
  object: ApiObject,
  old: ApiObject,
): ApiObject {
  const { kind } = target;
  if (context.dryRun) return asVersion(target, object);
  const resource = resourceOf(kind);
  const outcome = registry.store.update(resource, object, old.metadata.resourceVersion);
  // Nothing ran between the comparison above and here.
  if (!outcome.ok) throw conflict({ group: kind.group, resource: kind.plural }, object.metadata.name, objectModified);
  kind.afterWrite?.(outcome.object, old, kindContext(registry, context));
  if (isReadyToGo(target, outcome.object)) {
    const gone = registry.store.remove(resource, object.metadata.namespace ?? "", object.metadata.name);
    if (gone.ok) kind.afterRemove?.(gone.object, kindContext(registry, context));
  }
  return asVersion(target, outcome.object);
}

/** Whether an object that is being deleted has nothing left to wait for. */
export function isReadyToGo({ kind }: Target, object: ApiObject): boolean {
  return (
    object.metadata.deletionTimestamp !== undefined &&
    finalizersOf(kind, object).length === 0 &&
    (object.metadata.deletionGracePeriodSeconds ?? 0) === 0
  );
}
