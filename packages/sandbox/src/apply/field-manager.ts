import type { SchemaCatalogue, SchemaNode } from "../kinds/schema-node.ts";
import type { RequestContext } from "../server/context.ts";
import type { FieldManagement } from "../server/field-management.ts";
import { apiVersionOf, type Target } from "../server/kind-table.ts";
import { timestamp } from "../server/metadata.ts";
import { applyConflict } from "../server/refusals.ts";
import type { StatusCause, StatusError } from "../server/status.ts";
import { cloneJson, isFields, type ApiObject, type Draft, type Fields } from "../storage/api-object.ts";
import { equalFields } from "../storage/equal-fields.ts";
import { compareFields, fieldsIn } from "./compare-fields.ts";
import { shaperOf, type FieldShaper } from "./field-shape.ts";
import {
  difference,
  formatPath,
  intersection,
  isEmptyTree,
  noFields,
  pathsOf,
  treeOf,
  union,
  type FieldPath,
  type FieldTree,
} from "./field-tree.ts";
import { describeManager, isSameManager, readManagers, writeManagers, type Manager } from "./managers.ts";
import { mergeFields, removeFields } from "./merge-fields.ts";

/** Keeps managed fields, and does server-side apply. */
export class FieldManager implements FieldManagement {
  private readonly schemas: SchemaCatalogue;

  constructor(schemas: SchemaCatalogue) {
    this.schemas = schemas;
  }

  track(context: RequestContext, target: Target, draft: Draft, old: ApiObject | undefined, subresource: string): void {
    const given = draft.metadata.managedFields;
    // `[{}]` is how a client says that nobody is to own anything.
    const isReset = given?.length === 1 && Object.keys(given[0] ?? {}).length === 0;
    const known = isReset ? [] : readManagers(given ?? old?.metadata.managedFields);
    const shaper = this.shaper(target);
    const before = old === undefined ? beforeCreation(target) : owned(old);
    const changes = compareFields(shaper, before, owned(draft));
    const scope = (fields: FieldTree): FieldTree => scoped(target, fields, subresource);
    const taken = union(scope(changes.added), scope(changes.modified));
    const removed = scope(changes.removed);
    const self = this.manager(context, target, "Update", subresource, noFields);
    const own = known.find((manager) => isSameManager(manager, self));
    const others = known
      .filter((manager) => manager !== own)
      .map((manager) => ({ ...manager, fields: difference(difference(manager.fields, taken), removed) }));
    const fields = union(difference(own?.fields ?? noFields, removed), taken);
    const isChanged = own === undefined || !isEmptyTree(taken) || !isEmptyTree(intersection(own.fields, removed));
    const entries = writeManagers([...others, isChanged ? { ...self, fields } : own]);
    if (entries.length === 0) delete draft.metadata.managedFields;
    else draft.metadata.managedFields = entries;
  }

  apply(
    context: RequestContext,
    target: Target,
    applied: Draft,
    old: ApiObject | undefined,
    options: { readonly force: boolean; readonly subresource: string },
  ): Draft {
    const shaper = this.shaper(target);
    const config = owned(applied);
    const self = this.manager(
      context,
      target,
      "Apply",
      options.subresource,
      scoped(target, fieldsIn(shaper, config), options.subresource),
    );
    const known = readManagers(old?.metadata.managedFields);
    const last = known.find((manager) => isSameManager(manager, self));
    const others = known.filter((manager) => manager !== last);
    const live = old === undefined ? {} : owned(old);
    const kept = [self, ...others].reduce((sum, manager) => union(sum, manager.fields), noFields);
    const doomed = difference(last?.fields ?? noFields, kept);
    const merged = removeFields(shaper, mergeFields(shaper, live, config), doomed, kept) ?? {};
    const settled = settleConflicts(compareFields(shaper, live, merged), others, options.force);
    const draft = restore(merged, applied, old);
    const isSame =
      old !== undefined && last !== undefined && sameFields(last.fields, self.fields) && equalFields(merged, live);
    draft.metadata.managedFields = writeManagers([...settled, isSame ? last : self]);
    return draft;
  }

  private shaper(target: Target): FieldShaper {
    const schema = target.version.schema;
    if (target.kind.origin === "builtin") return shaperOf(this.schemas, schema);
    const metadata: SchemaNode = { $ref: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" };
    return shaperOf(this.schemas, { ...schema, properties: { ...schema?.properties, metadata } });
  }

  private manager(
    context: RequestContext,
    target: Target,
    operation: Manager["operation"],
    subresource: string,
    fields: FieldTree,
  ): Manager {
    const apiVersion = apiVersionOf(target.kind.group, target.version.name);
    return { name: context.fieldManager, operation, apiVersion, subresource, time: timestamp(context.now), fields };
  }
}

function sameFields(left: FieldTree, right: FieldTree): boolean {
  return isEmptyTree(difference(left, right)) && isEmptyTree(difference(right, left));
}

const serverFields = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "generation",
  "managedFields",
  "resourceVersion",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generateName",
];

