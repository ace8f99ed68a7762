import type { JsonObject } from "@portcullis/objects";
import { containerSecurity } from "./container-security.ts";
import { systemLabel, type ManifestOptions } from "./manifest-options.ts";
import { policyObjects } from "./policy-objects.ts";
import { roleObjects } from "./role-objects.ts";
import { webhookConfigurationObject } from "./webhook-objects.ts";

/** Everything but the CRDs, in an order in which it can be applied. The webhook comes late, when somebody will serve. */
export function serverObjects(options: ManifestOptions): readonly JsonObject[] {
  const { namespace, names } = options;
  const { podLabels } = names;
  const labels = { ...systemLabel };
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: namespace,
        labels: {
          "admission.gatekeeper.sh/ignore": "no-self-managing",
          "control-plane": "controller-manager",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
          ...systemLabel,
        },
      },
    },
    ...roleObjects(options),
    { apiVersion: "v1", kind: "Secret", metadata: { name: names.secret, namespace, labels } },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: names.service, namespace, labels },
      spec: {
        type: "ClusterIP",
        ports: [{ name: "https-webhook-server", port: 443, targetPort: "webhook-server" }],
        selector: { ...podLabels },
      },
    },
    {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: names.quota, namespace, labels },
      spec: {
        hard: { pods: "100" },
        scopeSelector: {
          matchExpressions: [{ operator: "In", scopeName: "PriorityClass", values: ["system-cluster-critical"] }],
        },
      },
    },
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: names.deployment, namespace, labels },
      spec: { minAvailable: 1, selector: { matchLabels: { ...podLabels } } },
    },
    deployment(options),
    webhookConfigurationObject(options),
    ...policyObjects(options),
  ];
}

function deployment(options: ManifestOptions): JsonObject {
  const { namespace, names, image, replicas, profile, eventsInInvolvedNamespace } = options;
  const { podLabels } = names;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: names.deployment, namespace, labels: { ...podLabels } },
    spec: {
      replicas,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { ...podLabels } },
      // A Pod that is about to go keeps serving; one more is there before it does.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels: { ...podLabels } },
        spec: {
          serviceAccountName: names.account,
          automountServiceAccountToken: true,
          priorityClassName: "system-cluster-critical",
          terminationGracePeriodSeconds: 60,
          nodeSelector: { "kubernetes.io/os": "linux" },
          securityContext: { fsGroup: 999, supplementalGroups: [999] },
          topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map((topologyKey) => ({
            maxSkew: 1,
            topologyKey,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { ...podLabels } },
          })),
          containers: [
            {
              name: "manager",
              image,
              imagePullPolicy: "IfNotPresent",
              args: [
                "--port=8443",
                "--health-addr=:9090",
                "--prometheus-port=8888",
                "--operation=webhook",
                "--operation=status",
                "--log-level=INFO",
                "--log-denies=false",
                `--exempt-namespace=${namespace}`,
                "--denial-form=classic",
                ...(profile === "strict" ? ["--narrow-webhook-rules"] : []),
                ...(eventsInInvolvedNamespace
                  ? ["--emit-admission-events", "--admission-events-involved-namespace"]
                  : []),
                ...(names.areGatekeepers
                  ? []
                  : [
                      `--validating-webhook-configuration-name=${names.webhookConfiguration}`,
                      `--cert-service-name=${names.service}`,
                      `--cert-secret-name=${names.secret}`,
                      `--service-account-name=${names.account}`,
                    ]),
              ],
              env: [
                { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
                { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
                { name: "CONTAINER_NAME", value: "manager" },
              ],
              ports: [
                { name: "webhook-server", containerPort: 8443, protocol: "TCP" },
                { name: "metrics", containerPort: 8888, protocol: "TCP" },
                { name: "healthz", containerPort: 9090, protocol: "TCP" },
              ],
              livenessProbe: { httpGet: { path: "/healthz", port: 9090 }, timeoutSeconds: 1 },
              readinessProbe: { httpGet: { path: "/readyz", port: 9090 }, timeoutSeconds: 1, periodSeconds: 2 },
              // No CPU limit: throttled, a webhook holds up the API server.
              resources: { limits: { memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
              securityContext: containerSecurity,
            },
          ],
        },
      },
    },
  };
}
