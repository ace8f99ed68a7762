import type { Probe } from "./probe.ts";

const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";
const apply = "application/apply-patch+yaml";

const pods = "/api/v1/namespaces/default/pods";
const maps = "/api/v1/namespaces/default/configmaps";
const deps = "/apis/apps/v1/namespaces/default/deployments";
const container = { name: "main", image: "example.com/main:1" };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };

/** Writes whose reviews are compared, in order: each builds on what those before it left. */
export const writes: readonly Probe[] = [
  {
    name: "a config map made",
    method: "POST",
    path: maps,
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: "1" } },
  },
  {
    name: "one made by a generated name, dry",
    method: "POST",
    path: `${maps}?dryRun=All&fieldManager=me`,
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "g-" } },
  },
  {
    name: "replaced",
    method: "PUT",
    path: `${maps}/a`,
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: "2" } },
  },
  { name: "patched", method: "PATCH", path: `${maps}/a`, body: { data: { y: "2" } }, type: merge },
  {
    name: "applied",
    method: "PATCH",
    path: `${maps}/b?fieldManager=m`,
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b" }, data: { y: "2" } },
    type: apply,
  },
  {
    name: "deleted, with options",
    method: "DELETE",
    path: `${maps}/a`,
    body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" },
  },
  { name: "deleted", method: "DELETE", path: `${maps}/b` },
  {
    name: "another made",
    method: "POST",
    path: maps,
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c1", labels: { d: "e" } } },
  },
  { name: "a collection deleted", method: "DELETE", path: `${maps}?labelSelector=d%3De` },
  {
    name: "a pod made",
    method: "POST",
    path: pods,
    body: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [container] } },
  },
  {
    name: "a pod patched",
    method: "PATCH",
    path: `${pods}/p`,
    body: { metadata: { labels: { x: "y" } } },
    type: strategic,
  },
  {
    name: "a pod's status",
    method: "PATCH",
    path: `${pods}/p/status`,
    body: { status: { phase: "Running" } },
    type: merge,
  },
  {
    name: "an ephemeral container",
    method: "PATCH",
    path: `${pods}/p/ephemeralcontainers`,
    body: { spec: { ephemeralContainers: [{ name: "d", image: "busybox" }] } },
    type: strategic,
  },
  {
    name: "a pod resized",
    method: "PATCH",
    path: `${pods}/p/resize`,
    body: { spec: { containers: [{ name: "main", resources: { requests: { cpu: "1" } } }] } },
    type: strategic,
  },
  {
    name: "a pod bound",
    method: "POST",
    path: `${pods}/p/binding`,
    body: { apiVersion: "v1", kind: "Binding", metadata: { name: "p" }, target: { kind: "Node", name: "n" } },
  },
  {
    name: "a pod evicted",
    method: "POST",
    path: `${pods}/p/eviction`,
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } },
  },
  {
    name: "a pod with much in it",
    method: "POST",
    path: pods,
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "q", annotations: { a: "b" } },
      spec: {
        initContainers: [{ name: "i", image: "x" }],
        containers: [
          {
            ...container,
            ports: [{ containerPort: 80 }],
            env: [{ name: "a", value: "" }],
            resources: { limits: { cpu: "0.5", memory: "1024Mi" } },
            livenessProbe: { httpGet: { path: "/", port: "http" } },
            securityContext: {},
            volumeMounts: [{ name: "v", mountPath: "/v" }],
          },
        ],
        volumes: [
          { name: "v", emptyDir: {} },
          { name: "h", hostPath: { path: "/" } },
        ],
        hostNetwork: true,
      },
    },
  },
  { name: "a pod deleted at once", method: "DELETE", path: `${pods}/q?gracePeriodSeconds=0` },
  {
    name: "a deployment made",
    method: "POST",
    path: deps,
    body: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: { selector: { matchLabels: { app: "web" } }, template },
    },
  },
  {
    name: "a deployment scaled",
    method: "PATCH",
    path: `${deps}/web/scale`,
    body: { spec: { replicas: 2 } },
    type: merge,
  },
  {
    name: "a deployment patched",
    method: "PATCH",
    path: `${deps}/web`,
    body: { spec: { paused: true } },
    type: strategic,
  },
  {
    name: "a deployment's status",
    method: "PATCH",
    path: `${deps}/web/status`,
    body: { status: { replicas: 1 } },
    type: merge,
  },
  { name: "a deployment deleted", method: "DELETE", path: `${deps}/web` },
  {
    name: "a stateful set made",
    method: "POST",
    path: "/apis/apps/v1/namespaces/default/statefulsets",
    body: {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "s" },
      spec: { serviceName: "s", selector: { matchLabels: { app: "web" } }, template },
    },
  },
  {
    name: "a daemon set made",
    method: "POST",
    path: "/apis/apps/v1/namespaces/default/daemonsets",
    body: {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name: "s" },
      spec: { selector: { matchLabels: { app: "web" } }, template },
    },
  },
  {
    name: "a job made",
    method: "POST",
    path: "/apis/batch/v1/namespaces/default/jobs",
    body: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "j" },
      spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
    },
  },
  {
    name: "a cron job made",
    method: "POST",
    path: "/apis/batch/v1/namespaces/default/cronjobs",
    body: {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "j" },
      spec: {
        schedule: "* * * * *",
        jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } },
      },
    },
  },
  {
    name: "a service made",
    method: "POST",
    path: "/api/v1/namespaces/default/services",
    body: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s" },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], externalIPs: ["1.2.3.4"] },
    },
  },
  {
    name: "a service's status",
    method: "PATCH",
    path: "/api/v1/namespaces/default/services/s/status",
    body: { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } },
    type: merge,
  },
  {
    name: "an ingress made",
    method: "POST",
    path: "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
    body: {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "i" },
      spec: { rules: [{ host: "a.b" }] },
    },
  },
  {
    name: "a namespace made",
    method: "POST",
    path: "/api/v1/namespaces",
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: "n1" } },
  },
  {
    name: "a namespace patched",
    method: "PATCH",
    path: "/api/v1/namespaces/n1",
    body: { metadata: { labels: { a: "b" } } },
    type: merge,
  },
  { name: "a namespace deleted", method: "DELETE", path: "/api/v1/namespaces/n1" },
  {
    name: "a service account made",
    method: "POST",
    path: "/api/v1/namespaces/default/serviceaccounts",
    body: { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "sa" } },
  },
  {
    name: "a token asked for",
    method: "POST",
    path: "/api/v1/namespaces/default/serviceaccounts/sa/token",
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
  },
  {
    name: "a cluster role made",
    method: "POST",
    path: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    body: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "r1" }, rules: [] },
  },
  {
    name: "a disruption budget made",
    method: "POST",
    path: "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
    body: {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "pdb" },
      spec: { minAvailable: 1, selector: { matchLabels: { a: "b" } } },
    },
  },
  {
    name: "an autoscaler made",
    method: "POST",
    path: "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
    body: {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "h" },
      spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" } },
    },
  },
  {
    name: "a claim made",
    method: "POST",
    path: "/api/v1/namespaces/default/persistentvolumeclaims",
    body: {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "c" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  },
  {
    name: "a definition made",
    method: "POST",
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    body: {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "ts.e.com" },
      spec: {
        group: "e.com",
        scope: "Namespaced",
        names: { plural: "ts", kind: "T" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: "object",
                properties: { spec: { type: "object", properties: { n: { type: "integer", default: 3 } } } },
              },
            },
          },
        ],
      },
    },
  },
];

/** Those that need the definition to be served. */
export const customWrites: readonly Probe[] = [
  {
    name: "a thing made",
    method: "POST",
    path: "/apis/e.com/v1/namespaces/default/ts",
    body: { apiVersion: "e.com/v1", kind: "T", metadata: { name: "t" }, spec: { zzz: 1 } },
  },
  {
    name: "a thing patched",
    method: "PATCH",
    path: "/apis/e.com/v1/namespaces/default/ts/t",
    body: { spec: { n: 4 } },
    type: merge,
  },
  { name: "a thing deleted", method: "DELETE", path: "/apis/e.com/v1/namespaces/default/ts/t" },
];
