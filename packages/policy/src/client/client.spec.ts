import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ownPath, type JsonObject, type JsonValue } from "@portcullis/objects";
import { fakeRequest } from "../review/fake-request.ts";
import { FakeDriver } from "../driver/fake/fake-driver.ts";
import { reviewOfAdmission, reviewOfObject, reviewOfRequest } from "../review/review.ts";
import { decide, verdictOf } from "../review/verdict.ts";
import { success } from "../problem.ts";
import { Client } from "./client.ts";
import type { ReviewOptions } from "./review.ts";

const webhook: ReviewOptions = { enforcementPoint: "validation.gatekeeper.sh", now: 0n };
const gator: ReviewOptions = { enforcementPoint: "gator.gatekeeper.sh", now: 0n };

function template(kind: string, policy: string, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: "templates.gatekeeper.sh/v1beta1",
    kind: "ConstraintTemplate",
    metadata: { name: kind.toLowerCase() },
    spec: {
      crd: { spec: { names: { kind } } },
      targets: [{ target: "admission.k8s.gatekeeper.sh", code: [{ engine: "Fake", source: { policy } }], ...more }],
    },
  };
}

function constraint(kind: string, name: string, spec: JsonObject = {}): JsonObject {
  return { apiVersion: "constraints.gatekeeper.sh/v1beta1", kind, metadata: { name }, spec };
}

const pod: JsonObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "shop" } };
const service: JsonObject = { apiVersion: "v1", kind: "Service", metadata: { name: "s", namespace: "shop" } };

async function clientWith(...objects: readonly JsonObject[]): Promise<{ client: Client; driver: FakeDriver }> {
  const driver = new FakeDriver();
  const client = new Client({ drivers: [driver] });
  await addAll(client, objects);
  return { client, driver };
}

async function addAll(client: Client, objects: readonly JsonObject[]): Promise<void> {
  for (const object of objects) {
    const isTemplate = object["kind"] === "ConstraintTemplate";
    const added = isTemplate ? await client.addTemplate(object) : client.addConstraint(object);
    assert.ok(added.ok, added.ok ? "" : added.problem.message);
  }
}

function messages(client: Client, object: JsonObject, options: ReviewOptions = gator): readonly string[] {
  const outcome = client.review(reviewOfObject(object, { source: "Original" }), options);
  assert.equal(outcome.kind, "results");
  return outcome.kind === "results" ? outcome.results.map(({ message }) => message) : [];
}

function problemOf(outcome: { ok: true } | { ok: false; problem: { message: string } }): string {
  assert.equal(outcome.ok, false);
  return outcome.ok ? "" : outcome.problem.message;
}

