import { timestamp } from "../controllers/change.ts";
import type { NewObject } from "../server/api.ts";
import type { Fields } from "../storage/api-object.ts";

/** The address of the simulated node. */
export const nodeAddress = "172.18.0.2";

/** The version of the kubelet that the node claims to run. */
export const kubeletVersion = "v1.33.4";

const size = { cpu: "8", "ephemeral-storage": "100Gi", memory: "32Gi", pods: "110" };

/** The one Node of a sandbox, as its kubelet registers it. */
export function nodeObject(name: string): NewObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node-role.kubernetes.io/control-plane": "",
      },
      annotations: { "node.alpha.kubernetes.io/ttl": "0" },
    },
    spec: { podCIDR: "10.244.0.0/24", podCIDRs: ["10.244.0.0/24"] },
  };
}

/** What the kubelet says of the node. */
export function nodeStatus(name: string): Fields {
  const time = timestamp();
  const condition = (type: string, status: string, reason: string, message: string): Fields => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  });
  return {
    capacity: { ...size },
    allocatable: { ...size },
    conditions: [
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
      condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ],
    addresses: [
      { type: "InternalIP", address: nodeAddress },
      { type: "Hostname", address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: "amd64",
      bootID: "",
      containerRuntimeVersion: "simulated://0",
      kernelVersion: "simulated",
      kubeProxyVersion: "",
      kubeletVersion,
      machineID: "",
      operatingSystem: "linux",
      osImage: "Portcullis sandbox (simulated node)",
      systemUUID: "",
    },
  };
}

/** The Lease by which a kubelet shows that it lives. */
export function nodeLease(name: string, uid: string, renewed: Date): NewObject {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      name,
      namespace: "kube-node-lease",
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }],
    },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: 40,
      renewTime: renewed.toISOString().replace("Z", "000Z"),
    },
  };
}
