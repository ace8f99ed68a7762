import { randomInt, randomUUID } from "node:crypto";
import {
  checkAnnotations,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkLabelKey,
  checkLabels,
  childPath,
  forbidden,
  invalid,
  keyPath,
  required,
  type FieldError,
  type JsonValue,
} from "@portcullis/objects";
import type { Kind } from "../kinds/kind.ts";
import { getOwn, isFields, type ApiObject, type Draft } from "../storage/api-object.ts";
import { equalFields } from "../storage/equal-fields.ts";

/** A time as the API writes it: to the second, in UTC. */
export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** Takes from an object to be created what only the server may set. */
export function wipeSystemFields(draft: Draft): void {
  const metadata: { [field: string]: unknown } = draft.metadata;
  for (const field of ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"]) {
    delete metadata[field];
  }
}

// The characters of generated names: no vowels, so that no words come out.
const suffixCharacters = "bcdfghjklmnpqrstvwxz2456789";

/** Five random characters as the API appends them to generateName. */
export function nameSuffix(): string {
  let text = "";
  for (let count = 0; count < 5; count += 1) text += suffixCharacters.charAt(randomInt(suffixCharacters.length));
  return text;
}

/** Sets uid, creationTimestamp, and a name made from generateName. */
export function fillSystemFields(draft: Draft, now: Date): void {
  draft.metadata.uid = randomUUID();
  draft.metadata.creationTimestamp = timestamp(now);
  // Without a name an object is wrong, and is told so with everything else that is wrong with it.
  draft.metadata.name ??= "";
  const { name, generateName } = draft.metadata;
  if (name === "" && generateName !== undefined && generateName !== "") {
    draft.metadata.name = generateName.slice(0, 58) + nameSuffix();
  }
}

/** What the API keeps of an object's old metadata whatever an update says. */
export function keepSystemFields(draft: Draft, old: ApiObject): void {
  const metadata = draft.metadata;
  if (metadata.uid === undefined || metadata.uid === "") metadata.uid = old.metadata.uid;
  metadata.creationTimestamp = old.metadata.creationTimestamp;
  if (old.metadata.generation === undefined) delete metadata.generation;
  else metadata.generation = old.metadata.generation;
  if (old.metadata.deletionTimestamp === undefined) {
    delete metadata.deletionTimestamp;
    delete metadata.deletionGracePeriodSeconds;
  } else {
    metadata.deletionTimestamp = old.metadata.deletionTimestamp;
    if (old.metadata.deletionGracePeriodSeconds !== undefined) {
      metadata.deletionGracePeriodSeconds = old.metadata.deletionGracePeriodSeconds;
    }
  }
}

/** What is wrong with the metadata of any object. */
export function checkMetadata(kind: Kind, object: ApiObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name, generateName, namespace, labels, annotations } = object.metadata;
  const nameCheck = nameRule(kind);
  if (generateName !== undefined && generateName !== "") {
    // What is generated comes after it, so a dash may be last.
    for (const text of nameCheck(`${generateName.replace(/-+$/, "")}a`)) {
      errors.push(invalid("metadata.generateName", generateName, text));
    }
  }
  if (name === "") errors.push(required("metadata.name", "name or generateName is required"));
  else for (const text of nameCheck(name)) errors.push(invalid("metadata.name", name, text));
  if (kind.namespaced) {
    if (namespace === undefined || namespace === "") errors.push(required("metadata.namespace"));
    else for (const text of checkDns1123Label(namespace)) errors.push(invalid("metadata.namespace", namespace, text));
  } else if (namespace !== undefined && namespace !== "") {
    errors.push(forbidden("metadata.namespace", "not allowed on this type"));
  }
  errors.push(...checkLabels(asJson(labels), "metadata.labels"));
  errors.push(...checkAnnotations(asJson(annotations), "metadata.annotations"));
  errors.push(...checkOwners(object), ...checkFinalizers(kind, object));
  return errors;
}

function nameRule(kind: Kind): (name: string) => readonly string[] {
  const own = kind.validateName;
  if (own === undefined) return checkDns1123Subdomain;
  return (name) => {
    const text = own(name);
    return text === undefined ? [] : [text];
  };
}

/** Plain JSON data seen as the type that says so. */
export function asJson(value: unknown): JsonValue | undefined {
  // Everything that reaches the server was read as JSON or YAML, or was made by it as plain data.
  return value as JsonValue | undefined;
}

function checkOwners(object: ApiObject): readonly FieldError[] {
  const path = "metadata.ownerReferences";
  const owners = object.metadata.ownerReferences ?? [];
  const errors: FieldError[] = [];
  for (const owner of owners) {
    for (const field of ["apiVersion", "kind", "name", "uid"] as const) {
      if ((owner[field] ?? "") === "") {
        errors.push(
          invalid(childPath(path, field), "", `${field === "apiVersion" ? "version" : field} must not be empty`),
        );
      }
    }
  }
  const controllers = owners.filter((owner) => owner.controller === true);
  const [first, second] = controllers;
  if (first !== undefined && second !== undefined) {
    const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first.name} and ${second.name}`;
    errors.push(invalid(path, asJson(owners) ?? null, detail));
  }
  return errors;
}

const wellKnownFinalizers = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

function checkFinalizers(kind: Kind, object: ApiObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  // Kubernetes' own kinds ask for a domain; CRDs and what they define do not.
  const isStrict = kind.origin === "builtin" && kind.group !== "apiextensions.k8s.io";
  for (const [index, finalizer] of (object.metadata.finalizers ?? []).entries()) {
    const wrong = checkLabelKey(finalizer);
    for (const text of wrong) errors.push(invalid("metadata.finalizers", finalizer, text));
    if (wrong.length === 0 && isStrict && !finalizer.includes("/") && !wellKnownFinalizers.has(finalizer)) {
      const path = keyPath("metadata.finalizers", index);
      errors.push(invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified"));
    }
  }
  return errors;
}

const immutable = "field is immutable";

/** What is wrong with changing metadata from `old`. */
export function checkMetadataUpdate(object: ApiObject, old: ApiObject): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (old.metadata.deletionTimestamp !== undefined) {
    const known = new Set(old.metadata.finalizers);
    const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.has(finalizer));
    if (added.length > 0) {
      const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
      const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
      errors.push(forbidden("metadata.finalizers", detail));
    }
  }
  for (const field of ["name", "namespace", "uid"] as const) {
    const value = object.metadata[field];
    if ((value ?? "") !== (old.metadata[field] ?? "")) {
      errors.push(invalid(`metadata.${field}`, value ?? "", immutable));
    }
  }
  return errors;
}

/** Counts the generation up where something outside metadata and status changed. */
export function bumpGeneration(kind: Kind, draft: Draft, old: ApiObject): void {
  if (!kind.tracksGeneration) return;
  const parts = (object: ApiObject | Draft): object => ({
    ...object,
    apiVersion: "",
    metadata: {},
    ...(kind.statusSubresource ? { status: undefined } : {}),
  });
  if (!equalFields(parts(draft), parts(old))) draft.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

/** All finalizers that keep an object from going away. */
export function finalizersOf(kind: Kind, object: ApiObject | Draft): readonly unknown[] {
  const own = object.metadata.finalizers ?? [];
  if (kind.specFinalizers !== true) return own;
  const spec = getOwn(object["spec"], "finalizers");
  return Array.isArray(spec) ? [...own, ...spec] : own;
}

/** Metadata must be an object for anything to go on; the texts are for whoever sent it. */
export function hasMetadata(value: unknown): boolean {
  return isFields(getOwn(value, "metadata"));
}
