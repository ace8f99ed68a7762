import { createHash } from "node:crypto";
import type { Kind, KindVersion, Subresource } from "../kinds/kind.ts";
import type { Fields } from "../storage/api-object.ts";
import { apiVersionOf, type KindTable } from "./kind-table.ts";

interface ServedKind {
  readonly kind: Kind;
  readonly version: KindVersion;
}

/** The served versions of a group, most preferred first. */
function versionsOf(kinds: readonly Kind[]): readonly string[] {
  const names = new Set<string>();
  for (const kind of kinds) for (const version of kind.versions) if (version.served) names.add(version.name);
  return [...names].toSorted(compareVersions);
}

/** Kubernetes' order of versions: v2, v1, v1beta1, v1alpha1, then anything else by name. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [rank(left), rank(right)];
  if (a === undefined || b === undefined) {
    if (a === b) return left < right ? -1 : 1;
    return a === undefined ? 1 : -1;
  }
  return b.stage - a.stage || b.major - a.major || b.minor - a.minor;
}

function rank(version: string): { stage: number; major: number; minor: number } | undefined {
  const match = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/.exec(version);
  if (match === null) return undefined;
  const stage = match[2] === undefined ? 2 : match[2] === "beta" ? 1 : 0;
  return { stage, major: Number(match[1]), minor: Number(match[3] ?? 0) };
}

function servedIn(kinds: readonly Kind[], version: string): readonly ServedKind[] {
  return kinds.flatMap((kind) => {
    const found = kind.versions.find((candidate) => candidate.name === version && candidate.served);
    return found === undefined ? [] : [{ kind, version: found }];
  });
}

interface DescribedSubresource {
  readonly name: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
}

function subresourcesOf({ kind, version }: ServedKind): readonly DescribedSubresource[] {
  const own = { group: kind.group, version: version.name, kind: kind.kind };
  const result: DescribedSubresource[] = [];
  for (const subresource of kind.subresources ?? []) {
    result.push({ name: subresource.name, kind: bodyOf(subresource, own), verbs: verbsOf(subresource) });
  }
  if (kind.scale !== undefined) {
    const scale = { group: "autoscaling", version: "v1", kind: "Scale" };
    result.push({ name: "scale", kind: scale, verbs: ["get", "patch", "update"] });
  }
  if (kind.statusSubresource) result.push({ name: "status", kind: own, verbs: ["get", "patch", "update"] });
  return result.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function bodyOf(subresource: Subresource, own: DescribedSubresource["kind"]): DescribedSubresource["kind"] {
  switch (subresource.kind) {
    case "action":
    case "connect":
      return subresource.body;
    case "part":
    case "text":
      return own;
  }
}

function verbsOf(subresource: Subresource): readonly string[] {
  switch (subresource.kind) {
    case "action":
      return ["create"];
    case "connect":
      return subresource.verbs;
    case "part":
      return ["get", "patch", "update"];
    case "text":
      return ["get"];
  }
}

/** The document at `/api/v1` and `/apis/<group>/<version>`, or undefined where nothing is served. */
export function resourceList(kinds: KindTable, group: string, version: string): Fields | undefined {
  const served = servedIn(kinds.groups().get(group) ?? [], version);
  if (served.length === 0) return undefined;
  const resources = served.flatMap((entry) => {
    const { kind } = entry;
    const main = {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
      ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
      storageVersionHash: createHash("sha256")
        .update(`${group}/${kind.storageVersion}/${kind.kind}`)
        .digest("base64")
        .slice(0, 12),
    };
    const subs = subresourcesOf(entry).map((sub) => ({
      name: `${kind.plural}/${sub.name}`,
      singularName: "",
      namespaced: kind.namespaced,
      ...(sub.kind.group === group && sub.kind.version === version
        ? {}
        : { group: sub.kind.group, version: sub.kind.version }),
      kind: sub.kind.kind,
      verbs: sub.verbs,
    }));
    return [main, ...subs];
  });
  resources.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf(group, version), resources };
}

/** The document at `/apis/<group>`. */
export function groupDocument(kinds: KindTable, group: string): Fields | undefined {
  const members = kinds.groups().get(group);
  if (members === undefined || group === "") return undefined;
  const versions = versionsOf(members).map((version) => ({ groupVersion: apiVersionOf(group, version), version }));
  const [preferredVersion] = versions;
  if (preferredVersion === undefined) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", name: group, versions, preferredVersion };
}

/** The document at `/apis`. */
export function groupList(kinds: KindTable): Fields {
  const groups = [...kinds.groups().keys()].flatMap((group) => {
    const document = groupDocument(kinds, group);
    if (document === undefined) return [];
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = document;
    return [rest];
  });
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** The document at `/api`. */
export function coreVersions(address: string): Fields {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress: address }],
  };
}

/** Aggregated discovery: everything of `/api` or `/apis` in one document. */
export function aggregatedDiscovery(kinds: KindTable, which: "core" | "groups", version: "v2" | "v2beta1"): Fields {
  const items = [...kinds.groups()]
    .filter(([group]) => (group === "") === (which === "core"))
    .flatMap(([group, members]) => {
      const versions = versionsOf(members);
      if (versions.length === 0) return [];
      return [
        {
          metadata: { ...(group === "" ? {} : { name: group }), creationTimestamp: null },
          versions: versions.map((name) => ({
            version: name,
            resources: servedIn(members, name).map((entry) => aggregatedResource(entry)),
            freshness: "Current",
          })),
        },
      ];
    });
  return { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
}

function aggregatedResource(entry: ServedKind): Fields {
  const { kind, version } = entry;
  const scope = kind.namespaced ? "Namespaced" : "Cluster";
  const subresources = subresourcesOf(entry).map((sub) => ({
    subresource: sub.name,
    responseKind: sub.kind,
    verbs: sub.verbs,
  }));
  return {
    resource: kind.plural,
    responseKind: { group: kind.group, version: version.name, kind: kind.kind },
    scope,
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}
