/**
 * Gatekeeper's metrics of admission under the names that its exporter gives them: counters end in `_total`, and no
 * series has a label more than users' dashboards know.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type Metric } from "prom-client";
import { gapKinds, type GapObserver } from "../gaps/gap.ts";
import type { AdmissionObserver, AdmissionStatus } from "../webhook/observer.ts";
import type { IngestStatus, SyncObserver } from "../sync/observer.ts";
import { refusalReasons, type ServerObserver } from "../webhook/server-observer.ts";
import { requestHistogram } from "./request-histogram.ts";

/** What is counted, and how it is read. */
export interface Metrics {
  readonly admission: AdmissionObserver;
  readonly server: ServerObserver;
  readonly sync: SyncObserver;
  readonly gaps: Pick<GapObserver, "opened" | "closed">;
  /** Prometheus' text. */
  expose(): Promise<string>;
  readonly contentType: string;
}

/** Gatekeeper's go to 10 seconds; a webhook may take up to 30. */
const requestBuckets = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => step / 1000),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => step / 100),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => step / 10),
  ...Array.from({ length: 19 }, (_, step) => 1 + step / 2),
  15,
  20,
  25,
  30,
];
const ingestBuckets = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2, 3, 4, 5];
const syncBuckets = [
  0.0001, 0.0002, 0.0003, 0.0004, 0.0005, 0.0006, 0.0007, 0.0008, 0.0009, 0.001, 0.002, 0.003, 0.004, 0.005, 0.01, 0.02,
  0.03, 0.04, 0.05,
];
const statuses: readonly IngestStatus[] = ["active", "error"];
const actions = ["deny", "dryrun", "scoped", "warn", "unrecognized"];

