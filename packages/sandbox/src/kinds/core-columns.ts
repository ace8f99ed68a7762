import { ageColumn, column, integerColumn, nameColumn, wideColumn } from "./columns.ts";
import { at, fieldsAt, listAt, mapAt, numberAt, textAt, textsAt } from "./fields-at.ts";
import { ageOf } from "./human-duration.ts";
import { labelsText } from "./selector-text.ts";
import type { PrinterColumn } from "./kind.ts";
import type { ApiObject } from "../storage/api-object.ts";

/** The columns of kinds that have nothing of their own to show. */
export const nameAndAge: readonly PrinterColumn[] = [nameColumn, ageColumn];

/** What the server shows of built-in kinds without columns of their own (roles, for one). */
export const nameAndCreation: readonly PrinterColumn[] = [
  nameColumn,
  { name: "Created At", type: "date", priority: 0, cell: (object) => object.metadata.creationTimestamp },
];

/** The columns of Namespaces. */
export const namespaceColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Status", (object) => textAt(object, "status", "phase")),
  ageColumn,
];

/** The columns of ConfigMaps. */
export const configMapColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Data", (object) => keys(object, "data") + keys(object, "binaryData")),
  ageColumn,
];

/** The columns of Secrets. */
export const secretColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Type", (object) => textAt(object, "type")),
  column("Data", (object) => keys(object, "data")),
  ageColumn,
];

function keys(object: ApiObject, field: string): number {
  return Object.keys(fieldsAt(object, field)).length;
}

/** The columns of Services. */
export const serviceColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Type", (object) => textAt(object, "spec", "type")),
  column("Cluster-IP", (object) => textsAt(object, "spec", "clusterIPs")[0] ?? "<none>"),
  column("External-IP", externalIp),
  column("Port(s)", (object) => listAt(object, "spec", "ports").map(servicePort).join(",") || "<none>"),
  ageColumn,
  wideColumn("Selector", (object) => labelsText(mapAt(object, "spec", "selector"))),
];

function externalIp(service: ApiObject): string {
  const own = textsAt(service, "spec", "externalIPs");
  const type = textAt(service, "spec", "type");
  if (type === "ExternalName") return textAt(service, "spec", "externalName");
  if (type !== "LoadBalancer") return own.join(",") || "<none>";
  const given = listAt(service, "status", "loadBalancer", "ingress").map(
    (each) => textAt(each, "ip") || textAt(each, "hostname"),
  );
  return [...given, ...own].join(",") || "<pending>";
}

function servicePort(port: unknown): string {
  const nodePort = numberAt(port, "nodePort") ?? 0;
  const number = numberAt(port, "port") ?? 0;
  return `${nodePort > 0 ? `${number}:${nodePort}` : number}/${textAt(port, "protocol")}`;
}

/** The columns of Endpoints. */
export const endpointsColumns: readonly PrinterColumn[] = [nameColumn, column("Endpoints", endpointsText), ageColumn];

function endpointsText(object: ApiObject): string {
  const subsets = listAt(object, "subsets");
  if (subsets.length === 0) return "<none>";
  const all = subsets.flatMap((subset) => {
    const addresses = listAt(subset, "addresses").map((address) => textAt(address, "ip"));
    const ports = listAt(subset, "ports").map((port) => numberAt(port, "port") ?? 0);
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) => addresses.map((address) => `${address}:${port}`));
  });
  return firstFew(all, 3);
}

/** The first few of a list, and how many more there are. */
export function firstFew(all: readonly string[], most: number): string {
  const shown = all.slice(0, most).join(",");
  return all.length > most ? `${shown} + ${all.length - most} more...` : shown;
}

/** The columns of EndpointSlices. */
export const endpointSliceColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("AddressType", (object) => textAt(object, "addressType")),
  column("Ports", (object) => {
    const ports = listAt(object, "ports").map((port) => `${numberAt(port, "port") ?? (textAt(port, "name") || "*")}`);
    return firstFew(ports, 3) || "<unset>";
  }),
  column("Endpoints", (object) => {
    const addresses = listAt(object, "endpoints").flatMap((endpoint) => textsAt(endpoint, "addresses"));
    return firstFew(addresses, 3) || "<unset>";
  }),
  ageColumn,
];

