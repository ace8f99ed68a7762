import {
  celRulesOf,
  checkDns1035Label,
  checkDns1123Subdomain,
  checkResourceSchema,
  checkRootWithStatus,
  decodeSchema,
  forbidden,
  invalid,
  notSupported,
  required,
  type FieldError,
} from "@portcullis/objects";
import type { Kind, KindContext } from "../kinds/kind.ts";
import type { KindTable } from "../server/kind-table.ts";
import { asJson, timestamp } from "../server/metadata.ts";
import { getOwn, isFields, setOwn, type ApiObject, type Draft, type Fields } from "../storage/api-object.ts";
import { readJsonPath } from "./json-path.ts";

/** The finalizer that keeps a CRD until its objects are gone. */
export const definitionFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/** What the kind CustomResourceDefinition does beyond what its table says. */
export function definitionHooks(kinds: KindTable): Partial<Kind> {
  return {
    applyDefaults: fillNames,
    prepareForCreate: (draft, context) => accept(kinds, draft, undefined, context),
    prepareForUpdate: (draft, old, context) => accept(kinds, draft, old, context),
    validate: validateDefinition,
  };
}

function fieldsOf(source: Fields, field: string): Fields {
  const value = getOwn(source, field);
  if (isFields(value)) return value;
  const made: Fields = {};
  setOwn(source, field, made);
  return made;
}

function fillNames(draft: Draft): void {
  const spec = fieldsOf(draft, "spec");
  const names = fieldsOf(spec, "names");
  const kind = typeof names["kind"] === "string" ? names["kind"] : "";
  if (kind !== "") {
    if ((names["singular"] ?? "") === "") names["singular"] = kind.toLowerCase();
    if ((names["listKind"] ?? "") === "") names["listKind"] = `${kind}List`;
  }
  if (!isFields(spec["conversion"])) spec["conversion"] = { strategy: "None" };
  if (spec["preserveUnknownFields"] === false) delete spec["preserveUnknownFields"];
}

/**
 * Decides at once whether a CRD's names are free, so that what it defines is served when the answer of the write goes
 * out. A real server does that a moment later, in controllers of its own.
 */
function accept(kinds: KindTable, draft: Draft, old: ApiObject | undefined, context: KindContext): void {
  const spec = fieldsOf(draft, "spec");
  const names = fieldsOf(spec, "names");
  const taken = takenName(kinds, spec, names);
  const status = fieldsOf(draft, "status");
  const now = timestamp(context.now);
  const before = getOwn(old?.["status"], "conditions");
  const established = taken === undefined || isEstablished(old);
  status["conditions"] = [
    taken === undefined
      ? condition("NamesAccepted", "True", "NoConflicts", "no conflicts found", now, before)
      : condition("NamesAccepted", "False", taken.reason, taken.message, now, before),
    established
      ? condition("Established", "True", "InitialNamesAccepted", "the initial names have been accepted", now, before)
      : condition("Established", "False", "NotAccepted", "not all names are accepted", now, before),
  ];
  if (taken === undefined) status["acceptedNames"] = structuredClone(names);
  else status["acceptedNames"] ??= { plural: "", kind: "" };
  const storage = versionsOf(spec).find((version) => getOwn(version, "storage") === true);
  const stored = getOwn(status, "storedVersions");
  const known = Array.isArray(stored) ? stored : [];
  const name = getOwn(storage, "name");
  status["storedVersions"] = known.includes(name) || name === undefined ? known : [...known, name];
  if (old === undefined) draft.metadata.finalizers = [...(draft.metadata.finalizers ?? []), definitionFinalizer];
}

/** Whether a CRD's objects are served. */
export function isEstablished(definition: ApiObject | undefined): boolean {
  const conditions = getOwn(definition?.["status"], "conditions");
  return (
    Array.isArray(conditions) &&
    conditions.some((each) => getOwn(each, "type") === "Established" && getOwn(each, "status") === "True")
  );
}

function condition(
  type: string,
  status: string,
  reason: string,
  message: string,
  now: string,
  before: unknown,
): Fields {
  const known = Array.isArray(before) ? before.find((each) => getOwn(each, "type") === type) : undefined;
  const since = getOwn(known, "status") === status ? (getOwn(known, "lastTransitionTime") ?? now) : now;
  return { lastTransitionTime: since, message, reason, status, type };
}

function takenName(kinds: KindTable, spec: Fields, names: Fields): { reason: string; message: string } | undefined {
  const group = String(spec["group"] ?? "");
  const others = (kinds.groups().get(group) ?? []).filter((kind) => kind.plural !== names["plural"]);
  const resources = new Set(others.flatMap((kind) => [kind.plural, kind.singular, ...kind.shortNames]));
  const kindNames = new Set(others.flatMap((kind) => [kind.kind, kind.listKind ?? `${kind.kind}List`]));
  const conflicts = (name: unknown, reason: string, used: ReadonlySet<string>) =>
    typeof name === "string" && used.has(name)
      ? { reason, message: `${JSON.stringify(name)} is already in use` }
      : undefined;
  const shortNames = Array.isArray(names["shortNames"]) ? names["shortNames"] : [];
  return (
    conflicts(names["plural"], "PluralConflict", resources) ??
    conflicts(names["singular"], "SingularConflict", resources) ??
    shortNames.map((name) => conflicts(name, "ShortNamesConflict", resources)).find((found) => found !== undefined) ??
    conflicts(names["kind"], "KindConflict", kindNames) ??
    conflicts(names["listKind"], "ListKindConflict", kindNames)
  );
}

