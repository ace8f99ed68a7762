import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toDocument } from "../runtime/to-document.ts";
import type { PlainObject, Value } from "../runtime/value.ts";
import type { BuiltinContext } from "./builtin.ts";
import { BuiltinFailure } from "./failure.ts";
import { http } from "./http.ts";

/** An evaluation that knows one fact, and the requests that were asked for. */
function evaluation(fact: Value): { readonly asked: Value[]; readonly call: (request: PlainObject) => Value } {
  const asked: Value[] = [];
  const kept = new Map<string, unknown>();
  const context: Pick<BuiltinContext, "charge" | "fact" | "memo"> = {
    charge: () => undefined,
    fact: (need) => {
      asked.push(need);
      return fact;
    },
    memo: <T>(key: string, make: () => T): T => {
      if (!kept.has(key)) kept.set(key, make());
      // as: what is kept under a key is what was made for it
      return kept.get(key) as T;
    },
  };
  const send = http.get("http.send");
  assert.ok(send);
  // as: this builtin asks nothing more of the evaluation
  return { asked, call: (request) => toDocument(send(context as BuiltinContext, request) ?? null) };
}

function failureOf(request: PlainObject, fact: Value = { error: "the network was asked" }): string {
  try {
    return `no failure, but ${JSON.stringify(evaluation(fact).call(request))}`;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return `${failure.code}: ${failure.message}`;
    throw failure;
  }
}

const get = { method: "get", url: "http://host/x" };

describe("http.send", () => {
  it("needs the request in one form", () => {
    const { asked, call } = evaluation({});
    call({
      ...get,
      url: '"http://host/x"',
      headers: { "content-type": "text/plain" },
      body: { b: [1.5, "<"] },
      timeout: "2s",
      enable_redirect: 1,
      max_retry_attempts: 2,
      raise_error: false,
      cache: true,
      cache_ignored_headers: ["content-type", "other"],
    });
    call(get);
    assert.deepEqual(asked, [
      {
        kind: "http.send",
        caching: { forced_seconds: 0, ignored_headers: ["Content-Type"] },
        request: {
          body: '{"b":[1.5,"\\u003c"]}',
          enable_redirect: true,
          headers: { "Content-Type": "text/plain" },
          max_retry_attempts: 2,
          method: "GET",
          timeout_ns: 2_000_000_000n,
          url: "http://host/x",
        },
      },
      {
        kind: "http.send",
        request: {
          enable_redirect: false,
          max_retry_attempts: 0,
          method: "GET",
          timeout_ns: 5_000_000_000n,
          url: "http://host/x",
        },
      },
    ]);
  });

  it("answers with what came back, its body read as its type says", () => {
    const response = { status: "200 OK", status_code: 200 };
    const answer = (raw: string, type: string, request: PlainObject = get): Value =>
      evaluation({ ...response, raw_body: raw, headers: { "Content-Type": [type] } }).call(request);
    assert.deepEqual(answer('{"a": 1}', "application/json; charset=utf-8"), {
      ...response,
      body: { a: 1 },
      raw_body: '{"a": 1}',
      headers: { "content-type": ["application/json; charset=utf-8"] },
    });
    const bodyOf = (raw: string, type: string, request: PlainObject = get): unknown => {
      const value = answer(raw, type, request);
      return typeof value === "object" && value !== null && "body" in value ? value.body : undefined;
    };
    assert.deepEqual(bodyOf("[1]", "application/problem+json"), [1]);
    assert.deepEqual(bodyOf("a: 1", "application/x-yaml"), { a: 1 });
    assert.equal(bodyOf("[1]", "text/plain"), null);
    assert.deepEqual(bodyOf("[1]", "text/plain", { ...get, force_json_decode: true }), [1]);
    assert.deepEqual(bodyOf("a: 1", "text/plain", { ...get, force_yaml_decode: true }), { a: 1 });
    assert.equal(bodyOf("{", "application/json"), null);
  });

  it("asks once for requests that differ in ignored headers only", () => {
    const { asked, call } = evaluation({});
    const request = (id: string): PlainObject => ({
      ...get,
      headers: { id, accept: "x" },
      cache_ignored_headers: ["id"],
    });
    call(request("1"));
    call(request("2"));
    assert.equal(asked.length, 1);
    call({ ...request("1"), cache_ignored_headers: ["other"] });
    assert.equal(asked.length, 2);
  });

  it("says what is wrong with a request before it asks", () => {
    for (const [change, message] of refusals) {
      assert.equal(failureOf({ ...get, ...change }), `eval_builtin_error: ${message}`);
    }
    assert.equal(
      failureOf({ ...get, timeout: true }),
      "eval_type_error: operand 1 'timeout' must be one of {string, number} but got boolean",
    );
  });

  it("gives errors as answers where the request says so", () => {
    const quiet = (change: PlainObject, fact: Value = {}): Value =>
      evaluation(fact).call({ ...get, ...change, raise_error: false });
    const answer = (code: string, message: string): Value => ({ status_code: 0, error: { code, message } });
    assert.deepEqual(
      quiet({ url: "ftp://u:p@host/?a=b" }),
      answer("eval_http_send_network_error", 'Get "ftp://u:***@host/?a=b": unsupported protocol scheme "ftp"'),
    );
    assert.deepEqual(
      quiet({ max_retry_attempts: -1 }),
      answer("eval_http_send_internal_error", 'invalid value -1 for field "max_retry_attempts"'),
    );
    assert.deepEqual(
      quiet({ method: "x y" }),
      answer("eval_http_send_internal_error", 'eval_builtin_error: http.send: net/http: invalid method "X Y"'),
    );
    const late = 'Get "http://host/x": context deadline exceeded';
    assert.deepEqual(quiet({}, { error: late, timed_out: true }), answer("eval_http_send_network_error", late));
    assert.equal(
      failureOf(get, { error: late, timed_out: true }),
      "eval_builtin_error: Get http://host/x: request timed out",
    );
  });
});

