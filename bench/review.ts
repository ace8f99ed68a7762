/**
 * A realistic review, as an API server sends it: a Pod as a chart of a shop would make it, one init container and two
 * containers, 4.7 kB as JSON.
 */
export function podReview(registry: string): Record<string, unknown> {
  const object = pod(registry);
  return {
    uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
    kind: { group: "", version: "v1", kind: "Pod" },
    resource: { group: "", version: "v1", resource: "pods" },
    name: "checkout-6d5f7c9b8-x2v4q",
    namespace: "shop",
    operation: "CREATE",
    userInfo: {
      username: "system:serviceaccount:kube-system:replicaset-controller",
      uid: "d39a8f8e-52a4-4a04-9d2f-0c3f0b0f2b11",
      groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
    },
    object,
    oldObject: null,
    dryRun: false,
    options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1" },
    namespaceObject: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop", labels: { "kubernetes.io/metadata.name": "shop", team: "payments" } },
    },
  };
}

function pod(registry: string): Record<string, unknown> {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "checkout-6d5f7c9b8-x2v4q",
      generateName: "checkout-6d5f7c9b8-",
      namespace: "shop",
      uid: "0b0e3a58-4c83-4a7c-9c86-0d6f5a0f3a55",
      creationTimestamp: "2026-11-01T08:15:30Z",
      labels: {
        app: "checkout",
        "app.kubernetes.io/name": "checkout",
        "app.kubernetes.io/part-of": "shop",
        "app.kubernetes.io/version": "4.17.2",
        "pod-template-hash": "6d5f7c9b8",
        team: "payments",
      },
      annotations: {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "9102",
        "checksum/config": "6b1f0f1e7a0b6f7a5c0d6f2f8f9f0a5e4c3b2a19",
      },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: "checkout-6d5f7c9b8",
          uid: "c1",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      serviceAccountName: "checkout",
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        fsGroup: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      initContainers: [container("migrate", `${registry}/shop/migrate:4.17.2`, 0)],
      containers: [
        container("checkout", `${registry}/shop/checkout:4.17.2`, 2),
        container("metrics", `${registry}/shop/metrics-sidecar:1.9.0`, 0),
      ],
      volumes: [
        { name: "config", configMap: { name: "checkout", defaultMode: 420 } },
        { name: "cache", emptyDir: { sizeLimit: "64Mi" } },
        {
          name: "token",
          projected: {
            defaultMode: 420,
            sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: "token" } }],
          },
        },
      ],
      tolerations: [
        { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      ],
    },
  };
}

function container(name: string, image: string, variables: number): Record<string, unknown> {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
    env: Array.from({ length: variables }, (_, index) => ({
      name: `SETTING_${index}`,
      valueFrom: { secretKeyRef: { name: "checkout", key: `setting-${index}` } },
    })),
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
    livenessProbe: {
      httpGet: { path: "/healthz", port: "http", scheme: "HTTP" },
      periodSeconds: 10,
      timeoutSeconds: 1,
    },
    readinessProbe: { httpGet: { path: "/readyz", port: "http", scheme: "HTTP" }, periodSeconds: 5, timeoutSeconds: 1 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      privileged: false,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "config", mountPath: "/etc/checkout", readOnly: true },
      { name: "cache", mountPath: "/var/cache/checkout" },
    ],
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  };
}
