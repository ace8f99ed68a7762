/** Brings what the replicas say about a template or a constraint together in its status. */
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

export interface AggregationOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace: string;
  readonly findTemplate: (name: string) => JsonObject | undefined;
  readonly findConstraint: (kind: string, name: string) => JsonObject | undefined;
  readonly findConfig: (name: string) => JsonObject | undefined;
}

const label = "internal.gatekeeper.sh";

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
  const before = own(template, "status");
  const isInForce = byPod.some((entry) => {
    const errors = own(entry, "errors");
    return !isJsonArray(errors) || errors.length === 0;
  });
  const created = isInForce || own(before, "created") === true;
  return { ...(isJsonObject(before) ? before : {}), byPod, ...(created ? { created } : {}) };
}

export class Aggregation {
  readonly #options: AggregationOptions;
  readonly #informers: readonly Informer[];
  readonly #queue: WorkQueue;

  constructor(options: AggregationOptions) {
    this.#options = options;
    const { client, clock, log, namespace } = options;
    this.#queue = new WorkQueue({
      clock,
      work: (key) => this.#write(key),
      onFailure: (key, error, failures) => {
        log.warn("writing a status failed; it is tried again", { key, failures, error });
      },
    });
    const follow = (resource: Resource, keyOf: (labels: JsonObject) => string): Informer =>
      new Informer({
        client,
        clock,
        resource,
        selection: { namespace },
        onChange: (change) => {
          this.#queue.add(keyOf(labelsOf(change.object)));
        },
      });
    this.#informers = [
      follow(templatePodStatuses, (labels) => `template/${ownString(labels, `${label}/constrainttemplate-name`)}`),
      follow(
        constraintPodStatuses,
        (labels) =>
          `constraint/${ownString(labels, `${label}/constraint-kind`)}/${ownString(labels, `${label}/constraint-name`)}`,
      ),
      follow(configPodStatuses, (labels) => `config/${ownString(labels, `${label}/config-name`)}`),
    ];
  }

  start(): void {
    for (const informer of this.#informers) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#informers.map((informer) => informer.stop()));
    await this.#queue.stop();
  }

  async #write(key: string): Promise<void> {
    const [what, ...names] = key.split("/");
    const [templates, constraints, configReports] = this.#informers;
    if (what === "config") {
      const [name = ""] = names;
      const config = this.#options.findConfig(name);
      if (config === undefined) return;
      const reports = reportsAbout(configReports, { [`${label}/config-name`]: name });
      const byPod = byPodOf(reports, "configUID", uidOf(config));
      const before = own(config, "status");
      await this.#update(configs, config, { ...(isJsonObject(before) ? before : {}), byPod });
      return;
    }
    if (what === "template") {
      const [name = ""] = names;
      const template = this.#options.findTemplate(name);
      if (template === undefined) return;
      const reports = reportsAbout(templates, { [`${label}/constrainttemplate-name`]: name });
      await this.#update(
        constraintTemplates,
        template,
        templateStatus(template, byPodOf(reports, "templateUID", uidOf(template))),
      );
      return;
    }
    const [kind = "", name = ""] = names;
    const constraint = this.#options.findConstraint(kind, name);
    if (constraint === undefined) return;
    const reports = reportsAbout(constraints, {
      [`${label}/constraint-kind`]: kind,
      [`${label}/constraint-name`]: name,
    });
    const before = own(constraint, "status");
    const byPod = byPodOf(reports, "constraintUID", uidOf(constraint));
    await this.#update(constraintsOf(kind), constraint, { ...(isJsonObject(before) ? before : {}), byPod });
  }

  async #update(resource: Resource, object: JsonObject, status: JsonObject): Promise<void> {
    if (equalJson(own(object, "status") ?? null, status)) return;
    const patch: JsonValue = { metadata: { uid: uidOf(object) }, status };
    const namespace = namespaceOf(object);
    const at = { name: nameOf(object), ...(namespace === "" ? {} : { namespace }), subresource: "status" };
    const written = await this.#options.client.patch(resource, at, "merge", patch);
    // Gone, or another object of the same name: its own reports will follow.
    if (!written.ok && (written.status.code === 404 || written.status.code === 409)) return;
    valueOf(written, `writing the status of ${resource.kind} ${nameOf(object)}`);
  }
}

function reportsAbout(informer: Informer | undefined, wanted: JsonObject): readonly JsonObject[] {
  return (informer?.store.list() ?? []).filter((report) =>
    Object.entries(wanted).every(([key, value]) => own(labelsOf(report), key) === value),
  );
}
