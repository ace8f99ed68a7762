import type { JsonObject } from "@portcullis/objects";
import { clientCalls, type ClientCall, type Reach, type Verb } from "./client-calls.ts";

export type { Reach } from "./client-calls.ts";

/** A rule of a role, names still as what they stand for. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
  readonly names?: ClientCall["names"];
  readonly only?: ClientCall["only"];
}

const verbOrder: readonly Verb[] = ["get", "list", "watch", "create", "update", "patch", "delete"];

/** The rules of the role that the calls need: one for each resource, those of equal verbs in a group together. */
export function rulesFor(reach: Reach, calls: readonly ClientCall[] = clientCalls): readonly RoleRule[] {
  const verbsOf = new Map<string, { readonly call: ClientCall; readonly verbs: Set<Verb> }>();
  for (const call of calls.filter((each) => each.reach === reach)) {
    const key = JSON.stringify([call.group, call.resource, call.names, call.only]);
    const entry = verbsOf.get(key) ?? { call, verbs: new Set() };
    for (const verb of call.verbs) entry.verbs.add(verb);
    verbsOf.set(key, entry);
  }
  const rules = new Map<string, { readonly rule: RoleRule; readonly resources: string[] }>();
  for (const { call, verbs } of verbsOf.values()) {
    const ordered = verbOrder.filter((verb) => verbs.has(verb));
    const key = JSON.stringify([call.group, ordered, call.names, call.only]);
    const resources: string[] = rules.get(key)?.resources ?? [];
    resources.push(call.resource);
    const rule: RoleRule = {
      apiGroups: [call.group],
      resources,
      verbs: ordered,
      ...(call.names === undefined ? {} : { names: call.names }),
      ...(call.only === undefined ? {} : { only: call.only }),
    };
    rules.set(key, { rule, resources });
  }
  return [...rules.values()]
    .map(({ rule, resources }) => ({ ...rule, resources: resources.toSorted() }))
    .toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1));
}

function sortKey({ apiGroups, resources, names, only }: RoleRule): string {
  return JSON.stringify([only ?? "", apiGroups, resources, names ?? ""]);
}

/** A rule as the API takes it, with the names filled in. */
export function roleRule({ apiGroups, resources, verbs }: RoleRule, names?: readonly string[]): JsonObject {
  return {
    apiGroups: [...apiGroups],
    ...(names === undefined ? {} : { resourceNames: [...names] }),
    resources: [...resources],
    verbs: [...verbs],
  };
}
