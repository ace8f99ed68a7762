import type { JsonObject, JsonValue } from "@portcullis/objects";
import type { Probe } from "./probe.ts";

const apply = "application/apply-patch+yaml";
const merge = "application/merge-patch+json";
const strategic = "application/strategic-merge-patch+json";
const jsonPatch = "application/json-patch+json";
const table = "application/json;as=Table;v=v1;g=meta.k8s.io";

const container: JsonObject = { name: "main", image: "example.com/main:1" };
const maps = "/api/v1/namespaces/default/configmaps";
const pods = "/api/v1/namespaces/default/pods";
const deployments = "/apis/apps/v1/namespaces/default/deployments";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const things = "/apis/example.com/v1/namespaces/default/things";

function object(apiVersion: string, kind: string, name: string, more: JsonObject = {}): JsonObject {
  return { apiVersion, kind, metadata: { name }, ...more };
}

function podOf(name: string, spec: JsonObject = {}): JsonObject {
  return object("v1", "Pod", name, { spec: { containers: [container], ...spec } });
}

function post(name: string, path: string, body: JsonValue | string): Probe {
  return { name, method: "POST", path, body };
}

function labelsByStatus(path: string): Probe {
  const metadata = { labels: { by: "status" }, annotations: { by: "status" } };
  return {
    name: `labels by way of the status of ${path}`,
    method: "PATCH",
    path: `${path}/status`,
    type: merge,
    body: { metadata },
  };
}

const labels = { matchLabels: { app: "web" } };
const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };

const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "things.example.com", {
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "things", singular: "thing", kind: "Thing", shortNames: ["th"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1, maximum: 10 },
                  color: { type: "string", enum: ["red", "blue"], default: "red" },
                  name: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
                  list: { type: "array", items: { type: "string" }, maxItems: 2 },
                  open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                },
              },
              status: { type: "object", properties: { phase: { type: "string" } } },
            },
          },
        },
      },
    ],
  },
});

