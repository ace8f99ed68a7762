import assert from "node:assert/strict";
import { test } from "node:test";
import { isJsonObject, own, ownString, readJson, type JsonObject } from "@portcullis/objects";
import { KubeClient } from "@portcullis/kube";
import { InstantClock, ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import type { Decision, AdmissionRequest } from "@portcullis/policy";
import { fakeRequest } from "@portcullis/policy/testing";
import { silentLog, type Log } from "../log/log.ts";
import { admissionEvents } from "./admission-events.ts";
import { EventCorrelator } from "./correlator.ts";
import { EventRecorder, type Happening } from "./event-recorder.ts";
import { eventName, type KubernetesEvent } from "./event.ts";

const constraint: JsonObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "K8sRequiredLabels",
  metadata: { name: "must-have-owner" },
};
const request = fakeRequest({
  uid: "u",
  kind: { group: "apps", version: "v1", kind: "Deployment" },
  name: "web",
  namespace: "shop",
  operation: "UPDATE",
  userInfo: { username: "jane" },
  dryRun: false,
  object: { metadata: { name: "web", namespace: "shop", uid: "id-1", resourceVersion: "7" } },
});
const decision = (action: string, actions: readonly string[] = [action]): Decision => ({
  actions,
  result: {
    target: "t",
    message: "no owner",
    constraint,
    enforcementAction: action,
    scopedEnforcementActions: actions,
  },
});

function emitted(
  inInvolvedNamespace: boolean,
  about: AdmissionRequest,
  ...decisions: Decision[]
): readonly Happening[] {
  const happened: Happening[] = [];
  const recorder = { warn: (happening: Happening) => void happened.push(happening) };
  admissionEvents({ recorder, namespace: "gatekeeper-system", inInvolvedNamespace }).violated(about, decisions);
  return happened;
}

test("an event by action, in Gatekeeper's namespace under a uid that is the violation's", () => {
  const [deny, warn, dryrun, ...scoped] = emitted(
    false,
    request,
    decision("deny"),
    decision("warn"),
    decision("dryrun"),
    decision("scoped", ["deny", "warn"]),
  );
  assert.deepEqual(deny, {
    involved: {
      kind: "Deployment",
      namespace: "gatekeeper-system",
      name: "web",
      uid: "Deployment/shop/web/K8sRequiredLabels//must-have-owner",
    },
    annotations: {
      process: "admission",
      event_type: "violation",
      constraint_name: "must-have-owner",
      constraint_group: "constraints.gatekeeper.sh",
      constraint_api_version: "v1beta1",
      constraint_kind: "K8sRequiredLabels",
      constraint_action: "deny",
      constraint_enforcement_actions: "",
      resource_group: "apps",
      resource_api_version: "v1",
      resource_kind: "Deployment",
      resource_namespace: "shop",
      resource_name: "web",
      request_username: "jane",
    },
    reason: "FailedAdmission",
    message:
      'Admission webhook "validation.gatekeeper.sh" denied request, Resource Namespace: shop, Constraint: must-have-owner, Message: no owner',
  });
  assert.equal(
    `${warn?.reason} ${warn?.message}`,
    'WarningAdmission Admission webhook "validation.gatekeeper.sh" raised a warning for this request, Resource Namespace: shop, Constraint: must-have-owner, Message: no owner',
  );
  assert.equal(
    `${dryrun?.reason} ${dryrun?.message}`,
    "DryrunViolation Dryrun violation, Resource Namespace: shop, Constraint: must-have-owner, Message: no owner",
  );
  assert.deepEqual(
    scoped.map(({ reason, annotations }) => [reason, annotations["constraint_enforcement_actions"]]),
    [
      ["FailedAdmission", "deny,warn"],
      ["WarningAdmission", "deny,warn"],
    ],
  );
});

test("an event in the object's namespace, about the object itself", () => {
  const [event] = emitted(true, request, decision("deny"));
  assert.deepEqual(event?.involved, {
    kind: "Deployment",
    namespace: "shop",
    name: "web",
    uid: "id-1",
    resourceVersion: "7",
  });
  assert.equal(
    event.message,
    'Admission webhook "validation.gatekeeper.sh" denied request, Constraint: must-have-owner, Message: no owner',
  );
  const object = { metadata: { name: "web" } };
  // As the API server asks: a Namespace is given as in itself.
  const cluster = { ...request, kind: { group: "", version: "v1", kind: "Namespace" }, namespace: "web", object };
  const [told] = emitted(false, cluster, decision("deny"));
  assert.equal(told?.annotations["resource_namespace"], "");
  assert.match(told.message, /, Resource Namespace: , Constraint: /);
  assert.deepEqual(emitted(true, cluster, decision("deny"))[0]?.involved, {
    kind: "Namespace",
    namespace: "gatekeeper-system",
    name: "web",
  });
});

const event = (message: string, name = "web"): KubernetesEvent => ({
  name: `${name}.1`,
  namespace: "n",
  annotations: { a: "b" },
  involved: { kind: "Pod", namespace: "n", name },
  component: "gatekeeper-webhook",
  reporter: "gatekeeper-webhook",
  type: "Warning",
  reason: "FailedAdmission",
  message,
  count: 1,
  first: 0,
  last: 0,
});

