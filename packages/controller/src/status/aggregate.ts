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
import { Informer, valueOf, WorkQueue, type Clock, type KubeClient, type Resource } from "@portcullis/kube";
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

/** A template's status: who has it, and whether it was ever in force anywhere, which is never taken back. */
export function templateStatus(template: JsonObject, byPod: readonly JsonObject[]): JsonObject {
  const isInForce = byPod.some((entry) => {
    const errors = own(entry, "errors");
    return !isJsonArray(errors) || errors.length === 0;
  });
  const created = isInForce || own(own(template, "status"), "created") === true;
  return { ...statusWith(template, byPod), ...(created ? { created } : {}) };
}

/** An object's status with the entries of the replicas in it. */
function statusWith(object: JsonObject, byPod: readonly JsonObject[]): JsonObject {
  const before = own(object, "status");
  return { ...(isJsonObject(before) ? before : {}), byPod };
}

function reportKinds({ findTemplate, findConstraint, findConfig }: AggregationOptions): readonly ReportKind[] {
  const subject = (
    resource: Resource,
    object: JsonObject | undefined,
    statusOf: Subject["statusOf"] = statusWith,
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
  readonly #followed: ReadonlyMap<string, { readonly kind: ReportKind; readonly informer: Informer }>;
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
        onChange: ({ object }) => {
          this.#queue.add([kind.resource.plural, ...namesIn(object, kind)].join("/"));
        },
      });
    this.#followed = new Map(
      reportKinds(options).map((kind) => [kind.resource.plural, { kind, informer: follow(kind) }]),
    );
  }

  start(): void {
    for (const { informer } of this.#followed.values()) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#followed.values()].map(({ informer }) => informer.stop()));
    await this.#queue.stop();
  }

  async #write(key: string): Promise<void> {
    const [plural = "", ...names] = key.split("/");
    const followed = this.#followed.get(plural);
    const subject = followed?.kind.subjectOf(names);
    if (followed === undefined || subject === undefined) return;
    const { kind, informer } = followed;
    const { resource, object, statusOf } = subject;
    const reports = informer.store.list().filter((report) => namesIn(report, kind).join("/") === names.join("/"));
    await this.#update(resource, object, statusOf(object, byPodOf(reports, kind.uidField, uidOf(object))));
  }

  async #update(resource: Resource, object: JsonObject, status: JsonObject): Promise<void> {
    if (equalJson(own(object, "status") ?? null, status)) return;
    const patch: JsonValue = { metadata: { uid: uidOf(object) }, status };
    const namespace = namespaceOf(object);
    const at = { name: nameOf(object), ...(namespace === "" ? {} : { namespace }), subresource: "status" };
    const written = await this.#client.patch(resource, at, "merge", patch);
    // Gone, or another object of the same name: its own reports will follow.
    if (!written.ok && (written.status.code === 404 || written.status.code === 409)) return;
    valueOf(written, `writing the status of ${resource.kind} ${nameOf(object)}`);
  }
}

/** The names of what a report is about. */
function namesIn(report: JsonObject, { labels }: ReportKind): readonly string[] {
  return labels.map((label) => ownString(labelsOf(report), label) ?? "");
}
