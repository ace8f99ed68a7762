import type { Api } from "../server/api.ts";

/** Makes the Service by which Pods would know the API server, as every cluster has it. */
export async function publishApiService(api: Api): Promise<void> {
  if (api.get("services", "default", "kubernetes") !== undefined) return;
  await api.create("services", {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { component: "apiserver", provider: "kubernetes" },
    },
    spec: {
      clusterIP: "10.96.0.1",
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: 6443 }],
    },
  });
}