function versionsOf(spec: unknown): readonly unknown[] {
  const versions = getOwn(spec, "versions");
  return Array.isArray(versions) ? versions : [];
}

function text(source: unknown, field: string): string {
  const value = getOwn(source, field);
  return typeof value === "string" ? value : "";
}

/** What is wrong with a CRD. */
function validateDefinition(object: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const spec = object["spec"];
  const names = getOwn(spec, "names");
  const [group, plural] = [text(spec, "group"), text(names, "plural")];
  const errors: FieldError[] = [];
  if (object.metadata.name !== `${plural}.${group}`) {
    errors.push(invalid("metadata.name", object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  }
  errors.push(...checkGroup(group), ...checkScope(spec), ...checkNames(names), ...checkConversion(spec));
  const versions = versionsOf(spec);
  const storages = versions.filter((version) => getOwn(version, "storage") === true);
  if (storages.length !== 1) {
    const detail = "must have exactly one version marked as storage version";
    errors.push(invalid("spec.versions", asJson(versions.map((version) => text(version, "name"))) ?? null, detail));
  }
  const seen = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const path = `spec.versions[${index}]`;
    const name = text(version, "name");
    if (seen.has(name))
      errors.push(invalid("spec.versions", asJson(versions) ?? null, "must contain unique version names"));
    seen.add(name);
    for (const detail of checkDns1035Label(name)) errors.push(invalid(`${path}.name`, name, detail));
    errors.push(...checkVersion(version, path));
  }
  if (old !== undefined) errors.push(...checkUpdate(spec, old["spec"]));
  return errors;
}

function checkGroup(group: string): readonly FieldError[] {
  if (group === "") return [required("spec.group")];
  const wrong = checkDns1123Subdomain(group);
  if (wrong.length > 0) return [invalid("spec.group", group, wrong.join(","))];
  return group.includes(".") ? [] : [invalid("spec.group", group, "should be a domain with at least one dot")];
}

function checkScope(spec: unknown): readonly FieldError[] {
  const scope = text(spec, "scope");
  if (scope === "") return [required("spec.scope")];
  return scope === "Cluster" || scope === "Namespaced"
    ? []
    : [notSupported("spec.scope", scope, ["Cluster", "Namespaced"])];
}

function checkNames(names: unknown): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["plural", "singular", "kind", "listKind"]) {
    const name = text(names, field);
    const path = `spec.names.${field}`;
    if (name === "") errors.push(required(path));
    else for (const detail of checkDns1035Label(name.toLowerCase())) errors.push(invalid(path, name, detail));
  }
  if (text(names, "kind") !== "" && text(names, "kind") === text(names, "listKind")) {
    errors.push(invalid("spec.names.listKind", text(names, "listKind"), "kind and listKind may not be the same"));
  }
  return errors;
}

function checkConversion(spec: unknown): readonly FieldError[] {
  const strategy = text(getOwn(spec, "conversion"), "strategy");
  if (strategy === "None" || strategy === "") return [];
  if (strategy !== "Webhook") return [notSupported("spec.conversion.strategy", strategy, ["None", "Webhook"])];
  return [forbidden("spec.conversion.strategy", "the sandbox does not call conversion webhooks: use None")];
}

function checkVersion(version: unknown, path: string): readonly FieldError[] {
  const raw = getOwn(getOwn(version, "schema"), "openAPIV3Schema");
  const schemaPath = `${path}.schema.openAPIV3Schema`;
  if (raw === undefined) return [required(schemaPath)];
  const reading = decodeSchema(asJson(raw) ?? null, schemaPath);
  if (!reading.ok) return reading.errors;
  const errors: FieldError[] = [...checkResourceSchema(reading.schema, schemaPath)];
  if (isFields(getOwn(getOwn(version, "subresources"), "status"))) {
    errors.push(...checkRootWithStatus(reading.schema, schemaPath));
  }
  for (const rule of celRulesOf(reading.schema)) {
    const detail = "the sandbox does not evaluate rules in CEL yet: remove them from the schema";
    errors.push(forbidden(`${schemaPath}${rule}.x-kubernetes-validations`, detail));
  }
  const columns = getOwn(version, "additionalPrinterColumns");
  for (const [index, column] of (Array.isArray(columns) ? columns : []).entries()) {
    const jsonPath = text(column, "jsonPath");
    const columnPath = `${path}.additionalPrinterColumns[${index}].jsonPath`;
    if (jsonPath === "") errors.push(required(columnPath));
    else if (!readJsonPath(jsonPath).ok)
      errors.push(invalid(columnPath, jsonPath, "must be a simple json path starting with ."));
  }
  return errors;
}

function checkUpdate(spec: unknown, old: unknown): readonly FieldError[] {
  const errors: FieldError[] = [];
  const same = (path: string, now: string, before: string): void => {
    if (now !== before) errors.push(invalid(path, now, "field is immutable"));
  };
  same("spec.group", text(spec, "group"), text(old, "group"));
  same("spec.scope", text(spec, "scope"), text(old, "scope"));
  same("spec.names.kind", text(getOwn(spec, "names"), "kind"), text(getOwn(old, "names"), "kind"));
  same("spec.names.plural", text(getOwn(spec, "names"), "plural"), text(getOwn(old, "names"), "plural"));
  return errors;
}
