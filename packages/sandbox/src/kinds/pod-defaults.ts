import { at, listAt, ownFields, setDefault, textAt } from "./fields-at.ts";
import { imageTag } from "./image-tag.ts";
import { isFields } from "../storage/api-object.ts";
import type { Draft, Fields } from "../storage/api-object.ts";

/** Fills in what the API server fills in in every Pod spec, whether a Pod's own or a template's. */
export function defaultPodSpec(spec: Fields): void {
  setDefault(spec, "restartPolicy", "Always");
  setDefault(spec, "dnsPolicy", "ClusterFirst");
  setDefault(spec, "schedulerName", "default-scheduler");
  setDefault(spec, "terminationGracePeriodSeconds", 30);
  setDefault(spec, "securityContext", {});
  const account = textAt(spec, "serviceAccountName") || textAt(spec, "serviceAccount");
  if (account !== "") {
    spec["serviceAccountName"] = account;
    spec["serviceAccount"] = account;
  }
  for (const container of allContainers(spec)) defaultContainer(container);
  for (const volume of listAt(spec, "volumes")) defaultVolume(volume);
}

/** Fills in the Pod template of a workload. */
export function defaultPodTemplate(holder: Fields): void {
  const template = ownFields(holder, "template");
  ownFields(template, "metadata");
  defaultPodSpec(ownFields(template, "spec"));
}

/** Fills in what only Pods get, and templates do not. */
export function defaultPod(draft: Draft): void {
  const spec = ownFields(draft, "spec");
  defaultPodSpec(spec);
  setDefault(spec, "enableServiceLinks", true);
  for (const container of [...listAt(spec, "containers"), ...listAt(spec, "initContainers")]) {
    requestLimits(container);
    if (spec["hostNetwork"] !== true) continue;
    for (const port of listAt(container, "ports")) setDefault(port, "hostPort", port["containerPort"]);
  }
}

/** A container that has limits requests as much, unless it says otherwise. */
function requestLimits(container: Fields): void {
  const limits = at(container, "resources", "limits");
  if (!isFields(limits)) return;
  const requests = ownFields(ownFields(container, "resources"), "requests");
  for (const [name, quantity] of Object.entries(limits)) {
    if (!Object.hasOwn(requests, name)) requests[name] = quantity;
  }
}

/** Every container of a Pod spec: the ordinary, the initial and the ephemeral ones. */
export function allContainers(spec: unknown): readonly Fields[] {
  return [...listAt(spec, "initContainers"), ...listAt(spec, "containers"), ...listAt(spec, "ephemeralContainers")];
}

function defaultContainer(container: Fields): void {
  setDefault(
    container,
    "imagePullPolicy",
    imageTag(textAt(container, "image")) === "latest" ? "Always" : "IfNotPresent",
  );
  setDefault(container, "terminationMessagePath", "/dev/termination-log");
  setDefault(container, "terminationMessagePolicy", "File");
  setDefault(container, "resources", {});
  for (const port of listAt(container, "ports")) setDefault(port, "protocol", "TCP");
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const found = container[probe];
    if (isFields(found)) defaultProbe(found);
  }
  for (const hook of ["postStart", "preStop"]) {
    const request = at(container, "lifecycle", hook, "httpGet");
    if (isFields(request)) defaultHttpGet(request);
  }
  for (const variable of listAt(container, "env")) {
    const reference = at(variable, "valueFrom", "fieldRef");
    if (isFields(reference)) setDefault(reference, "apiVersion", "v1");
  }
}

function defaultProbe(probe: Fields): void {
  if (isFields(probe["httpGet"])) defaultHttpGet(probe["httpGet"]);
  if (isFields(probe["grpc"])) setDefault(probe["grpc"], "service", "");
  setNumber(probe, "timeoutSeconds", 1);
  setNumber(probe, "periodSeconds", 10);
  setNumber(probe, "successThreshold", 1);
  setNumber(probe, "failureThreshold", 3);
}

function setNumber(target: Fields, name: string, value: number): void {
  if ((target[name] ?? 0) === 0) target[name] = value;
}

function defaultHttpGet(request: Fields): void {
  setDefault(request, "path", "/");
  setDefault(request, "scheme", "HTTP");
}

function defaultVolume(volume: Fields): void {
  const sources = Object.keys(volume).filter((key) => key !== "name" && volume[key] !== null);
  if (sources.length === 0) volume["emptyDir"] = {};
  for (const source of ["secret", "configMap", "downwardAPI", "projected"]) {
    const found = volume[source];
    if (isFields(found)) setDefault(found, "defaultMode", 420);
  }
  const hostPath = volume["hostPath"];
  if (isFields(hostPath) && !Object.hasOwn(hostPath, "type")) hostPath["type"] = "";
  const items = [...listAt(volume, "downwardAPI", "items")];
  for (const source of listAt(volume, "projected", "sources")) {
    const token = source["serviceAccountToken"];
    if (isFields(token)) setDefault(token, "expirationSeconds", 3600);
    items.push(...listAt(source, "downwardAPI", "items"));
  }
  for (const item of items) {
    if (isFields(item["fieldRef"])) setDefault(item["fieldRef"], "apiVersion", "v1");
  }
}
