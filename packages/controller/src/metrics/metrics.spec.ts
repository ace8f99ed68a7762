import assert from "node:assert/strict";
import { test } from "node:test";
import { makeMetrics } from "./metrics.ts";
import { serveMetrics } from "./metrics-server.ts";

async function lines(use: (metrics: ReturnType<typeof makeMetrics>) => void): Promise<readonly string[]> {
  const metrics = makeMetrics({ now: () => 5000 });
  use(metrics);
  return (await metrics.expose()).split("\n");
}

test("requests are counted under Gatekeeper's names and labels", async () => {
  const text = await lines(({ admission }) => {
    admission.answered("allow", false, 0.0015);
    admission.answered("allow", false, 0.7);
    admission.answered("deny", true, 20);
  });
  for (const line of [
    'gatekeeper_validation_request_count_total{admission_dryrun="false",admission_status="allow"} 2',
    'gatekeeper_validation_request_count_total{admission_dryrun="true",admission_status="deny"} 1',
    'gatekeeper_validation_request_duration_seconds_bucket{le="0.001",admission_status="allow"} 0',
    'gatekeeper_validation_request_duration_seconds_bucket{le="0.002",admission_status="allow"} 1',
    'gatekeeper_validation_request_duration_seconds_bucket{le="10",admission_status="deny"} 0',
    'gatekeeper_validation_request_duration_seconds_bucket{le="30",admission_status="deny"} 1',
    'gatekeeper_validation_request_duration_seconds_bucket{le="+Inf",admission_status="deny"} 1',
    'gatekeeper_validation_request_duration_seconds_sum{admission_status="deny"} 20',
    'gatekeeper_validation_request_duration_seconds_count{admission_status="allow"} 2',
    "# TYPE gatekeeper_validation_request_duration_seconds histogram",
    'target_info{service_name="portcullis"} 1',
  ]) {
    assert.ok(text.includes(line), `${line} is not in\n${text.join("\n")}`);
  }
});

test("every bucket of Gatekeeper's is there", async () => {
  const text = await lines(({ admission, sync }) => {
    admission.answered("allow", false, 0);
    sync.templateIngested("a", "active", 0.02);
    sync.syncTook(0.001);
  });
  const bounds = (name: string): readonly string[] =>
    text.filter((line) => line.startsWith(`${name}_bucket`)).map((line) => /le="([^"]+)"/.exec(line)?.[1] ?? "");
  const requests = bounds("gatekeeper_validation_request_duration_seconds");
  for (const bound of "0.001 0.002 0.009 0.01 0.09 0.1 0.9 1 1.5 2 2.5 9.5 10 +Inf".split(" ")) {
    assert.ok(requests.includes(bound), `${bound} of ${requests.join(" ")}`);
  }
  assert.equal(requests.length, 46 + 4 + 1);
  assert.equal(bounds("gatekeeper_constraint_template_ingestion_duration_seconds").length, 20);
  assert.equal(bounds("gatekeeper_sync_duration_seconds").length, 20);
});

test("templates and constraints are counted as they stand now", async () => {
  const text = await lines(({ sync }) => {
    sync.templateIngested("a", "error", 0.001);
    sync.templateIngested("a", "active", 0.001);
    sync.templateIngested("b", "error", 0.001);
    sync.templateIngested("c", "active", 0.001);
    sync.templateRemoved("c");
    sync.constraintSeen("K", "one", "deny", "active");
    sync.constraintSeen("K", "two", "deny", "active");
    sync.constraintSeen("K", "two", "warn", "error");
    sync.constraintSeen("K", "three", "who-knows-{}", "error");
    sync.constraintSeen("K", "four", "dryrun", "active");
    sync.constraintRemoved("K", "four");
    sync.objectsSynced("Namespace", 7, 0);
    sync.watching(4, 5);
    sync.syncTook(0.0003);
  });
  for (const line of [
    'gatekeeper_constraint_templates{status="active"} 1',
    'gatekeeper_constraint_templates{status="error"} 1',
    "gatekeeper_constraint_templates_with_cel 0",
    'gatekeeper_constraint_template_ingestion_count_total{status="error"} 2',
    'gatekeeper_constraints{enforcement_action="deny",status="active"} 1',
    'gatekeeper_constraints{enforcement_action="warn",status="error"} 1',
    'gatekeeper_constraints{enforcement_action="unrecognized",status="error"} 1',
    'gatekeeper_constraints{enforcement_action="dryrun",status="active"} 0',
    'gatekeeper_sync{kind="Namespace",status="active"} 7',
    'gatekeeper_sync{kind="Namespace",status="error"} 0',
    "gatekeeper_watch_manager_watched_gvk 5",
    "gatekeeper_watch_manager_intended_watch_gvk 6",
    "gatekeeper_sync_last_run_time_seconds 5",
  ]) {
    assert.ok(text.includes(line), `${line} is not in\n${text.join("\n")}`);
  }
});

test("two servers in one process count apart, and /metrics alone is served", async () => {
  const [first, second] = [makeMetrics({ now: Date.now, runtime: true }), makeMetrics({ now: Date.now })];
  first.admission.answered("error", false, 0.1);
  const server = await serveMetrics(first, { host: "127.0.0.1", port: 0 });
  try {
    const got = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    assert.equal(got.status, 200);
    assert.match(got.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const text = await got.text();
    assert.match(text, /admission_status="error"\} 1/);
    assert.match(text, /^process_resident_memory_bytes \d/m);
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/`)).status, 404);
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/metrics`, { method: "POST" })).status, 405);
  } finally {
    await server.close();
  }
  assert.doesNotMatch(await second.expose(), /admission_status="error"/);
});

test("what comes to the webhook and never to the policies is counted under names of our own", async () => {
  const text = await lines(({ server }) => {
    server.refused("overload");
    server.refused("overload");
    server.closedIdle();
  });
  for (const line of [
    'portcullis_webhook_refused_calls_total{reason="overload"} 2',
    'portcullis_webhook_refused_calls_total{reason="caller"} 0',
    "portcullis_webhook_closed_idle_connections_total 1",
  ]) {
    assert.ok(text.includes(line), `${line} is not in\n${text.join("\n")}`);
  }
  assert.ok(!text.some((line) => line.startsWith("gatekeeper_validation_request_count_total{")));
});
