import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile } from "./compile.ts";
import { describeNeed, readNeed, refusingHost, replayed, resolveNeeds, type HttpFact } from "./host.ts";
import type { Evaluated, Policy } from "./policy.ts";
import type { Value } from "./runtime/value.ts";
import { FakeHost } from "./testing.ts";

async function policyOf(query: string): Promise<Policy> {
  const compiled = await compile({ modules: [], entrypoints: { main: query } });
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.value;
}

const text = (body: string): HttpFact => ({
  kind: "response",
  status: "200 OK",
  statusCode: 200,
  headers: new Map([["X-A", ["1", "2"]]]),
  body: new TextEncoder().encode(body),
});

/** Evaluates with the host's answers; also how often. */
async function run(
  query: string,
  host: FakeHost,
  options: Parameters<typeof resolveNeeds>[3] = {},
): Promise<{ readonly outcome: Evaluated; readonly evaluations: number }> {
  const policy = await policyOf(query);
  let evaluations = 0;
  const answered = (facts: ReadonlyMap<string, Value>): Evaluated => {
    evaluations++;
    return policy.evaluate("main", { facts });
  };
  return { outcome: await resolveNeeds(answered(new Map()), answered, host, options), evaluations };
}

const chain = `a := http.send({"method": "get", "url": "http://h/1"}).raw_body; b := http.send({"method": "get", "url": a})`;

describe("resolveNeeds", () => {
  it("evaluates until nothing is needed, each answer known to all that follows", async () => {
    const host = new FakeHost({ send: ({ url }) => text(url === "http://h/1" ? "http://h/2" : url) });
    const { outcome, evaluations } = await run(chain, host);
    assert.ok(outcome.kind === "result");
    assert.deepEqual(outcome.solutions[0]?.get("b"), {
      status: "200 OK",
      status_code: 200,
      body: null,
      raw_body: "http://h/2",
      headers: { "x-a": ["1", "2"] },
    });
    assert.equal(evaluations, 3);
    assert.deepEqual(
      host.requests.map(({ request }) => request.url),
      ["http://h/1", "http://h/2"],
    );
  });

  it("asks nothing where nothing is needed", async () => {
    const host = new FakeHost({});
    assert.equal((await run("x := 1", host)).evaluations, 1);
    assert.equal(host.requests.length + host.names.length, 0);
  });

  it("answers names, and that there are none", async () => {
    const host = new FakeHost({
      lookup: (name) =>
        name === "a"
          ? { kind: "addresses", addresses: ["10.0.0.1", "::1"] }
          : { kind: "failed", error: `lookup ${name}: none` },
    });
    const { outcome } = await run(`x := count(net.lookup_ip_addr("a"))`, host);
    assert.ok(outcome.kind === "result");
    assert.equal(outcome.solutions[0]?.get("x"), 2);
    const policy = await policyOf(`net.lookup_ip_addr("b")`);
    const again = (facts: ReadonlyMap<string, Value>): Evaluated =>
      policy.evaluate("main", { facts, strictBuiltinErrors: true });
    const failed = await resolveNeeds(again(new Map()), again, host);
    assert.ok(failed.kind === "error");
    assert.equal(failed.message, "net.lookup_ip_addr: lookup b: none");
  });

  it("stays with needs where the rounds are used up", async () => {
    const host = new FakeHost({ send: ({ url }) => text(`${url}x`) });
    const { outcome, evaluations } = await run(chain, host, { rounds: 1 });
    assert.ok(outcome.kind === "needs");
    assert.equal(evaluations, 2);
    assert.deepEqual(outcome.needs.map(describeNeed), ["http.send: GET http://h/1x"]);
  });

  it("stays with needs where the time is over, and does not use what came", async () => {
    const controller = new AbortController();
    const host = new FakeHost({
      send: () => {
        controller.abort();
        return text("late");
      },
    });
    const { outcome, evaluations } = await run(chain, host, { signal: controller.signal });
    assert.equal(outcome.kind, "needs");
    assert.equal(evaluations, 1);
  });

  it("gives back what only an application could answer", async () => {
    const first = { kind: "needs" as const, needs: [{ key: "k", need: { kind: "mine" } }] };
    const never = (): typeof first => assert.fail("nothing was answered");
    assert.equal(await resolveNeeds(first, never, new FakeHost({})), first);
  });

  it("says why where nothing may be reached", async () => {
    const policy = await policyOf(
      `x := http.send({"method": "get", "url": "http://h", "raise_error": false}).error.message`,
    );
    const again = (facts: ReadonlyMap<string, Value>): Evaluated => policy.evaluate("main", { facts });
    const outcome = await resolveNeeds(again(new Map()), again, refusingHost("no network here"));
    assert.ok(outcome.kind === "result");
    assert.match(String(outcome.solutions[0]?.get("x")), /http\.send: no network here$/);
  });
});

it("a need tells people no secrets", () => {
  const need = {
    kind: "http.send",
    request: { method: "GET", url: "https://me:word@h/x?token=y", headers: { Authorization: "z" } },
  };
  assert.equal(describeNeed({ key: "", need }), "http.send: GET https://me:***@h/x");
});

it("needs are read by their own properties only", () => {
  const need = readNeed({ kind: "http.send", request: JSON.parse('{"headers": {"__proto__": "x"}, "method": "GET"}') });
  assert.ok(need.kind === "http.send");
  assert.deepEqual([...need.request.headers], [["__proto__", "x"]]);
  assert.equal(need.request.url, "");
});

it("chance repeats itself from evaluation to evaluation, and goes on where it was", () => {
  let next = 0;
  const chance = replayed((bytes) => new Uint8Array(bytes).fill(++next));
  const first = chance();
  assert.ok(first !== undefined);
  const drawn = [first(2), first(3)];
  const second = chance();
  assert.ok(second !== undefined);
  assert.deepEqual([second(2), second(3)], drawn);
  assert.deepEqual(second(1), Uint8Array.of(3));
  assert.equal(replayed(undefined)(), undefined);
});
