/** Brings what the replicas say about a template, a constraint or the Config together in its status. */
import {
  compareBytes,
  equalJson,
  isJsonArray,
  isJsonObject,
  labelsOf,
  nameOf,
  namespaceOf,
  own,
  ownString,
  uidOf,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import {
  Informer,
  valueOf,
  WorkQueue,
  type Change,
  type Clock,
  type KubeClient,
  type Resource,
} from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import {
  configPodStatuses,
  configs,
  constraintPodStatuses,
  constraintsOf,
  constraintTemplates,
  templatePodStatuses,
} from "../resources.ts";
import { podStatusLabels } from "./pod-status-labels.ts";

/** What bringing reports together needs. */
export interface AggregationOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the reports are. */
  readonly namespace: string;
  readonly findTemplate: (name: string) => JsonObject | undefined;
  readonly findConstraint: (kind: string, name: string) => JsonObject | undefined;
  readonly findConfig: (name: string) => JsonObject | undefined;
}

/** A kind of report, and how it comes into the status of what it is about. */
interface ReportKind {
  readonly resource: Resource;
  /** The labels that name what a report is about; their values, in this order, are the names below. */
  readonly labels: readonly string[];
  /** The field of a report with the uid of what it is about. */
  readonly uidField: string;
  /** What reports of these names are about; absent where it is not there. */
  readonly subjectOf: (names: readonly string[]) => Subject | undefined;
}

interface Subject {
  readonly resource: Resource;
  readonly object: JsonObject;
  /** What of its status is to be written. */
  readonly statusOf: (object: JsonObject, byPod: readonly JsonObject[]) => JsonObject;
}

/** The entries of the replicas that speak about the object of that uid, in the order of their Pods' names. */
export function byPodOf(reports: readonly JsonObject[], uidField: string, uid: string): readonly JsonObject[] {
  return reports
    .map((report) => own(report, "status"))
    .filter(isJsonObject)
    .filter((status) => ownString(status, uidField) === uid)
    .toSorted((left, right) => compareBytes(ownString(left, "id") ?? "", ownString(right, "id") ?? ""));
}

/** Of a template's status: who has it, and whether it was ever in force anywhere, which is never taken back. */
export function templateStatus(template: JsonObject, byPod: readonly JsonObject[]): JsonObject {
  const isInForce = byPod.some((entry) => {
    const errors = own(entry, "errors");
    return !isJsonArray(errors) || errors.length === 0;
  });
  const created = isInForce || own(own(template, "status"), "created") === true;
  return { ...entriesOf(template, byPod), ...(created ? { created } : {}) };
}

/**
 * The entries of the replicas. What else is in the status is somebody else's, audit's above all, and may be newer than
 * what was seen of it.
 */
function entriesOf(_object: JsonObject, byPod: readonly JsonObject[]): JsonObject {
  return { byPod };
}

function reportKinds({ findTemplate, findConstraint, findConfig }: AggregationOptions): readonly ReportKind[] {
  const subject = (
    resource: Resource,
    object: JsonObject | undefined,
    statusOf: Subject["statusOf"] = entriesOf,
  ): Subject | undefined => (object === undefined ? undefined : { resource, object, statusOf });
  return [
    {
      resource: templatePodStatuses,
      labels: [podStatusLabels.templateName],
      uidField: "templateUID",
      subjectOf: ([name = ""]) => subject(constraintTemplates, findTemplate(name), templateStatus),
    },
    {
      resource: constraintPodStatuses,
      labels: [podStatusLabels.constraintKind, podStatusLabels.constraintName],
      uidField: "constraintUID",
      subjectOf: ([kind = "", name = ""]) => subject(constraintsOf(kind), findConstraint(kind, name)),
    },
    {
      resource: configPodStatuses,
      labels: [podStatusLabels.configName],
      uidField: "configUID",
      subjectOf: ([name = ""]) => subject(configs, findConfig(name)),
    },
  ];
}

/** Follows the reports and writes the statuses, while one replica does so for all. */
export class Aggregation {
  readonly #client: KubeClient;
  readonly #kinds: ReadonlyMap<string, ReportKind>;
  readonly #informers: readonly Informer[];
  /** Reports by the key of what they are about, and by their own name there: one of many is looked at, not all. */
  readonly #reports = new Map<string, Map<string, JsonObject>>();
  readonly #queue: WorkQueue;

  constructor(options: AggregationOptions) {
    const { client, clock, log, namespace } = options;
    this.#client = client;
    this.#queue = new WorkQueue({
      clock,
      work: (key) => this.#write(key),
      onFailure: (key, error, failures) => {
        log.warn("writing a status failed; it is tried again", { key, failures, error });
      },
    });
    const follow = (kind: ReportKind): Informer =>
      new Informer({
        client,
        clock,
        resource: kind.resource,
        selection: { namespace },
        onChange: (change) => {
          this.#take(kind, change);
        },
      });
    const kinds = reportKinds(options);
    this.#kinds = new Map(kinds.map((kind) => [kind.resource.plural, kind]));
    this.#informers = kinds.map(follow);
  }

  start(): void {
    for (const informer of this.#informers) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer.stop()));
    await this.#queue.stop();
  }

  #take(kind: ReportKind, change: Change): void {
    // Its labels may have been changed by hand, and then it is about something else.
    if (change.kind === "updated") this.#drop(kind, change.previous);
    if (change.kind === "deleted") return this.#drop(kind, change.object);
    const key = keyOfSubject(change.object, kind);
    const reports = this.#reports.get(key) ?? new Map<string, JsonObject>();
    this.#reports.set(key, reports.set(nameOf(change.object), change.object));
    this.#queue.add(key);
  }

  #drop(kind: ReportKind, report: JsonObject): void {
    const key = keyOfSubject(report, kind);
    const reports = this.#reports.get(key);
    reports?.delete(nameOf(report));
    if (reports?.size === 0) this.#reports.delete(key);
    this.#queue.add(key);
  }

  async #write(key: string): Promise<void> {
    const [plural = "", ...names] = key.split("/");
    const kind = this.#kinds.get(plural);
    const subject = kind?.subjectOf(names);
    if (kind === undefined || subject === undefined) return;
    const { resource, object, statusOf } = subject;
    const reports = [...(this.#reports.get(key)?.values() ?? [])];
    await this.#update(resource, object, statusOf(object, byPodOf(reports, kind.uidField, uidOf(object))));
  }

  async #update(resource: Resource, object: JsonObject, status: JsonObject): Promise<void> {
    const before = own(object, "status");
    if (Object.entries(status).every(([field, value]) => equalJson(own(before, field) ?? null, value))) return;
    const patch: JsonValue = { metadata: { uid: uidOf(object) }, status };
    const namespace = namespaceOf(object);
    const at = { name: nameOf(object), ...(namespace === "" ? {} : { namespace }), subresource: "status" };
    const written = await this.#client.patch(resource, at, "merge", patch);
    // Gone, or another object of the same name: its own reports will follow.
    if (!written.ok && (written.status.code === 404 || written.status.code === 409)) return;
    valueOf(written, `writing the status of ${resource.kind} ${nameOf(object)}`);
  }
}

/** The kind of report and the names of what one is about. */
function keyOfSubject(report: JsonObject, { resource, labels }: ReportKind): string {
  const names = labels.map((label) => ownString(labelsOf(report), label) ?? "");
  return [resource.plural, ...names].join("/");
}
