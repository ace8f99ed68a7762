import { ownString } from "../json/value.ts";

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export interface GroupVersionKind extends GroupVersion {
  readonly kind: string;
}

export interface GroupVersionResource extends GroupVersion {
  readonly resource: string;
}

/** Splits an apiVersion: `v1` has no group, `apps/v1` has. Undefined where there is more than one slash. */
export function parseApiVersion(apiVersion: string): GroupVersion | undefined {
  // Kubernetes reads a lone slash as nothing at all.
  if (apiVersion === "" || apiVersion === "/") return { group: "", version: "" };
  const slash = apiVersion.indexOf("/");
  if (slash === -1) return { group: "", version: apiVersion };
  if (apiVersion.includes("/", slash + 1)) return undefined;
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The inverse of `parseApiVersion`. */
export function formatApiVersion({ group, version }: GroupVersion): string {
  return group === "" ? version : `${group}/${version}`;
}

/** What an object says it is; empty strings for what it does not say. */
export function groupVersionKindOf(object: unknown): GroupVersionKind {
  const parsed = parseApiVersion(ownString(object, "apiVersion") ?? "");
  return { group: parsed?.group ?? "", version: parsed?.version ?? "", kind: ownString(object, "kind") ?? "" };
}

/** A group, version and kind as Kubernetes prints them in messages: `apps/v1, Kind=Deployment`. */
export function formatGroupVersionKind({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}, Kind=${kind}`;
}

/** `group/version Kind` or `version Kind`, for a text that a person reads. */
export function describeGroupVersionKind(of: GroupVersionKind): string {
  return `${formatApiVersion(of)} ${of.kind}`;
}
