import { isJsonArray, nameOf, own, ownString, type JsonObject } from "@portcullis/objects";
import { valueOf, type Clock, type KubeClient, type Resource } from "@portcullis/kube";
import { customResourceDefinitions, namespaces, webhookConfigurations } from "./resources.ts";

const fieldManager = "gatekeeper";

/** Puts the server's namespace and CRDs into the cluster, and waits until the CRDs are served. */
export async function installBasics(
  client: KubeClient,
  clock: Clock,
  namespace: string,
  crds: readonly JsonObject[],
): Promise<void> {
  const own: JsonObject = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { "admission.gatekeeper.sh/ignore": "no-self-managing" } },
  };
  await Promise.all([
    install(client, namespaces, own),
    ...crds.map(async (crd) => {
      await install(client, customResourceDefinitions, crd);
      await established(client, clock, nameOf(crd));
    }),
  ]);
}

/** Puts the webhook configuration into the cluster; from here on the API server asks before it writes. */
export async function installWebhook(client: KubeClient, configuration: JsonObject): Promise<void> {
  await install(client, webhookConfigurations, configuration);
}

/** Makes the object; where it is there already, takes over the fields that we set and leaves the others. */
async function install(client: KubeClient, resource: Resource, object: JsonObject): Promise<void> {
  const created = await client.create(resource, object);
  if (created.ok) return;
  const doing = `installing ${resource.kind} ${nameOf(object)}`;
  if (created.status.reason !== "AlreadyExists") valueOf(created, doing);
  valueOf(await client.apply(resource, object, { fieldManager, force: true }), doing);
}

async function established(client: KubeClient, clock: Clock, name: string): Promise<void> {
  const deadline = clock.now() + 30_000;
  for (let wait = 2; clock.now() < deadline; wait = Math.min(wait * 2, 250)) {
    const crd = valueOf(await client.get(customResourceDefinitions, { name }), `reading the CRD ${name}`);
    const conditions = own(own(crd, "status"), "conditions");
    const isEstablished =
      isJsonArray(conditions) &&
      conditions.some((one) => ownString(one, "type") === "Established" && ownString(one, "status") === "True");
    if (isEstablished) return;
    await clock.sleep(wait);
  }
  throw new Error(`the API server did not establish the CRD ${name} within 30 seconds`);
}
