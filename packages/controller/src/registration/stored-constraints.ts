import { ownPath, type JsonObject } from "@portcullis/objects";
import { valueOf, type KubeClient } from "@portcullis/kube";
import { constraintsOf, constraintTemplates, customResourceDefinitions } from "../resources.ts";

/**
 * Every constraint that the cluster has at this moment, asked of the API server itself: a watch may be behind. Undefined
 * where the answer is not certain.
 */
export async function storedConstraints(client: KubeClient): Promise<readonly JsonObject[] | undefined> {
  const templates = valueOf(await client.list(constraintTemplates), "listing the templates").items;
  const constraints: JsonObject[] = [];
  for (const template of templates) {
    const kind = ownPath(template, "spec", "crd", "spec", "names", "kind");
    if (typeof kind !== "string" || kind === "") continue;
    const resource = constraintsOf(kind);
    const listed = await client.list(resource);
    if (listed.ok) constraints.push(...listed.value.items);
    else if (listed.status.code !== 404) valueOf(listed, `listing the constraints of ${kind}`);
    else {
      // An API server may not serve yet what another one serves, and stores.
      const crd = await client.get(customResourceDefinitions, { name: `${resource.plural}.${resource.group}` });
      if (crd.ok || crd.status.code !== 404) return undefined;
    }
  }
  return constraints;
}
