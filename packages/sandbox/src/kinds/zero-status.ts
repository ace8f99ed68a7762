import type { Fields } from "../storage/api-object.ts";
import type { Kind } from "./kind.ts";

/** Kinds whose status shows some fields also where they are zero. */
const zeros: Readonly<Record<string, Fields>> = {
  DaemonSet: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  HorizontalPodAutoscaler: { desiredReplicas: 0, currentMetrics: null },
  PodDisruptionBudget: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  ReplicaSet: { replicas: 0 },
  ReplicationController: { replicas: 0 },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
};

/** The status of a new object of a built-in kind of which nothing is known yet; webhooks and policies see it so. */
export function zeroStatus(kind: Kind): Fields {
  return { ...(Object.hasOwn(zeros, kind.kind) ? zeros[kind.kind] : {}) };
}
