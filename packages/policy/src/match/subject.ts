import {
  groupVersionKindOf,
  labelsOf,
  namespaceOf,
  nameOf,
  generateNameOf,
  type JsonObject,
} from "@portcullis/objects";

/** What matching needs to know of an object, read once per review. */
export interface Subject {
  readonly object: JsonObject;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly generateName: string;
  readonly namespace: string;
  readonly labels: JsonObject;
  readonly isNamespace: boolean;
}

/** What matching needs to know of the namespace that an object is in. */
export interface NamespaceFacts {
  readonly name: string;
  readonly labels: JsonObject;
}

/** Reads what matching needs. */
export function subjectOf(object: JsonObject): Subject {
  const { group, kind } = groupVersionKindOf(object);
  return {
    object,
    group,
    kind,
    name: nameOf(object),
    generateName: generateNameOf(object),
    namespace: namespaceOf(object),
    labels: labelsOf(object),
    isNamespace: kind === "Namespace" && group === "",
  };
}

/** The same of a Namespace object. */
export function namespaceFactsOf(namespace: JsonObject): NamespaceFacts {
  return { name: nameOf(namespace), labels: labelsOf(namespace) };
}
