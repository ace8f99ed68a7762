/**
 * Which rules the webhook needs for the constraints that there are: the API server then asks about these kinds alone.
 * Whatever is not certain (a kind that any constraint may match, a kind that the server does not know yet) gives no
 * narrower rules at all, so that nothing ever escapes a policy for the sake of speed.
 */
import {
  isJsonArray,
  own,
  ownPath,
  ownString,
  setOwn,
  type JsonObject,
  type JsonValue,
  type MutableJsonObject,
} from "@portcullis/objects";
import type { Resource } from "@portcullis/kube";

/** Finds the resources of a kind: in one group, or in all where the group is `*`. */
export type FindKind = (group: string, kind: string) => Promise<readonly Resource[]>;

/** Resources by their group; a resource may be a subresource, `pods/exec`. */
export type NeededResources = ReadonlyMap<string, ReadonlySet<string>>;

/** Gatekeeper's own groups, whose objects are always checked. */
const ownGroups = [
  "config.gatekeeper.sh",
  "connection.gatekeeper.sh",
  "constraints.gatekeeper.sh",
  "expansion.gatekeeper.sh",
  "externaldata.gatekeeper.sh",
  "mutations.gatekeeper.sh",
  "status.gatekeeper.sh",
  "syncset.gatekeeper.sh",
  "templates.gatekeeper.sh",
];

/** Objects that are sent to subresources only, and where they are sent. */
const subresourceKinds: Readonly<Record<string, readonly (readonly [group: string, resource: string])[]>> = {
  PodExecOptions: [["", "pods/exec"]],
  PodAttachOptions: [["", "pods/attach"]],
  PodPortForwardOptions: [["", "pods/portforward"]],
  PodProxyOptions: [["", "pods/proxy"]],
  ServiceProxyOptions: [["", "services/proxy"]],
  NodeProxyOptions: [["", "nodes/proxy"]],
  Eviction: [["", "pods/eviction"]],
  Binding: [["", "pods/binding"]],
  Scale: [
    ["apps", "deployments/scale"],
    ["apps", "replicasets/scale"],
    ["apps", "statefulsets/scale"],
    ["", "replicationcontrollers/scale"],
  ],
};

/** What constraints can match, or undefined where that may be anything. */
export async function neededResources(
  constraints: readonly JsonObject[],
  find: FindKind,
): Promise<NeededResources | undefined> {
  const needed = new Map<string, Set<string>>();
  const need = (group: string, resource: string): void => {
    const resources = needed.get(group) ?? new Set();
    needed.set(group, resources.add(resource));
  };
  for (const constraint of constraints) {
    const entries = listAt(ownPath(constraint, "spec", "match", "kinds"));
    if (entries.length === 0) return undefined;
    for (const entry of entries) {
      const kinds = listAt(own(entry, "kinds")).map(String);
      const groups = listAt(own(entry, "apiGroups")).map(String);
      if (kinds.length === 0 || kinds.includes("*")) return undefined;
      const where = groups.length === 0 || groups.includes("*") ? ["*"] : groups;
      for (const kind of kinds) {
        const known = Object.hasOwn(subresourceKinds, kind) ? (subresourceKinds[kind] ?? []) : [];
        for (const [group, resource] of known) need(group, resource);
        for (const group of where) {
          const found = await find(group, kind);
          // It may come later, and then nobody would look.
          if (found.length === 0 && known.length === 0) return undefined;
          for (const resource of found) need(resource.group, resource.plural);
        }
      }
    }
  }
  return needed;
}

/** The one rule of which rules can be narrowed: everything, and some subresources. */
export function isWideRule(rules: JsonValue | undefined): boolean {
  const [rule, ...more] = listAt(rules);
  return (
    more.length === 0 && listAt(own(rule, "apiGroups")).includes("*") && listAt(own(rule, "resources")).includes("*")
  );
}

/** The wide rules made narrow: their operations, versions and scope, and of their resources what is needed. */
export function narrowRules(wide: JsonValue, needed: NeededResources): JsonValue {
  const rule = listAt(wide)[0];
  const base: MutableJsonObject = {};
  for (const field of ["apiVersions", "operations", "scope"]) {
    const value = own(rule, field);
    if (value !== undefined) setOwn(base, field, value);
  }
  const subresources = listAt(own(rule, "resources"))
    .map(String)
    .filter((resource) => resource.includes("/"));
  const rules: JsonValue[] = [{ ...base, apiGroups: ownGroups, resources: ["*"] }];
  for (const [group, resources] of [...needed].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const listed = new Set<string>();
    for (const resource of resources) {
      // A subresource is asked about only where the wide rules have it.
      if (!resource.includes("/") || subresources.includes(resource)) listed.add(resource);
      for (const each of subresources) if (each.startsWith(`${resource}/`)) listed.add(each);
    }
    if (listed.size > 0) rules.push({ ...base, apiGroups: [group], resources: [...listed].toSorted() });
  }
  return rules;
}

/** What narrow rules have beside Gatekeeper's own groups. */
export function resourcesOf(rules: JsonValue): NeededResources {
  const found = new Map<string, Set<string>>();
  for (const rule of listAt(rules)) {
    const groups = listAt(own(rule, "apiGroups")).map(String);
    if (groups.length !== 1) continue;
    const [group = ""] = groups;
    const resources = found.get(group) ?? new Set();
    for (const resource of listAt(own(rule, "resources"))) resources.add(String(resource));
    found.set(group, resources);
  }
  return found;
}

/** Both together. */
export function union(left: NeededResources, right: NeededResources): NeededResources {
  const both = new Map<string, Set<string>>();
  for (const [group, resources] of [...left, ...right])
    both.set(group, new Set([...(both.get(group) ?? []), ...resources]));
  return both;
}

/** Whether somebody who applies a file of their own says what the rules of a webhook are. */
export function isRulesOwnedByApply(configuration: JsonObject, webhook: string): boolean {
  return listAt(ownPath(configuration, "metadata", "managedFields")).some(
    (entry) =>
      ownString(entry, "operation") === "Apply" &&
      ownPath(entry, "fieldsV1", "f:webhooks", `k:{"name":"${webhook}"}`, "f:rules") !== undefined,
  );
}

function listAt(value: unknown): readonly JsonValue[] {
  return isJsonArray(value) ? value : [];
}
