import { changeStatus } from "../controllers/change.ts";
import { isRefusal } from "../server/refusals.ts";
import { StatusError } from "../server/status.ts";
import { Kubelet } from "./kubelet.ts";
import { nodeLease, nodeObject, nodeStatus } from "./node-object.ts";
import { Scheduler } from "./scheduler.ts";
import type { Api, NewObject } from "../server/api.ts";
import type { ApiObject } from "../storage/api-object.ts";
import type { GroupResource } from "../storage/store.ts";

/** What the simulated node is told. */
export interface NodeOptions {
  /** The registries that images can be pulled from; `*` is every one. */
  readonly reachableRegistries: readonly string[];
  /** By default `sandbox`. */
  readonly name?: string;
  /** Told of what went wrong on the node; it goes on by itself. */
  readonly failed?: (what: string, error: unknown) => void;
}

/** What runs until it is closed. */
export interface Running {
  close(): void;
}

const heartbeat = 10_000;

/** Registers the one node, and starts its scheduler and kubelet. The namespace kube-node-lease must be there. */
export async function startNode(api: Api, options: NodeOptions): Promise<Running> {
  const name = options.name ?? "sandbox";
  const failed = options.failed ?? (() => undefined);
  const own = api.as({ name: `system:node:${name}`, groups: ["system:nodes", "system:authenticated"] });
  const node = await ensure(own, "nodes", nodeObject(name));
  await changeStatus(own, "nodes", node, () => nodeStatus(name));
  const renew = async (): Promise<void> => {
    const lease = nodeLease(name, node.metadata.uid, new Date());
    const resource = "leases.coordination.k8s.io";
    const current = own.get(resource, "kube-node-lease", name);
    await (current === undefined
      ? own.create(resource, lease)
      : own.update(resource, { ...current, spec: lease["spec"] }));
  };
  // A webhook may refuse the lease, or be gone; that is no fault of the node, which tries again with the next beat.
  const beat = (): void =>
    void renew().catch((error: unknown) => {
      if (!(error instanceof StatusError)) failed("the node's lease", error);
    });
  beat();
  const timer = setInterval(beat, heartbeat);
  timer.unref();
  const scheduling = api.as({ name: "system:kube-scheduler", groups: ["system:authenticated"] });
  const scheduler = new Scheduler(scheduling, name, (key, error) => failed(`scheduling pod ${key}`, error));
  const kubelet = new Kubelet(own, name, options.reachableRegistries, (key, error) =>
    failed(`running pod ${key}`, error),
  );
  return {
    close: () => {
      clearInterval(timer);
      scheduler.close();
      kubelet.close();
    },
  };
}

async function ensure(api: Api, resource: GroupResource, object: NewObject): Promise<ApiObject> {
  const { namespace = "", name = "" } = object.metadata;
  try {
    return api.get(resource, namespace, name) ?? (await api.create(resource, object));
  } catch (error) {
    const there = isRefusal(error, "AlreadyExists") ? api.get(resource, namespace, name) : undefined;
    if (there === undefined) throw error;
    return there;
  }
}
