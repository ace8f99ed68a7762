import { fieldsAt, numberAt, ownFields, textAt } from "./fields-at.ts";
import { selects } from "./selector-text.ts";
import { tooManyRequests, badRequest } from "../server/refusals.ts";
import { StatusError } from "../server/status.ts";
import type { ActionContext, KindContext, Subresource } from "./kind.ts";
import { draftOf } from "../storage/api-object.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** `pods/eviction`: deletes the Pod unless a disruption budget forbids it. */
export const eviction: Subresource = {
  kind: "action",
  name: "eviction",
  body: { group: "policy", version: "v1", kind: "Eviction" },
  run: async (pod, body, action) => {
    const budget = spentBudget(pod, action);
    if (budget !== undefined) throw refusal(budget);
    await action.remove(numberAt(body, "deleteOptions", "gracePeriodSeconds"));
    return success();
  },
};

function spentBudget(pod: ApiObject, { store }: KindContext): ApiObject | undefined {
  return store
    .list("poddisruptionbudgets.policy", pod.metadata.namespace)
    .items.find(
      (budget) =>
        selects(fieldsAt(budget, "spec")["selector"], pod.metadata.labels ?? {}) &&
        (numberAt(budget, "status", "disruptionsAllowed") ?? 0) <= 0,
    );
}

function refusal(budget: ApiObject): StatusError {
  const text = "Cannot evict pod as it would violate the pod's disruption budget.";
  const { status } = tooManyRequests(text, 0);
  const needed = numberAt(budget, "status", "desiredHealthy") ?? 0;
  const healthy = numberAt(budget, "status", "currentHealthy") ?? 0;
  const message = `The disruption budget ${budget.metadata.name} needs ${needed} healthy pods and has ${healthy} currently`;
  return new StatusError({ ...status, details: { causes: [{ reason: "DisruptionBudget", message }] } });
}

/** `pods/binding`: puts a Pod on a node, once; what the scheduler does. */
export const binding: Subresource = {
  kind: "action",
  name: "binding",
  body: { group: "", version: "v1", kind: "Binding" },
  run: (pod, body, action) => {
    const node = textAt(body, "target", "name");
    const current = textAt(pod, "spec", "nodeName");
    if (node === "") throw badRequest("the binding's target has no name");
    if (current !== "") throw badRequest(`pod ${pod.metadata.name} is already assigned to node "${current}"`);
    bind(pod, node, action);
    return Promise.resolve(success());
  },
};

function bind(pod: ApiObject, node: string, action: ActionContext): void {
  const draft = draftOf(pod);
  ownFields(draft, "spec")["nodeName"] = node;
  const status = ownFields(draft, "status");
  const time = action.now.toISOString().replace(/\.\d+Z$/u, "Z");
  status["conditions"] = [{ type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: time }];
  action.replace(draft);
}

function success(): ApiObject {
  const status: unknown = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
  // The API answers a Status where other actions answer an object; it has no metadata of an object.
  return status as ApiObject;
}
