import type { FieldError } from "@portcullis/objects";
import type { SchemaNode } from "./schema-node.ts";
import type { ApiObject, Draft } from "../storage/api-object.ts";
import type { Store } from "../storage/store.ts";

export type { FieldError } from "@portcullis/objects";

/** One column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: "name" | "int32" | "int64" | "date-time" | "";
  readonly description?: string;
  /** 0 is always shown, more only with `-o wide`. */
  readonly priority: number;
  /** The cell for an object. A column of ages gives the age as text (`5m3s`), as the real server does. */
  readonly cell: (object: ApiObject, now: Date) => string | number | boolean | null;
}

/** Who is asking. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** What a hook may look at besides the object. */
export interface KindContext {
  readonly now: Date;
  readonly user: User;
  readonly store: Store;
}

/** One served version of a kind. */
export interface KindVersion {
  readonly name: string;
  readonly served: boolean;
  /** The text of the Warning header when this version is used, or true for the usual text. */
  readonly deprecated?: string | true;
  /** The printer columns; without any the server prints NAME and AGE. */
  readonly columns?: readonly PrinterColumn[];
  /** For discovery, explain, and the merge keys of strategic merge and server-side apply. */
  readonly schema?: SchemaNode;
  /** Takes out what the schema does not know and says the paths (for field validation). Without: by `schema`. */
  readonly prune?: (draft: Draft) => readonly string[];
  /** The defaults of this version's own schema (CRDs); runs at the door and on what the store gives. */
  readonly applyDefaults?: (draft: Draft) => void;
  /** What this version's own schema says against an object of this version (CRDs). */
  readonly validate?: (object: ApiObject, old: ApiObject | undefined) => readonly FieldError[];
  /** Rewrites an object of this version to the storage version, and back. Without: apiVersion alone changes. */
  readonly toStorage?: (draft: Draft) => void;
  readonly fromStorage?: (draft: Draft) => void;
}

/** The scale subresource in dotted JSON paths (`.spec.replicas`). */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** A group, version and kind, as discovery tells it. */
export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a text subresource answers; `follow` streams until the client goes away or `end` is called. */
export interface TextAnswer {
  readonly kind: "text";
  readonly contentType: string;
  readonly chunks: AsyncIterable<string> | readonly string[];
}

/**
 * A subresource besides `status` and `scale`, which every kind gets from the flags below.
 * - `part`: get gives the whole object, update and patch write it through `merge` (`pods/ephemeralcontainers`);
 * - `action`: create takes a body and answers an object (`pods/eviction`, `pods/binding`, `serviceaccounts/token`);
 * - `text`: get answers text (`pods/log`);
 * - `connect`: listed in discovery and open to admission, answered with a clear refusal.
 */
export type Subresource =
  | {
      readonly kind: "part";
      readonly name: string;
      /** Puts into `draft`, a copy of `old`, what `sent` may change through this subresource. */
      readonly merge: (draft: Draft, sent: Draft, old: ApiObject) => void;
    }
  | {
      readonly kind: "action";
      readonly name: string;
      /** The kind of the body. */
      readonly body: GroupVersionKind;
      readonly run: (object: ApiObject, body: Draft, action: ActionContext) => Promise<ApiObject>;
    }
  | {
      readonly kind: "text";
      readonly name: string;
      readonly read: (
        object: ApiObject,
        query: URLSearchParams,
        context: KindContext,
        signal: AbortSignal,
      ) => TextAnswer;
    }
  | {
      readonly kind: "connect";
      readonly name: string;
      readonly body: GroupVersionKind;
      readonly verbs: readonly Verb[];
    };

/** What an action may do. */
export interface ActionContext extends KindContext {
  readonly dryRun: boolean;
  /** Replaces the object the action runs on (status included), without admission. */
  readonly replace: (draft: Draft) => ApiObject;
  /** Deletes it as a DELETE request would. */
  readonly remove: (gracePeriodSeconds?: number) => Promise<void>;
}

/** The verbs of the API. */
export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

