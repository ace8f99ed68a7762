import type { JsonObject } from "@portcullis/objects";
import { systemLabel } from "./manifest-options.ts";

/** An account, its roles, and what they allow. */
export interface Access {
  readonly namespace: string;
  readonly account: string;
  /** The name of the role in the whole cluster, and of the one in the namespace. */
  readonly role: string;
  readonly roleBinding: string;
  readonly clusterRules: readonly JsonObject[];
  readonly namespaceRules: readonly JsonObject[];
}

const group = "rbac.authorization.k8s.io";
const apiVersion = `${group}/v1`;

/** The account with its rights, in the whole cluster and in the namespace. */
export function accessObjects(access: Access): readonly JsonObject[] {
  const { namespace, account, role, roleBinding, clusterRules, namespaceRules } = access;
  const labels = { ...systemLabel };
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace, labels } },
    { apiVersion, kind: "ClusterRole", metadata: { name: role, labels }, rules: [...clusterRules] },
    {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name: roleBinding, labels },
      roleRef: { apiGroup: group, kind: "ClusterRole", name: role },
      subjects,
    },
    { apiVersion, kind: "Role", metadata: { name: role, namespace, labels }, rules: [...namespaceRules] },
    {
      apiVersion,
      kind: "RoleBinding",
      metadata: { name: roleBinding, namespace, labels },
      roleRef: { apiGroup: group, kind: "Role", name: role },
      subjects,
    },
  ];
}