/** In order: each builds on what those before it left. */
export const probes: readonly Probe[] = [
  { name: "discovery of the core", path: "/api/v1" },
  { name: "the groups' names of the core", path: "/api" },
  { name: "discovery of apps", path: "/apis/apps/v1" },
  { name: "a path that is not there", path: "/apis/nothing.example.com/v1" },
  { name: "a resource that is not there", path: "/api/v1/namespaces/default/nothings" },
  { name: "an object that is not there", path: `${maps}/nothing` },
  post("a config map", maps, object("v1", "ConfigMap", "one", { data: { a: "1" } })),
  post("the same again", maps, object("v1", "ConfigMap", "one")),
  post("a bad name", maps, object("v1", "ConfigMap", "Not_A_Name")),
  post("no name", maps, { apiVersion: "v1", kind: "ConfigMap" }),
  post("a name and the wrong namespace", maps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "x", namespace: "other" },
  }),
  post("a namespace that is not there", "/api/v1/namespaces/nowhere/configmaps", object("v1", "ConfigMap", "one")),
  post("the wrong kind", maps, object("v1", "Secret", "one")),
  post("the wrong version", maps, object("apps/v1", "ConfigMap", "one")),
  post("no kind", maps, { metadata: { name: "x" } }),
  post("not JSON", maps, "{"),
  post("an array", maps, "[]"),
  post("a field of the wrong type", maps, object("v1", "ConfigMap", "typed", { data: { a: 1 } })),
  post("a bad label", maps, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x", labels: { "a b": "c d" } } }),
  post("a bad key", maps, object("v1", "ConfigMap", "keys", { data: { "a/b": "x" } })),
  post(
    "an unknown field, ignored",
    `${maps}?fieldValidation=Ignore&dryRun=All`,
    object("v1", "ConfigMap", "unknown", { dta: {} }),
  ),
  post(
    "an unknown field, warned of",
    `${maps}?fieldValidation=Warn&dryRun=All`,
    object("v1", "ConfigMap", "unknown", { dta: {} }),
  ),
  post(
    "an unknown field, refused",
    `${maps}?fieldValidation=Strict&dryRun=All`,
    object("v1", "ConfigMap", "unknown", { dta: {} }),
  ),
  post(
    "a duplicate field, refused",
    `${maps}?fieldValidation=Strict`,
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"d"},"data":{"a":"1","a":"2"}}',
  ),
  post("a bad dryRun", `${maps}?dryRun=Some`, object("v1", "ConfigMap", "x")),
  { name: "as a table", path: `${maps}/one`, accept: table },
  { name: "a list as a table", path: `${maps}?labelSelector=none%3Dnone`, accept: table },
  { name: "a bad label selector", path: `${maps}?labelSelector=a%3D%3D%3Db` },
  { name: "a bad field selector", path: `${maps}?fieldSelector=data.a%3D1` },
  { name: "by a field selector", path: `${maps}?fieldSelector=metadata.name%3Done` },
  { name: "a bad limit", path: `${maps}?limit=x` },
  { name: "a media type that nobody makes", path: maps, accept: "text/csv" },
  { name: "a merge patch", method: "PATCH", path: `${maps}/one`, type: merge, body: { data: { b: "2", a: null } } },
  {
    name: "a JSON patch",
    method: "PATCH",
    path: `${maps}/one`,
    type: jsonPatch,
    body: [{ op: "add", path: "/data/c", value: "3" }],
  },
  {
    name: "a JSON patch of what is not there",
    method: "PATCH",
    path: `${maps}/one`,
    type: jsonPatch,
    body: [{ op: "remove", path: "/data/zzz" }],
  },
  {
    name: "a JSON patch whose test fails",
    method: "PATCH",
    path: `${maps}/one`,
    type: jsonPatch,
    body: [{ op: "test", path: "/data/c", value: "4" }],
  },
  { name: "a patch of a type that is none", method: "PATCH", path: `${maps}/one`, type: "application/json", body: {} },
  {
    name: "a strategic patch",
    method: "PATCH",
    path: `${maps}/one`,
    type: strategic,
    body: { metadata: { labels: { x: "y" } } },
  },
  {
    name: "server-side apply",
    method: "PATCH",
    path: `${maps}/applied?fieldManager=a`,
    type: apply,
    body: object("v1", "ConfigMap", "applied", { data: { k: "1" } }),
  },
  {
    name: "server-side apply by another",
    method: "PATCH",
    path: `${maps}/applied?fieldManager=b`,
    type: apply,
    body: object("v1", "ConfigMap", "applied", { data: { k: "2" } }),
  },
  {
    name: "server-side apply by force",
    method: "PATCH",
    path: `${maps}/applied?fieldManager=b&force=true`,
    type: apply,
    body: object("v1", "ConfigMap", "applied", { data: { k: "2" } }),
  },
  {
    name: "server-side apply without a manager",
    method: "PATCH",
    path: `${maps}/applied`,
    type: apply,
    body: object("v1", "ConfigMap", "applied"),
  },
  { name: "replace without a name", method: "PUT", path: `${maps}/one`, body: { apiVersion: "v1", kind: "ConfigMap" } },
  { name: "replace by another name", method: "PUT", path: `${maps}/one`, body: object("v1", "ConfigMap", "two") },
  {
    name: "replace with an old version",
    method: "PUT",
    path: `${maps}/one`,
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "one", resourceVersion: "1" } },
  },
  {
    name: "replace of what is not there",
    method: "PUT",
    path: `${maps}/none`,
    body: object("v1", "ConfigMap", "none"),
  },
  {
    name: "delete with a precondition",
    method: "DELETE",
    path: `${maps}/one`,
    body: { kind: "DeleteOptions", apiVersion: "v1", preconditions: { uid: "x" } },
  },
  { name: "delete", method: "DELETE", path: `${maps}/one` },
  { name: "delete again", method: "DELETE", path: `${maps}/one` },
  { name: "a verb that is not served", method: "POST", path: `${maps}/one`, body: object("v1", "ConfigMap", "one") },
  post("a pod", pods, podOf("web")),
  { name: "a pod as a table", path: `${pods}/web`, accept: table },
  post("a pod of nothing", pods, object("v1", "Pod", "x")),
  post("a pod without containers", pods, object("v1", "Pod", "x", { spec: { containers: [] } })),
  post("a pod without image", pods, object("v1", "Pod", "x", { spec: { containers: [{ name: "a" }] } })),
  post("a pod with two of a name", pods, object("v1", "Pod", "x", { spec: { containers: [container, container] } })),
  post("a pod with bad things", pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "UP" },
    spec: {
      restartPolicy: "Maybe",
      containers: [
        {
          name: "A b",
          image: " x",
          imagePullPolicy: "Sometimes",
          ports: [{ containerPort: 70_000 }],
          resources: { limits: { cpu: "-1" } },
        },
      ],
    },
  }),
  post(
    "a pod with a bad quantity",
    pods,
    podOf("x", { containers: [{ ...container, resources: { limits: { cpu: "much" } } }] }),
  ),
  post(
    "a pod with a request above its limit",
    pods,
    podOf("x", { containers: [{ ...container, resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }] }),
  ),
  post(
    "a pod that mounts nothing",
    pods,
    podOf("x", { containers: [{ ...container, volumeMounts: [{ name: "v", mountPath: "/v" }] }] }),
  ),
  post(
    "a pod with a bad type",
    pods,
    podOf("x", { containers: [{ ...container, ports: [{ containerPort: "eighty" }] }] }),
  ),
  post("a pod with a string for a number", pods, podOf("x", { terminationGracePeriodSeconds: "5" })),
  post("a pod of a strange priority", pods, podOf("x", { priorityClassName: "none" })),
  post("a pod with much in it", pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "much", labels: { a: "b" }, annotations: { c: "d" } },
    spec: {
      initContainers: [{ name: "init", image: "a", command: ["x"] }],
      containers: [
        {
          ...container,
          args: ["a"],
          env: [
            { name: "A", value: "b" },
            { name: "N", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          ],
          ports: [{ containerPort: 80 }],
          readinessProbe: { httpGet: { port: 80 } },
          resources: { requests: { cpu: "0.5" }, limits: { memory: "1Gi" } },
          securityContext: { runAsNonRoot: true },
        },
      ],
      volumes: [
        { name: "e", emptyDir: {} },
        { name: "c", configMap: { name: "x" } },
        { name: "s", secret: { secretName: "y" } },
      ],
      tolerations: [{ key: "a", operator: "Exists" }],
    },
  }),
  {
    name: "a pod's image changed",
    method: "PATCH",
    path: `${pods}/web`,
    type: strategic,
    body: { spec: { containers: [{ name: "main", image: "other" }] } },
  },
  {
    name: "a pod's command changed",
    method: "PATCH",
    path: `${pods}/web`,
    type: strategic,
    body: { spec: { containers: [{ name: "main", command: ["x"] }] } },
  },
  {
    name: "a pod's status changed",
    method: "PATCH",
    path: `${pods}/web/status`,
    type: merge,
    body: { status: { phase: "Running" } },
  },
  {
    name: "a pod's labels by way of its status",
    method: "PATCH",
    path: `${pods}/web/status`,
    type: merge,
    body: { metadata: { labels: { by: "status" }, annotations: { by: "status" } }, spec: { nodeName: "other" } },
  },
  {
    name: "an ephemeral container",
    method: "PATCH",
    path: `${pods}/web/ephemeralcontainers`,
    type: strategic,
    body: { spec: { ephemeralContainers: [{ name: "debug", image: "busybox" }] } },
  },
  post("a binding", `${pods}/web/binding`, {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "web" },
    target: { kind: "Node", name: "n" },
  }),
  post("an eviction", `${pods}/much/eviction`, {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: "much" },
  }),
  post("a deployment", deployments, object("apps/v1", "Deployment", "web", { spec: { selector: labels, template } })),
  { name: "a deployment as a table", path: deployments, accept: table },
  post(
    "a deployment whose selector misses",
    deployments,
    object("apps/v1", "Deployment", "x", { spec: { selector: { matchLabels: { app: "other" } }, template } }),
  ),
  post("a deployment without a selector", deployments, object("apps/v1", "Deployment", "x", { spec: { template } })),
  post(
    "a deployment with bad numbers",
    deployments,
    object("apps/v1", "Deployment", "x", { spec: { replicas: -1, selector: labels, template } }),
  ),
  labelsByStatus(`${deployments}/web`),
  { name: "a deployment's scale", path: `${deployments}/web/scale` },
  {
    name: "a deployment scaled",
    method: "PATCH",
    path: `${deployments}/web/scale`,
    type: merge,
    body: { spec: { replicas: 3 } },
  },
  {
    name: "a deployment's selector changed",
    method: "PATCH",
    path: `${deployments}/web`,
    type: merge,
    body: { spec: { selector: { matchLabels: { app: "z" } } } },
  },
  post(
    "a service",
    "/api/v1/namespaces/default/services",
    object("v1", "Service", "web", { spec: { ports: [{ port: 80 }], selector: { app: "web" } } }),
  ),
  labelsByStatus("/api/v1/namespaces/default/services/web"),
  post("a service without ports", "/api/v1/namespaces/default/services", object("v1", "Service", "none", { spec: {} })),
  post("a secret", "/api/v1/namespaces/default/secrets", object("v1", "Secret", "s", { stringData: { a: "b" } })),
  post(
    "a secret that is no base64",
    "/api/v1/namespaces/default/secrets",
    object("v1", "Secret", "t", { data: { a: "%" } }),
  ),
  post(
    "a TLS secret without its key",
    "/api/v1/namespaces/default/secrets",
    object("v1", "Secret", "tls", { type: "kubernetes.io/tls", data: {} }),
  ),
  post(
    "a job",
    "/apis/batch/v1/namespaces/default/jobs",
    object("batch/v1", "Job", "job", {
      spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
    }),
  ),
  post(
    "a job that restarts always",
    "/apis/batch/v1/namespaces/default/jobs",
    object("batch/v1", "Job", "bad", { spec: { template: { spec: { containers: [container] } } } }),
  ),
  post(
    "a cron job",
    "/apis/batch/v1/namespaces/default/cronjobs",
    object("batch/v1", "CronJob", "cron", {
      spec: {
        schedule: "* * * * *",
        jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } },
      },
    }),
  ),
  post(
    "a cron job of a bad schedule",
    "/apis/batch/v1/namespaces/default/cronjobs",
    object("batch/v1", "CronJob", "bad", {
      spec: {
        schedule: "often",
        jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } },
      },
    }),
  ),
  post(
    "a stateful set",
    "/apis/apps/v1/namespaces/default/statefulsets",
    object("apps/v1", "StatefulSet", "set", { spec: { serviceName: "web", selector: labels, template } }),
  ),
  post(
    "a daemon set",
    "/apis/apps/v1/namespaces/default/daemonsets",
    object("apps/v1", "DaemonSet", "set", { spec: { selector: labels, template } }),
  ),
  post(
    "an ingress",
    "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
    object("networking.k8s.io/v1", "Ingress", "web", {
      spec: {
        rules: [
          {
            host: "example.com",
            http: {
              paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } }],
            },
          },
        ],
      },
    }),
  ),
  post(
    "a role",
    "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
    object("rbac.authorization.k8s.io/v1", "Role", "r", {
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    }),
  ),
  post("a namespace", "/api/v1/namespaces", object("v1", "Namespace", "made")),
  { name: "a namespace deleted", method: "DELETE", path: "/api/v1/namespaces/made" },
  { name: "a namespace as a table", path: "/api/v1/namespaces/default", accept: table },
  post("a service account", "/api/v1/namespaces/default/serviceaccounts", object("v1", "ServiceAccount", "sa")),
  post("a review of who may", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb: "get", resource: "pods" } },
  }),
  post(
    "a webhook configuration",
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "hook", {
      webhooks: [
        {
          name: "a.example.com",
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          clientConfig: { service: { name: "none", namespace: "default" } },
          rules: [{ apiGroups: ["none.example.com"], apiVersions: ["*"], operations: ["CREATE"], resources: ["*"] }],
        },
      ],
    }),
  ),
  post(
    "a webhook configuration with much wrong",
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "bad", {
      webhooks: [
        {
          name: "short",
          admissionReviewVersions: ["v2"],
          sideEffects: "Some",
          failurePolicy: "Maybe",
          timeoutSeconds: 90,
          clientConfig: { url: "http://example.com" },
          rules: [{ apiGroups: [], apiVersions: ["*"], operations: ["LOOK"], resources: ["*", "pods"] }],
        },
      ],
    }),
  ),
  post("a definition", definitions, definition),
  post("a definition of another name", definitions, { ...definition, metadata: { name: "other.example.com" } }),
  post(
    "a definition without a schema",
    definitions,
    object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "as.example.com", {
      spec: {
        group: "example.com",
        scope: "Cluster",
        names: { plural: "as", kind: "A" },
        versions: [{ name: "v1", served: true, storage: true }],
      },
    }),
  ),
];