describe("Client", () => {
  it("reviews an object under the constraints that match it", async () => {
    const onPods = { match: { kinds: [{ apiGroups: [""], kinds: ["Pod"] }] }, parameters: { message: "no pods" } };
    const { client, driver } = await clientWith(template("Never", "deny"), constraint("Never", "pods", onPods));
    assert.deepEqual(messages(client, pod), ["no pods"]);
    assert.deepEqual(messages(client, service), []);
    assert.equal(driver.evaluations, 1, "what cannot match is not asked");
  });

  it("asks once for all constraints of a template that have the same parameters, unless somebody reads what it prints", async () => {
    const spec = (message: string, action: string): JsonObject => ({
      parameters: { message },
      enforcementAction: action,
    });
    const { client, driver } = await clientWith(
      template("Never", "deny"),
      constraint("Never", "a", spec("x", "deny")),
      constraint("Never", "b", spec("x", "warn")),
      constraint("Never", "c", spec("y", "deny")),
      constraint("Never", "d", spec("x", "deny")),
    );
    assert.deepEqual(messages(client, pod), ["x", "x", "y", "x"]);
    assert.equal(driver.evaluations, 2);
    messages(client, pod, { ...gator, print: () => {} });
    assert.equal(driver.evaluations, 6);
    // Whoever changes has an answer of its own again.
    await addAll(client, [constraint("Never", "a", spec("z", "deny"))]);
    client.removeConstraint("Never", "d");
    assert.deepEqual(messages(client, pod), ["y", "z", "x"]);
    assert.equal(driver.evaluations, 9);
  });

  it("orders results by action, then message, then constraint", async () => {
    const { client } = await clientWith(
      template("Never", "deny"),
      constraint("Never", "b", { parameters: { message: "m" } }),
      constraint("Never", "a", { parameters: { message: "m" } }),
      constraint("Never", "c", { parameters: { message: "a" }, enforcementAction: "warn" }),
      constraint("Never", "d", { parameters: { message: "l" } }),
    );
    const outcome = client.review(reviewOfObject(pod), gator);
    assert.ok(outcome.kind === "results");
    const names = outcome.results.map(({ constraint: of }) => (of["metadata"] as JsonObject)["name"]); // as: it is ours
    assert.deepEqual(names, ["d", "a", "b", "c"]);
  });

  it("fills in the schema's defaults and drops the status", async () => {
    const withDefault = template("Never", "deny");
    const spec = structuredClone(withDefault) as { spec: { crd: { spec: Record<string, JsonValue> } } }; // as: written above
    spec.spec.crd.spec["validation"] = {
      openAPIV3Schema: { type: "object", properties: { message: { type: "string", default: "by default" } } },
    };
    const { client } = await clientWith(spec as unknown as JsonObject);
    const added = client.addConstraint({
      ...constraint("Never", "one", { parameters: {} }),
      status: { totalViolations: 3 },
    });
    assert.ok(added.ok);
    assert.deepEqual(messages(client, pod), ["by default"]);
    const kept = client.constraint("Never", "one");
    assert.equal(kept?.["status"], undefined);
    assert.equal(ownPath(kept, "spec", "enforcementAction"), "deny");
  });

  it("turns a match that cannot be decided into a violation", async () => {
    const selecting = { match: { namespaceSelector: { matchLabels: { team: "a" } } } };
    const { client } = await clientWith(template("Never", "deny"), constraint("Never", "one", selecting));
    assert.deepEqual(messages(client, pod), [
      "unable to match constraints: error matching the requested object: p :failed to run Match criteria: namespace selector for namespace-scoped object but missing Namespace",
    ]);
    const known = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: "a" } } };
    assert.ok(client.addData(known).ok);
    assert.deepEqual(messages(client, pod), ["denied"], "a Namespace among the data is known to matching");
    assert.ok(client.removeData(known).ok);
    assert.equal(messages(client, pod).length, 1);
  });

  it("rejects a request without objects under every constraint that looks, and only those", async () => {
    const { client } = await clientWith(
      template("Never", "deny"),
      constraint("Never", "looks", { match: { kinds: [{ kinds: ["Pod"] }] } }),
      constraint("Never", "blind"),
    );
    const review = reviewOfRequest(fakeRequest({ uid: "1", operation: "CONNECT" }));
    assert.ok(review.ok);
    const outcome = client.review(review.value, gator);
    assert.ok(outcome.kind === "results");
    assert.deepEqual(
      outcome.results.map(({ message }) => message),
      ["denied", "unable to match constraints: invalid request object: neither object nor old object are defined"],
    );
  });

  it("matches an update by the old object as well", async () => {
    const labelled = { match: { labelSelector: { matchLabels: { guarded: "yes" } } } };
    const { client } = await clientWith(template("Never", "deny"), constraint("Never", "one", labelled));
    const old = { ...pod, metadata: { name: "p", namespace: "shop", labels: { guarded: "yes" } } };
    const review = reviewOfAdmission(fakeRequest({ operation: "UPDATE", object: pod, oldObject: old }), {
      source: "Original",
    });
    assert.ok(review.ok);
    const outcome = client.review(review.value, webhook);
    assert.equal(outcome.kind === "results" && outcome.results.length, 1);
  });

  it("gives every constraint of a kind the error of a policy that fails", async () => {
    const { client } = await clientWith(
      template("Fails", "fail"),
      template("Never", "deny"),
      constraint("Fails", "a"),
      constraint("Fails", "b", { enforcementAction: "warn" }),
      constraint("Fails", "services", { match: { kinds: [{ kinds: ["Service"] }] } }),
      constraint("Never", "c"),
    );
    assert.deepEqual(messages(client, pod), [
      "denied",
      "template:1: eval_conflict_error: it failed",
      "template:1: eval_conflict_error: it failed",
    ]);
  });

  it("keeps a fault of a driver's own with the policy that met it", async () => {
    const broken = new FakeDriver({
      crash: () => {
        throw new Error("a case nobody thought of");
      },
    });
    const client = new Client({ drivers: [broken] });
    await addAll(client, [
      template("Crashes", "crash"),
      template("Never", "deny"),
      constraint("Crashes", "a"),
      constraint("Never", "b"),
    ]);
    assert.deepEqual(messages(client, pod), ["denied", "internal error: a case nobody thought of"]);

    broken.compile = () =>
      Promise.resolve(
        success({
          review: () => {
            throw new Error("not even begun");
          },
        }),
      );
    await addAll(client, [template("Stuck", "deny"), constraint("Stuck", "c")]);
    const told = ["denied", "internal error: a case nobody thought of", "internal error: not even begun"];
    assert.deepEqual(messages(client, pod), told);

    broken.check = broken.compile = () => {
      throw new Error("nor of this");
    };
    const added = await client.addTemplate(template("Another", "deny"));
    const checked = client.checkTemplate(template("Another", "deny"));
    for (const outcome of [added, checked]) {
      assert.ok(!outcome.ok);
      assert.equal(outcome.problem.kind, "code");
      assert.equal(outcome.problem.message, "unable to compile modules: internal error: nor of this");
    }
    assert.deepEqual(messages(client, pod), told);
  });

  it("keeps equal parameters as one, and none that no constraint has", async () => {
    const { client } = await clientWith(template("Never", "deny"), constraint("Never", "a", { parameters: { x: 1 } }));
    const parametersOf = (name: string): JsonValue | undefined =>
      client.templates.get("never")?.constraints.get(name)?.parameters;
    const before = parametersOf("a");
    assert.ok(client.addConstraint(constraint("Never", "b", { parameters: { x: 1 } })).ok);
    assert.equal(parametersOf("b"), before);
    assert.ok(client.addConstraint(constraint("Never", "a", { parameters: { x: 2 } })).ok);
    assert.ok(client.removeConstraint("Never", "b"));
    assert.ok(client.addConstraint(constraint("Never", "b", { parameters: { x: 1 } })).ok);
    assert.deepEqual(parametersOf("b"), before);
    assert.notEqual(parametersOf("b"), before);
  });

  it("gives a slow policy its share of the time and no more, so that the others are asked within the same request", async () => {
    let time = 0;
    let asked = 0;
    const driver = new FakeDriver({
      slow: (_document, _parameters, _data, { deadline }) => {
        assert.equal(deadline?.at, 750, "it is told by when it must have ended");
        time += 100;
        asked += 1;
        return { kind: "violations", violations: [] };
      },
    });
    const client = new Client({ drivers: [driver] });
    assert.ok((await client.addTemplate(template("Slow", "slow"))).ok);
    assert.ok((await client.addTemplate(template("Never", "deny"))).ok);
    for (let turn = 0; turn < 30; turn += 1) {
      assert.ok(client.addConstraint(constraint("Slow", `slow-${turn}`, { parameters: { turn } })).ok);
    }
    assert.ok(client.addConstraint(constraint("Never", "one")).ok);
    const said = messages(client, pod, { ...webhook, deadline: { at: 1000, now: () => time } });
    assert.equal(asked, 8);
    assert.equal(said.length, 31, "all constraints of the slow one count as violated");
    const late = "not evaluated to the end: Slow took 800 ms, which is its share of the time for this request";
    assert.deepEqual(new Set(said), new Set([late, "denied"]));
  });

  it("takes the answer of a policy that ended, though later than its share", async () => {
    let time = 0;
    const driver = new FakeDriver({
      slow: () => {
        time += 900;
        return { kind: "violations", violations: [] };
      },
    });
    const client = new Client({ drivers: [driver] });
    assert.ok((await client.addTemplate(template("Slow", "slow"))).ok);
    assert.ok(client.addConstraint(constraint("Slow", "one")).ok);
    assert.deepEqual(messages(client, pod, { ...webhook, deadline: { at: 1000, now: () => time } }), []);
  });

  it("fails as a whole when a policy answers what is no violation", async () => {
    const { client } = await clientWith(template("Faulty", "fault"), constraint("Faulty", "a"));
    assert.deepEqual(client.review(reviewOfObject(pod), gator), {
      kind: "error",
      message: "admission.k8s.gatekeeper.sh: Fake: extracting message binding: not a text\n\n",
    });
  });

  it("hands back needs, and uses the facts that answer them", async () => {
    const { client } = await clientWith(template("Asks", "need"), constraint("Asks", "a"), constraint("Asks", "b"));
    const first = client.review(reviewOfObject(pod), gator);
    assert.deepEqual(first, { kind: "needs", needs: [{ key: "fact", need: "fact" }] });
    const facts = new Map([["fact", "known"]]);
    assert.deepEqual(messages(client, pod, { ...gator, facts }), ["known", "known"]);
  });

  it("enforces scoped actions where they are named", async () => {
    const scoped = {
      enforcementAction: "scoped",
      scopedEnforcementActions: [
        { action: "warn", enforcementPoints: [{ name: "validation.gatekeeper.sh" }] },
        { action: "deny", enforcementPoints: [{ name: "*" }] },
      ],
    };
    const onlyAudit = {
      enforcementAction: "scoped",
      scopedEnforcementActions: [{ action: "deny", enforcementPoints: [{ name: "audit.gatekeeper.sh" }] }],
    };
    const { client } = await clientWith(
      template("Never", "deny"),
      constraint("Never", "both", scoped),
      constraint("Never", "audited", onlyAudit),
    );
    const outcome = client.review(reviewOfObject(pod), webhook);
    assert.ok(outcome.kind === "results");
    assert.deepEqual(verdictOf(decide(outcome.results), "current"), {
      allowed: false,
      code: 403,
      reason: "Forbidden",
      message: "[both] denied",
      warnings: ["[both] denied"],
    });
    const audit = client.review(reviewOfObject(pod), { enforcementPoint: "audit.gatekeeper.sh", now: 0n });
    assert.equal(audit.kind === "results" && audit.results.length, 2);
  });

  it("keeps a template's operations at the webhook only", async () => {
    const { client } = await clientWith(
      template("Deleted", "deny", { operations: ["DELETE"] }),
      constraint("Deleted", "one"),
    );
    const of = (operation: string): JsonObject => ({ operation, object: pod, oldObject: pod });
    const count = (operation: string, options: ReviewOptions): number => {
      const review = reviewOfAdmission(fakeRequest(of(operation)));
      assert.ok(review.ok);
      const outcome = client.review(review.value, options);
      return outcome.kind === "results" ? outcome.results.length : -1;
    };
    assert.equal(count("DELETE", webhook), 1);
    assert.equal(count("CREATE", webhook), 0);
    assert.equal(count("CREATE", gator), 1);
  });

  it("lets a changed template and a changed constraint take effect, and notices when nothing changed", async () => {
    const { client } = await clientWith(template("Never", "deny"), constraint("Never", "one"));
    const again = await client.addTemplate(template("Never", "deny"));
    assert.ok(again.ok && !again.value.changed);
    const same = client.addConstraint(constraint("Never", "one"));
    assert.ok(same.ok && !same.value.changed);
    assert.ok((await client.addTemplate(template("Never", "allow"))).ok);
    assert.deepEqual(messages(client, pod), []);
    assert.ok((await client.addTemplate(template("Never", "deny"))).ok);
    assert.ok(client.addConstraint(constraint("Never", "one", { parameters: { message: "changed" } })).ok);
    assert.deepEqual(messages(client, pod), ["changed"]);
    assert.equal(client.removeConstraint("Never", "one"), true);
    assert.equal(client.removeConstraint("Never", "one"), false);
    assert.deepEqual(messages(client, pod), []);
  });

  it("does not let a slow compilation undo what came after it", async () => {
    const client = new Client({ drivers: [new FakeDriver()] });
    const slow = client.addTemplate(template("Never", "deny"));
    assert.equal(client.removeTemplate("never"), false);
    await slow;
    assert.equal(client.templates.size, 0);
    const both = [client.addTemplate(template("Never", "deny")), client.addTemplate(template("Never", "allow"))];
    await Promise.all(both);
    const back = [client.addTemplate(template("Never", "deny")), client.addTemplate(template("Never", "allow"))];
    await Promise.all(back);
    assert.ok(client.addConstraint(constraint("Never", "one")).ok);
    assert.deepEqual(messages(client, pod), []);
  });

  it("puts data where policies look for it", async () => {
    const { client } = await clientWith(template("Counts", "countData"), constraint("Counts", "one"));
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d", namespace: "shop" } };
    assert.ok(client.addData(deployment).ok);
    assert.ok(client.addData({ apiVersion: "v1", kind: "Node", metadata: { name: "n" } }).ok);
    assert.deepEqual(messages(client, pod), ["cluster/v1/Node/n", "namespace/shop/apps/v1/Deployment/d"]);
    client.clearData();
    assert.deepEqual(messages(client, pod), []);
    assert.equal(
      problemOf(client.addData({ kind: "Node", metadata: { name: "n" } })),
      "invalid request object: resource n has no version",
    );
    assert.equal(
      problemOf(client.addData({ apiVersion: "v1", metadata: { name: "n" } })),
      "invalid request object: resource n has no kind",
    );
  });

  it("refuses what it cannot enforce, in Gatekeeper's words", async () => {
    const { client } = await clientWith(template("Never", "deny"));
    assert.equal(
      problemOf(client.addConstraint(constraint("Other", "one"))),
      'missing ConstraintTemplate: template "other" not found',
    );
    assert.equal(problemOf(await client.addTemplate(template("Never", "nothing"))), "no fake policy is called nothing");
    const cel = template("Cel", "x", { code: [{ engine: "K8sNativeValidation", source: {} }] });
    assert.match(problemOf(await client.addTemplate(cel)), /written in CEL only/);
    assert.equal(
      problemOf(await client.addTemplate(template("Bare", "x", { code: [] }))),
      'no language driver is installed that handles this constraint template: available drivers: map[Fake:1], wanted ""',
    );
  });
});
