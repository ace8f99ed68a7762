import {
  getOwn,
  isFields,
  cloneJson,
  draftOf,
  type ApiObject,
  type Draft,
  type Fields,
} from "../storage/api-object.ts";
import { patched, patchTypeOf, type PatchType } from "../apply/patch-types.ts";
import { answer } from "./answer.ts";
import { checkFields, decodeBody, readBody, readMetadata, readObject } from "./body.ts";
import type { RequestContext } from "./context.ts";
import { applyAllDefaults, createObject, kindContext } from "./create.ts";
import { deleteObject } from "./delete.ts";
import type { Exchange, Serving } from "./exchange.ts";
import { resourceOf } from "./kind-table.ts";
import { listBody, shown } from "./read-handlers.ts";
import { isSelected, readSelection } from "./list.ts";
import { negotiate } from "./media.ts";
import { asJson } from "./metadata.ts";
import { isDryRun, readDeleteOptions, writeOptions } from "./options.ts";
import { badRequest, invalid, isRefusal, methodNotSupported, notFound } from "./refusals.ts";
import { scaledBy, scaleKind, scaleOf } from "./scale.ts";
import { mergeMain, mergeStatus, updateObject, type Change } from "./update.ts";

function contextOf(exchange: Exchange): RequestContext {
  return exchange.context(isDryRun(exchange.query.getAll("dryRun")));
}

/** Answers POST of a collection. */
export async function create(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, query, request, response } = exchange;
  const { registry } = serving;
  const shape = negotiate(request.headers, query);
  const context = contextOf(exchange);
  const { value, duplicates } = await decodeBody(await readBody(request), request.headers["content-type"]);
  const draft = readObject(target, value);
  checkFields(registry.schemas, context, target, draft, duplicates);
  if (target.kind.answer !== undefined) {
    applyAllDefaults(target, draft);
    target.kind.answer(draft, kindContext(registry, context));
    await answer(response, context, 201, draft, shape);
    return;
  }
  const options = writeOptions("CreateOptions", query);
  const object = await createObject(registry, context, exchange, draft, options);
  await answer(response, context, 201, shown(serving, exchange, object, shape), shape);
}

/** Answers PUT. */
export async function replace(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, query, request, response } = exchange;
  const { registry } = serving;
  const shape = negotiate(request.headers, query);
  const context = contextOf(exchange);
  const { value, duplicates } = await decodeBody(await readBody(request), request.headers["content-type"]);
  const options = writeOptions("UpdateOptions", query);
  const scale = scaleChange(exchange, options, () => readScale(value));
  if (scale !== undefined) {
    const object = await updateObject(registry, context, exchange, scale.change);
    await answer(response, context, 200, scale.show(object), shape);
    return;
  }
  const draft = readObject(target, value);
  checkFields(registry.schemas, context, target, draft, duplicates);
  const change = changeOf(exchange, options, () => cloneJson(draft), false);
  const object = await updateObject(registry, context, exchange, change);
  await answer(response, context, 200, shown(serving, exchange, object, shape), shape);
}

function changeOf(exchange: Exchange, options: Fields, make: (current: ApiObject) => Draft, tracked: boolean): Change {
  const { subresource, target } = exchange;
  const base = { subresource, make, tracked, options };
  if (subresource === "") return { ...base, merge: mergeMain };
  if (subresource === "status" && target.kind.statusSubresource) return { ...base, merge: mergeStatus };
  const part = target.kind.subresources?.find(({ name }) => name === subresource);
  if (part?.kind !== "part")
    throw methodNotSupported({ group: target.kind.group, resource: target.kind.plural }, "update");
  return {
    ...base,
    merge: (_target, sent, old) => {
      const draft = draftOf(old);
      part.merge(draft, sent, old);
      draft.metadata.resourceVersion = sent.metadata.resourceVersion;
      return draft;
    },
  };
}

function textOfName(value: unknown): string {
  return String(getOwn(getOwn(value, "metadata"), "name") ?? "");
}

