import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { startSandbox, type Sandbox } from "../index.ts";
import { at, send, startWebhook, type TestDecision, type TestWebhook } from "../testing.ts";

const run = promisify(execFile);

const allow: TestDecision = { response: { allowed: true } };

function configuration(name: string, webhook: TestWebhook, more: object = {}, kind = "Validating"): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: `${kind}WebhookConfiguration`,
    metadata: { name },
    webhooks: [
      {
        name: `${name}.example.com`,
        clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
        rules: [{ operations: ["CREATE", "UPDATE"], apiGroups: ["*"], apiVersions: ["*"], resources: ["configmaps"] }],
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
        timeoutSeconds: 5,
        ...more,
      },
    ],
  };
}

const paths = {
  Validating: "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
  Mutating: "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
};

const maps = "/api/v1/namespaces/default/configmaps";

function map(name: string, more: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ...more } };
}

describe("webhooks", () => {
  let sandbox: Sandbox;
  const failedOpen: string[] = [];
  before(async () => {
    sandbox = await startSandbox({ controllers: false, failedOpen: (text) => void failedOpen.push(text) });
  });
  after(() => sandbox.close());

  async function withWebhook(
    decide: Parameters<typeof startWebhook>[0],
    more: object,
    test: (webhook: TestWebhook) => Promise<void>,
    kind: "Validating" | "Mutating" = "Validating",
  ): Promise<TestWebhook> {
    const webhook = await startWebhook(decide);
    const made = await send(sandbox, "POST", paths[kind], { body: configuration("test", webhook, more, kind) });
    assert.equal(made.status, 201, made.text);
    try {
      await test(webhook);
    } finally {
      await send(sandbox, "DELETE", `${paths[kind]}/test`);
      await webhook.close();
    }
    return webhook;
  }

  it("are told who asks for what, and their refusal comes out with their name", async () => {
    const refuse = {
      response: { allowed: false, status: { code: 403, reason: "Forbidden", message: "[no-maps] no" } },
    };
    await withWebhook(
      (request) => (at(request, "name") === "bad" ? refuse : allow),
      {},
      async (webhook) => {
        const good = await send(sandbox, "POST", maps, { body: map("good", { labels: { a: "b" } }) });
        assert.equal(good.status, 201, good.text);
        const bad = await send(sandbox, "POST", maps, { body: map("bad") });
        assert.equal(bad.status, 403);
        assert.deepEqual(bad.body, {
          kind: "Status",
          apiVersion: "v1",
          metadata: {},
          status: "Failure",
          message: 'admission webhook "test.example.com" denied the request: [no-maps] no',
          reason: "Forbidden",
          code: 403,
        });
        const [asked] = webhook.requests;
        assert.equal(at(asked, "operation"), "CREATE");
        assert.deepEqual(at(asked, "kind"), { group: "", version: "v1", kind: "ConfigMap" });
        assert.deepEqual(at(asked, "resource"), { group: "", version: "v1", resource: "configmaps" });
        assert.equal(at(asked, "namespace"), "default");
        assert.equal(at(asked, "userInfo", "username"), "kubernetes-admin");
        assert.equal(at(asked, "oldObject"), null);
        assert.equal(at(asked, "dryRun"), false);
        assert.equal(at(asked, "object", "kind"), "ConfigMap");
        assert.match(String(at(asked, "object", "metadata", "uid")), /^[0-9a-f-]{36}$/);
        assert.equal((await send(sandbox, "GET", `${maps}/bad`)).status, 404, "nothing was stored");
      },
    );
  });

  it("see updates with the old object, and not what their rules leave out", async () => {
    await withWebhook(
      () => allow,
      {},
      async ({ requests }) => {
        await send(sandbox, "POST", maps, { body: map("updated") });
        const patch = { data: { a: "1" } };
        const type = "application/merge-patch+json";
        assert.equal((await send(sandbox, "PATCH", `${maps}/updated`, { body: patch, type })).status, 200);
        assert.equal(at(requests[1], "operation"), "UPDATE");
        assert.equal(at(requests[1], "oldObject", "data"), undefined);
        assert.deepEqual(at(requests[1], "object", "data"), { a: "1" });
        assert.equal((await send(sandbox, "DELETE", `${maps}/updated`)).status, 200);
        const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
        await send(sandbox, "POST", "/api/v1/namespaces/default/secrets", { body: secret });
        assert.equal(requests.length, 2);
      },
    );
  });

  it("send warnings, without an explanation if they give none", async () => {
    await withWebhook(
      (request) => ({ response: { allowed: at(request, "name") === "ok", warnings: ["mind the gap"] } }),
      {},
      async () => {
        const ok = await send(sandbox, "POST", maps, { body: map("ok") });
        assert.equal(ok.headers["warning"], '299 - "mind the gap"');
        const no = await send(sandbox, "POST", maps, { body: map("no") });
        assert.equal(no.status, 400);
        assert.equal(
          at(no.body, "message"),
          'admission webhook "test.example.com" denied the request without explanation',
        );
        assert.equal(no.headers["warning"], '299 - "mind the gap"');
      },
    );
  });

  it("that cannot be reached fail the request, or not, as their policy says", async () => {
    const webhook = await startWebhook(() => allow);
    await webhook.close();
    const { port } = webhook;
    const body = configuration("gone", webhook);
    await send(sandbox, "POST", paths.Validating, { body });
    const closed = await send(sandbox, "POST", maps, { body: map("closed") });
    assert.equal(closed.status, 500);
    const failure = `failed calling webhook "gone.example.com": failed to call webhook: Post "https://127.0.0.1:${port}/?timeout=5s": dial tcp 127.0.0.1:${port}: connect: connection refused`;
    assert.equal(at(closed.body, "message"), `Internal error occurred: ${failure}`);
    assert.deepEqual(failedOpen.splice(0), [], "nothing went on unreviewed");
    const patch = [{ op: "replace", path: "/webhooks/0/failurePolicy", value: "Ignore" }];
    const type = "application/json-patch+json";
    await send(sandbox, "PATCH", `${paths.Validating}/gone`, { body: patch, type });
    assert.equal((await send(sandbox, "POST", maps, { body: map("open") })).status, 201);
    assert.deepEqual(failedOpen.splice(0), [`Failed calling webhook, failing open gone.example.com: ${failure}`]);
    await send(sandbox, "DELETE", `${paths.Validating}/gone`);
  });

  it("are asked anew where they had closed the connections that were kept, however many", async () => {
    const atOnce = 3;
    const arrived = Promise.withResolvers<void>();
    let waiting = 0;
    const { requests } = await withWebhook(
      async (_request, { isReused }) => {
        if (isReused) return { closes: true };
        waiting += 1;
        if (waiting === atOnce) arrived.resolve();
        await arrived.promise;
        return allow;
      },
      { failurePolicy: "Ignore" },
      async () => {
        const names = Array.from({ length: atOnce }, (_, index) => `kept-${index}`);
        await Promise.all(names.map((name) => send(sandbox, "POST", maps, { body: map(name) })));
        assert.equal((await send(sandbox, "POST", maps, { body: map("anew") })).status, 201);
      },
    );
    // Each of the first made a connection; the last tried all of them, and then made one of its own.
    assert.equal(requests.length, atOnce + atOnce + 1);
    assert.deepEqual(failedOpen.splice(0), [], "nothing went on unreviewed");
  });

  it("that close every connection, new ones too, have not answered", async () => {
    const { requests } = await withWebhook(
      () => ({ closes: true }),
      { failurePolicy: "Fail" },
      async () => {
        const { status, body } = await send(sandbox, "POST", maps, { body: map("closed") });
        assert.equal(status, 500);
        assert.match(String(at(body, "message")), /: EOF$/);
      },
    );
    assert.equal(requests.length, 1);
  });

  it("that answer wrongly are told apart", async () => {
    const message = async (decision: TestDecision, more: object = {}): Promise<unknown> => {
      let text: unknown;
      await withWebhook(
        () => decision,
        more,
        async () => {
          text = at((await send(sandbox, "POST", maps, { body: map("wrong") })).body, "message");
        },
      );
      return text;
    };
    const prefix = 'Internal error occurred: failed calling webhook "test.example.com": ';
    assert.equal(
      await message({ status: 500, text: "boom" }),
      `${prefix}failed to call webhook: an error on the server ("boom") has prevented the request from succeeding`,
    );
    assert.match(
      String(await message({ response: { uid: "other", allowed: true } })),
      /received invalid webhook response: expected response\.uid="[0-9a-f-]+", got "other"$/,
    );
    assert.match(
      String(await message({ status: 200, text: "{" })),
      /failed to call webhook: couldn't get version\/kind; json parse error: /,
    );
    assert.match(
      String(await message({ never: true }, { timeoutSeconds: 1 })),
      /\?timeout=1s": context deadline exceeded$/,
    );
    assert.match(
      String(await message({ response: { allowed: true, patch: "W10=", patchType: "JSONPatch" } })),
      /validating webhook may not return response\.patch$/,
    );
  });

  it("mutate, one after the other, and again where they ask for it", async () => {
    const add = (path: string, value: unknown): TestDecision => {
      const patch = Buffer.from(JSON.stringify([{ op: "add", path, value }])).toString("base64");
      return { response: { allowed: true, patch, patchType: "JSONPatch" } };
    };
    const first = await startWebhook((request) =>
      at(request, "object", "data", "second") === undefined ? add("/data", { first: "1" }) : add("/data/third", "3"),
    );
    const second = await startWebhook(() => add("/data/second", "2"));
    await send(sandbox, "POST", paths.Mutating, {
      body: configuration("a-first", first, { reinvocationPolicy: "IfNeeded" }, "Mutating"),
    });
    await send(sandbox, "POST", paths.Mutating, { body: configuration("b-second", second, {}, "Mutating") });
    try {
      const made = await send(sandbox, "POST", maps, { body: map("mutated") });
      assert.deepEqual(at(made.body, "data"), { first: "1", second: "2", third: "3" });
      assert.equal(first.requests.length, 2);
      assert.equal(second.requests.length, 1);
      assert.equal(at(first.requests[0], "object", "metadata", "uid"), undefined, "mutation comes before identity");
    } finally {
      await send(sandbox, "DELETE", `${paths.Mutating}/a-first`);
      await send(sandbox, "DELETE", `${paths.Mutating}/b-second`);
      await first.close();
      await second.close();
    }
  });

  it("are chosen by selectors and scope", async () => {
    const namespaceSelector = { matchExpressions: [{ key: "skip", operator: "DoesNotExist" }] };
    const objectSelector = { matchLabels: { watch: "me" } };
    const skipped = { apiVersion: "v1", kind: "Namespace", metadata: { name: "skipped", labels: { skip: "1" } } };
    await send(sandbox, "POST", "/api/v1/namespaces", { body: skipped });
    await withWebhook(
      () => ({ response: { allowed: false } }),
      {
        namespaceSelector,
        objectSelector,
        rules: [{ operations: ["*"], apiGroups: [""], apiVersions: ["v1"], resources: ["*"], scope: "Namespaced" }],
      },
      async ({ requests }) => {
        const labels = { watch: "me" };
        assert.equal((await send(sandbox, "POST", maps, { body: map("x") })).status, 201);
        assert.equal((await send(sandbox, "POST", maps, { body: map("y", { labels }) })).status, 400);
        const elsewhere = "/api/v1/namespaces/skipped/configmaps";
        assert.equal((await send(sandbox, "POST", elsewhere, { body: map("z", { labels }) })).status, 201);
        const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "cluster-scoped", labels } };
        assert.equal((await send(sandbox, "POST", "/api/v1/namespaces", { body: namespace })).status, 201);
        assert.equal(requests.length, 1);
      },
    );
  });

  it("see a request in the version their rules name, where any will do", async () => {
    const version = (name: string, storage: boolean): object => ({
      name,
      storage,
      served: true,
      schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    });
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.demo.example.com" },
      spec: {
        group: "demo.example.com",
        names: { kind: "Thing", plural: "things" },
        scope: "Cluster",
        versions: [version("v1", true), version("v1beta1", false)],
      },
    };
    await send(sandbox, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", { body: definition });
    const things = "/apis/demo.example.com/v1/things";
    const thing = (name: string): object => ({ apiVersion: "demo.example.com/v1", kind: "Thing", metadata: { name } });
    const rules = [
      { operations: ["CREATE"], apiGroups: ["demo.example.com"], apiVersions: ["v1beta1"], resources: ["things"] },
    ];
    const ask = async (matchPolicy: string): Promise<readonly unknown[]> => {
      let seen: readonly unknown[] = [];
      await withWebhook(
        () => allow,
        { rules, matchPolicy },
        async ({ requests }) => {
          await send(sandbox, "POST", things, { body: thing(matchPolicy.toLowerCase()) });
          seen = [...requests];
        },
      );
      return seen;
    };
    assert.deepEqual(await ask("Exact"), []);
    const [asked] = await ask("Equivalent");
    assert.equal(at(asked, "kind", "version"), "v1beta1");
    assert.equal(at(asked, "requestKind", "version"), "v1");
    assert.equal(at(asked, "object", "apiVersion"), "demo.example.com/v1beta1");
    assert.equal(at(asked, "namespace"), undefined);
  });

  it("cannot put in what the schema does not know", async () => {
    const patch = Buffer.from(
      JSON.stringify([
        { op: "add", path: "/nonsense", value: 1 },
        { op: "add", path: "/data", value: { a: "1" } },
      ]),
    ).toString("base64");
    await withWebhook(
      () => ({ response: { allowed: true, patch, patchType: "JSONPatch" } }),
      {},
      async ({ requests }) => {
        const made = await send(sandbox, "POST", maps, { body: map("sober") });
        assert.equal(at(made.body, "nonsense"), undefined);
        assert.deepEqual(at(made.body, "data"), { a: "1" });
        const type = "application/merge-patch+json";
        const version = at(made.body, "metadata", "resourceVersion");
        await send(sandbox, "PATCH", `${maps}/sober`, { body: { metadata: { labels: { l: "1" } } }, type });
        assert.equal(at(requests[1], "object", "metadata", "resourceVersion"), version);
      },
      "Mutating",
    );
  });

  it("with side effects refuse a dry run, others see it", async () => {
    await withWebhook(
      () => allow,
      {},
      async ({ requests }) => {
        const made = await send(sandbox, "POST", `${maps}?dryRun=All`, { body: map("dry") });
        assert.equal(made.status, 201);
        assert.equal(at(requests[0], "dryRun"), true);
        assert.equal((await send(sandbox, "GET", `${maps}/dry`)).status, 404);
      },
    );
  });

  it("are asked through services", async () => {
    const webhook = await startWebhook(
      () => ({ response: { allowed: false, status: { message: "by service" } } }),
      ["hook.system.svc"],
    );
    const client = { service: { namespace: "system", name: "hook", path: "/check" }, caBundle: webhook.caBundle };
    const body = configuration("service", webhook, { clientConfig: client });
    assert.equal((await send(sandbox, "POST", paths.Validating, { body })).status, 201);
    const lost = await send(sandbox, "POST", maps, { body: map("lost") });
    assert.match(
      String(at(lost.body, "message")),
      /Post "https:\/\/hook\.system\.svc:443\/check\?timeout=5s": service "hook" not found$/,
    );
    sandbox.mapService("system", "hook", webhook.port);
    const found = await send(sandbox, "POST", maps, { body: map("found") });
    assert.match(String(at(found.body, "message")), /denied the request: by service$/);
    await send(sandbox, "DELETE", `${paths.Validating}/service`);
    await webhook.close();
  });

  it("with match conditions are refused, as are broken configurations", async () => {
    const webhook = await startWebhook(() => allow);
    const refused = async (more: object): Promise<string> => {
      const made = await send(sandbox, "POST", paths.Validating, { body: configuration("bad", webhook, more) });
      assert.equal(made.status, 422, made.text);
      return String(at(made.body, "message"));
    };
    assert.match(
      await refused({ matchConditions: [{ name: "c", expression: "true" }] }),
      /does not evaluate match conditions \(CEL\) yet/,
    );
    assert.match(
      await refused({ sideEffects: "Some" }),
      /webhooks\[0\]\.sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"/,
    );
    assert.match(await refused({ timeoutSeconds: 31 }), /the timeout value must be between 1 and 30 seconds/);
    assert.match(await refused({ clientConfig: { url: "http://x" } }), /'https' is the only allowed URL scheme/);
    assert.match(await refused({ admissionReviewVersions: ["v2"] }), /must include at least one of v1, v1beta1/);
    await webhook.close();
  });

  it("refuse a Pod with the words of the walkthrough, through the machine's kubectl", async (context) => {
    if (!existsSync("/usr/bin/kubectl")) {
      context.skip("no kubectl on this machine");
      return;
    }
    const text =
      '[denied by allow-only-private-registry] container <swiss-army-knife> has an invalid image repo <rancherlabs/swiss-army-knife:latest>, allowed repos are ["private.example.com"]';
    const webhook = await startWebhook(() => ({
      response: { allowed: false, status: { code: 403, reason: text, message: text } },
    }));
    const rules = [{ operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }];
    const made = configuration("gatekeeper", webhook, { rules, name: "validation.gatekeeper.sh" });
    await send(sandbox, "POST", paths.Validating, { body: made });
    const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    try {
      const file = join(folder, "disallowed.yaml");
      const config = join(folder, "config");
      const { writeFile } = await import("node:fs/promises");
      await writeFile(config, sandbox.kubeconfig, { mode: 0o600 });
      const container = { name: "swiss-army-knife", image: "rancherlabs/swiss-army-knife:latest" };
      const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { containers: [container] } };
      await writeFile(file, JSON.stringify(pod));
      const env = { PATH: process.env["PATH"] ?? "", HOME: folder, KUBECONFIG: config };
      const failed = await run("/usr/bin/kubectl", ["apply", "-f", "disallowed.yaml"], { cwd: folder, env }).catch(
        (error: unknown) => error,
      );
      assert.equal(at(failed, "code"), 1);
      assert.equal(
        at(failed, "stderr"),
        `Error from server (${text}): error when creating "disallowed.yaml": admission webhook "validation.gatekeeper.sh" denied the request: ${text}\n`,
      );
    } finally {
      await rm(folder, { recursive: true });
      await send(sandbox, "DELETE", `${paths.Validating}/gatekeeper`);
      await webhook.close();
    }
  });
});