const refusals: readonly (readonly [change: PlainObject, message: string])[] = [
  [{ method: "" }, "the network was asked"],
  [{ method: "x y" }, 'net/http: invalid method "X Y"'],
  [{ url: "foo" }, 'Get "foo": unsupported protocol scheme ""'],
  [{ url: "http:///x" }, 'Get "http:///x": http: no Host in request URL'],
  [{ url: ":x" }, 'parse ":x": missing protocol scheme'],
  [{ url: null }, '"url" must be a string'],
  [{ tls_server_name: 1 }, '"tls_server_name" must be a string'],
  [{ enable_redirect: "x" }, 'strconv.ParseBool: parsing "\\"x\\"": invalid syntax'],
  [{ headers: [] }, "invalid type for headers key"],
  [{ headers: { a: 1 } }, 'invalid type for headers value "1"'],
  [{ headers: { "a b": "x" } }, 'Get "http://host/x": net/http: invalid header field name "a b"'],
  [{ headers: { a: "x\ny" } }, 'Get "http://host/x": net/http: invalid header field value for "A"'],
  [{ timeout: "5d" }, 'invalid timeout value "5d": time: unknown unit "d" in duration "5d"'],
  [{ timeout: 5.5 }, "invalid timeout number value 5.5, must be int64"],
  [{ cache: "x" }, 'invalid value for "cache" field'],
  [{ force_cache: true }, "'force_cache' set but 'force_cache_duration_seconds' parameter is missing"],
  [{ force_cache: true, force_cache_duration_seconds: "5" }, 'strconv.ParseInt: parsing "\\"5\\"": invalid syntax'],
  [{ cache_ignored_headers: [1], headers: { a: "b" } }, "cache_ignored_headers must be an array of strings"],
];
