import { httpsTransport, KubeClient, loadConfig, valueOf, type Resource } from "@portcullis/kube";
import type { JsonObject } from "@portcullis/objects";
import { clusterTrouble } from "../cluster-trouble.ts";
import { CommandError } from "../command-error.ts";

/** The groups that are read whole, with the version that each is read in. */
const whole: readonly (readonly [group: string, version: string])[] = [
  ["templates.gatekeeper.sh", "v1"],
  ["constraints.gatekeeper.sh", "v1beta1"],
  ["config.gatekeeper.sh", "v1alpha1"],
  ["syncset.gatekeeper.sh", "v1alpha1"],
  ["mutations.gatekeeper.sh", "v1"],
  ["mutations.gatekeeper.sh", "v1alpha1"],
  ["expansion.gatekeeper.sh", "v1alpha1"],
  ["externaldata.gatekeeper.sh", "v1beta1"],
  ["connection.gatekeeper.sh", "v1alpha1"],
];

const customResourceDefinitions: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};

const deployments: Resource = {
  group: "apps",
  version: "v1",
  plural: "deployments",
  kind: "Deployment",
  namespaced: true,
};

/** Of `admissionregistration.k8s.io/v1`; not every cluster has them all. */
const admissionKinds: ReadonlySet<string> = new Set([
  "ValidatingWebhookConfiguration",
  "MutatingWebhookConfiguration",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
]);

/** Everything in the cluster that the check looks at. Only reads. */
export async function readCluster(
  kubeconfig: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly JsonObject[]> {
  const config = await loadConfig(kubeconfig === "" ? {} : { kubeconfig }, environment);
  if (!config.ok) throw new CommandError(config.message);
  const client = new KubeClient(httpsTransport(config.value, "portcullis"));
  try {
    const ofAdmission = await client.discover("admissionregistration.k8s.io", "v1");
    const resources = [
      customResourceDefinitions,
      deployments,
      ...ofAdmission.filter(({ kind }) => admissionKinds.has(kind)),
    ];
    for (const [group, version] of whole) {
      for (const resource of await client.discover(group, version)) {
        const known = resources.some((other) => other.group === group && other.plural === resource.plural);
        if (!known) resources.push(resource);
      }
    }
    const objects: JsonObject[] = [];
    for (const resource of resources) {
      const list = valueOf(await client.list(resource), `listing ${resource.plural}.${resource.group}`);
      objects.push(...list.items);
    }
    return objects;
  } catch (error) {
    throw clusterTrouble(error, { cluster: config.value, done: "read", kubeconfig, environment });
  } finally {
    client.close();
  }
}