/** What of an object can have owners: not its type, and not what the server keeps of its metadata. */
function owned(object: ApiObject | Draft): Fields {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object;
  const own: Fields = cloneJson({ ...metadata });
  for (const field of serverFields) delete own[field];
  return Object.keys(own).length === 0 ? { ...rest } : { ...rest, metadata: own };
}

/** A built-in object begins with the parts that Go holds by value; what a CRD defines begins with nothing. */
function beforeCreation({ kind }: Target): Fields {
  if (kind.origin === "custom") return {};
  const template = { metadata: {}, spec: { containers: null } };
  const jobTemplate = { metadata: {}, spec: { template } };
  const spec = { containers: null, strategy: {}, updateStrategy: {}, template, jobTemplate, names: {} };
  return { metadata: {}, spec, status: {} };
}

/**
 * What can be owned: through `/status` nothing but status and, of built-in kinds, what is in the metadata; through the
 * object itself, where there is that, all else. Metadata as such is nobody's.
 */
function scoped({ kind }: Target, fields: FieldTree, subresource: string): FieldTree {
  const isStatus = subresource === "status";
  const isWritten = (step: string): boolean =>
    isStatus
      ? step === "f:status" || (step === "f:metadata" && kind.origin !== "custom")
      : step !== "f:status" || !kind.statusSubresource;
  const isLeftOut = (step: string): boolean => isStatus && step === "f:labels" && kind.keepsLabelsFromStatus === true;
  const children = [...fields.children].filter(([step]) => isWritten(step));
  return treeOf(
    false,
    children.map(([step, child]) => {
      if (step !== "f:metadata") return [step, child] as const;
      return [
        step,
        treeOf(
          false,
          [...child.children].filter(([field]) => !isLeftOut(field)),
        ),
      ] as const;
    }),
  );
}

function settleConflicts(
  changes: { readonly added: FieldTree; readonly modified: FieldTree; readonly removed: FieldTree },
  others: readonly Manager[],
  force: boolean,
): readonly Manager[] {
  const written = union(changes.added, changes.modified);
  const conflicts = others.flatMap((manager) =>
    pathsOf(intersection(manager.fields, written)).map((path) => ({ manager, path })),
  );
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  return others.map((manager) => ({
    ...manager,
    fields: difference(difference(manager.fields, written), changes.removed),
  }));
}

interface Conflict {
  readonly manager: Manager;
  readonly path: FieldPath;
}

function conflictError(conflicts: readonly Conflict[]): StatusError {
  const causes: StatusCause[] = conflicts.map(({ manager, path }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${describeManager(manager)}`,
    field: formatPath(path),
  }));
  const [first, second] = conflicts;
  if (first !== undefined && second === undefined) {
    const what = `${describeManager(first.manager)}: ${formatPath(first.path)}`;
    return applyConflict(causes, `Apply failed with 1 conflict: conflict with ${what}`);
  }
  const byManager = Map.groupBy(conflicts, ({ manager }) => describeManager(manager));
  const lines = [...byManager]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([manager, all]) => [`conflicts with ${manager}:`, ...all.map(({ path }) => `- ${formatPath(path)}`)]);
  return applyConflict(causes, `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`);
}

/** The merged fields as an object again, with the type of what was applied and the server's metadata of what was there. */
function restore(merged: unknown, applied: Draft, old: ApiObject | undefined): Draft {
  const fields = isFields(merged) ? cloneJson(merged) : {};
  const metadata: Fields = isFields(fields["metadata"]) ? fields["metadata"] : {};
  const kept: Fields = old === undefined ? {} : cloneJson({ ...old.metadata });
  for (const field of serverFields) if (kept[field] !== undefined) metadata[field] = kept[field];
  metadata["name"] = applied.metadata.name ?? metadata["name"];
  if (applied.metadata.namespace !== undefined) metadata["namespace"] = applied.metadata.namespace;
  if (applied.metadata.uid !== undefined) metadata["uid"] = applied.metadata.uid;
  // Only a version that was sent is held against what stands there.
  metadata["resourceVersion"] = applied.metadata.resourceVersion ?? "";
  delete metadata["managedFields"];
  // Everything a draft says of itself is there now.
  return { ...fields, apiVersion: applied.apiVersion, kind: applied.kind, metadata } as unknown as Draft;
}