/** The columns of Nodes. */
export const nodeColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Status", nodeStatus),
  column("Roles", (object) => nodeRoles(object).join(",") || "<none>"),
  ageColumn,
  column("Version", (object) => textAt(object, "status", "nodeInfo", "kubeletVersion")),
  wideColumn("Internal-IP", (object) => nodeAddress(object, "InternalIP")),
  wideColumn("External-IP", (object) => nodeAddress(object, "ExternalIP")),
  wideColumn("OS-Image", (object) => textAt(object, "status", "nodeInfo", "osImage") || "<unknown>"),
  wideColumn("Kernel-Version", (object) => {
    const architecture = textAt(object, "status", "nodeInfo", "architecture");
    const kernel = textAt(object, "status", "nodeInfo", "kernelVersion") || "<unknown>";
    return architecture === "" ? kernel : `${kernel} (${architecture})`;
  }),
  wideColumn(
    "Container-Runtime",
    (object) => textAt(object, "status", "nodeInfo", "containerRuntimeVersion") || "<unknown>",
  ),
];

function nodeStatus(node: ApiObject): string {
  const ready = listAt(node, "status", "conditions").find((condition) => condition["type"] === "Ready");
  const word = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady";
  return at(node, "spec", "unschedulable") === true ? `${word},SchedulingDisabled` : word;
}

function nodeRoles(node: ApiObject): readonly string[] {
  const prefix = "node-role.kubernetes.io/";
  return Object.keys(node.metadata.labels ?? {})
    .filter((label) => label.startsWith(prefix) && label.length > prefix.length)
    .map((label) => label.slice(prefix.length))
    .toSorted();
}

function nodeAddress(node: ApiObject, type: string): string {
  const found = listAt(node, "status", "addresses").find((address) => address["type"] === type);
  return found === undefined ? "<none>" : textAt(found, "address");
}

/** The columns of Events. */
export const eventColumns: readonly PrinterColumn[] = [
  column("Last Seen", (event, now) => ageOf(lastSeen(event), now)),
  column("Type", (event) => textAt(event, "type")),
  column("Reason", (event) => textAt(event, "reason")),
  column("Object", (event) => {
    const kind = textAt(event, "involvedObject", "kind").toLowerCase();
    const name = textAt(event, "involvedObject", "name");
    return name === "" ? kind : `${kind}/${name}`;
  }),
  wideColumn("Subobject", (event) => textAt(event, "involvedObject", "fieldPath")),
  wideColumn("Source", (event) => {
    const component = textAt(event, "source", "component") || textAt(event, "reportingComponent");
    const host = textAt(event, "source", "host") || textAt(event, "reportingInstance");
    return host === "" ? component : `${component}, ${host}`;
  }),
  column("Message", (event) => textAt(event, "message").trim()),
  wideColumn("First Seen", (event, now) => ageOf(firstSeen(event), now)),
  wideColumn("Count", (event) => numberAt(event, "series", "count") ?? (numberAt(event, "count") || 1)),
  { ...nameColumn, priority: 1 },
];

function firstSeen(event: ApiObject): string {
  return textAt(event, "firstTimestamp") || textAt(event, "eventTime");
}

function lastSeen(event: ApiObject): string {
  return textAt(event, "series", "lastObservedTime") || textAt(event, "lastTimestamp") || firstSeen(event);
}

/** The columns of PersistentVolumeClaims. */
export const persistentVolumeClaimColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Status", (object) =>
    object.metadata.deletionTimestamp === undefined ? textAt(object, "status", "phase") : "Terminating",
  ),
  column("Volume", (object) => textAt(object, "spec", "volumeName")),
  column("Capacity", (object) => boundOnly(object, textAt(object, "status", "capacity", "storage"))),
  column("Access Modes", (object) => boundOnly(object, accessModes(textsAt(object, "status", "accessModes")))),
  column("StorageClass", (object) => textAt(object, "spec", "storageClassName")),
  column("VolumeAttributesClass", (object) => textAt(object, "spec", "volumeAttributesClassName") || "<unset>"),
  ageColumn,
  wideColumn("VolumeMode", (object) => textAt(object, "spec", "volumeMode") || "<unset>"),
];

