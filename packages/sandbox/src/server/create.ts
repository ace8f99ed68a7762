import type { Fields, ApiObject, Draft } from "../storage/api-object.ts";
import type { KindContext } from "../kinds/kind.ts";
import { zeroStatus } from "../kinds/zero-status.ts";
import { checkDefinition } from "../crd/check-definition.ts";
import type { AdmissionAttributes } from "./admission.ts";
import { checkFields } from "./body.ts";
import type { RequestContext } from "./context.ts";
import { asVersion, fromStorage, resourceOf, sealed, toStorage, type Target } from "./kind-table.ts";
import { checkMetadata, fillSystemFields, wipeSystemFields } from "./metadata.ts";
import { checkNamespace } from "./namespaces.ts";
import { alreadyExists, badRequest, invalid } from "./refusals.ts";
import type { Collection, Registry } from "./registry.ts";
import { StatusError } from "./status.ts";

/** What hooks may look at. */
export function kindContext(registry: Registry, context: RequestContext): KindContext {
  return { now: context.now, user: context.user, store: registry.store };
}

/** Runs the defaults of the version and those of the kind on a draft of the target's version. */
export function applyAllDefaults(target: Target, draft: Draft): void {
  target.version.applyDefaults?.(draft);
  if (target.kind.applyDefaults === undefined) return;
  toStorage(target, draft);
  target.kind.applyDefaults(draft);
  fromStorage(target, draft);
}

/** The namespace of the path holds; an object may repeat it, not contradict it. */
export function settleNamespace({ target, namespace }: Collection, draft: Draft): void {
  if (!target.kind.namespaced) {
    if (draft.metadata.namespace === "") delete draft.metadata.namespace;
    return;
  }
  const given = draft.metadata.namespace ?? "";
  if (given !== "" && given !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  draft.metadata.namespace = namespace;
}

/**
 * Creates an object: defaults, mutating webhooks, validation, validating webhooks, store. `tracked` says that its
 * managed fields are kept already (by server-side apply).
 */
export async function createObject(
  registry: Registry,
  context: RequestContext,
  collection: Collection,
  sent: Draft,
  options: Fields,
  tracked: boolean = false,
): Promise<ApiObject> {
  const { target } = collection;
  const { kind } = target;
  if ((sent.metadata.resourceVersion ?? "") !== "") {
    throw new StatusError({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "resourceVersion should not be set on objects to be created",
      code: 500,
    });
  }
  wipeSystemFields(sent);
  if (kind.namespaced && collection.namespace === "") {
    throw badRequest("an empty namespace may not be set during creation");
  }
  settleNamespace(collection, sent);
  checkNamespace(registry, collection, sent.metadata.name ?? "");
  applyAllDefaults(target, sent);
  if (!tracked) registry.fields.track(context, target, sent, undefined, "");
  const attributes: AdmissionAttributes = {
    operation: "CREATE",
    target,
    subresource: "",
    objectKind: { group: kind.group, version: target.version.name, kind: kind.kind },
    name: sent.metadata.name ?? "",
    // A namespace counts as being in itself.
    namespace: kind.group === "" && kind.plural === "namespaces" ? (sent.metadata.name ?? "") : collection.namespace,
    options,
  };
  if (sent["status"] === undefined && kind.statusSubresource && kind.origin !== "custom") {
    sent["status"] = zeroStatus(kind);
  }
  kind.admit?.(sent, kindContext(registry, context));
  const draft = (await registry.admission.mutate(context, attributes, sent)) ?? sent;
  if (draft !== sent) settleMutated(registry, context, target, draft);
  settleNamespace(collection, draft);
  applyAllDefaults(target, draft);
  fillSystemFields(draft, context.now);
  kind.admit?.(draft, kindContext(registry, context));
  const stored = prepare(registry, context, target, draft);
  const object = asVersion(target, stored);
  checkObject(registry, context, target, stored, object, undefined);
  // Only now is there a name where one had to be made.
  await registry.admission.validate(context, { ...attributes, name: object.metadata.name }, object);
  return keep(registry, context, target, stored);
}

/** What webhooks add is held to the schema as well; what it does not know is dropped. */
export function settleMutated(registry: Registry, context: RequestContext, target: Target, draft: Draft): void {
  checkFields(registry.schemas, { ...context, fieldValidation: "Ignore" }, target, draft, []);
}

function prepare(registry: Registry, context: RequestContext, target: Target, draft: Draft): ApiObject {
  const { kind } = target;
  toStorage(target, draft);
  if (kind.statusSubresource) {
    if (kind.origin === "custom") delete draft["status"];
    else draft["status"] = zeroStatus(kind);
  }
  if (kind.tracksGeneration) draft.metadata.generation = 1;
  else delete draft.metadata.generation;
  kind.prepareForCreate?.(draft, kindContext(registry, context));
  // Once more, for what defaults say of the status that was just taken away.
  kind.applyDefaults?.(draft);
  return sealed(draft);
}

/** Throws Invalid with everything that is wrong with an object, and notes the kind's warnings. */
export function checkObject(
  registry: Registry,
  context: RequestContext,
  target: Target,
  stored: ApiObject,
  object: ApiObject,
  old: ApiObject | undefined,
): void {
  const { kind } = target;
  const oldInVersion = old === undefined ? undefined : asVersion(target, old);
  const all = [
    ...checkMetadata(kind, stored),
    ...(kind.validate?.(stored, old, kindContext(registry, context)) ?? []),
    ...(target.version.validate?.(object, oldInVersion) ?? []),
  ];
  if (all.length > 0) throw invalid({ group: kind.group, resource: kind.kind }, stored.metadata.name, all);
  for (const text of kind.warnings?.(stored, old) ?? []) context.warnings.add(text);
}

function keep(registry: Registry, context: RequestContext, target: Target, object: ApiObject): ApiObject {
  const { kind } = target;
  const { name, namespace } = object.metadata;
  const taken = (): StatusError => alreadyExists({ group: kind.group, resource: kind.plural }, name);
  if (context.dryRun) {
    if (registry.store.get(resourceOf(kind), namespace ?? "", name) !== undefined) throw taken();
    return asVersion(target, object);
  }
  // While webhooks were asked the namespace may have begun to go away, or the definition.
  checkDefinition(registry, { target, namespace: namespace ?? "" }, name);
  checkNamespace(registry, { target, namespace: namespace ?? "" }, name);
  const outcome = registry.store.create(resourceOf(kind), object);
  if (!outcome.ok) throw taken();
  kind.afterWrite?.(outcome.object, undefined, kindContext(registry, context));
  return asVersion(target, outcome.object);
}
