import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox, type Sandbox } from "../index.ts";
import { at, send } from "../testing.ts";

const maps = "/api/v1/namespaces/default/configmaps";

describe("lifecycles", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ controllers: false });
  });
  after(() => sandbox.close());

  async function make(name: string, owner?: unknown, more: object = {}): Promise<unknown> {
    const owners = owner === undefined ? [] : [reference(owner, more)];
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ownerReferences: owners } };
    const made = await send(sandbox, "POST", maps, { body });
    assert.equal(made.status, 201, made.text);
    return made.body;
  }

  function reference(owner: unknown, more: object = {}): object {
    const { name, uid } = Object(at(owner, "metadata"));
    return { apiVersion: "v1", kind: "ConfigMap", name, uid, ...more };
  }

  async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if (await holds()) return;
      await sleep(20);
    }
    assert.fail(`it never came true that ${what}`);
  }

  const isGone = (name: string) => async (): Promise<boolean> =>
    (await send(sandbox, "GET", `${maps}/${name}`)).status === 404;

  it("take dependents along in the background", async () => {
    const owner = await make("owner");
    const child = await make("child", owner);
    await make("grandchild", child);
    await send(sandbox, "DELETE", `${maps}/owner`);
    await eventually("the dependents went", isGone("grandchild"));
    assert.ok(await isGone("child")());
  });

  it("keep a dependent that has another owner, without the one that is gone", async () => {
    const [one, two] = [await make("one"), await make("two")];
    const body = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "both", ownerReferences: [reference(one), reference(two)] },
    };
    await send(sandbox, "POST", maps, { body });
    await send(sandbox, "DELETE", `${maps}/one`);
    await eventually("the reference went", async () => {
      const owners = at((await send(sandbox, "GET", `${maps}/both`)).body, "metadata", "ownerReferences");
      return Array.isArray(owners) && owners.length === 1 && at(owners, 0, "name") === "two";
    });
  });

  it("wait for dependents in the foreground", async () => {
    const owner = await make("first");
    const body = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "slow",
        finalizers: ["example.com/slow"],
        ownerReferences: [reference(owner, { blockOwnerDeletion: true })],
      },
    };
    await send(sandbox, "POST", maps, { body });
    await send(sandbox, "DELETE", `${maps}/first`, { body: { propagationPolicy: "Foreground" } });
    await eventually("the dependent was asked to go", async () => {
      const slow = await send(sandbox, "GET", `${maps}/slow`);
      return at(slow.body, "metadata", "deletionTimestamp") !== undefined;
    });
    assert.equal((await send(sandbox, "GET", `${maps}/first`)).status, 200, "the owner waits");
    const type = "application/merge-patch+json";
    await send(sandbox, "PATCH", `${maps}/slow`, { body: { metadata: { finalizers: null } }, type });
    await eventually("the owner went at last", isGone("first"));
  });

  it("cut dependents loose where told to orphan them", async () => {
    const owner = await make("parent");
    await make("orphan", owner);
    await send(sandbox, "DELETE", `${maps}/parent`, { body: { propagationPolicy: "Orphan" } });
    await eventually("the owner went", isGone("parent"));
    const orphan = await send(sandbox, "GET", `${maps}/orphan`);
    assert.equal(at(orphan.body, "metadata", "ownerReferences"), undefined);
  });

  it("delete what names an owner that never was", async () => {
    const stranger = { metadata: { name: "nobody", uid: "00000000-0000-0000-0000-000000000000" } };
    await make("stray", stranger);
    await eventually("the stray went", isGone("stray"));
  });

  it("of a namespace end with its contents, and nothing is created in it meanwhile", async () => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "doomed" } };
    await send(sandbox, "POST", "/api/v1/namespaces", { body: namespace });
    const inside = "/api/v1/namespaces/doomed/configmaps";
    const held = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", finalizers: ["example.com/hold"] } };
    await send(sandbox, "POST", inside, { body: held });
    const marked = await send(sandbox, "DELETE", "/api/v1/namespaces/doomed");
    assert.equal(at(marked.body, "status", "phase"), "Terminating");
    const late = await send(sandbox, "POST", inside, { body: { ...held, metadata: { name: "late" } } });
    assert.equal(late.status, 403);
    assert.equal(
      at(late.body, "message"),
      'configmaps "late" is forbidden: unable to create new content in namespace doomed because it is being terminated',
    );
    assert.equal(at(late.body, "details", "causes", 0, "reason"), "NamespaceTerminating");
    const type = "application/merge-patch+json";
    await eventually("the contents were asked to go", async () => {
      const left = await send(sandbox, "GET", `${inside}/held`);
      return at(left.body, "metadata", "deletionTimestamp") !== undefined;
    });
    await send(sandbox, "PATCH", `${inside}/held`, { body: { metadata: { finalizers: null } }, type });
    await eventually(
      "the namespace went",
      async () => (await send(sandbox, "GET", "/api/v1/namespaces/doomed")).status === 404,
    );
    const refused = await send(sandbox, "DELETE", "/api/v1/namespaces/default");
    assert.equal(at(refused.body, "message"), 'namespaces "default" is forbidden: this namespace may not be deleted');
  });
});