/** All of them, in discovery's order. */
export const allVerbs: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/**
 * Everything the server knows of a kind: built-in kinds are values of this in tables, kinds of CRDs are made from
 * the CRD. The server itself does: names (generateName, DNS-1123 subdomain unless `validateName`), namespace,
 * uid, creationTimestamp, resourceVersion, generation, the separation of spec and status, managed fields, immutable
 * metadata, labels' and annotations' syntax, deletion with finalizers. A hook is only for what is the kind's own.
 * Hooks get a draft that is theirs to change and must not keep it.
 */
export interface Kind {
  readonly group: string;
  readonly kind: string;
  /** By default kind + "List". */
  readonly listKind?: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  /** In order of preference; at least one. */
  readonly versions: readonly KindVersion[];
  /** The version objects are stored in: hooks see this one. */
  readonly storageVersion: string;
  /** True: `status` cannot be written but through `/status`. */
  readonly statusSubresource: boolean;
  readonly scale?: ScalePaths;
  readonly subresources?: readonly Subresource[];
  /** True for kinds whose metadata.generation counts changes outside metadata and status. */
  readonly tracksGeneration: boolean;
  /** Fields outside `metadata` that field selectors may name besides metadata.name and metadata.namespace. */
  readonly selectableFields?: Readonly<Record<string, (object: ApiObject) => string>>;
  /** Where the object came from: CRD kinds take merge patches only, and are pruned. */
  readonly origin: "builtin" | "custom";

  /** Given: create fills in the draft and answers it, and nothing is stored (access and token reviews). */
  readonly answer?: (draft: Draft, context: KindContext) => void;
  /** Fills in defaults; runs on every write, before admission and again after mutating webhooks. */
  readonly applyDefaults?: (draft: Draft) => void;
  /** What the API server's own admission does to a new object before it asks webhooks; runs again after them. */
  readonly admit?: (draft: Draft, context: KindContext) => void;
  /** Runs on create between mutating and validating webhooks: drops or sets what the user may not (e.g. status, phase). */
  readonly prepareForCreate?: (draft: Draft, context: KindContext) => void;
  /** Runs on update of the main resource, between mutating and validating webhooks. */
  readonly prepareForUpdate?: (draft: Draft, old: ApiObject, context: KindContext) => void;
  /** Whether who writes the status cannot write labels; of other built-in kinds labels can be written so. */
  readonly keepsLabelsFromStatus?: boolean;
  /** Runs on update of `/status`; the server has put back everything but status and what users write into metadata. */
  readonly prepareForStatusUpdate?: (draft: Draft, old: ApiObject, context: KindContext) => void;
  /** What is wrong with it; `old` is given on update. Runs after the prepare hooks and before validating webhooks. */
  readonly validate?: (object: ApiObject, old: ApiObject | undefined, context: KindContext) => readonly FieldError[];
  /** Warnings for the Warning header. */
  readonly warnings?: (object: ApiObject, old: ApiObject | undefined) => readonly string[];
  /** The text that is wrong with a name, or undefined; by default a DNS-1123 subdomain. */
  readonly validateName?: (name: string) => string | undefined;
  /**
   * Seconds between the request to delete and the removal, given what was asked for. Above 0 the object stays with
   * a deletionTimestamp until someone deletes it with 0 (the kubelet, for Pods). Without: removed at once.
   */
  readonly gracePeriod?: (object: ApiObject, requested: number | undefined) => number;
  /** True: objects have finalizers in `spec.finalizers` also (Namespace), and deletion waits for both lists. */
  readonly specFinalizers?: boolean;
  /** Runs on the draft that gets its deletionTimestamp (e.g. Namespace: phase Terminating). */
  readonly prepareForDelete?: (draft: Draft, context: KindContext) => void;
  /** Runs after the write was stored; what it starts must not throw. Not run on dry run. */
  readonly afterWrite?: (object: ApiObject, old: ApiObject | undefined, context: KindContext) => void;
  readonly afterRemove?: (object: ApiObject, context: KindContext) => void;
}
