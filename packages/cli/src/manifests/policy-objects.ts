import { createHash } from "node:crypto";
import { writeJson, type JsonObject } from "@portcullis/objects";
import { systemLabel, type ManifestOptions } from "./manifest-options.ts";

const group = "rbac.authorization.k8s.io";
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
  const account = { kind: "ServiceAccount", name: names.applier, namespace };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: names.applier, namespace, labels } },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRole",
      metadata: { name: names.applier, labels },
      rules: [
        { apiGroups: ["templates.gatekeeper.sh"], resources: ["constrainttemplates"], verbs: write },
        { apiGroups: ["constraints.gatekeeper.sh"], resources: ["*"], verbs: write },
        { apiGroups: ["syncset.gatekeeper.sh"], resources: ["syncsets"], verbs: write },
      ],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: names.applier, labels },
      roleRef: { apiGroup: group, kind: "ClusterRole", name: names.applier },
      subjects: [account],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "Role",
      metadata: { name: names.applier, namespace, labels },
      rules: [
        { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
        { apiGroups: ["config.gatekeeper.sh"], resources: ["configs"], verbs: write },
      ],
    },
    {
      apiVersion: `${group}/v1`,
      kind: "RoleBinding",
      metadata: { name: names.applier, namespace, labels },
      roleRef: { apiGroup: group, kind: "Role", name: names.applier },
      subjects: [account],
    },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: `${names.applier}-${hash}`, namespace, labels },
      data: { "policies.json": text },
    },
    job(`${names.applier}-${hash}`, names.applier, namespace, image),
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
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
                runAsGroup: 999,
                runAsNonRoot: true,
                runAsUser: 1000,
                seccompProfile: { type: "RuntimeDefault" },
              },
              volumeMounts: [{ name: "policies", mountPath: "/policies", readOnly: true }],
            },
          ],
          volumes: [{ name: "policies", configMap: { name } }],
        },
      },
    },
  };
}
