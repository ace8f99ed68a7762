/**
 * What this replica says about templates and constraints: one object each, which the aggregation of `aggregate.ts`
 * brings together in the status of what they are about.
 */
import {
  formatApiVersion,
  formatGroupVersionKind,
  generationOf,
  metadataOf,
  nameOf,
  quoteGo,
  resourceVersionOf,
  uidOf,
  type GroupVersionKind,
  type JsonObject,
} from "@portcullis/objects";
import { valueOf, WorkQueue, type Clock, type KubeClient, type Resource } from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import type { PolicyProblem } from "../policies.ts";
import { configPodStatuses, constraintPodStatuses, templatePodStatuses } from "../resources.ts";
import { podStatusLabels } from "./pod-status-labels.ts";
import { podStatusName } from "./pod-status-name.ts";

/** Who reports. */
export interface Reporter {
  /** The Pod's name, or what stands for it. */
  readonly pod: string;
  /** The Pod, which owns the reports; absent outside of a cluster. */
  readonly owner?: { readonly name: string; readonly uid: string };
  /** Gatekeeper's own namespace, where the reports are. */
  readonly namespace: string;
  /** What this process does: `webhook`, `status`. */
  readonly operations: readonly string[];
}

/** What reporting needs. */
export interface StatusReportsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly reporter: Reporter;
}

interface Report {
  readonly resource: Resource;
  readonly name: string;
  /** What to write; absent where the report is to go. */
  readonly object?: JsonObject;
}

/** Writes the reports of this replica, one object for each template, constraint and Config. */
export class StatusReports {
  readonly #options: StatusReportsOptions;
  readonly #wanted = new Map<string, Report>();
  /** The version of each report that is there, as it was written last; a change is one request then. */
  readonly #versions = new Map<string, string>();
  /** Nothing is written before: who starts has more urgent things to do. */
  #isOpen = false;
  readonly #queue: WorkQueue;

