/** Calls that no API server makes, and what becomes of them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { configMap } from "../acceptance/story.ts";
import type { TestCluster } from "../cluster.ts";
import type { Product } from "../product.ts";
import { reviewOf } from "../reliability/reviews.ts";
import { trusted } from "../reliability/setting.ts";
import { dial, request, speak, statusesIn, type CallerCertificates } from "./callers.ts";

/** Whom to call. */
export interface WronglyCalled {
  readonly cluster: TestCluster;
  readonly product: Product;
  readonly logFile: string;
  readonly callers: CallerCertificates;
}

const body = JSON.stringify(reviewOf(configMap("default", "asked")));
const json = { "content-type": "application/json" };
const sized = (text: string | Buffer): Record<string, string> => ({
  "content-length": String(Buffer.byteLength(text)),
});
const post = request("POST /v1/admit", { ...json, ...sized(body) }, body);
const lastPost = request("POST /v1/admit", { ...json, ...sized(body), connection: "close" }, body);

/** Makes them; fails where one is answered otherwise than it must be. */
export async function callWrongly({ cluster, product, logFile, callers }: WronglyCalled): Promise<void> {
  const ca = await trusted(cluster);
  const [replica] = product.replicas();
  assert.ok(replica !== undefined);
  const { port } = replica;
  const evaluated = async (): Promise<number> => {
    const { text } = await product.metrics(replica);
    const counts = text.matchAll(/^gatekeeper_validation_request_count_total\{.*\} (\d+)$/gm);
    return [...counts].reduce((sum, match) => sum + Number(match[1]), 0);
  };
  const say = (...parts: readonly (string | Buffer)[]): Promise<string> => speak(port, ca, parts, callers.right);

  // Who they are.
  const before = await evaluated();
  for (const who of [{}, callers.wrongName, callers.wrongAuthority]) {
    assert.deepEqual(statusesIn(await speak(port, ca, [post], who)), [401]);
    assert.deepEqual(statusesIn(await speak(port, ca, [request("GET /v1/admitlabel", {})], who)), [401]);
  }
  assert.match(readFileSync(logFile, "utf8"), /calls were refused: they did not show the certificate of an API server/);

  // What they ask for.
  assert.deepEqual(statusesIn(await say(request("GET /v1/admitlabel", {}))), [200], "as Gatekeeper's answers");
  for (const path of ["/", "/v1/other", "/v1/admit/", "/v1/admit/..%2f", "/metrics", "/debug/pprof"]) {
    assert.deepEqual(statusesIn(await say(request(`POST ${path}`, { ...json, ...sized(body) }, body))), [404], path);
  }
  assert.match(await say(request("GET /v1/admit", {})), /"allowed":false.*request body is empty/);
  for (const bad of [
    request("POST /v1/admit", { "x-large": "x".repeat(64 * 1024), ...sized("") }),
    "GET\r\n\r\n",
    request("POST /v1/admit", { "content-length": "-1" }),
    request("POST /v1/admit", { "content-length": "5", "transfer-encoding": "chunked" }, "0\r\n\r\n"),
  ]) {
    const [status = 0] = statusesIn(await say(bad));
    assert.ok(status >= 400 && status < 500, `${bad.slice(0, 60)}: ${status}`);
  }

  // How they write it.
  const packed = gzipSync(body);
  const gzip = { ...json, "content-encoding": "gzip", ...sized(packed) };
  assert.match(await say(request("POST /v1/admit", gzip), packed), /"allowed":false.*is not JSON/);
  assert.equal(await evaluated(), before, "something of this was evaluated");

  const chunks = [body.slice(0, 10), body.slice(10, 1000), body.slice(1000)].filter((part) => part !== "");
  const chunked = chunks.map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join("");
  const chunkedHead = request("POST /v1/admit", { ...json, "transfer-encoding": "chunked" });
  assert.match(await say(chunkedHead, `${chunked}0\r\n\r\n`), /"allowed":true/);
  const both = await say(post.replace('"uid":"UID"', '"uid":"one"'), lastPost.replace('"uid":"UID"', '"uid":"two"'));
  assert.deepEqual(statusesIn(both), [200, 200]);
  assert.ok(both.indexOf('"uid":"one"') < both.indexOf('"uid":"two"') && both.includes('"uid":"one"'), both);
  assert.equal(await evaluated(), before + 3);

  // A request that comes bit by bit is ended, and meanwhile others are answered.
  const slow = await dial(port, ca, callers.right);
  slow.on("error", () => {});
  slow.resume();
  slow.write(request("POST /v1/admit", { ...json, "content-length": "1000" }, "{"));
  const from = performance.now();
  const ended = new Promise((resolve) => slow.once("close", resolve));
  assert.match(await say(lastPost), /"allowed":true/);
  await ended;
  assert.ok(performance.now() - from < 20_000, "who is slow is listened to for too long");
}
