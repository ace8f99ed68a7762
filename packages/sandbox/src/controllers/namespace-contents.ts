import { changeObject } from "./change.ts";
import { textAt } from "../kinds/fields-at.ts";
import { isRefusal } from "../server/refusals.ts";
import type { Controller } from "./controller.ts";
import type { Api, NewObject } from "../server/api.ts";
import type { ApiObject } from "../storage/api-object.ts";
import type { GroupResource } from "../storage/store.ts";

const rootCertificates = "kube-root-ca.crt";

/** Gives each namespace what every namespace has: its ServiceAccount, and the certificate of the API server's CA. */
export function namespaceContents(certificate: string): readonly Controller[] {
  const isOpen = (namespace: ApiObject): boolean => textAt(namespace, "status", "phase") !== "Terminating";
  const namespaceOf = (object: ApiObject, api: Api): readonly ApiObject[] => {
    const namespace = api.get("namespaces", "", object.metadata.namespace ?? "");
    return namespace === undefined ? [] : [namespace];
  };
  return [
    {
      name: "service-account",
      resource: "namespaces",
      kind: "Namespace",
      follows: {
        serviceaccounts: (account, api) => (account.metadata.name === "default" ? namespaceOf(account, api) : []),
      },
      reconcile: async (namespace, { api }) => {
        if (!isOpen(namespace)) return;
        await ensure(api, "serviceaccounts", {
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: { name: "default", namespace: namespace.metadata.name },
        });
      },
    },
    {
      name: "root-ca-certificate-publisher",
      resource: "namespaces",
      kind: "Namespace",
      follows: {
        configmaps: (map, api) => (map.metadata.name === rootCertificates ? namespaceOf(map, api) : []),
      },
      reconcile: async (namespace, { api }) => {
        if (!isOpen(namespace)) return;
        const data = { "ca.crt": certificate };
        const metadata = {
          name: rootCertificates,
          namespace: namespace.metadata.name,
          annotations: {
            "kubernetes.io/description":
              "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such " +
              "as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across " +
              "distributions of Kubernetes clusters.",
          },
        };
        const map = await ensure(api, "configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata, data });
        if (map === undefined || textAt(map, "data", "ca.crt") === certificate) return;
        await changeObject(api, "configmaps", map, (draft) => {
          draft["data"] = data;
          return true;
        });
      },
    },
  ];
}

async function ensure(api: Api, resource: GroupResource, object: NewObject): Promise<ApiObject | undefined> {
  const { namespace = "", name = "" } = object.metadata;
  try {
    return api.get(resource, namespace, name) ?? (await api.create(resource, object));
  } catch (error) {
    // A namespace that is going away takes nothing in any more.
    if (isRefusal(error, "AlreadyExists") || isRefusal(error, "Forbidden") || isRefusal(error, "NotFound")) {
      return api.get(resource, namespace, name);
    }
    throw error;
  }
}