  constructor(options: StatusReportsOptions) {
    this.#options = options;
    this.#queue = new WorkQueue({
      clock: options.clock,
      work: (key) => this.#write(key),
      onFailure: (key, error, failures) => {
        options.log.warn("writing a pod status failed; it is tried again", { key, failures, error });
      },
    });
  }

  /** Begins to write what was told so far, and what is told from now on. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    for (const key of this.#wanted.keys()) this.#queue.add(key);
  }

  /** Says that a template is in force, or why it is not. */
  reportTemplate(template: JsonObject, problem: PolicyProblem | undefined): void {
    const name = nameOf(template);
    this.#want(
      templatePodStatuses,
      this.#templateReportName(name),
      { [podStatusLabels.templateName]: name },
      {
        templateUID: uidOf(template),
        observedGeneration: generationOf(template),
        ...(problem === undefined ? {} : { errors: [errorEntry(problem)] }),
      },
    );
  }

  removeTemplate(name: string): void {
    this.#drop(templatePodStatuses, this.#templateReportName(name));
  }

  /** Says that a constraint is enforced, or why it is not. */
  reportConstraint(constraint: JsonObject, problem: PolicyProblem | undefined): void {
    const name = nameOf(constraint);
    const kind = String(constraint["kind"]);
    this.#want(
      constraintPodStatuses,
      this.#constraintReportName(kind, name),
      {
        [podStatusLabels.constraintName]: name,
        [podStatusLabels.constraintKind]: kind,
        [podStatusLabels.templateName]: kind.toLowerCase(),
      },
      {
        constraintUID: uidOf(constraint),
        observedGeneration: generationOf(constraint),
        // Gatekeeper leaves the field out where it is not so, and takes a false away that it finds.
        ...(problem === undefined ? { enforced: true } : { errors: [errorEntry(problem)] }),
      },
    );
  }

  removeConstraint(kind: string, name: string): void {
    this.#drop(constraintPodStatuses, this.#constraintReportName(kind, name));
  }

  /** Says that the Config counts, and which of the kinds that it names to be synced nobody serves. */
  reportConfig(config: JsonObject, unserved: readonly GroupVersionKind[]): void {
    const name = nameOf(config);
    const errors = unserved.length === 0 ? {} : { errors: [{ message: unservedText(unserved) }] };
    this.#want(
      configPodStatuses,
      this.#configReportName(name),
      { [podStatusLabels.configName]: name },
      { configUID: uidOf(config), observedGeneration: generationOf(config), ...errors },
    );
  }

  removeConfig(name: string): void {
    this.#drop(configPodStatuses, this.#configReportName(name));
  }

  /** Resolves when every report is written. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  async stop(): Promise<void> {
    await this.#queue.stop();
  }

  #configReportName(name: string): string {
    const { pod, namespace } = this.#options.reporter;
    return podStatusName(pod, namespace, name);
  }

  #templateReportName(name: string): string {
    return podStatusName(this.#options.reporter.pod, name);
  }

  #constraintReportName(kind: string, name: string): string {
    return podStatusName(this.#options.reporter.pod, kind.toLowerCase(), name);
  }

  #want(resource: Resource, name: string, labels: JsonObject, status: JsonObject): void {
    const { pod, owner, namespace, operations } = this.#options.reporter;
    const object: JsonObject = {
      apiVersion: `${resource.group}/${resource.version}`,
      kind: resource.kind,
      metadata: {
        name,
        namespace,
        labels: { ...labels, [podStatusLabels.pod]: pod },
        ...(owner === undefined ? {} : { ownerReferences: [{ apiVersion: "v1", kind: "Pod", ...owner }] }),
      },
      status: { id: pod, operations: operations.toSorted(), ...status },
    };
    this.#queueUp({ resource, name, object });
  }

  #drop(resource: Resource, name: string): void {
    this.#queueUp({ resource, name });
  }

  #queueUp(report: Report): void {
    const key = `${report.resource.plural}/${report.name}`;
    this.#wanted.set(key, report);
    if (this.#isOpen) this.#queue.add(key);
  }

  async #write(key: string): Promise<void> {
    const report = this.#wanted.get(key);
    if (report === undefined) return;
    const { client, reporter } = this.#options;
    if (report.object === undefined) {
      const gone = await client.delete(report.resource, { name: report.name, namespace: reporter.namespace });
      if (!gone.ok && gone.status.code !== 404) valueOf(gone, `deleting ${key}`);
      this.#versions.delete(key);
      if (this.#wanted.get(key) === report) this.#wanted.delete(key);
      return;
    }
    const written =
      (await this.#replaceKnown(key, report.resource, report.object)) ??
      (await this.#createOrReplace(key, report.resource, report.object));
    this.#versions.set(key, resourceVersionOf(written));
  }

  /** Replaces what was written here last; undefined where nothing was, or where somebody changed or deleted it since. */
  async #replaceKnown(key: string, resource: Resource, object: JsonObject): Promise<JsonObject | undefined> {
    const resourceVersion = this.#versions.get(key);
    if (resourceVersion === undefined) return undefined;
    const replaced = await this.#options.client.replace(resource, atVersion(object, resourceVersion));
    if (!replaced.ok && [404, 409].includes(replaced.status.code)) {
      this.#versions.delete(key);
      return undefined;
    }
    return valueOf(replaced, `writing ${key}`);
  }

  async #createOrReplace(key: string, resource: Resource, object: JsonObject): Promise<JsonObject> {
    const { client, reporter } = this.#options;
    const created = await client.create(resource, object);
    if (created.ok || created.status.reason !== "AlreadyExists") return valueOf(created, `writing ${key}`);
    const at = { name: nameOf(object), namespace: reporter.namespace };
    const existing = valueOf(await client.get(resource, at), `reading ${key}`);
    return valueOf(await client.replace(resource, atVersion(object, resourceVersionOf(existing))), `writing ${key}`);
  }
}

function atVersion(object: JsonObject, resourceVersion: string): JsonObject {
  return { ...object, metadata: { ...metadataOf(object), resourceVersion } };
}

function errorEntry(problem: PolicyProblem): JsonObject {
  const { statusCode, message, location } = problem;
  return { code: statusCode, message, ...(location === undefined ? {} : { location }) };
}

/** Gatekeeper's text, a line for each kind. */
function unservedText(kinds: readonly GroupVersionKind[]): string {
  const lines = kinds.map((of) => {
    const name = formatGroupVersionKind(of);
    const why = `no matches for kind ${quoteGo(of.kind)} in version ${quoteGo(formatApiVersion(of))}`;
    return `error for gvk: ${name}: adding watch for ${name} getting informer for kind: ${name} ${why}`;
  });
  return `error establishing watches: ${lines.join("\n")}`;
}
