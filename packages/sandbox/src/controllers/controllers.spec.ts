import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { at, fieldsAt, listAt, numberAt, textAt } from "../kinds/fields-at.ts";
import { startSandbox, type Sandbox } from "../start.ts";
import { startWebhook } from "../testing.ts";
import { changeObject } from "./change.ts";
import type { ApiObject, Fields } from "../storage/api-object.ts";

let sandbox: Sandbox;
const faults: unknown[] = [];

before(async () => {
  sandbox = await startSandbox({
    reachableRegistries: ["private.example.com"],
    report: (error) => faults.push(error),
  });
});
after(() => sandbox.close());

const namespace = "default";

async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const end = Date.now() + 5000; Date.now() < end;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    // The point of waiting is to wait.
    // oxlint-disable-next-line no-await-in-loop
    await sleep(5);
  }
  throw new Error(`waited in vain for ${what}`);
}

const container = (image: string): Fields => ({ name: "main", image });
const podSpec = (image: string): Fields => ({ containers: [container(image)] });

function pods(app: string): readonly ApiObject[] {
  return sandbox.api.list("pods", namespace).filter((pod) => pod.metadata.labels?.["app"] === app);
}

function workload(kind: string, name: string, spec: Fields): Parameters<Sandbox["api"]["create"]>[1] {
  const template = { metadata: { labels: { app: name } }, spec: podSpec("private.example.com/a:1") };
  const group = kind === "Job" ? "batch/v1" : "apps/v1";
  const selector = kind === "Job" ? {} : { selector: { matchLabels: { app: name } } };
  return { apiVersion: group, kind, metadata: { name, namespace }, spec: { ...selector, template, ...spec } };
}

function setImage(image: string): (draft: Fields) => boolean {
  return (draft) => {
    const [first] = listAt(draft, "spec", "template", "spec", "containers");
    assert.ok(first);
    first["image"] = image;
    return true;
  };
}

