export {
  KubeClient,
  type ApplyOptions,
  type ListSelection,
  type ObjectAddress,
  type ObjectList,
  type PatchKind,
} from "./client/client.ts";
export { httpsTransport } from "./client/https-transport.ts";
export { Discovery, type FoundInAllGroups } from "./client/discovery.ts";
export { apiVersionOf, pathOf, type Resource } from "./client/resource.ts";
export { ApiError, readStatus, statusOf, valueOf, type ApiResult, type ApiStatus } from "./client/status.ts";
export type { ApiRequest, ApiStream, Transport } from "./client/transport.ts";
export { commandClock, systemClock, type Clock } from "./clock.ts";
export type { ClusterConfig } from "./config/cluster-config.ts";
export { inClusterConfig } from "./config/in-cluster.ts";
export { readKubeconfig, type ConfigReading } from "./config/kubeconfig.ts";
export { loadConfig, type ConfigWish } from "./config/load-config.ts";
export { backoffDelay, type BackoffPolicy } from "./informer/backoff.ts";
export { Informer, type InformerNote, type InformerOptions, type InformerTrouble } from "./informer/informer.ts";
export { keyOf, ObjectStore, type Change } from "./informer/object-store.ts";
export { withoutManagedFields } from "./informer/trim.ts";
export { LeaseHolder, leases, type LeaseHolderOptions } from "./lease/lease-holder.ts";
export { WorkQueue, type WorkQueueOptions } from "./informer/work-queue.ts";
