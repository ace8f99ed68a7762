import type { User } from "../kinds/kind.ts";
import { cloneJson, draftOf, type ApiObject, type Draft } from "../storage/api-object.ts";
import type { Change, GroupResource } from "../storage/store.ts";
import type { Api, ApiDeleteOptions, NewObject } from "./api.ts";
import type { RequestContext } from "./context.ts";
import { createObject } from "./create.ts";
import { deleteObject } from "./delete.ts";
import { resourceOf, type Target } from "./kind-table.ts";
import { noSuchPath } from "./refusals.ts";
import type { Place, Registry } from "./registry.ts";
import { runAction } from "./subresource-handlers.ts";
import { mergeMain, mergeStatus, updateObject, type Change as Update } from "./update.ts";

const meta = { apiVersion: "meta.k8s.io/v1" };

/** The API for what runs in the server's process, as one user. */
export class InProcessApi implements Api {
  private readonly registry: Registry;
  private readonly user: User;
  private readonly now: () => Date;

  constructor(registry: Registry, user: User, now: () => Date) {
    this.registry = registry;
    this.user = user;
    this.now = now;
  }

  as(user: User): Api {
    return new InProcessApi(this.registry, user, this.now);
  }

  get(resource: GroupResource, namespace: string, name: string): ApiObject | undefined {
    return this.registry.store.get(resource, namespace, name);
  }

  list(resource: GroupResource, namespace?: string): readonly ApiObject[] {
    return this.registry.store.list(resource, namespace).items;
  }

  watch(resource: GroupResource, listener: (change: Change) => void): () => void {
    const { items, revision } = this.registry.store.list(resource);
    for (const object of items) {
      listener({ type: "ADDED", revision: Number(object.metadata.resourceVersion), object });
    }
    const watching = this.registry.store.watch(resource, revision, listener);
    return watching.ok ? watching.stop : () => {};
  }

  async create(resource: GroupResource, object: NewObject): Promise<ApiObject> {
    const target = this.target(resource);
    const place = { target, namespace: target.kind.namespaced ? (object.metadata.namespace ?? "") : "" };
    // What a server has to give is given on the way; the rest has a draft's shape.
    const draft = cloneJson(object) as Draft;
    return createObject(this.registry, this.context(), place, draft, { kind: "CreateOptions", ...meta });
  }

  update(resource: GroupResource, object: ApiObject | Draft): Promise<ApiObject> {
    return this.change(resource, object, { subresource: "", merge: mergeMain });
  }

  updateStatus(resource: GroupResource, object: ApiObject | Draft): Promise<ApiObject> {
    return this.change(resource, object, { subresource: "status", merge: mergeStatus });
  }

  private change(
    resource: GroupResource,
    object: ApiObject | Draft,
    how: Pick<Update, "subresource" | "merge">,
  ): Promise<ApiObject> {
    const target = this.target(resource);
    const place = { target, namespace: object.metadata.namespace ?? "", name: object.metadata.name };
    const options = { kind: "UpdateOptions", ...meta };
    return updateObject(this.registry, this.context(), place, {
      ...how,
      options,
      tracked: false,
      make: () => draftOf(object),
    });
  }

  async delete(
    resource: GroupResource,
    namespace: string,
    name: string,
    options: ApiDeleteOptions = {},
  ): Promise<void> {
    const place = { target: this.target(resource), namespace, name };
    const raw = { kind: "DeleteOptions", ...meta, ...options };
    await deleteObject(this.registry, this.context(), place, { ...options, raw });
  }

  async createSubresource(
    resource: GroupResource,
    namespace: string,
    name: string,
    subresource: string,
    body: NewObject,
  ): Promise<ApiObject> {
    const place: Place = { target: this.target(resource), namespace, name };
    const action = place.target.kind.subresources?.find((candidate) => candidate.name === subresource);
    if (action?.kind !== "action") throw noSuchPath();
    // As for create: the action reads what it needs.
    const draft = cloneJson(body) as Draft;
    return runAction(this.registry, this.context(), place, action, draft, { kind: "CreateOptions", ...meta });
  }

  private target(resource: GroupResource): Target {
    const target = this.registry.kinds.stored(resource);
    if (target === undefined || resourceOf(target.kind) !== resource) throw noSuchPath();
    return target;
  }

  private context(): RequestContext {
    return {
      user: this.user,
      now: this.now(),
      dryRun: false,
      fieldManager: this.user.name.slice(this.user.name.lastIndexOf(":") + 1),
      fieldValidation: "Ignore",
      warnings: new Set(),
    };
  }
}