test("a Deployment rolls out, and back, never with fewer Pods than its strategy allows", async () => {
  const { api } = sandbox;
  const made = await api.create("deployments.apps", workload("Deployment", "web", { replicas: 4 }));
  const current = (): ApiObject => api.get("deployments.apps", namespace, "web") ?? made;
  const complete = (): boolean =>
    numberAt(current(), "status", "observedGeneration") === current().metadata.generation &&
    numberAt(current(), "status", "updatedReplicas") === 4 &&
    numberAt(current(), "status", "replicas") === 4 &&
    numberAt(current(), "status", "availableReplicas") === 4;
  await until("the first revision", complete);
  let fewest = 4;
  const stop = api.watch("pods", () => {
    fewest = Math.min(fewest, pods("web").filter(isServing).length);
  });
  await changeObject(api, "deployments.apps", made, setImage("private.example.com/a:2"));
  await until("the second revision", () => complete() && pods("web").every((pod) => imageOf(pod).endsWith(":2")));
  stop();
  assert.ok(fewest >= 3, `${fewest} Pods were left`);
  await changeObject(api, "deployments.apps", made, setImage("private.example.com/a:1"));
  await until("the old template again", () => complete() && pods("web").every((pod) => imageOf(pod).endsWith(":1")));
  assert.equal(current().metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
  const sets = api.list("replicasets.apps", namespace).filter((set) => set.metadata.labels?.["app"] === "web");
  assert.equal(sets.length, 2);
  const progressing = listAt(current(), "status", "conditions").find((each) => each["type"] === "Progressing");
  assert.equal(progressing?.["reason"], "NewReplicaSetAvailable");
});

function isServing(pod: ApiObject): boolean {
  const ready = listAt(pod, "status", "conditions").some(
    (each) => each["type"] === "Ready" && each["status"] === "True",
  );
  return ready && pod.metadata.deletionTimestamp === undefined;
}

function imageOf(pod: ApiObject): string {
  return textAt(listAt(pod, "spec", "containers")[0], "image");
}

test("a Deployment whose Pods are refused says so", async () => {
  const { api } = sandbox;
  const made = await api.create("deployments.apps", workload("Deployment", "refused", {}));
  await changeObject(api, "deployments.apps", made, (draft) => {
    const spec = at(draft, "spec", "template", "spec");
    Object.assign(spec ?? {}, { serviceAccountName: "nobody" });
    return true;
  });
  const text =
    /^pods "refused-\w+-" is forbidden: error looking up service account default\/nobody: serviceaccount "nobody" not found$/u;
  const failure = await until("the condition", () =>
    listAt(api.get("deployments.apps", namespace, "refused"), "status", "conditions").find(
      (each) => each["type"] === "ReplicaFailure",
    ),
  );
  assert.equal(failure["reason"], "FailedCreate");
  assert.match(textAt(failure, "message"), text);
  const event = await until("the Event", () =>
    api.list("events", namespace).find((each) => each["reason"] === "FailedCreate"),
  );
  assert.match(textAt(event, "message"), /^Error creating: pods "refused-/u);
  assert.equal(textAt(event, "involvedObject", "kind"), "ReplicaSet");
});

test("a Deployment counts the Pods it misses also where none could be made", async () => {
  const { api } = sandbox;
  const spec = { ...podSpec("private.example.com/a:1"), serviceAccountName: "nobody" };
  const template = { metadata: { labels: { app: "missed" } }, spec };
  await api.create("deployments.apps", workload("Deployment", "missed", { replicas: 3, template }));
  await until("the count", () => {
    const status = at(api.get("deployments.apps", namespace, "missed"), "status");
    return numberAt(status, "unavailableReplicas") === 3 && numberAt(status, "replicas") === undefined;
  });
});

test("what a webhook says of a Deployment's Pods is told, and its Pods come once it is gone", async () => {
  const { api } = sandbox;
  const message = "no Pods of guarded today";
  const webhook = await startWebhook(() => ({ response: { allowed: false, status: { code: 403, message } } }));
  await api.create("validatingwebhookconfigurations.admissionregistration.k8s.io", {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "guard" },
    webhooks: [
      {
        name: "guard.example.com",
        clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
        objectSelector: { matchLabels: { app: "guarded" } },
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
      },
    ],
  });
  await api.create("deployments.apps", workload("Deployment", "guarded", {}));
  const failure = await until("the refusal", () =>
    listAt(api.get("deployments.apps", namespace, "guarded"), "status", "conditions").find(
      (each) => each["type"] === "ReplicaFailure",
    ),
  );
  assert.equal(failure["message"], `admission webhook "guard.example.com" denied the request: ${message}`);
  await api.delete("validatingwebhookconfigurations.admissionregistration.k8s.io", "", "guard");
  await webhook.close();
  await until(
    "the Pod",
    () => numberAt(api.get("deployments.apps", namespace, "guarded"), "status", "availableReplicas") === 1,
  );
  const conditions = listAt(api.get("deployments.apps", namespace, "guarded"), "status", "conditions");
  assert.ok(!conditions.some((each) => each["type"] === "ReplicaFailure"));
});

test("a StatefulSet makes its Pods in order and keeps their names", async () => {
  const { api } = sandbox;
  const order: string[] = [];
  const stop = api.watch("pods", ({ type, object }) => {
    if (type === "ADDED" && object.metadata.labels?.["app"] === "db") order.push(object.metadata.name);
  });
  await api.create("statefulsets.apps", workload("StatefulSet", "db", { replicas: 3, serviceName: "db" }));
  await until(
    "three ready Pods",
    () => numberAt(api.get("statefulsets.apps", namespace, "db"), "status", "readyReplicas") === 3,
  );
  await api.delete("pods", namespace, "db-1");
  await until("db-1 again", () => order.length === 4 && pods("db").filter(isServing).length === 3);
  stop();
  assert.deepEqual(order, ["db-0", "db-1", "db-2", "db-1"]);
});

test("a DaemonSet has one Pod on the node", async () => {
  const { api } = sandbox;
  await api.create("daemonsets.apps", workload("DaemonSet", "agent", {}));
  await until(
    "its Pod",
    () => numberAt(api.get("daemonsets.apps", namespace, "agent"), "status", "numberAvailable") === 1,
  );
  assert.deepEqual(
    pods("agent").map((pod) => textAt(pod, "spec", "nodeName")),
    ["sandbox"],
  );
});

test("a Job runs as many Pods as it needs, and no more at a time than it may", async () => {
  const { api } = sandbox;
  let most = 0;
  const stop = api.watch("pods", () => {
    most = Math.max(most, pods("sum").filter((pod) => textAt(pod, "status", "phase") !== "Succeeded").length);
  });
  const job = workload("Job", "sum", { completions: 3, parallelism: 2 });
  const spec = { ...podSpec("private.example.com/a:1"), restartPolicy: "Never" };
  Object.assign(at(job, "spec", "template") ?? {}, { spec });
  await api.create("jobs.batch", job);
  const done = await until("completion", () => {
    const found = api.get("jobs.batch", namespace, "sum");
    return textAt(found, "status", "completionTime") === "" ? undefined : found;
  });
  stop();
  assert.equal(numberAt(done, "status", "succeeded"), 3);
  assert.equal(at(done, "status", "active"), undefined);
  assert.equal(pods("sum").length, 3);
  assert.equal(most, 2);
});

test("a Pod whose image cannot be pulled waits, and its Events say why", async () => {
  const { api } = sandbox;
  await api.create("pods", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "bad", namespace },
    spec: podSpec("nginx"),
  });
  const reason = (): string =>
    textAt(listAt(api.get("pods", namespace, "bad"), "status", "containerStatuses")[0], "state", "waiting", "reason");
  await until("the failure", () => reason() === "ErrImagePull");
  await until("the pause", () => reason() === "ImagePullBackOff");
  const events = await until("the Events", () => {
    const own = api.list("events", namespace).filter((each) => textAt(each, "involvedObject", "name") === "bad");
    return own.length === 6 ? own : undefined;
  });
  assert.deepEqual(
    events.map((event) => textAt(event, "reason")),
    ["Scheduled", "Pulling", "Failed", "Failed", "BackOff", "Failed"],
  );
  await api.delete("pods", namespace, "bad");
  await until("its end", () => api.get("pods", namespace, "bad") === undefined);
});