test("the same event again is counted on the first one", () => {
  const correlator = new EventCorrelator();
  assert.equal(correlator.correlate(event("m"), 0).kind, "create");
  const again = correlator.correlate({ ...event("m"), name: "web.2", last: 9 }, 9);
  assert.ok(again.kind === "count");
  assert.deepEqual([again.event.name, again.event.count, again.event.last], ["web.1", 2, 9]);
});

test("the tenth similar one stands for all that follow, until ten minutes are over", () => {
  const correlator = new EventCorrelator();
  const kinds = Array.from({ length: 12 }, (_, index) => correlator.correlate(event(`m${index}`), index));
  assert.deepEqual(
    kinds.map((each) => each.kind),
    [...Array<string>(10).fill("create"), "count", "count"],
  );
  const last = kinds.at(-1);
  assert.ok(last?.kind === "count");
  assert.equal(last.event.message, "(combined from similar events): m11");
  assert.equal(last.event.count, 3);
  assert.deepEqual([last.event.component, last.event.reporter], ["gatekeeper-webhook", ""]);
  const later = correlator.correlate(event("m99"), 12 + 600_001);
  assert.ok(later.kind === "create");
  assert.equal(later.event.message, "m99");
});

test("an object has 25 events at once and one more every five minutes; others are not held up", () => {
  const correlator = new EventCorrelator();
  const accepted = (now: number, name?: string): boolean => correlator.correlate(event("m", name), now).kind !== "skip";
  assert.equal(Array.from({ length: 40 }, () => accepted(0)).filter(Boolean).length, 25);
  assert.equal(accepted(0, "other"), true);
  assert.equal(accepted(299_000), false);
  assert.equal(accepted(301_000), true);
  assert.equal(accepted(301_000), false);
});

test("an event's name is one whatever the object is called", () => {
  assert.match(eventName("web", 1), /^web\.[0-9a-f]+$/);
  for (const odd of ["", "system:node", "Web", "a".repeat(250)]) assert.match(eventName(odd, 1), /^[0-9a-f-]{36}$/);
});

function recorder(answer: (method: string, index: number) => ScriptedAnswer): {
  readonly recorder: EventRecorder;
  readonly transport: ScriptedTransport;
  readonly clock: InstantClock;
  /** The warnings in the log. */
  readonly told: readonly string[];
} {
  const transport = new ScriptedTransport((asked, index) => answer(asked.method, index));
  const clock = new InstantClock();
  const client = new KubeClient(transport);
  const told: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => void told.push(message) };
  return {
    recorder: new EventRecorder({ client, clock, log, component: "gatekeeper-webhook" }),
    transport,
    clock,
    told,
  };
}

const happening: Happening = {
  involved: { kind: "Pod", namespace: "gatekeeper-system", name: "web", uid: "x" },
  annotations: { process: "admission" },
  reason: "FailedAdmission",
  message: "denied",
};

test("what is recorded is written behind the caller's back, and counted where it is there", async () => {
  const { recorder: events, transport } = recorder((method) => ({ status: method === "POST" ? 201 : 200, body: [{}] }));
  events.warn(happening);
  events.warn(happening);
  assert.equal(transport.requests.length, 0);
  await events.settled();
  const [created, patched] = transport.requests;
  assert.equal(created?.path, "/api/v1/namespaces/gatekeeper-system/events");
  const body = readJson(created?.body ?? "");
  assert.ok(body.ok && isJsonObject(body.value));
  assert.equal(ownString(own(body.value, "source"), "component"), "gatekeeper-webhook");
  assert.equal(body.value["type"], "Warning");
  assert.equal(patched?.method, "PATCH");
  assert.match(patched?.body ?? "", /"count":2/);
});

test("an event that expired is made anew; a broken connection is tried again, a refusal is not", async () => {
  const expired = recorder((method) =>
    method === "PATCH" ? { status: 404, body: [{ kind: "Status", code: 404 }] } : { status: 201, body: [{}] },
  );
  expired.recorder.warn(happening);
  expired.recorder.warn(happening);
  await expired.recorder.settled();
  assert.deepEqual(
    expired.transport.requests.map(({ method }) => method),
    ["POST", "PATCH", "POST"],
  );

  const broken = recorder((_method, index) => (index < 2 ? { fails: "broken" } : { status: 201, body: [{}] }));
  broken.recorder.warn(happening);
  await broken.recorder.settled();
  assert.equal(broken.transport.requests.length, 3);
  assert.deepEqual(broken.clock.sleeps, [5000, 10_000]);

  const refused = recorder(() => ({ status: 403, body: [{ kind: "Status", code: 403, message: "no" }] }));
  refused.recorder.warn(happening);
  await refused.recorder.settled();
  assert.equal(refused.transport.requests.length, 1);

  const away = recorder(() => ({ fails: "broken" }));
  away.recorder.warn(happening);
  await away.recorder.settled();
  assert.equal(away.transport.requests.length, 12);
  assert.deepEqual(away.told, ["an event could not be written and is given up"]);
});