/** Metrics in a registry of their own. `now` is the time in milliseconds; `runtime` adds those of the Node process. */
export function makeMetrics({
  now,
  runtime = false,
}: {
  readonly now: () => number;
  readonly runtime?: boolean;
}): Metrics {
  const registry = new Registry();
  if (runtime) collectDefaultMetrics({ register: registry });
  targetInfo(registry);
  return {
    admission: admissionMetrics(registry),
    server: serverMetrics(registry),
    sync: syncMetrics(registry, now),
    gaps: gapMetrics(registry),
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** What Gatekeeper's exporter says of the process that it is in; ours says it in the same series. */
function targetInfo(registry: Registry): void {
  new Gauge({
    name: "target_info",
    help: "Target metadata",
    labelNames: ["service_name"],
    registers: [registry],
  }).set({ service_name: "portcullis" }, 1);
}

/** Counted by hand: this happens with every answer, and a scrape twice a minute. */
function admissionMetrics(registry: Registry): AdmissionObserver {
  const counts = new Map<AdmissionStatus, { wet: number; dry: number }>();
  new Counter({
    name: "gatekeeper_validation_request_count_total",
    help: "The number of requests that are routed to validation webhook",
    labelNames: ["admission_dryrun", "admission_status"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [status, { wet, dry }] of counts) {
        if (wet > 0) this.inc({ admission_dryrun: "false", admission_status: status }, wet);
        if (dry > 0) this.inc({ admission_dryrun: "true", admission_status: status }, dry);
      }
    },
  });
  const duration = requestHistogram({
    name: "gatekeeper_validation_request_duration_seconds",
    help: "The response time in seconds",
    label: "admission_status",
    buckets: requestBuckets,
  });
  // as: a registry asks its metrics for their name and their reading, and for nothing else
  registry.registerMetric(duration as unknown as Metric);
  return {
    answered(status, isDryRun, seconds) {
      let count = counts.get(status);
      if (count === undefined) counts.set(status, (count = { wet: 0, dry: 0 }));
      if (isDryRun) count.dry += 1;
      else count.wet += 1;
      duration.observe(status, seconds);
    },
    violated: () => {},
  };
}

function syncMetrics(registry: Registry, now: () => number): SyncObserver {
  const known = new Map<string, IngestStatus>();
  const templates = templateMetrics(registry, known);
  const constraints = constraintMetrics(registry);
  let kinds = { watched: 0, intended: 0 };
  // The kind of each template's constraints is watched too.
  const ofTemplates = (): number => countOf(known, "active");
  new Gauge({
    name: "gatekeeper_watch_manager_watched_gvk",
    help: "The total number of Group/Version/Kinds currently watched by the watch manager",
    registers: [registry],
    collect() {
      this.set(kinds.watched + ofTemplates());
    },
  });
  new Gauge({
    name: "gatekeeper_watch_manager_intended_watch_gvk",
    help:
      "The total number of Group/Version/Kinds that the watch manager has instructions to watch. This could differ from " +
      "the actual count due to resources being pending, non-existent, or a failure of the watch manager to restart",
    registers: [registry],
    collect() {
      this.set(kinds.intended + ofTemplates());
    },
  });
  const objects = new Gauge({
    name: "gatekeeper_sync",
    help: "Total number of resources of each kind being cached",
    labelNames: ["kind", "status"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "gatekeeper_sync_duration_seconds",
    help: "Latency of sync operation in seconds",
    buckets: syncBuckets,
    registers: [registry],
  });
  const lastRun = gauge(registry, "sync_last_run_time_seconds", "Timestamp of last sync operation");
  return {
    ...templates,
    ...constraints,
    watching(watched, intended) {
      kinds = { watched, intended };
    },
    objectsSynced(kind, active, error) {
      objects.set({ kind, status: "active" }, active);
      objects.set({ kind, status: "error" }, error);
    },
    syncTook(seconds) {
      duration.observe(seconds);
      lastRun.set(now() / 1000);
    },
  };
}

/** Ours alone: Gatekeeper does not look for gaps. */
function gapMetrics(registry: Registry): Metrics["gaps"] {
  const open = new Gauge({
    name: "portcullis_protection_gaps",
    help: "What protection depends on and is not there now, by what it is",
    labelNames: ["gap"],
    registers: [registry],
  });
  const count = new Counter({
    name: "portcullis_protection_gaps_found_total",
    help: "How often something that protection depends on was found missing, by what it is",
    labelNames: ["gap"],
    registers: [registry],
  });
  for (const gap of gapKinds) {
    open.set({ gap }, 0);
    count.inc({ gap }, 0);
  }
  return {
    opened({ kind }) {
      open.inc({ gap: kind });
      count.inc({ gap: kind });
    },
    closed({ kind }) {
      open.dec({ gap: kind });
    },
  };
}

/** Ours alone: Gatekeeper refuses nobody so, and what nobody looked at is no request that its metrics count. */
function serverMetrics(registry: Registry): ServerObserver {
  const refused = new Counter({
    name: "portcullis_webhook_refused_calls_total",
    help: "Calls of the webhook that were refused before anybody looked at their reviews, by why",
    labelNames: ["reason"],
    registers: [registry],
  });
  const closed = new Counter({
    name: "portcullis_webhook_closed_idle_connections_total",
    help: "Idle connections to the webhook that were closed since too many were open",
    registers: [registry],
  });
  for (const reason of refusalReasons) refused.inc({ reason }, 0);
  return {
    refused: (reason) => refused.inc({ reason }),
    closedIdle: () => closed.inc(),
  };
}

function countOf(known: ReadonlyMap<string, IngestStatus>, status: IngestStatus): number {
  return [...known.values()].filter((each) => each === status).length;
}

function templateMetrics(
  registry: Registry,
  known: Map<string, IngestStatus>,
): Pick<SyncObserver, "templateIngested" | "templateRemoved"> {
  new Gauge({
    name: "gatekeeper_constraint_templates",
    help: "Number of observed constraint templates",
    labelNames: ["status"],
    registers: [registry],
    collect() {
      for (const status of statuses) this.set({ status }, countOf(known, status));
    },
  });
  // Templates with CEL alone are refused, so none is ever in force.
  gauge(registry, "constraint_templates_with_cel", "Number of constraint templates with CEL engine").set(0);
  const count = new Counter({
    name: "gatekeeper_constraint_template_ingestion_count_total",
    help: "Total number of constraint template ingestion actions",
    labelNames: ["status"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "gatekeeper_constraint_template_ingestion_duration_seconds",
    help: "Distribution of how long it took to ingest a constraint template in seconds",
    labelNames: ["status"],
    buckets: ingestBuckets,
    registers: [registry],
  });
  return {
    templateIngested(name, status, seconds) {
      known.set(name, status);
      count.inc({ status });
      duration.observe({ status }, seconds);
    },
    templateRemoved(name) {
      known.delete(name);
    },
  };
}

function constraintMetrics(registry: Registry): Pick<SyncObserver, "constraintSeen" | "constraintRemoved"> {
  const known = new Map<string, { readonly action: string; readonly status: IngestStatus }>();
  new Gauge({
    name: "gatekeeper_constraints",
    help: "Current number of known constraints",
    labelNames: ["enforcement_action", "status"],
    registers: [registry],
    collect() {
      const counts = new Map<string, number>();
      for (const { action, status } of known.values()) {
        const key = `${action} ${status}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      for (const action of actions) {
        for (const status of statuses) {
          this.set({ enforcement_action: action, status }, counts.get(`${action} ${status}`) ?? 0);
        }
      }
    },
  });
  return {
    constraintSeen(kind, name, action, status) {
      // Whatever an author may write there, the number of series stays what it is.
      known.set(`${kind}/${name}`, { action: actions.includes(action) ? action : "unrecognized", status });
    },
    constraintRemoved(kind, name) {
      known.delete(`${kind}/${name}`);
    },
  };
}

function gauge(registry: Registry, name: string, help: string): Gauge {
  return new Gauge({ name: `gatekeeper_${name}`, help, registers: [registry] });
}
