/** http.send and net.lookup_ip_addr against servers of this machine, and against the real opa where it is built. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { NodeHost } from "@portcullis/host";
import { compile, toDocument, type EvaluatedValue, type Policy, type Value } from "@portcullis/rego";
import { resolveNeeds, type Host } from "@portcullis/rego/host";
import { readJSON, valueToText } from "@portcullis/rego/testing";
import { findOracle } from "../oracle/oracle.ts";
import { httpRows, type HttpRow } from "./http-send-rows-data.ts";
import { openOutside, type OutsideServers } from "./outside-servers.ts";

const opa = findOracle("opa");
const answersPath = join(import.meta.dirname, "http-send-answers.json");
// as: this spec wrote it
const recorded = new Map(Object.entries(JSON.parse(readFileSync(answersPath, "utf8")) as Record<string, string>));
let folder: string;
let servers: OutsideServers;
let environment: Record<string, string>;
let policy: Policy;
let host: Host;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "outside-"));
  servers = await openOutside(folder);
  const { authority, client } = servers;
  for (const [name, text] of pems()) await writeFile(join(folder, name), text);
  environment = {
    OUTSIDE_AUTHORITY: authority.certificate,
    OUTSIDE_CLIENT: client.certificate,
    OUTSIDE_CLIENT_KEY: client.privateKey,
    HTTP_PROXY: `http://me:secret@${servers.names.get("proxy") ?? ""}`,
    https_proxy: servers.names.get("proxy") ?? "",
    NO_PROXY: "no..name",
  };
  const compiled = await compile({
    modules: [
      {
        name: "t.rego",
        text: "package t\n\nanswer := http.send(input)\n\nfound := net.lookup_ip_addr(input)\n",
        version: "v1",
      },
    ],
    entrypoints: { answer: "data.t.answer", found: "data.t.found" },
  });
  assert.ok(compiled.ok);
  policy = compiled.value;
  host = new NodeHost({ environment });
});

after(async () => {
  servers.close();
  await rm(folder, { recursive: true });
});

function pems(): readonly (readonly [name: string, text: string])[] {
  const { authority, client } = servers;
  return [
    ["authority_key", authority.privateKey],
    ["authority", authority.certificate],
    ["client_key", client.privateKey],
    ["client", client.certificate],
  ];
}

/** A row's request with the servers' addresses and the certificates in it. */
function filled(request: HttpRow["request"]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(request).map(([key, value]) => [key, filledText(value)]));
}

function filledText(value: unknown): unknown {
  if (typeof value !== "string") return value;
  let text = value;
  for (const [name] of pems()) text = text.replaceAll(`$${name}_file`, join(folder, name));
  for (const [name, pem] of pems()) text = text.replaceAll(`$${name}`, pem);
  return text.replaceAll(/\$([a-z]+)/g, (whole, name: string) => servers.names.get(name) ?? whole);
}

/** An answer as rows hold it: what differs from run to run is taken out. */
function settled(text: string): string {
  return (
    text
      .replaceAll(/"(?:date|connection|keep-alive)":\s*\[[^\]]*\](?:,\s*)?/g, "")
      .replaceAll(/127\.0\.0\.1:[0-9]{4,}/g, "127.0.0.1:port")
      .replaceAll(/[^" ]*rego:[0-9]+: |http\.send\([^)]*\): (?=eval_)/g, "")
      .replaceAll(/current time [0-9TZ:-]+ is (after|before) [0-9TZ:-]+/g, "current time now is $1 then")
      // Go tells of an alert in two ways, by which of its loops reads it.
      .replaceAll("readLoopPeekFailLocked: ", "")
      .replaceAll(/,\s*}/g, "}")
  );
}

async function ours(entry: string, input: unknown): Promise<string> {
  const evaluation = { input: readJSON(JSON.stringify(input)), strictBuiltinErrors: true };
  const answered = (facts: ReadonlyMap<string, Value>): EvaluatedValue => policy.value(entry, { ...evaluation, facts });
  const outcome = await resolveNeeds<EvaluatedValue>(answered(new Map()), answered, host);
  if (outcome.kind === "error") return outcome.message;
  assert.ok(outcome.kind === "value", outcome.kind);
  return outcome.value === undefined ? "undefined" : valueToText(toDocument(outcome.value));
}

async function theirs(): Promise<readonly string[]> {
  const requests = httpRows.map(({ request }) => ({ ...filled(request), raise_error: false }));
  await writeFile(join(folder, "input.json"), JSON.stringify(requests));
  const query = "[r | some x in input; r := http.send(x)]";
  const { stdout } = await promisify(execFile)(
    opa ?? "",
    ["eval", "-f", "raw", "-i", join(folder, "input.json"), query],
    { env: environment },
  );
  const read = readJSON(stdout);
  assert.ok(Array.isArray(read));
  return read.map((each) => valueToText(each));
}

describe("http.send", () => {
  for (const { name, request } of httpRows) {
    it(`answers as opa does: ${name}`, async () => {
      const quiet = { ...filled(request), raise_error: false };
      assert.equal(settled(await ours("answer", quiet)), recorded.get(name));
    });
  }

  it("was answered so by the real opa", { skip: opa === undefined ? "opa is not built" : false }, async () => {
    const answers = (await theirs()).map(settled);
    const found = Object.fromEntries(httpRows.map(({ name }, at) => [name, answers[at] ?? ""]));
    // Rows that are new are answered once, with this variable set.
    if (process.env["RECORD_ANSWERS"] === "1") await writeFile(answersPath, `${JSON.stringify(found, undefined, 2)}\n`);
    else assert.deepEqual(found, Object.fromEntries(recorded));
  });

  it("raises errors in the words of opa", async () => {
    const late = { method: "get", url: "http://$http/hang", timeout: "50ms" };
    assert.equal(
      settled(await ours("answer", filled(late))),
      "http.send: Get http://127.0.0.1:port/hang: request timed out",
    );
    const closed = 'http.send: Get "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused';
    assert.equal(await ours("answer", { method: "get", url: "http://127.0.0.1:1/" }), closed);
  });

  it("sends nothing before the other side is known", async () => {
    const before = servers.seen("strange");
    await ours(
      "answer",
      filled({ method: "get", url: "https://$strange/", raise_error: false, tls_ca_cert: "$authority" }),
    );
    assert.equal(servers.seen("strange"), before);
  });
});

describe("net.lookup_ip_addr", () => {
  it("finds names and addresses as opa does", async () => {
    assert.match(await ours("found", "localhost"), /"127\.0\.0\.1"|"::1"/);
    assert.equal(await ours("found", "127.0.0.1"), '["127.0.0.1"]');
    assert.equal(await ours("found", "::1"), '["::1"]');
    for (const name of ["", "a b", "x..y"]) {
      assert.equal(await ours("found", name), `net.lookup_ip_addr: lookup ${name}: no such host`);
    }
  });
});
