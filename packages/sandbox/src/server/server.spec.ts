import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startSandbox, type Sandbox } from "../index.ts";
import { at, send } from "../testing.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const merge = "application/merge-patch+json";

function map(name: string, more: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, ...more };
}

describe("the API server", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ controllers: false });
  });
  after(() => sandbox.close());

  it("knows nobody without a token, and says its version to anybody", async () => {
    const stranger = await send(sandbox, "GET", maps, { token: "wrong" });
    assert.equal(stranger.status, 401);
    assert.equal(at(stranger.body, "message"), "Unauthorized");
    assert.match(String(at((await send(sandbox, "GET", "/version", { token: "x" })).body, "gitVersion")), /^v1\./);
    assert.equal((await send(sandbox, "GET", "/readyz")).text, "ok");
  });

  it("refuses what is not there in the words clients know", async () => {
    const missing = await send(sandbox, "GET", `${maps}/nope`);
    assert.equal(missing.status, 404);
    assert.deepEqual(missing.body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: 'configmaps "nope" not found',
      reason: "NotFound",
      details: { name: "nope", kind: "configmaps" },
      code: 404,
    });
    assert.equal((await send(sandbox, "GET", "/apis/none.example.com/v1/things")).text, "404 page not found\n");
    const nowhere = await send(sandbox, "POST", "/api/v1/namespaces/nope/configmaps", { body: map("x") });
    assert.equal(at(nowhere.body, "message"), 'namespaces "nope" not found');
  });

  it("creates once, with what only a server gives", async () => {
    const sent = map("made", { metadata: { name: "made", uid: "mine", creationTimestamp: "1999-01-01T00:00:00Z" } });
    const made = await send(sandbox, "POST", maps, { body: sent });
    assert.equal(made.status, 201, made.text);
    assert.match(String(at(made.body, "metadata", "uid")), /^[0-9a-f]{8}-/);
    assert.notEqual(at(made.body, "metadata", "creationTimestamp"), "1999-01-01T00:00:00Z");
    const again = await send(sandbox, "POST", maps, { body: sent });
    assert.equal(again.status, 409);
    assert.equal(at(again.body, "message"), 'configmaps "made" already exists');
    assert.equal(at(again.body, "reason"), "AlreadyExists");
    const generated = await send(sandbox, "POST", maps, { body: map("", { metadata: { generateName: "gen-" } }) });
    assert.match(String(at(generated.body, "metadata", "name")), /^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  it("refuses bodies that contradict their path", async () => {
    const message = async (path: string, body: unknown, method = "POST"): Promise<unknown> =>
      at((await send(sandbox, method, path, { body })).body, "message");
    assert.equal(
      await message(maps, map("x", { metadata: { name: "x", namespace: "other" } })),
      "the namespace of the provided object does not match the namespace sent on the request",
    );
    assert.equal(
      await message(maps, { ...map("x"), apiVersion: "v2" }),
      'ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
    );
    assert.match(
      String(await message(maps, { ...map("x"), kind: "Secret" })),
      /^Secret in version "v1" cannot be handled as a ConfigMap/,
    );
    assert.equal(
      await message(`${maps}/made`, map("other"), "PUT"),
      "the name of the object (other) does not match the name on the URL (made)",
    );
    assert.match(String(await message(maps, "{not json")), /^the object provided is unrecognized/);
    assert.match(
      String(await message(maps, map("Bad_Name"))),
      /^ConfigMap "Bad_Name" is invalid: metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain/,
    );
  });

  it("refuses a stale update, and takes one that names no version", async () => {
    const made = await send(sandbox, "POST", maps, { body: map("stale") });
    const stale = { ...map("stale"), metadata: at(made.body, "metadata"), data: { a: "1" } };
    assert.equal((await send(sandbox, "PUT", `${maps}/stale`, { body: stale })).status, 200);
    const refused = await send(sandbox, "PUT", `${maps}/stale`, { body: { ...stale, data: { a: "2" } } });
    assert.equal(refused.status, 409);
    assert.equal(
      at(refused.body, "message"),
      'Operation cannot be fulfilled on configmaps "stale": the object has been modified; please apply your changes to the latest version and try again',
    );
    assert.equal((await send(sandbox, "PUT", `${maps}/stale`, { body: map("stale") })).status, 200);
  });

  it("does not lose one of many patches that come at once", async () => {
    await send(sandbox, "POST", maps, { body: map("crowded") });
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    await Promise.all(
      keys.map((key) => send(sandbox, "PATCH", `${maps}/crowded`, { body: { data: { [key]: "1" } }, type: merge })),
    );
    const { body } = await send(sandbox, "GET", `${maps}/crowded`);
    assert.deepEqual(Object.keys(Object(at(body, "data"))).toSorted(), keys.toSorted());
  });

  it("stores nothing on a dry run", async () => {
    const dry = await send(sandbox, "POST", `${maps}?dryRun=All`, { body: map("dry") });
    assert.equal(dry.status, 201);
    assert.equal((await send(sandbox, "GET", `${maps}/dry`)).status, 404);
    await send(sandbox, "POST", maps, { body: map("kept") });
    const patched = await send(sandbox, "PATCH", `${maps}/kept?dryRun=All`, {
      body: { data: { a: "1" } },
      type: merge,
    });
    assert.deepEqual(at(patched.body, "data"), { a: "1" });
    assert.equal((await send(sandbox, "DELETE", `${maps}/kept?dryRun=All`)).status, 200);
    const { body } = await send(sandbox, "GET", `${maps}/kept`);
    assert.equal(at(body, "data"), undefined);
    const wrong = await send(sandbox, "POST", `${maps}?dryRun=Some`, { body: map("dry") });
    assert.match(String(at(wrong.body, "message")), /Unsupported value/);
  });

  it("names fields it does not know or that come twice, as strictly as it is asked to", async () => {
    const text = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"odd"},"dada":{},"data":{"a":"1","a":"2"}}';
    const strict = await send(sandbox, "POST", `${maps}?fieldValidation=Strict`, { body: text });
    assert.equal(strict.status, 400);
    assert.equal(
      at(strict.body, "message"),
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dada", duplicate field "data.a"',
    );
    const warned = await send(sandbox, "POST", `${maps}?fieldValidation=Warn`, { body: text });
    assert.equal(warned.status, 201);
    assert.equal(warned.headers["warning"], '299 - "unknown field \\"dada\\"", 299 - "duplicate field \\"data.a\\""');
    assert.equal(at(warned.body, "dada"), undefined);
    const wrong = await send(sandbox, "POST", maps, { body: map("typed", { data: { a: 1 } }) });
    assert.match(
      String(at(wrong.body, "message")),
      /json: cannot unmarshal number into Go struct field ConfigMap\.data of type string/,
    );
  });

  it("keeps keys that objects in JavaScript inherit apart from its own", async () => {
    const text =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"proto"},"data":{"__proto__":"x","constructor":"y"}}';
    const made = await send(sandbox, "POST", maps, { body: text });
    assert.equal(made.status, 201, made.text);
    assert.match((await send(sandbox, "GET", `${maps}/proto`)).text, /"__proto__":"x"/);
    const missing = await send(sandbox, "GET", "/api/v1/namespaces/default/constructor");
    assert.equal(missing.status, 404);
  });

  it("shows itself as JSON, YAML, table or metadata alone, and nothing else", async () => {
    await send(sandbox, "POST", maps, { body: map("shown", { data: { a: "1" } }) });
    const yaml = await send(sandbox, "GET", `${maps}/shown`, { accept: "application/yaml" });
    assert.match(yaml.text, /^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\n/);
    const table = await send(sandbox, "GET", `${maps}/shown`, {
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
    });
    assert.equal(at(table.body, "kind"), "Table");
    assert.deepEqual(
      [0, 1, 2].map((index) => at(table.body, "columnDefinitions", index, "name")),
      ["Name", "Data", "Age"],
    );
    assert.deepEqual(at(table.body, "rows", 0, "cells", 1), 1);
    assert.equal(at(table.body, "rows", 0, "object", "kind"), "PartialObjectMetadata");
    const partial = await send(sandbox, "GET", `${maps}/shown`, {
      accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io",
    });
    assert.equal(at(partial.body, "data"), undefined);
    assert.equal(at(partial.body, "metadata", "name"), "shown");
    assert.equal((await send(sandbox, "GET", maps, { accept: "text/html" })).status, 406);
    assert.equal((await send(sandbox, "POST", maps, { body: "x", type: "text/plain" })).status, 415);
  });

  it("lists in pages that are one picture, until they are too old", async () => {
    const path = "/api/v1/namespaces/paged/configmaps";
    await send(sandbox, "POST", "/api/v1/namespaces", {
      body: { apiVersion: "v1", kind: "Namespace", metadata: { name: "paged" } },
    });
    for (const name of ["c", "a", "e", "b", "d"]) await send(sandbox, "POST", path, { body: map(name) });
    const names = (body: unknown): unknown[] =>
      (at(body, "items") as unknown[]).map((item) => at(item, "metadata", "name"));
    const first = await send(sandbox, "GET", `${path}?limit=2`);
    assert.deepEqual(names(first.body), ["a", "b"]);
    assert.equal(at(first.body, "metadata", "remainingItemCount"), 3);
    await send(sandbox, "POST", path, { body: map("bb") });
    await send(sandbox, "DELETE", `${path}/c`);
    const token = String(at(first.body, "metadata", "continue"));
    const second = await send(sandbox, "GET", `${path}?limit=2&continue=${token}`);
    assert.deepEqual(names(second.body), ["c", "d"], "what came or went meanwhile does not show");
    assert.equal(at(second.body, "metadata", "resourceVersion"), at(first.body, "metadata", "resourceVersion"));
    sandbox.faults.compact();
    const late = await send(sandbox, "GET", `${path}?limit=2&continue=${token}`);
    assert.equal(late.status, 410);
    assert.equal(at(late.body, "reason"), "Expired");
    assert.match(String(at(late.body, "message")), /^The provided continue parameter is too old/);
    const inconsistent = String(at(late.body, "metadata", "continue"));
    assert.deepEqual(names((await send(sandbox, "GET", `${path}?continue=${inconsistent}`)).body), ["bb", "d", "e"]);
  });

  it("selects by labels and fields, and says what it cannot select by", async () => {
    const labelled = (name: string, tier: string): object => map(name, { metadata: { name, labels: { tier } } });
    await send(sandbox, "POST", maps, { body: labelled("front", "web") });
    await send(sandbox, "POST", maps, { body: labelled("back", "db") });
    const found = async (query: string): Promise<unknown> => {
      const { body } = await send(sandbox, "GET", `${maps}?${query}`);
      const items = at(body, "items");
      return Array.isArray(items) ? items.map((item) => at(item, "metadata", "name")) : at(body, "message");
    };
    assert.deepEqual(await found("labelSelector=tier%20in%20(web,db)"), ["back", "front"]);
    assert.deepEqual(await found("labelSelector=tier!%3Dweb,tier"), ["back"]);
    assert.deepEqual(await found("fieldSelector=metadata.name%3Dfront"), ["front"]);
    assert.equal(
      await found("fieldSelector=data.a%3D1"),
      '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    assert.match(
      String(await found("labelSelector=a%20b")),
      /^unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt$/,
    );
  });

  it("deletes a collection by selector", async () => {
    const gone = await send(sandbox, "DELETE", `${maps}?labelSelector=tier`);
    assert.equal(gone.status, 200);
    assert.equal((at(gone.body, "items") as unknown[]).length, 2);
    assert.equal((await send(sandbox, "GET", `${maps}/front`)).status, 404);
  });

  it("holds to the preconditions of a deletion", async () => {
    const made = await send(sandbox, "POST", maps, { body: map("held") });
    const options = { preconditions: { uid: "other" } };
    const refused = await send(sandbox, "DELETE", `${maps}/held`, { body: options });
    assert.equal(refused.status, 409);
    assert.match(
      String(at(refused.body, "message")),
      /the UID in the precondition \(other\) does not match the UID in record/,
    );
    const right = { preconditions: { uid: at(made.body, "metadata", "uid") } };
    const done = await send(sandbox, "DELETE", `${maps}/held`, { body: right });
    assert.deepEqual(done.body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: { name: "held", kind: "configmaps", uid: at(made.body, "metadata", "uid") },
    });
  });

  it("keeps what has finalizers until they are gone, and lets none be added", async () => {
    const sent = map("final", { metadata: { name: "final", finalizers: ["example.com/hold"] } });
    await send(sandbox, "POST", maps, { body: sent });
    const marked = await send(sandbox, "DELETE", `${maps}/final`);
    assert.notEqual(at(marked.body, "metadata", "deletionTimestamp"), undefined);
    const more = { metadata: { finalizers: ["example.com/hold", "example.com/more"] } };
    const refused = await send(sandbox, "PATCH", `${maps}/final`, { body: more, type: merge });
    assert.match(
      String(at(refused.body, "message")),
      /no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"example\.com\/more"\}/,
    );
    const none = { metadata: { finalizers: null } };
    assert.equal((await send(sandbox, "PATCH", `${maps}/final`, { body: none, type: merge })).status, 200);
    assert.equal((await send(sandbox, "GET", `${maps}/final`)).status, 404);
  });

  it("is told apart from others in the same process", async () => {
    const others = await Promise.all([startSandbox({ controllers: false }), startSandbox({ controllers: false })]);
    try {
      const [one, two] = others;
      assert.ok(one !== undefined && two !== undefined);
      await send(one, "POST", maps, { body: map("only-here") });
      assert.equal((await send(two, "GET", `${maps}/only-here`)).status, 404);
      assert.equal((await send(one, "GET", maps, { token: two.token })).status, 401);
      await assert.rejects(startSandbox({ controllers: false, port: one.port }), /EADDRINUSE/);
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });

  it("writes a kubeconfig that only its owner reads, and takes it away again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
    const file = join(folder, "kubeconfig");
    const other = await startSandbox({ controllers: false, kubeconfig: file });
    try {
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.ok((await readFile(file, "utf8")).includes(other.token));
    } finally {
      await other.close();
    }
    await assert.rejects(stat(file));
    await rm(folder, { recursive: true });
  });
});

describe("requests for somebody else", () => {
  it("are taken from administrators, and only from them", async () => {
    const sandbox = await startSandbox({ controllers: false });
    try {
      const whoami = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
      const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
      const headers = { "Impersonate-User": "jane", "Impersonate-Group": "devs" };
      const jane = await send(sandbox, "POST", whoami, { body, headers });
      assert.deepEqual(at(jane.body, "status", "userInfo"), {
        username: "jane",
        groups: ["devs", "system:authenticated"],
      });
      const token = sandbox.tokenFor({ name: "joe", groups: ["system:authenticated"] });
      const joe = await send(sandbox, "POST", whoami, { body, headers, token });
      assert.equal(at(joe.body, "status", "userInfo", "username"), "joe");
    } finally {
      await sandbox.close();
    }
  });
});
