/** The condition as a real API server reads it, held against the matcher on whatever it may send to a webhook. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { isJsonObject, own, ownPath, ownString, type JsonObject } from "@portcullis/objects";
import { compileMatch, subjectOf } from "@portcullis/policy";
import { conditionFor } from "../../../packages/controller/src/registration/kinds-condition.ts";
import { kindsOf } from "../../../packages/controller/src/registration/matched-kinds.ts";
import { availableClusters, startCluster, type TestCluster } from "../cluster.ts";
import { startRecorder, type Recorder } from "./recorder.ts";

const without = availableClusters().includes("kube-apiserver") ? false : "there is no real API server here";
const space = "asked";

const groups = ["", "apps", "policy", "autoscaling", "example.com", "events.k8s.io", "Apps", "*"];
const kinds = [
  ..."Pod pod Deployment Scale Eviction PodExecOptions Widget Namespace ConfigMap Event Binding Node".split(" "),
  ..."ServiceProxyOptions TokenRequest NotYet *".split(" "),
];
const entry = fc.record(
  {
    apiGroups: fc.array(fc.constantFrom(...groups), { maxLength: 2 }),
    kinds: fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["kinds"] },
);
/** Match blocks, a few constraints each: those that are known to be special, and others by chance. */
const sets: readonly (readonly JsonObject[])[] = [
  [],
  [{ kinds: [{ apiGroups: ["example.com"] }] }],
  [{ kinds: [{ apiGroups: ["*"], kinds: ["Scale"] }] }, { kinds: [{ apiGroups: [""], kinds: ["PodExecOptions"] }] }],
  [{ kinds: [{ apiGroups: ["apps"], kinds: ["*"] }], scope: "Namespaced", namespaces: ["none"] }],
  ...fc.sample(fc.array(fc.record({ kinds: fc.array(entry, { minLength: 1, maxLength: 2 }) }), { maxLength: 3 }), {
    numRuns: 24,
    seed: 7,
  }),
];
const constraintsOf = (set: readonly JsonObject[]): readonly JsonObject[] => set.map((match) => ({ spec: { match } }));

