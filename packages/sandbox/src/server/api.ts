import type { User } from "../kinds/kind.ts";
import type { ApiObject, Draft } from "../storage/api-object.ts";
import type { Change, GroupResource } from "../storage/store.ts";

/** How a controller deletes. */
export interface ApiDeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What a controller sends to create: metadata may lack what the server gives. */
export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ApiObject["metadata"]>;
  readonly [field: string]: unknown;
}

/**
 * The API for what runs in the same process (controllers, the simulated node): reads come straight from the store and
 * are never stale, writes take the whole path of a request (defaults, admission webhooks, validation).
 * A refused write rejects with `StatusError` (server/status.ts), whose `status` is what kubectl would have been told.
 */
export interface Api {
  get(resource: GroupResource, namespace: string, name: string): ApiObject | undefined;
  list(resource: GroupResource, namespace?: string): readonly ApiObject[];
  /** Objects there are as ADDED, then each change, synchronously as it is stored. The function returned ends it. */
  watch(resource: GroupResource, listener: (change: Change) => void): () => void;
  create(resource: GroupResource, object: NewObject): Promise<ApiObject>;
  /** Conflict if `object.metadata.resourceVersion` is not the current one. */
  update(resource: GroupResource, object: ApiObject | Draft): Promise<ApiObject>;
  updateStatus(resource: GroupResource, object: ApiObject | Draft): Promise<ApiObject>;
  /** Posts a body to an action of an object, e.g. a Binding to a Pod's `binding`. */
  createSubresource(
    resource: GroupResource,
    namespace: string,
    name: string,
    subresource: string,
    body: NewObject,
  ): Promise<ApiObject>;
  delete(resource: GroupResource, namespace: string, name: string, options?: ApiDeleteOptions): Promise<void>;
  /** The same API for another user, e.g. `system:serviceaccount:kube-system:replicaset-controller`. */
  as(user: User): Api;
}
