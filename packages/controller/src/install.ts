import { hasCondition, metadataOf, nameOf, type JsonObject } from "@portcullis/objects";
import { valueOf, type Clock, type KubeClient, type Resource } from "@portcullis/kube";
import { customResourceDefinitions, namespaces, webhookConfigurations } from "./resources.ts";

/**
 * Puts the server's namespace and CRDs into the cluster, and waits until the CRDs are served. What is there already is
 * left alone: a restart must need no write, since the API server may be asking us before it writes anything.
 */
export async function installBasics(
  client: KubeClient,
  clock: Clock,
  namespace: string,
  crds: readonly JsonObject[],
): Promise<void> {
  const ours: JsonObject = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "admission.gatekeeper.sh/ignore": "no-self-managing" } },
  };
  await Promise.all([
    install(client, namespaces, ours, "keep"),
    ...crds.map(async (crd) => {
      await install(client, customResourceDefinitions, crd, "keep");
      await established(client, clock, nameOf(crd));
    }),
  ]);
}

/** Puts the webhook configuration into the cluster; from here on the API server asks before it writes. */
export async function installWebhook(client: KubeClient, configuration: JsonObject): Promise<void> {
  await install(client, webhookConfigurations, configuration, "replace");
}

/** Makes the object where it is not there; one that is there is left as it is, or replaced. */
async function install(
  client: KubeClient,
  resource: Resource,
  object: JsonObject,
  existing: "keep" | "replace",
): Promise<void> {
  const doing = `installing ${resource.kind} ${nameOf(object)}`;
  const found = await client.get(resource, { name: nameOf(object) });
  if (!found.ok) {
    if (found.status.code !== 404) valueOf(found, doing);
    const created = await client.create(resource, object);
    // Another replica may have been faster.
    if (!created.ok && created.status.reason === "AlreadyExists") return install(client, resource, object, existing);
    valueOf(created, doing);
    return;
  }
  if (existing === "keep") return;
  const metadata = { ...metadataOf(found.value), ...metadataOf(object) };
  valueOf(await client.replace(resource, { ...object, metadata }), doing);
}

/** Far more than an API server needs; one that takes longer is in trouble that waiting does not end. */
const establishSeconds = 30;

async function established(client: KubeClient, clock: Clock, name: string): Promise<void> {
  const deadline = clock.now() + establishSeconds * 1000;
  for (let wait = 2; clock.now() < deadline; wait = Math.min(wait * 2, 250)) {
    const crd = valueOf(await client.get(customResourceDefinitions, { name }), `reading the CRD ${name}`);
    if (hasCondition(crd, "Established")) return;
    await clock.sleep(wait);
  }
  throw new Error(`the API server did not establish the CRD ${name} within ${establishSeconds} seconds`);
}
