import assert from "node:assert/strict";
import { test } from "node:test";
import { podColumns, podSummary } from "./pod-columns.ts";
import type { ApiObject } from "../storage/api-object.ts";

const now = new Date("2026-01-01T00:01:00Z");

function pod(spec: object, status: object, meta: object = {}): ApiObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "web",
      namespace: "default",
      uid: "u",
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...meta,
    },
    spec,
    status,
  };
}

const running = (name: string, ready = true): object => ({ name, ready, restartCount: 0, state: { running: {} } });
const waiting = (name: string, reason: string): object => ({
  name,
  ready: false,
  restartCount: 0,
  state: { waiting: { reason } },
});
const done = (name: string, exitCode = 0, reason = "Completed"): object => ({
  name,
  ready: false,
  restartCount: 0,
  state: { terminated: { exitCode, reason } },
});
const one = { containers: [{ name: "a" }] };
const two = { containers: [{ name: "a" }, { name: "b" }] };

test("the status of a Pod is what kubectl shows", () => {
  const cases: readonly (readonly [ApiObject, string, string])[] = [
    [pod(one, { phase: "Pending" }), "0/1", "Pending"],
    [pod(one, { phase: "Running", containerStatuses: [running("a")] }), "1/1", "Running"],
    [pod(one, { phase: "Pending", containerStatuses: [waiting("a", "ImagePullBackOff")] }), "0/1", "ImagePullBackOff"],
    [
      pod(two, { phase: "Running", containerStatuses: [running("a"), waiting("b", "ErrImagePull")] }),
      "1/2",
      "ErrImagePull",
    ],
    [pod(one, { phase: "Succeeded", containerStatuses: [done("a")] }), "0/1", "Completed"],
    [pod(one, { phase: "Failed", containerStatuses: [done("a", 1, "Error")] }), "0/1", "Error"],
    [pod(one, { phase: "Failed", containerStatuses: [done("a", 137, "")] }), "0/1", "ExitCode:137"],
    [pod(two, { phase: "Running", containerStatuses: [done("a"), running("b")] }), "1/2", "NotReady"],
    [
      pod(
        { ...one, initContainers: [{ name: "i" }, { name: "j" }] },
        { phase: "Pending", initContainerStatuses: [done("i"), waiting("j", "PodInitializing")] },
      ),
      "0/1",
      "Init:1/2",
    ],
    [
      pod(
        { ...one, initContainers: [{ name: "i" }] },
        { phase: "Pending", initContainerStatuses: [waiting("i", "ImagePullBackOff")] },
      ),
      "0/1",
      "Init:ImagePullBackOff",
    ],
    [
      pod(one, { phase: "Running", containerStatuses: [running("a")] }, { deletionTimestamp: "2026-01-01T00:00:30Z" }),
      "1/1",
      "Terminating",
    ],
    [
      pod(one, { phase: "Pending", conditions: [{ type: "PodScheduled", reason: "SchedulingGated" }] }),
      "0/1",
      "SchedulingGated",
    ],
  ];
  for (const [object, ready, status] of cases) {
    const summary = podSummary(object);
    assert.deepEqual([`${summary.ready}/${summary.containers}`, summary.status], [ready, status]);
  }
});

test("a sidecar counts as a container", () => {
  const spec = { ...one, initContainers: [{ name: "s", restartPolicy: "Always" }] };
  const sidecar = { name: "s", ready: true, started: true, restartCount: 2, state: { running: {} } };
  const summary = podSummary(
    pod(spec, {
      phase: "Running",
      conditions: [{ type: "Initialized", status: "True" }],
      initContainerStatuses: [sidecar],
      containerStatuses: [running("a")],
    }),
  );
  assert.deepEqual([summary.ready, summary.containers, summary.restarts], [2, 2, 2]);
});

test("restarts say when the last was", () => {
  const status = {
    phase: "Running",
    containerStatuses: [
      {
        name: "a",
        ready: true,
        restartCount: 3,
        state: { running: {} },
        lastState: { terminated: { finishedAt: "2026-01-01T00:00:50Z" } },
      },
    ],
  };
  const column = podColumns.find((each) => each.name === "Restarts");
  assert.equal(column?.cell(pod(one, status), now), "3 (10s ago)");
});