function readScale(value: unknown): Draft {
  if (!isFields(value) || getOwn(value, "kind") !== "Scale") throw badRequest("the object provided is not a Scale");
  const replicas = getOwn(getOwn(value, "spec"), "replicas") ?? 0;
  if (typeof replicas !== "number" || replicas < 0) {
    throw invalid({ group: "autoscaling", resource: "Scale" }, textOfName(value), [
      {
        path: "spec.replicas",
        type: "FieldValueInvalid",
        badValue: asJson(replicas) ?? null,
        detail: "must be greater than or equal to 0",
      },
    ]);
  }
  const metadata = getOwn(value, "metadata");
  // Only what is read below is relied on, and that has been looked at.
  return { ...value, metadata: isFields(metadata) ? metadata : {} } as unknown as Draft;
}

/** The change of the scale subresource, where the request is about it. */
function scaleChange(
  exchange: Exchange,
  options: Fields,
  make: (current: ApiObject) => Draft,
): { readonly change: Change; readonly show: (object: ApiObject) => ApiObject } | undefined {
  const paths = exchange.target.kind.scale;
  if (exchange.subresource !== "scale" || paths === undefined) return undefined;
  const show = (object: ApiObject): ApiObject => scaleOf(object, paths);
  const change: Change = {
    subresource: "scale",
    options,
    tracked: false,
    make: (current) => scaledBy(make(show(current)), current, paths),
    merge: (_target, sent, old) => {
      const draft = scaledBy(scaleOf(draftObject(sent), paths), old, paths);
      if (sent.metadata.managedFields !== undefined) draft.metadata.managedFields = sent.metadata.managedFields;
      return draft;
    },
    review: { kind: scaleKind, show, take: (scale, object) => scaledBy(scale, object, paths) },
  };
  return { change, show };
}

function draftObject(draft: Draft): ApiObject {
  return cloneJson(draft);
}

/** Answers PATCH, of all four types. */
export async function patch(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, query, request, response } = exchange;
  const { registry } = serving;
  const shape = negotiate(request.headers, query);
  const context = contextOf(exchange);
  const type = patchTypeOf(target, request.headers["content-type"]);
  const { value, duplicates } = await decodeBody(await readBody(request), request.headers["content-type"]);
  if (type === "apply") {
    await serverSideApply(serving, exchange, context, value, duplicates);
    return;
  }
  const options = writeOptions("UpdateOptions", query);
  const scale = scaleChange(exchange, options, (current) =>
    readScale(patched(registry.schemas, target, "merge", current, value)),
  );
  if (scale !== undefined) {
    const object = await updateObject(registry, context, exchange, scale.change);
    await answer(response, context, 200, scale.show(object), shape);
    return;
  }
  const make = (current: ApiObject): Draft =>
    patchedDraft(serving, exchange, context, type, current, value, duplicates);
  const change = changeOf(exchange, options, make, false);
  const object = await updateObject(registry, context, exchange, { ...change, isPatch: true });
  await answer(response, context, 200, shown(serving, exchange, object, shape), shape);
}

function patchedDraft(
  serving: Serving,
  exchange: Exchange,
  context: RequestContext,
  type: Exclude<PatchType, "apply">,
  current: ApiObject,
  change: unknown,
  duplicates: readonly string[],
): Draft {
  const { target } = exchange;
  const { schemas } = serving.registry;
  const draft = readObject(target, patched(schemas, target, type, current, change));
  checkFields(schemas, context, target, draft, duplicates);
  // A patch that does not speak of the version means whatever stands there.
  if (draft.metadata.resourceVersion === current.metadata.resourceVersion && !namesVersion(change)) {
    draft.metadata.resourceVersion = "";
  }
  return draft;
}

function namesVersion(change: unknown): boolean {
  if (Array.isArray(change)) {
    return change.some((operation) => String(getOwn(operation, "path")).startsWith("/metadata/resourceVersion"));
  }
  return getOwn(getOwn(change, "metadata"), "resourceVersion") !== undefined;
}

