import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox, type Sandbox } from "../index.ts";
import { at, send } from "../testing.ts";
import { readJsonPath } from "./json-path.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const widgets = "/apis/demo.example.com/v1/namespaces/default/widgets";

function definition(more: object = {}, version: object = {}): object {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.demo.example.com" },
    spec: {
      group: "demo.example.com",
      names: { kind: "Widget", plural: "widgets", shortNames: ["wd"], categories: ["all"] },
      scope: "Namespaced",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
          },
          additionalPrinterColumns: [
            { name: "Size", type: "integer", jsonPath: ".spec.size" },
            { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          ],
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: {
                  type: "object",
                  required: ["size"],
                  properties: {
                    size: { type: "integer", minimum: 1 },
                    color: { type: "string", default: "red", enum: ["red", "green"] },
                    replicas: { type: "integer" },
                  },
                },
                status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              },
            },
          },
          ...version,
        },
        {
          name: "v1beta1",
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
      ...more,
    },
  };
}

const widget = (name: string, spec: object): object => ({
  apiVersion: "demo.example.com/v1",
  kind: "Widget",
  metadata: { name },
  spec,
});

describe("custom resource definitions", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ controllers: false });
    const made = await send(sandbox, "POST", definitions, { body: definition() });
    assert.equal(made.status, 201, made.text);
  });
  after(() => sandbox.close());

  it("are served when the answer to their creation is out", async () => {
    for (let round = 0; round < 20; round += 1) {
      const group = `g${round}.example.com`;
      const body = { ...definition({ group }), metadata: { name: `widgets.${group}` } };
      assert.equal((await send(sandbox, "POST", definitions, { body })).status, 201);
      const made = await send(sandbox, "POST", `/apis/${group}/v1/namespaces/default/widgets`, {
        body: { ...widget("w", { size: 1 }), apiVersion: `${group}/v1` },
      });
      assert.equal(made.status, 201, made.text);
      assert.equal((await send(sandbox, "GET", `/apis/${group}/v1`)).status, 200);
    }
  });

  it("are found by every kind of discovery", async () => {
    const list = await send(sandbox, "GET", "/apis/demo.example.com/v1");
    const resources = at(list.body, "resources");
    assert.deepEqual(Array.isArray(resources) && resources.map((each) => at(each, "name")), [
      "widgets",
      "widgets/scale",
      "widgets/status",
    ]);
    assert.deepEqual(at(resources, 0, "shortNames"), ["wd"]);
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const aggregated = await send(sandbox, "GET", "/apis", { accept });
    assert.match(String(aggregated.headers["content-type"]), /as=APIGroupDiscoveryList/);
    assert.match(aggregated.text, /"name":"demo\.example\.com"/);
    const again = await send(sandbox, "GET", "/apis", {
      accept,
      headers: { "If-None-Match": String(aggregated.headers["etag"]) },
    });
    assert.equal(again.status, 304);
    const document = await send(sandbox, "GET", "/openapi/v3/apis/demo.example.com/v1");
    const schema = at(document.body, "components", "schemas", "com.example.demo.v1.Widget");
    assert.equal(at(schema, "properties", "spec", "properties", "size", "minimum"), 1);
  });

  it("have conditions that say they are served", async () => {
    const { body } = await send(sandbox, "GET", `${definitions}/widgets.demo.example.com`);
    const conditions = at(body, "status", "conditions");
    assert.ok(Array.isArray(conditions));
    assert.deepEqual(
      conditions.map((each) => `${at(each, "type")}=${at(each, "status")}`),
      ["NamesAccepted=True", "Established=True"],
    );
    assert.deepEqual(at(body, "status", "storedVersions"), ["v1"]);
    assert.equal(at(body, "spec", "names", "listKind"), "WidgetList");
  });

  it("fill in, prune and check what they define", async () => {
    const made = await send(sandbox, "POST", widgets, { body: widget("pruned", { size: 2, colour: "x" }) });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(at(made.body, "spec"), { size: 2, color: "red" });
    assert.equal(made.headers["warning"], '299 - "unknown field \\"spec.colour\\""');
    const wrong = await send(sandbox, "POST", widgets, { body: widget("wrong", { size: 0, color: "blue" }) });
    assert.equal(wrong.status, 422);
    const message = String(at(wrong.body, "message"));
    assert.match(message, /^Widget\.demo\.example\.com "wrong" is invalid: \[/);
    assert.ok(message.includes('spec.color: Unsupported value: "blue": supported values: "red", "green"'), message);
    assert.ok(message.includes("spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"));
    const missing = await send(sandbox, "POST", widgets, { body: widget("missing", {}) });
    assert.equal(
      at(missing.body, "message"),
      'Widget.demo.example.com "missing" is invalid: spec.size: Required value',
    );
  });

  it("count generations, and keep status apart", async () => {
    const path = `${widgets}/counted`;
    const type = "application/merge-patch+json";
    const made = await send(sandbox, "POST", widgets, {
      body: { ...widget("counted", { size: 1 }), status: { x: 1 } },
    });
    assert.equal(at(made.body, "status"), undefined);
    const generation = async (target: string, body: object): Promise<unknown> =>
      at((await send(sandbox, "PATCH", target, { body, type })).body, "metadata", "generation");
    assert.equal(await generation(path, { metadata: { labels: { a: "b" } } }), 1);
    assert.equal(await generation(path, { spec: { size: 2 }, status: { y: 1 } }), 2);
    assert.equal(await generation(`${path}/status`, { spec: { size: 9 }, status: { z: 1 } }), 2);
    const { body } = await send(sandbox, "GET", path);
    assert.equal(at(body, "spec", "size"), 2);
    assert.deepEqual(at(body, "status"), { z: 1 });
    const scaled = await send(sandbox, "PATCH", `${path}/scale`, { body: { spec: { replicas: 4 } }, type });
    assert.equal(at(scaled.body, "kind"), "Scale");
    assert.equal(at((await send(sandbox, "GET", path)).body, "spec", "replicas"), 4);
  });

  it("serve every version, and want a version of the object for an update", async () => {
    const old = await send(sandbox, "GET", "/apis/demo.example.com/v1beta1/namespaces/default/widgets/counted");
    assert.equal(at(old.body, "apiVersion"), "demo.example.com/v1beta1");
    const put = await send(sandbox, "PUT", `${widgets}/counted`, { body: widget("counted", { size: 5 }) });
    assert.equal(put.status, 422);
    assert.match(
      String(at(put.body, "message")),
      /metadata\.resourceVersion: Invalid value: 0: must be specified for an update|metadata\.resourceVersion: Invalid value: 0x0: must be specified for an update/,
    );
    const strategic = await send(sandbox, "PATCH", `${widgets}/counted`, {
      body: {},
      type: "application/strategic-merge-patch+json",
    });
    assert.equal(strategic.status, 415);
    assert.match(String(at(strategic.body, "message")), /application\/merge-patch\+json/);
  });

  it("say in columns what they are told to", async () => {
    const type = "application/merge-patch+json";
    const status = {
      status: {
        conditions: [
          { type: "Other", status: "False" },
          { type: "Ready", status: "True" },
        ],
      },
    };
    await send(sandbox, "PATCH", `${widgets}/counted/status`, { body: status, type });
    const table = await send(sandbox, "GET", `${widgets}/counted`, {
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    });
    assert.deepEqual(at(table.body, "rows", 0, "cells"), ["counted", 2, "True"]);
  });

  it("are refused with the place of the mistake", async () => {
    const refused = async (body: object): Promise<string> => {
      const made = await send(sandbox, "POST", definitions, { body });
      assert.equal(made.status, 422, made.text);
      return String(at(made.body, "message"));
    };
    const named = { metadata: { name: "others.example.org" } };
    assert.match(
      await refused({ ...definition({ group: "example.org" }), ...named }),
      /metadata\.name: Invalid value: "others\.example\.org": must be spec\.names\.plural\+"\."\+spec\.group/,
    );
    const group = "x.example.org";
    const metadata = { name: `widgets.${group}` };
    assert.match(
      await refused({ ...definition({ group }, { schema: {} }), metadata }),
      /spec\.versions\[0\]\.schema\.openAPIV3Schema: Required value/,
    );
    assert.match(
      await refused({ ...definition({ group }, { storage: false }), metadata }),
      /must have exactly one version marked as storage version/,
    );
    const rules = { openAPIV3Schema: { type: "object", "x-kubernetes-validations": [{ rule: "true" }] } };
    assert.match(
      await refused({ ...definition({ group }, { schema: rules }), metadata }),
      /the sandbox does not evaluate rules in CEL yet/,
    );
    assert.match(
      await refused({ ...definition({ group, conversion: { strategy: "Webhook" } }), metadata }),
      /the sandbox does not call conversion webhooks: use None/,
    );
  });

  it("whose names are taken are not served", async () => {
    const names = { kind: "Widget", plural: "gadgets", singular: "gadget" };
    const body = { ...definition({ names }), metadata: { name: "gadgets.demo.example.com" } };
    const made = await send(sandbox, "POST", definitions, { body });
    assert.equal(at(made.body, "status", "conditions", 0, "reason"), "KindConflict");
    assert.equal((await send(sandbox, "GET", "/apis/demo.example.com/v1/gadgets")).status, 404);
  });

  it("take their objects along", async () => {
    assert.equal((await send(sandbox, "DELETE", `${definitions}/widgets.demo.example.com`)).status, 200);
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if ((await send(sandbox, "GET", `${definitions}/widgets.demo.example.com`)).status === 404) break;
      await sleep(20);
    }
    assert.equal((await send(sandbox, "GET", widgets)).status, 404);
    await send(sandbox, "POST", definitions, { body: definition() });
    const list = await send(sandbox, "GET", widgets);
    assert.deepEqual(at(list.body, "items"), []);
  });
});

describe("the paths of printer columns", () => {
  const object = {
    a: {
      "b.c": [1, 2],
      d: [
        { t: "x", v: 1 },
        { t: "y", v: 2 },
      ],
    },
  };
  const find = (path: string): unknown => {
    const reading = readJsonPath(path);
    return reading.ok ? reading.find(object) : reading.message;
  };
  it("step into members, lists and what meets a condition", () => {
    assert.deepEqual(find(".a['b.c'][1]"), [2]);
    assert.deepEqual(find(".a.b\\.c[0]"), [1]);
    assert.deepEqual(find(".a.d[*].v"), [1, 2]);
    assert.deepEqual(find('.a.d[?(@.t=="y")].v'), [2]);
    assert.deepEqual(find(".a.d[?(@.t!='y')].v"), [1]);
    assert.deepEqual(find(".nope.x"), []);
    assert.equal(find("a..b{"), "is not a simple JSON path: a..b{");
  });
});
