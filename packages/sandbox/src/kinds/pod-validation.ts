import {
  checkDns1123Label,
  checkDns1123Subdomain,
  childPath,
  duplicate,
  equalJson,
  forbidden,
  invalid,
  keyPath,
  notFound,
  notSupported,
  parseQuantity,
  compareQuantities,
  required,
} from "@portcullis/objects";
import { at, fieldsAt, json, listAt, numberAt, textAt } from "./fields-at.ts";
import { unifiedDiff } from "./unified-diff.ts";
import { cloneJson } from "../storage/api-object.ts";
import type { FieldError } from "./kind.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

const protocols = ["SCTP", "TCP", "UDP"];
const portRange = "must be between 1 and 65535, inclusive";

/** What is wrong with a Pod; on update also what may not be changed in it. */
export function validatePod(pod: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const errors = validatePodSpec(pod["spec"], "spec");
  return old === undefined ? errors : [...errors, ...validatePodUpdate(pod, old)];
}

/** What is wrong with the Pod spec at `path`, a Pod's or a template's; `claims` are volumes that a controller adds. */
export function validatePodSpec(spec: unknown, path: string, claims: readonly string[] = []): readonly FieldError[] {
  const volumes = listAt(spec, "volumes");
  const volumeNames = new Set([...claims, ...volumes.map((volume) => textAt(volume, "name"))]);
  const containers = listAt(spec, "containers");
  const errors: FieldError[] = [...validateVolumes(volumes, childPath(path, "volumes"))];
  if (containers.length === 0) errors.push(required(childPath(path, "containers")));
  const seen = new Set<string>();
  for (const field of ["containers", "initContainers", "ephemeralContainers"]) {
    for (const [index, container] of listAt(spec, field).entries()) {
      const here = keyPath(childPath(path, field), index);
      errors.push(...validateContainer(container, here, volumeNames));
      const name = textAt(container, "name");
      if (name !== "" && seen.has(name)) errors.push(duplicate(childPath(here, "name"), name));
      seen.add(name);
    }
  }
  errors.push(...oneOf(spec, path, "restartPolicy", ["Always", "Never", "OnFailure"]));
  errors.push(...oneOf(spec, path, "dnsPolicy", ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]));
  for (const field of ["serviceAccountName", "nodeName"]) {
    for (const text of named(textAt(spec, field)))
      errors.push(invalid(childPath(path, field), textAt(spec, field), text));
  }
  return errors;
}

function named(name: string): readonly string[] {
  return name === "" ? [] : checkDns1123Subdomain(name);
}

function oneOf(holder: unknown, path: string, field: string, values: readonly string[]): readonly FieldError[] {
  const value = textAt(holder, field);
  return value === "" || values.includes(value) ? [] : [notSupported(childPath(path, field), value, values)];
}

function validateVolumes(volumes: readonly Fields[], path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const here = childPath(keyPath(path, index), "name");
    const name = textAt(volume, "name");
    if (name === "") errors.push(required(here));
    else errors.push(...checkDns1123Label(name).map((text) => invalid(here, name, text)));
    if (seen.has(name)) errors.push(duplicate(here, name));
    seen.add(name);
    const sources = Object.keys(volume).filter((key) => key !== "name" && volume[key] !== null);
    if (sources.length > 1) {
      errors.push(
        forbidden(childPath(keyPath(path, index), sources[1] ?? ""), "may not specify more than 1 volume type"),
      );
    }
  }
  return errors;
}

function validateContainer(container: Fields, path: string, volumes: ReadonlySet<string>): readonly FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(container, "name");
  if (name === "") errors.push(required(childPath(path, "name")));
  else errors.push(...checkDns1123Label(name).map((text) => invalid(childPath(path, "name"), name, text)));
  const image = textAt(container, "image");
  if (image === "") errors.push(required(childPath(path, "image")));
  else if (image.trim() !== image) {
    errors.push(invalid(childPath(path, "image"), image, "must not have leading or trailing whitespace"));
  }
  errors.push(...oneOf(container, path, "terminationMessagePolicy", ["File", "FallbackToLogsOnError"]));
  errors.push(...validatePorts(listAt(container, "ports"), childPath(path, "ports")));
  for (const [index, variable] of listAt(container, "env").entries()) {
    const here = keyPath(childPath(path, "env"), index);
    if (textAt(variable, "name") === "") errors.push(required(childPath(here, "name")));
    if (textAt(variable, "value") !== "" && at(variable, "valueFrom") !== undefined) {
      errors.push(invalid(childPath(here, "valueFrom"), "", "may not be specified when `value` is not empty"));
    }
  }
  errors.push(...validateMounts(listAt(container, "volumeMounts"), childPath(path, "volumeMounts"), volumes));
  errors.push(...oneOf(container, path, "imagePullPolicy", ["Always", "IfNotPresent", "Never"]));
  errors.push(...validateResources(fieldsAt(container, "resources"), childPath(path, "resources")));
  return errors;
}

