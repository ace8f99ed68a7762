import { compareQuantities, parseQuantity } from "@portcullis/objects";
import { at, listAt } from "./fields-at.ts";

/** The quality of service class of a Pod: how its containers' limits and requests relate for CPU and memory. */
export function qualityOfService(spec: unknown): "Guaranteed" | "Burstable" | "BestEffort" {
  const containers = [...listAt(spec, "containers"), ...listAt(spec, "initContainers")];
  let any = false;
  let all = true;
  for (const container of containers) {
    for (const name of ["cpu", "memory"]) {
      const limit = at(container, "resources", "limits", name);
      const request = at(container, "resources", "requests", name);
      if (isAmount(limit) || isAmount(request)) any = true;
      if (!isAmount(limit) || (request !== undefined && !sameAmount(limit, request))) all = false;
    }
  }
  if (!any) return "BestEffort";
  return all && containers.length > 0 ? "Guaranteed" : "Burstable";
}

function isAmount(value: unknown): boolean {
  const reading = parseQuantity(`${value}`);
  return value !== undefined && reading.ok && reading.quantity.nano > 0n;
}

function sameAmount(left: unknown, right: unknown): boolean {
  const [a, b] = [parseQuantity(`${left}`), parseQuantity(`${right}`)];
  return a.ok && b.ok && compareQuantities(a.quantity, b.quantity) === 0;
}
