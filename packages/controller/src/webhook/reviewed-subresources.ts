/** Every subresource of which an object could slip in; `status` is left out, as in Gatekeeper. */
export const reviewedSubresources: readonly string[] = [
  "pods/ephemeralcontainers",
  "pods/exec",
  "pods/log",
  "pods/eviction",
  "pods/portforward",
  "pods/proxy",
  "pods/attach",
  "pods/binding",
  "pods/resize",
  "deployments/scale",
  "replicasets/scale",
  "statefulsets/scale",
  "replicationcontrollers/scale",
  "services/proxy",
  "nodes/proxy",
  "services/status",
];
