import { selectorText } from "../kinds/selector-text.ts";
import { draftOf, getOwn, isFields, setOwn, type ApiObject, type Draft, type Fields } from "../storage/api-object.ts";
import type { ScalePaths } from "../kinds/kind.ts";

/** The kind of the scale subresource. */
export const scaleKind: { readonly group: string; readonly version: string; readonly kind: string } = {
  group: "autoscaling",
  version: "v1",
  kind: "Scale",
};

function steps(path: string): readonly string[] {
  return path.split(".").filter((step) => step !== "");
}

function at(object: unknown, path: string): unknown {
  return steps(path).reduce<unknown>((node, step) => getOwn(node, step), object);
}

function selectorAt(object: ApiObject, path: string): string {
  const selector = at(object, path);
  if (typeof selector === "string") return selector;
  if (!isFields(selector)) return "";
  const isLabelSelector = "matchLabels" in selector || "matchExpressions" in selector;
  return selectorText(isLabelSelector ? selector : { matchLabels: selector });
}

/** The Scale of an object. */
export function scaleOf(object: ApiObject, paths: ScalePaths): ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = at(object, paths.specReplicasPath);
  const selector = paths.labelSelectorPath === undefined ? "" : selectorAt(object, paths.labelSelectorPath);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), uid, resourceVersion, creationTimestamp },
    spec: typeof replicas === "number" && replicas !== 0 ? { replicas } : {},
    status: { replicas: Number(at(object, paths.statusReplicasPath) ?? 0), ...(selector === "" ? {} : { selector }) },
  };
}

/** The object scaled as a Scale says. */
export function scaledBy(scale: Draft | ApiObject, object: ApiObject, paths: ScalePaths): Draft {
  const draft = draftOf(object);
  const replicas = getOwn(scale["spec"], "replicas") ?? 0;
  const path = steps(paths.specReplicasPath);
  let node: Fields = draft;
  for (const step of path.slice(0, -1)) {
    const below = getOwn(node, step);
    const next: Fields = isFields(below) ? below : {};
    setOwn(node, step, next);
    node = next;
  }
  setOwn(node, path.at(-1) ?? "replicas", replicas);
  draft.metadata.resourceVersion = scale.metadata.resourceVersion;
  return draft;
}