/** Those that need the definition to be served. */
export const customProbes: readonly Probe[] = [
  { name: "discovery of a custom group", path: "/apis/example.com/v1" },
  { name: "a definition that is served", path: `${definitions}/things.example.com` },
  post("a thing", things, object("example.com/v1", "Thing", "one", { spec: { size: 3 } })),
  { name: "a thing as a table", path: things, accept: table },
  post("a thing without a size", things, object("example.com/v1", "Thing", "x", { spec: {} })),
  post(
    "a thing with much wrong",
    things,
    object("example.com/v1", "Thing", "x", {
      spec: { size: 11, color: "green", name: "TOO LONG", list: ["a", "b", "c"] },
    }),
  ),
  post(
    "a thing of wrong types",
    things,
    object("example.com/v1", "Thing", "x", { spec: { size: "three", list: "a", open: 1 } }),
  ),
  post("a thing with nulls", things, object("example.com/v1", "Thing", "x", { spec: { size: null, color: null } })),
  post(
    "a thing with unknown fields",
    things,
    object("example.com/v1", "Thing", "pruned", {
      spec: { size: 1, weight: 2, open: { any: 1 } },
      status: { phase: "x" },
    }),
  ),
  post(
    "a thing with unknown fields, strictly",
    `${things}?fieldValidation=Strict`,
    object("example.com/v1", "Thing", "y", { spec: { size: 1, weight: 2 } }),
  ),
  {
    name: "a thing's status",
    method: "PATCH",
    path: `${things}/one/status`,
    type: merge,
    body: { status: { phase: "done" }, spec: { size: 9 } },
  },
  {
    name: "a thing changed",
    method: "PATCH",
    path: `${things}/one`,
    type: merge,
    body: { spec: { size: 4 }, status: { phase: "no" } },
  },
  {
    name: "a thing changed to what it may not be",
    method: "PATCH",
    path: `${things}/one`,
    type: merge,
    body: { spec: { size: 40 } },
  },
  { name: "a thing patched strategically", method: "PATCH", path: `${things}/one`, type: strategic, body: {} },
  {
    name: "a thing applied",
    method: "PATCH",
    path: `${things}/two?fieldManager=a`,
    type: apply,
    body: object("example.com/v1", "Thing", "two", { spec: { size: 1 } }),
  },
  {
    name: "a thing applied by another",
    method: "PATCH",
    path: `${things}/two?fieldManager=b`,
    type: apply,
    body: object("example.com/v1", "Thing", "two", { spec: { size: 2 } }),
  },
  { name: "things deleted", method: "DELETE", path: things },
  { name: "the definition deleted", method: "DELETE", path: `${definitions}/things.example.com` },
];