function validatePorts(ports: readonly Fields[], path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const here = keyPath(path, index);
    const name = textAt(port, "name");
    if (name !== "") {
      if (name.length > 15) errors.push(invalid(childPath(here, "name"), name, "must be no more than 15 characters"));
      if (names.has(name)) errors.push(duplicate(childPath(here, "name"), name));
      names.add(name);
    }
    const number = numberAt(port, "containerPort") ?? 0;
    if (number === 0) errors.push(required(childPath(here, "containerPort")));
    else if (!isPort(number)) errors.push(invalid(childPath(here, "containerPort"), number, portRange));
    const hostPort = numberAt(port, "hostPort") ?? 0;
    if (hostPort !== 0 && !isPort(hostPort)) errors.push(invalid(childPath(here, "hostPort"), hostPort, portRange));
    errors.push(...oneOf(port, here, "protocol", protocols));
  }
  return errors;
}

/** Whether a number can be a port. */
export function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}

function validateMounts(mounts: readonly Fields[], path: string, volumes: ReadonlySet<string>): readonly FieldError[] {
  const errors: FieldError[] = [];
  const points = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const here = keyPath(path, index);
    const name = textAt(mount, "name");
    const point = textAt(mount, "mountPath");
    if (name === "") errors.push(required(childPath(here, "name")));
    if (!volumes.has(name)) errors.push(notFound(childPath(here, "name"), name));
    if (point === "") errors.push(required(childPath(here, "mountPath")));
    if (points.has(point)) errors.push(invalid(childPath(here, "mountPath"), point, "must be unique"));
    points.add(point);
  }
  return errors;
}

function validateResources(resources: Fields, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["limits", "requests"]) {
    for (const [name, value] of Object.entries(fieldsAt(resources, field))) {
      const here = keyPath(childPath(path, field), name);
      const reading = parseQuantity(`${value}`);
      if (!reading.ok) continue;
      if (reading.quantity.nano < 0n) errors.push(invalid(here, `${value}`, "must be greater than or equal to 0"));
      const limit = field === "requests" ? at(resources, "limits", name) : undefined;
      const limitReading = limit === undefined ? undefined : parseQuantity(`${limit}`);
      if (limitReading?.ok === true && compareQuantities(reading.quantity, limitReading.quantity) > 0) {
        errors.push(
          invalid(childPath(path, "requests"), `${value}`, `must be less than or equal to ${name} limit of ${limit}`),
        );
      }
    }
  }
  return errors;
}

const changeable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

function validatePodUpdate(pod: ApiObject, old: ApiObject): readonly FieldError[] {
  for (const field of ["containers", "initContainers"]) {
    if (listAt(pod, "spec", field).length !== listAt(old, "spec", field).length) {
      return [forbidden(`spec.${field}`, "pod updates may not add or remove containers")];
    }
  }
  const before = fieldsAt(old, "spec");
  const after = cloneJson(fieldsAt(pod, "spec"));
  for (const field of ["containers", "initContainers"]) {
    for (const [index, container] of listAt(after, field).entries()) {
      container["image"] = listAt(before, field)[index]?.["image"];
    }
  }
  // What the Pod's subresources and the scheduler write is theirs to check.
  for (const field of ["activeDeadlineSeconds", "tolerations", "schedulingGates", "ephemeralContainers", "nodeName"]) {
    if (Object.hasOwn(before, field)) after[field] = before[field];
    else delete after[field];
  }
  if (equalJson(json(after), json(before))) return [];
  const difference = unifiedDiff(JSON.stringify(before, undefined, 1), JSON.stringify(after, undefined, 1));
  return [forbidden("spec", `pod updates may not change fields other than ${changeable}\n${difference}`)];
}