describe("the condition on the kube-apiserver", { skip: without }, () => {
  let cluster: TestCluster;
  let recorder: Recorder;

  const request = async (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: JsonObject) => {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const sent = body === undefined ? {} : { contentType, body: JSON.stringify(body) };
    const answer = await cluster.client.request({ method, path, ...sent }).catch((error: unknown) => String(error));
    return typeof answer === "string" || answer.ok ? "" : `${method} ${path}: ${answer.status.message}`;
  };
  const must = async (...of: Parameters<typeof request>): Promise<void> => assert.equal(await request(...of), "");
  const core = `/api/v1/namespaces/${space}`;
  const apps = `/apis/apps/v1/namespaces/${space}`;

  before(async () => {
    cluster = await startCluster("kube-apiserver");
    await must("POST", "/api/v1/namespaces", { metadata: { name: space } });
    recorder = await startRecorder(cluster, space, "recorder");
    const widget = {
      metadata: { name: "widgets.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { kind: "Widget", plural: "widgets" },
        versions: ["v1", "v2"].map((name) => ({
          name,
          served: true,
          storage: name === "v1",
          subresources: { scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" } },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        })),
      },
    };
    await must("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", widget);
    const webhook = (path: string, expression: string | undefined): JsonObject => ({
      name: `${path}.recorder.example.com`,
      clientConfig: {
        service: { namespace: space, name: "recorder", path: `/${path}` },
        caBundle: Buffer.from(recorder.authority).toString("base64"),
      },
      rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*/*"], scope: "*" }],
      matchPolicy: "Equivalent",
      failurePolicy: "Fail",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      ...(expression === undefined ? {} : { matchConditions: [{ name: "kinds", expression }] }),
    });
    await must("POST", "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", {
      metadata: { name: "recorder" },
      webhooks: [
        webhook("all", undefined),
        ...sets.map((set, at) => webhook(`set-${at}`, conditionFor(kindsOf(constraintsOf(set))))),
      ],
    });
    const until = performance.now() + 10_000;
    for (let turn = 0; recorder.asked("/all").length === 0; turn += 1) {
      assert.ok(performance.now() < until, "the webhook is never called");
      await must("POST", `${core}/configmaps`, { metadata: { name: `first-${turn}` } });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // All webhooks of one configuration come into force together, but a change of the others' may be under way.
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  after(async () => {
    await recorder?.stop();
    await cluster?.stop();
  });

  it("lets exactly that be asked about whose kind is matched", { timeout: 120_000 }, async () => {
    const seenBefore = new Map(
      ["all", ...sets.map((_, at) => `set-${at}`)].map((path) => [path, recorder.asked(`/${path}`).length]),
    );
    const named = (name: string, more: JsonObject = {}): JsonObject => ({ metadata: { name }, ...more });
    const labelled: JsonObject = { metadata: { labels: { a: "b" } } };
    await must("POST", `${core}/configmaps`, named("one"));
    await must("PATCH", `${core}/configmaps/one`, labelled);
    await must("DELETE", `${core}/configmaps/one`);
    await must("POST", `${core}/configmaps`, named("two"));
    await must("DELETE", `${core}/configmaps`);
    await request("POST", `${core}/serviceaccounts`, named("default"));
    await request("POST", `${core}/serviceaccounts/default/token`, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: ["x"] },
    });
    const container = { name: "main", image: "example.com/it:1" };
    const podSpec = { automountServiceAccountToken: false, containers: [container] };
    await must("POST", `${core}/pods`, named("web", { spec: podSpec }));
    await must("PATCH", `${core}/pods/web`, labelled);
    await must("PATCH", `${core}/pods/web/ephemeralcontainers`, {
      spec: { ephemeralContainers: [{ name: "debug", image: "example.com/it:1" }] },
    });
    await must("POST", "/api/v1/nodes", named("node"));
    await must("POST", `${core}/pods/web/binding`, {
      ...named("web"),
      target: { apiVersion: "v1", kind: "Node", name: "node" },
    });
    // These go on to a node that is not there.
    await request("POST", `${core}/pods/web/exec?command=true`);
    await request("POST", `${core}/pods/web/attach`);
    await request("POST", `${core}/pods/web/portforward`);
    await request("GET", `${core}/pods/web/proxy`);
    await request("GET", `${core}/services/recorder/proxy`);
    await request("GET", "/api/v1/nodes/node/proxy");
    await request("POST", `${core}/pods/web/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      ...named("web"),
    });
    const template = { metadata: { labels: { app: "x" } }, spec: { containers: [container] } };
    const deployment = { spec: { selector: { matchLabels: { app: "x" } }, template } };
    await must("POST", `${apps}/deployments`, named("web", deployment));
    await must("PATCH", `${apps}/deployments/web/scale`, { spec: { replicas: 2 } });
    await must("PATCH", `${apps}/deployments/web/status`, { status: { observedGeneration: 1 } });
    for (const version of ["v1", "v2"]) {
      const widgets = `/apis/example.com/${version}/namespaces/${space}/widgets`;
      const type = { apiVersion: `example.com/${version}`, kind: "Widget" };
      await must("POST", widgets, { ...type, ...named(`a-${version}`, { spec: { replicas: 1 } }) });
      await must("PATCH", `${widgets}/a-${version}/scale`, { spec: { replicas: 3 } });
      await must("DELETE", `${widgets}/a-${version}`);
    }
    await must("POST", `/apis/events.k8s.io/v1/namespaces/${space}/events`, {
      ...named("told", { eventTime: new Date().toISOString().replace("Z", "000Z") }),
      action: "a",
      reason: "r",
      type: "Normal",
      reportingController: "example.com/x",
      reportingInstance: "x",
      regarding: { kind: "Pod", namespace: space, name: "web" },
    });
    await must("PATCH", `/api/v1/namespaces/${space}`, labelled);

    const after = (path: string): readonly JsonObject[] => recorder.asked(`/${path}`).slice(seenBefore.get(path));
    const keyOf = (review: JsonObject): string =>
      JSON.stringify(
        ["operation", "kind", "resource", "subResource", "namespace", "name"].map((field) => review[field]),
      );
    const all = after("all");
    const seen = new Set(
      all.map((review) => `${ownString(review, "operation")} ${ownString(own(review, "kind"), "kind")}`),
    );
    for (const needed of [
      ..."CREATE Pod,UPDATE Pod,CREATE Eviction,CONNECT PodExecOptions,CONNECT ServiceProxyOptions,UPDATE Scale".split(
        ",",
      ),
      ..."CREATE Widget,DELETE Widget,DELETE ConfigMap,CREATE Binding,CREATE TokenRequest,CREATE Event".split(","),
      ..."UPDATE Namespace,CONNECT PodProxyOptions,CONNECT NodeProxyOptions".split(","),
    ]) {
      assert.ok(seen.has(needed), `${needed} was never sent: ${[...seen].join(", ")}`);
    }
    for (const review of all) {
      for (const field of ["object", "oldObject"]) {
        const object = own(review, field);
        if (!isJsonObject(object)) continue;
        const { group, kind } = subjectOf(object);
        assert.deepEqual([group, kind], [ownPath(review, "kind", "group"), ownPath(review, "kind", "kind")]);
      }
    }
    let [asked, spared] = [0, 0];
    for (const [at, set] of sets.entries()) {
      const isMatched = (review: JsonObject): boolean => {
        const objects = [own(review, "object"), own(review, "oldObject")].filter(isJsonObject);
        const matchers = set.map((match) => compileMatch({ kinds: own(match, "kinds") ?? null }));
        return (
          objects.length === 0 ||
          objects.some((object) =>
            matchers.some(({ matches }) => matches(subjectOf(object), undefined, "Original") === true),
          )
        );
      };
      const wanted = all.filter(isMatched).map(keyOf);
      assert.deepEqual(after(`set-${at}`).map(keyOf).toSorted(), wanted.toSorted(), JSON.stringify(set));
      asked += wanted.length;
      spared += all.length - wanted.length;
    }
    assert.ok(asked > 50 && spared > 200, `${asked} asked, ${spared} spared`);
  });
});
