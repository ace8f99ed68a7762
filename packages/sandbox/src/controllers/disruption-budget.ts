import { changeStatus, timestamp } from "./change.ts";
import { isActive, isReady, scaled, withCondition } from "./dependents.ts";
import { at, fieldsAt, listAt, numberAt } from "../kinds/fields-at.ts";
import { selects } from "../kinds/selector-text.ts";
import type { Controller } from "./controller.ts";

const resource = "poddisruptionbudgets.policy";

/** Says in each PodDisruptionBudget how many of its Pods may go at present. */
export const disruptionBudgetController: Controller = {
  name: "disruption",
  resource,
  kind: "PodDisruptionBudget",
  follows: {
    pods: (pod, api) =>
      api
        .list(resource, pod.metadata.namespace)
        .filter((budget) => selects(at(budget, "spec", "selector"), pod.metadata.labels ?? {})),
  },
  reconcile: async (budget, { api }) => {
    const pods = api
      .list("pods", budget.metadata.namespace)
      .filter((pod) => isActive(pod) && selects(at(budget, "spec", "selector"), pod.metadata.labels ?? {}));
    const expected = pods.length;
    const healthy = pods.filter(isReady).length;
    const most = at(budget, "spec", "maxUnavailable");
    const desired =
      most === undefined
        ? scaled(at(budget, "spec", "minAvailable"), expected, Math.ceil)
        : Math.max(0, expected - scaled(most, expected, Math.ceil));
    const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
    const condition =
      allowed > 0
        ? { status: "True", reason: "SufficientPods", message: "" }
        : { status: "False", reason: "InsufficientPods", message: "" };
    await changeStatus(api, resource, budget, (current) => ({
      ...fieldsAt(current, "status"),
      currentHealthy: healthy,
      desiredHealthy: desired,
      disruptionsAllowed: allowed,
      expectedPods: expected,
      observedGeneration: numberAt(budget, "metadata", "generation") ?? 1,
      conditions: withCondition(listAt(current, "status", "conditions"), "DisruptionAllowed", condition, timestamp(), {
        observedGeneration: numberAt(budget, "metadata", "generation") ?? 1,
      }),
    }));
  },
};
