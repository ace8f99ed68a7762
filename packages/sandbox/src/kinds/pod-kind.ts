import { builtIn } from "./built-in-kind.ts";
import { at, listAt, numberAt, ownFields, textAt } from "./fields-at.ts";
import { admitPod, preparePod, keepEphemeralContainers } from "./pod-admission.ts";
import { podColumns } from "./pod-columns.ts";
import { defaultPod } from "./pod-defaults.ts";
import { binding, eviction } from "./pod-eviction.ts";
import { readPodLog } from "./pod-log.ts";
import { validatePod } from "./pod-validation.ts";
import type { Kind, Subresource } from "./kind.ts";

/** Pods. */
export const podKind: Kind = builtIn({
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  categories: ["all"],
  schema: "core.v1.Pod",
  statusSubresource: true,
  tracksGeneration: true,
  columns: podColumns,
  subresources: [
    {
      kind: "part",
      name: "ephemeralcontainers",
      merge: (draft, sent) => {
        ownFields(draft, "spec")["ephemeralContainers"] = at(sent, "spec", "ephemeralContainers");
      },
    },
    { kind: "text", name: "log", read: (pod, query, _context, signal) => readPodLog(pod, query, signal) },
    eviction,
    binding,
    connect("exec", "PodExecOptions"),
    connect("attach", "PodAttachOptions"),
    connect("portforward", "PodPortForwardOptions"),
    connect("proxy", "PodProxyOptions"),
  ],
  selectableFields: {
    "spec.nodeName": (pod) => textAt(pod, "spec", "nodeName"),
    "spec.restartPolicy": (pod) => textAt(pod, "spec", "restartPolicy"),
    "spec.schedulerName": (pod) => textAt(pod, "spec", "schedulerName"),
    "spec.serviceAccountName": (pod) => textAt(pod, "spec", "serviceAccountName"),
    "spec.hostNetwork": (pod) => `${at(pod, "spec", "hostNetwork") === true}`,
    "status.phase": (pod) => textAt(pod, "status", "phase"),
    "status.podIP": (pod) => textAt(listAt(pod, "status", "podIPs")[0], "ip"),
    "status.nominatedNodeName": (pod) => textAt(pod, "status", "nominatedNodeName"),
  },
  applyDefaults: defaultPod,
  admit: admitPod,
  prepareForCreate: preparePod,
  prepareForUpdate: keepEphemeralContainers,
  validate: validatePod,
  gracePeriod: (pod, requested) => {
    const finished = ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase"));
    if (finished || textAt(pod, "spec", "nodeName") === "") return 0;
    return Math.max(0, requested ?? numberAt(pod, "spec", "terminationGracePeriodSeconds") ?? 30);
  },
});

function connect(name: string, kind: string): Subresource {
  return { kind: "connect", name, body: { group: "", version: "v1", kind }, verbs: ["create", "get"] };
}
