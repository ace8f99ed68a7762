import {
  checkConfigMapKey,
  checkDns1123Label,
  checkDns1123Subdomain,
  childPath,
  duplicate,
  equalJson,
  forbidden,
  invalid,
  keyPath,
  notSupported,
  required,
  tooLong,
} from "@portcullis/objects";
import { at, fieldsAt, json, listAt, numberAt, textAt, textsAt } from "./fields-at.ts";
import { isPort } from "./pod-validation.ts";
import type { FieldError } from "./kind.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

const mostData = 1_048_576;

/** What is wrong with a ConfigMap. */
export function validateConfigMap(object: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const binary = fieldsAt(object, "binaryData");
  const doubles = Object.keys(fieldsAt(object, "data"))
    .filter((key) => Object.hasOwn(binary, key))
    .map((key) => invalid(keyPath("data", key), key, "duplicate of key present in binaryData"));
  return [
    ...frozenData(object, old, ["data", "binaryData"]),
    ...validateData(object, ["data", "binaryData"]),
    ...doubles,
  ];
}

/** What is wrong with a Secret. */
export function validateSecret(object: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  const type = textAt(object, "type");
  if (old !== undefined && type !== textAt(old, "type")) errors.push(invalid("type", type, "field is immutable"));
  errors.push(...frozenData(object, old, ["data"]), ...validateData(object, ["data"]));
  const needed = neededKeys[type] ?? [];
  for (const key of needed) {
    if (!Object.hasOwn(fieldsAt(object, "data"), key)) errors.push(required(keyPath("data", key)));
  }
  return errors;
}

const neededKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

function frozenData(object: ApiObject, old: ApiObject | undefined, fields: readonly string[]): readonly FieldError[] {
  if (old?.["immutable"] !== true) return [];
  const text = "field is immutable when `immutable` is set";
  const errors = object["immutable"] === true ? [] : [forbidden("immutable", text)];
  const changed = fields.filter((field) => !equalJson(json(fieldsAt(object, field)), json(fieldsAt(old, field))));
  return [...errors, ...changed.map((field) => forbidden(field, text))];
}

function validateData(object: ApiObject, fields: readonly string[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const field of fields) {
    for (const [key, value] of Object.entries(fieldsAt(object, field))) {
      errors.push(...checkConfigMapKey(key).map((text) => invalid(keyPath(field, key), key, text)));
      size += typeof value === "string" ? Buffer.byteLength(value) : 0;
    }
  }
  return size > mostData ? [...errors, tooLong("", mostData)] : errors;
}

const serviceTypes = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/** What is wrong with a Service. */
export function validateService(object: ApiObject, old: ApiObject | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  const type = textAt(object, "spec", "type");
  const kept = textAt(old, "spec", "clusterIP");
  const addresses = textsAt(object, "spec", "clusterIPs");
  const changes = kept !== "" && addresses[0] !== kept && textAt(old, "spec", "type") !== "ExternalName";
  if (changes && type !== "ExternalName") {
    errors.push(invalid("spec.clusterIPs[0]", [...addresses], "may not change once set"));
  }
  const headless = addresses[0] === "None";
  const ports = listAt(object, "spec", "ports");
  if (ports.length === 0 && !headless && type !== "ExternalName") errors.push(required("spec.ports"));
  if (headless && (type === "LoadBalancer" || type === "NodePort")) {
    errors.push(invalid("spec.clusterIPs[0]", "None", `may not be set to 'None' for ${type} services`));
  }
  if (type === "ExternalName") errors.push(...validateExternalName(textAt(object, "spec", "externalName")));
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    errors.push(...validateServicePort(port, keyPath("spec.ports", index), ports.length > 1, names));
  }
  const affinity = textAt(object, "spec", "sessionAffinity");
  if (!["ClientIP", "None"].includes(affinity)) {
    errors.push(notSupported("spec.sessionAffinity", affinity, ["ClientIP", "None"]));
  }
  if (!serviceTypes.includes(type)) errors.push(notSupported("spec.type", type, serviceTypes));
  if (type === "ClusterIP") {
    for (const [index, port] of ports.entries()) {
      if ((numberAt(port, "nodePort") ?? 0) === 0) continue;
      errors.push(
        forbidden(childPath(keyPath("spec.ports", index), "nodePort"), "may not be used when `type` is 'ClusterIP'"),
      );
    }
  }
  return errors;
}

function validateExternalName(name: string): readonly FieldError[] {
  if (name === "") return [required("spec.externalName")];
  return checkDns1123Subdomain(name.replace(/\.$/u, "")).map((text) => invalid("spec.externalName", name, text));
}

function validateServicePort(
  port: Fields,
  path: string,
  nameNeeded: boolean,
  names: Set<string>,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(port, "name");
  if (name === "" && nameNeeded) errors.push(required(childPath(path, "name")));
  if (name !== "") {
    errors.push(...checkDns1123Label(name).map((text) => invalid(childPath(path, "name"), name, text)));
    if (names.has(name)) errors.push(duplicate(childPath(path, "name"), name));
    names.add(name);
  }
  const inRange = "must be between 1 and 65535, inclusive";
  const number = numberAt(port, "port") ?? 0;
  if (!isPort(number)) errors.push(invalid(childPath(path, "port"), number, inRange));
  const protocol = textAt(port, "protocol");
  if (!["SCTP", "TCP", "UDP"].includes(protocol)) {
    errors.push(notSupported(childPath(path, "protocol"), protocol, ["SCTP", "TCP", "UDP"]));
  }
  const target = at(port, "targetPort");
  if (typeof target === "number" && !isPort(target)) {
    errors.push(invalid(childPath(path, "targetPort"), target, inRange));
  }
  return errors;
}
