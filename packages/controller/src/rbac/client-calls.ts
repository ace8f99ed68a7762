/**
 * What the server asks of the API server, by the file that asks. The rules of its role are made from this table, and a
 * spec holds the table against the files, so that a new call without its right does not go unseen.
 */
import { leases, type Resource } from "@portcullis/kube";
import {
  configPodStatuses,
  configs,
  constraintPodStatuses,
  constraintsOf,
  constraintTemplates,
  customResourceDefinitions,
  events,
  mutatingWebhookConfigurations,
  namespaces,
  pods,
  secrets,
  syncSets,
  templatePodStatuses,
  webhookConfigurations,
} from "../resources.ts";

/** What a rule of a role may allow, of all that Kubernetes knows. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** Where a right is needed: in the whole cluster, or in the server's own namespace. */
export type Reach = "cluster" | "own-namespace";

/** What one file asks of one resource. */
export interface ClientCall {
  /** Below `src`. */
  readonly file: string;
  readonly group: string;
  /** Plural, with the subresource behind a slash; `*` for all of the group. */
  readonly resource: string;
  readonly verbs: readonly Verb[];
  readonly reach: Reach;
  /** The right is for objects of these names alone; the names are values of the chart. */
  readonly names?: "validating-webhook-configurations" | "mutating-webhook-configurations" | "certificate-secret";
  /** Needed only where this is asked for; the chart has a value for it. */
  readonly only?: "inventory" | "events-anywhere";
}

const watching: readonly Verb[] = ["list", "watch"];

function call(
  file: string,
  { group, plural }: Pick<Resource, "group" | "plural">,
  verbs: readonly Verb[],
  more: Partial<Omit<ClientCall, "file" | "group" | "verbs">> = {},
): ClientCall {
  return { file, group, resource: plural, verbs, reach: "cluster", ...more };
}

const own = { reach: "own-namespace" } as const;
const constraints = { group: constraintsOf("K").group, plural: "*" };

/** Every call that is made when the chart's rules are in force; what `installs` makes is made by the chart then. */
export const clientCalls: readonly ClientCall[] = [
  call("run-manager.ts", pods, ["get"], own),
  call("status/status-holder.ts", leases, ["get", "create", "update"], own),
  call("start.ts", namespaces, ["get", ...watching]),
  call("sync/templates.ts", constraintTemplates, ["get", ...watching]),
  call("sync/templates.ts", customResourceDefinitions, ["get", ...watching]),
  call("gaps/installed-crds.ts", customResourceDefinitions, watching),
  call("sync/constraint-crd.ts", customResourceDefinitions, ["get", "create", "update", "delete"]),
  // The CRD is owned by its template and blocks its deletion, which takes this right.
  call("sync/constraint-crd.ts", constraintTemplates, ["update"], { resource: "constrainttemplates/finalizers" }),
  call("sync/constraints.ts", constraints, ["get", ...watching]),
  call("sync/configs.ts", configs, watching, own),
  call("sync/sync-sets.ts", syncSets, watching),
  call("sync/inventory.ts", { group: "*", plural: "*" }, watching, { only: "inventory" }),
  call("status/reports.ts", templatePodStatuses, ["get", "create", "update", "delete"], own),
  call("status/reports.ts", constraintPodStatuses, ["get", "create", "update", "delete"], own),
  call("status/reports.ts", configPodStatuses, ["get", "create", "update", "delete"], own),
  call("status/aggregate.ts", templatePodStatuses, watching, own),
  call("status/aggregate.ts", constraintPodStatuses, watching, own),
  call("status/aggregate.ts", configPodStatuses, watching, own),
  call("status/aggregate.ts", configs, ["patch"], { ...own, resource: "configs/status" }),
  call("status/aggregate.ts", constraintTemplates, ["patch"], { resource: "constrainttemplates/status" }),
  call("status/aggregate.ts", constraints, ["patch"], { resource: "*/status" }),
  call("certificates/secret-certificates.ts", secrets, watching, { ...own, names: "certificate-secret" }),
  call("certificates/secret-certificates.ts", secrets, ["update"], { ...own, names: "certificate-secret" }),
  // A name is not known yet when an object is created, so this right cannot be bound to one.
  call("certificates/secret-certificates.ts", secrets, ["create"], own),
  call("registration/trust-keeper.ts", webhookConfigurations, [...watching, "patch"], {
    names: "validating-webhook-configurations",
  }),
  call("registration/narrowing.ts", webhookConfigurations, ["list", "patch"], {
    names: "validating-webhook-configurations",
  }),
  call("registration/stored-constraints.ts", constraintTemplates, ["list"]),
  call("registration/stored-constraints.ts", constraints, ["list"]),
  call("registration/stored-constraints.ts", customResourceDefinitions, ["get"]),
  call("registration/trust-keeper.ts", mutatingWebhookConfigurations, [...watching, "patch"], {
    names: "mutating-webhook-configurations",
  }),
  call("events/event-recorder.ts", events, ["create", "patch"], own),
  call("events/event-recorder.ts", events, ["create", "patch"], { only: "events-anywhere" }),
];
