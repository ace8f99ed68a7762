import assert from "node:assert/strict";
import { test } from "node:test";
import { proxyFor } from "./proxy.ts";
import { targetOf } from "./target.ts";

const proxy = "http://proxy.test:3128";

function asks(url: string, environment: Readonly<Record<string, string>>): string | undefined {
  const target = targetOf(url);
  assert.ok(!("error" in target), url);
  return proxyFor(target, environment);
}

test("each scheme has its proxy, in capitals or not", () => {
  assert.equal(asks("http://a.test/", { HTTP_PROXY: proxy }), proxy);
  assert.equal(asks("http://a.test/", { http_proxy: "proxy.test:3128" }), proxy);
  assert.equal(asks("https://a.test/", { HTTP_PROXY: proxy }), undefined);
  assert.equal(asks("https://a.test/", { https_proxy: proxy }), proxy);
  assert.equal(asks("http://a.test/", { HTTP_PROXY: proxy, REQUEST_METHOD: "GET" }), undefined);
});

test("this machine and what NO_PROXY names is asked straight", () => {
  const rows: readonly (readonly [url: string, list: string, straight: boolean])[] = [
    ["http://localhost:8080/", "", true],
    ["http://127.0.0.9/", "", true],
    ["http://[::1]/", "", true],
    ["http://a.test/", "", false],
    ["http://a.test/", "*", true],
    ["http://a.test/", "x, a.test", true],
    ["http://b.a.test/", "a.test", true],
    ["http://ba.test/", "a.test", false],
    ["http://a.test/", ".a.test", false],
    ["http://b.a.test/", ".a.test", true],
    ["http://b.a.test/", "*.a.test", true],
    ["http://a.test:81/", "a.test:80", false],
    ["http://a.test/", "a.test:80", true],
    ["http://10.1.2.3/", "10.0.0.0/8", true],
    ["http://11.1.2.3/", "10.0.0.0/8", false],
    ["http://10.1.2.3/", "10.1.2.3", true],
    ["http://[fd00::1]/", "fd00::/8", true],
    ["http://A.TEST/", "a.Test", true],
  ];
  for (const [url, list, straight] of rows) {
    assert.equal(asks(url, { HTTP_PROXY: proxy, NO_PROXY: list }), straight ? undefined : proxy, `${url} past ${list}`);
  }
});
