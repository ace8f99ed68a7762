import { createHash } from "node:crypto";
import { writeJson, type JsonObject } from "@portcullis/objects";
import { accessObjects } from "./access-objects.ts";
import { containerSecurity } from "./container-security.ts";
import { systemLabel, type ManifestOptions } from "./manifest-options.ts";

/** What applying takes: to look whether it is there, and to make or change it. */
const write = ["get", "create", "patch"];

/**
 * What applies the policies that were given, when the server is there: a Job of `portcullis apply`, what it applies, and
 * who it is. The Job's name tells its policies, since the Pod of a Job cannot be changed.
 */
export function policyObjects({ namespace, names, image, policies }: ManifestOptions): readonly JsonObject[] {
  if (policies.length === 0) return [];
  const labels = { ...systemLabel };
  const text = writeJson({ apiVersion: "v1", kind: "List", items: [...policies] });
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  const { applier } = names;
  return [
    ...accessObjects({
      namespace,
      account: applier,
      role: applier,
      roleBinding: applier,
      clusterRules: [
        { apiGroups: ["templates.gatekeeper.sh"], resources: ["constrainttemplates"], verbs: write },
        { apiGroups: ["constraints.gatekeeper.sh"], resources: ["*"], verbs: write },
        { apiGroups: ["syncset.gatekeeper.sh"], resources: ["syncsets"], verbs: write },
      ],
      namespaceRules: [
        { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
        { apiGroups: ["config.gatekeeper.sh"], resources: ["configs"], verbs: write },
      ],
    }),
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${applier}-${hash}`, namespace, labels },
      data: { "policies.json": text },
    },
    job(`${applier}-${hash}`, applier, namespace, image),
  ];
}

function job(name: string, account: string, namespace: string, image: string): JsonObject {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace, labels: { ...systemLabel } },
    spec: {
      backoffLimit: 3,
      template: {
        metadata: { labels: { ...systemLabel } },
        spec: {
          serviceAccountName: account,
          restartPolicy: "Never",
          nodeSelector: { "kubernetes.io/os": "linux" },
          containers: [
            {
              name: "apply",
              image,
              imagePullPolicy: "IfNotPresent",
              command: ["node", "/server/apply.mjs"],
              args: [
                "--wait",
                "--timeout=5m",
                "--validate=strict",
                `--gatekeeper-namespace=${namespace}`,
                "--filename=/policies/policies.json",
              ],
              resources: { limits: { memory: "256Mi" }, requests: { cpu: "50m", memory: "64Mi" } },
              securityContext: containerSecurity,
              volumeMounts: [{ name: "policies", mountPath: "/policies", readOnly: true }],
            },
          ],
          volumes: [{ name: "policies", configMap: { name } }],
        },
      },
    },
  };
}
