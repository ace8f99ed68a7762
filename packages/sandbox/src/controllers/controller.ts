import { EventRecorder } from "./event-recorder.ts";
import { WorkQueue, keyOf, splitKey } from "./work-queue.ts";
import type { Api } from "../server/api.ts";
import type { ApiObject } from "../storage/api-object.ts";
import type { GroupResource } from "../storage/store.ts";

/** What a controller's function gets besides the object. */
export interface Reconciling {
  /** The API as the controller's own account. */
  readonly api: Api;
  readonly events: EventRecorder;
  /** Looks at the object again after a pause. */
  readonly again: (milliseconds: number) => void;
}

/** A controller: one function that makes the world fit one object, run whenever something it looks at changes. */
export interface Controller {
  /** Its account is `<name>-controller`; its Events are from that too. */
  readonly name: string;
  readonly resource: GroupResource;
  /** The kind that its objects' dependents name as controller, and where those are kept. */
  readonly kind: string;
  readonly owns?: readonly GroupResource[];
  /** Other resources whose changes matter, and the objects they matter to. */
  readonly follows?: Readonly<Record<GroupResource, (changed: ApiObject, api: Api) => readonly ApiObject[]>>;
  readonly reconcile: (object: ApiObject, reconciling: Reconciling) => Promise<void>;
  /** Clears up after an object that is gone, where no owner reference does. */
  readonly removed?: (object: ApiObject, api: Api) => Promise<void>;
}

/** Told of what a controller could not do; it tries again by itself. */
export type ControllerFailure = (what: string, error: unknown) => void;

/** Starts a controller; the function returned ends it. */
export function startController(root: Api, controller: Controller, failed: ControllerFailure): () => void {
  const { name, resource, kind, owns = [], follows = {}, reconcile } = controller;
  const account = `${name}-controller`;
  const api = root.as({
    name: `system:serviceaccount:kube-system:${account}`,
    groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
  });
  const events = new EventRecorder(api, { component: account });
  const queue: WorkQueue = new WorkQueue(
    async (key) => {
      const object = api.get(resource, ...splitKey(key));
      if (object === undefined) return;
      await reconcile(object, { api, events, again: (milliseconds) => queue.addAfter(key, milliseconds) });
    },
    (key, error) => failed(`${account}: ${key}`, error),
  );
  const add = ({ metadata }: ApiObject): void => queue.add(keyOf(metadata.namespace, metadata.name));
  const stops = [
    api.watch(resource, ({ type, object }) => {
      if (type !== "DELETED") add(object);
      else void controller.removed?.(object, api).catch((error: unknown) => failed(`${account}: clearing up`, error));
    }),
    ...owns.map((owned) =>
      api.watch(owned, ({ object, previous }) => {
        const owner = controllerOf(object) ?? (previous === undefined ? undefined : controllerOf(previous));
        if (owner?.kind === kind) queue.add(keyOf(object.metadata.namespace, owner.name));
      }),
    ),
    ...Object.entries(follows).map(([followed, concerns]) =>
      api.watch(followed, ({ object }) => {
        for (const concerned of concerns(object, api)) add(concerned);
      }),
    ),
  ];
  return () => {
    for (const stop of stops) stop();
    queue.close();
  };
}

/** The owner that manages an object. */
export function controllerOf(
  object: ApiObject,
): { readonly kind: string; readonly name: string; readonly uid: string } | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/** The reference by which an object says who manages it. */
export function controllerReference(owner: ApiObject): NonNullable<ApiObject["metadata"]["ownerReferences"]>[number] {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}