function boundOnly(claim: ApiObject, text: string): string {
  return textAt(claim, "spec", "volumeName") === "" ? "" : text;
}

const accessModeLetters: readonly (readonly [mode: string, letters: string])[] = [
  ["ReadWriteOnce", "RWO"],
  ["ReadOnlyMany", "ROX"],
  ["ReadWriteMany", "RWX"],
  ["ReadWriteOncePod", "RWOP"],
];

function accessModes(modes: readonly string[]): string {
  return accessModeLetters
    .filter(([mode]) => modes.includes(mode))
    .map(([, letters]) => letters)
    .join(",");
}

/** The columns of PersistentVolumes. */
export const persistentVolumeColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Capacity", (object) => textAt(object, "spec", "capacity", "storage")),
  column("Access Modes", (object) => accessModes(textsAt(object, "spec", "accessModes"))),
  column("Reclaim Policy", (object) => textAt(object, "spec", "persistentVolumeReclaimPolicy")),
  column("Status", (object) =>
    object.metadata.deletionTimestamp === undefined ? textAt(object, "status", "phase") : "Terminating",
  ),
  column("Claim", (object) => {
    const name = textAt(object, "spec", "claimRef", "name");
    return name === "" ? "" : `${textAt(object, "spec", "claimRef", "namespace")}/${name}`;
  }),
  column("StorageClass", (object) => textAt(object, "spec", "storageClassName")),
  column("VolumeAttributesClass", (object) => textAt(object, "spec", "volumeAttributesClassName") || "<unset>"),
  column("Reason", (object) => textAt(object, "status", "reason")),
  ageColumn,
  wideColumn("VolumeMode", (object) => textAt(object, "spec", "volumeMode") || "<unset>"),
];

/** The columns of ResourceQuotas: what is used of what there is, limits apart. */
export const resourceQuotaColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Request", (object) => usage(object, false)),
  column("Limit", (object) => usage(object, true)),
  ageColumn,
];

function usage(quota: ApiObject, limits: boolean): string {
  const used = mapAt(quota, "status", "used");
  return Object.entries(mapAt(quota, "status", "hard"))
    .filter(([name]) => name.startsWith("limits.") === limits)
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, hard]) => `${name}: ${used[name] ?? "0"}/${hard}`)
    .join(", ");
}

/** The columns of webhook configurations. */
export const webhookConfigurationColumns: readonly PrinterColumn[] = [
  nameColumn,
  { name: "Webhooks", type: "integer", priority: 0, cell: (object) => listAt(object, "webhooks").length },
  ageColumn,
];

/** The columns of Leases. */
export const leaseColumns: readonly PrinterColumn[] = [
  nameColumn,
  column("Holder", (object) => textAt(object, "spec", "holderIdentity")),
  ageColumn,
];

/** The columns of PriorityClasses. */
export const priorityClassColumns: readonly PrinterColumn[] = [
  nameColumn,
  integerColumn("Value", "value"),
  { name: "Global-Default", type: "boolean", priority: 0, cell: (object) => at(object, "globalDefault") === true },
  ageColumn,
  column("PreemptionPolicy", (object) => textAt(object, "preemptionPolicy")),
];

/** The columns of StorageClasses. */
export const storageClassColumns: readonly PrinterColumn[] = [
  {
    ...nameColumn,
    cell: (object) =>
      object.metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true"
        ? `${object.metadata.name} (default)`
        : object.metadata.name,
  },
  column("Provisioner", (object) => textAt(object, "provisioner")),
  column("ReclaimPolicy", (object) => textAt(object, "reclaimPolicy") || "Delete"),
  column("VolumeBindingMode", (object) => textAt(object, "volumeBindingMode") || "Immediate"),
  column("AllowVolumeExpansion", (object) => at(object, "allowVolumeExpansion") === true),
  ageColumn,
];