async function serverSideApply(
  serving: Serving,
  exchange: Exchange,
  context: RequestContext,
  value: unknown,
  duplicates: readonly string[],
): Promise<void> {
  const { target, query, request, response, name, subresource } = exchange;
  const { registry } = serving;
  const shape = negotiate(request.headers, query);
  if ((query.get("fieldManager") ?? "") === "") {
    throw invalid({ group: "meta.k8s.io", resource: "PatchOptions" }, "", [
      { path: "fieldManager", type: "FieldValueRequired", detail: "is required for apply patch" },
    ]);
  }
  const given = isFields(value) ? value : {};
  const applied = readObject(target, given);
  readMetadata(applied, target);
  checkFields(registry.schemas, context, target, applied, duplicates);
  if ((applied.metadata.managedFields?.length ?? 0) > 0) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const force = query.get("force") === "true";
  const merge = (current: ApiObject | undefined): Draft =>
    registry.fields.apply(context, target, cloneJson(applied), current, { force, subresource });
  const exists = registry.store.get(resourceOf(target.kind), exchange.namespace, name) !== undefined;
  try {
    if (!exists && subresource === "") {
      const draft = merge(undefined);
      draft.metadata.name = name;
      // What is not stored yet has no version, and webhooks are shown none.
      if (draft.metadata.resourceVersion === "") Reflect.deleteProperty(draft.metadata, "resourceVersion");
      const object = await createObject(registry, context, exchange, draft, writeOptions("CreateOptions", query), true);
      await answer(response, context, 201, shown(serving, exchange, object, shape), shape);
      return;
    }
  } catch (error) {
    // Somebody created it in the meantime: then it is an update.
    if (!isRefusal(error, "AlreadyExists")) throw error;
  }
  const change = changeOf(exchange, writeOptions("UpdateOptions", query), merge, true);
  const object = await updateObject(registry, context, exchange, { ...change, isPatch: true });
  await answer(response, context, 200, shown(serving, exchange, object, shape), shape);
}

/** Answers DELETE of one object. */
export async function remove(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, query, request, response, name } = exchange;
  const shape = negotiate(request.headers, query);
  const text = await readBody(request);
  const body = text.trim() === "" ? undefined : (await decodeBody(text, request.headers["content-type"])).value;
  const options = readDeleteOptions(body, query);
  const dryRun = getOwn(options.raw, "dryRun");
  const context = exchange.context(isDryRun([...(Array.isArray(dryRun) ? dryRun : []), ...query.getAll("dryRun")]));
  const deletion = await deleteObject(serving.registry, context, exchange, options);
  const { group, plural } = target.kind;
  // Kinds that go gracefully show themselves even where they went at once.
  if (!deletion.gone || target.kind.gracePeriod !== undefined) {
    await answer(response, context, 200, shown(serving, exchange, deletion.object, shape), shape);
    return;
  }
  const details = { name, ...(group === "" ? {} : { group }), kind: plural, uid: deletion.object.metadata.uid };
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
  await answer(response, context, 200, status, shape);
}

/** Answers DELETE of a collection: what is selected goes, one after the other. */
export async function removeCollection(serving: Serving, exchange: Exchange): Promise<void> {
  const { target, query, request, response, namespace } = exchange;
  const { registry } = serving;
  const shape = negotiate(request.headers, query);
  const text = await readBody(request);
  const body = text.trim() === "" ? undefined : (await decodeBody(text, request.headers["content-type"])).value;
  const options = readDeleteOptions(body, query);
  const dryRun = getOwn(options.raw, "dryRun");
  const context = exchange.context(isDryRun([...(Array.isArray(dryRun) ? dryRun : []), ...query.getAll("dryRun")]));
  const selection = readSelection(target.kind, query);
  const { items, revision } = registry.store.list(
    resourceOf(target.kind),
    target.kind.namespaced && namespace !== "" ? namespace : undefined,
  );
  const removed: ApiObject[] = [];
  for (const object of items) {
    if (!isSelected(target.kind, selection, object)) continue;
    const place = { target, namespace: object.metadata.namespace ?? "", name: object.metadata.name };
    try {
      // Deletions are asked of webhooks in turn, as the API server's default of one worker does.
      // oxlint-disable-next-line no-await-in-loop
      removed.push((await deleteObject(registry, context, place, { ...options, asked: "collection" })).object);
    } catch (error) {
      if (!isRefusal(error, "NotFound")) throw error;
    }
  }
  const metadata = { resourceVersion: String(revision) };
  await answer(response, context, 200, listBody(serving, exchange, removed, metadata, shape), shape);
}

/** The object a subresource request is about. */
export function subject(serving: Serving, exchange: Exchange): ApiObject {
  const { target, namespace, name } = exchange;
  const object = serving.registry.store.get(resourceOf(target.kind), namespace, name);
  if (object === undefined) throw notFound({ group: target.kind.group, resource: target.kind.plural }, name);
  return object;
}