test("a namespace has its ServiceAccount and the CA's certificate, and gets them back", async () => {
  const { api } = sandbox;
  await api.create("namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } });
  const account = await until("the account", () => api.get("serviceaccounts", "team", "default"));
  const map = await until("the certificate", () => api.get("configmaps", "team", "kube-root-ca.crt"));
  assert.equal(textAt(map, "data", "ca.crt"), sandbox.ca);
  await api.delete("serviceaccounts", "team", "default");
  await until("the account again", () => {
    const again = api.get("serviceaccounts", "team", "default");
    return again !== undefined && again.metadata.uid !== account.metadata.uid;
  });
});

test("a Service's endpoints follow its Pods", async () => {
  const { api } = sandbox;
  await api.create("services", {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "front", namespace },
    spec: { selector: { app: "front" }, ports: [{ port: 80, targetPort: 8080 }] },
  });
  const metadata = { name: "front", namespace, labels: { app: "front" } };
  await api.create("pods", { apiVersion: "v1", kind: "Pod", metadata, spec: podSpec("private.example.com/a:1") });
  const subset = await until("an address", () =>
    listAt(api.get("endpoints", namespace, "front"), "subsets").find((each) => listAt(each, "addresses").length === 1),
  );
  assert.deepEqual(subset["ports"], [{ port: 8080, protocol: "TCP" }]);
  await api.delete("services", namespace, "front");
  await until("the end of the endpoints", () => api.get("endpoints", namespace, "front") === undefined);
});

test("a cordoned node takes no new Pods until it is open again", async () => {
  const { api } = sandbox;
  const node = api.get("nodes", "", "sandbox");
  assert.ok(node);
  const cordon = (unschedulable: boolean): Promise<void> =>
    changeObject(api, "nodes", node, (draft) => {
      draft["spec"] = { ...fieldsAt(draft, "spec"), unschedulable };
      return true;
    });
  await cordon(true);
  const metadata = { name: "waits", namespace };
  await api.create("pods", { apiVersion: "v1", kind: "Pod", metadata, spec: podSpec("private.example.com/a:1") });
  const condition = await until("the scheduler's word", () =>
    listAt(api.get("pods", namespace, "waits"), "status", "conditions").find(
      (each) => each["reason"] === "Unschedulable",
    ),
  );
  assert.match(textAt(condition, "message"), /^0\/1 nodes are available: 1 node\(s\) were unschedulable\./u);
  await cordon(false);
  await until("the Pod", () => textAt(api.get("pods", namespace, "waits"), "status", "phase") === "Running");
});

test("nothing of all this went wrong on the way", () => {
  assert.deepEqual(faults, []);
});
