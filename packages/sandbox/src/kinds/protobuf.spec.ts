import assert from "node:assert/strict";
import { test } from "node:test";
import { readProtobuf } from "./protobuf.ts";

// What kubectl 1.32 sends for `create deployment web --image=private.example.com/web:1`.
const deployment = `
  6b 38 73 00 0a 15 0a 07 61 70 70 73 2f 76 31 12 0a 44 65 70 6c 6f 79 6d 65 6e 74 12 be 01 0a 1f
  0a 03 77 65 62 12 00 1a 00 22 00 2a 00 32 00 38 00 42 00 5a 0a 0a 03 61 70 70 12 03 77 65 62 12
  8c 01 08 01 12 0c 0a 0a 0a 03 61 70 70 12 03 77 65 62 1a 72 0a 1c 0a 00 12 00 1a 00 22 00 2a 00
  32 00 38 00 42 00 5a 0a 0a 03 61 70 70 12 03 77 65 62 12 52 12 34 0a 03 77 65 62 12 19 70 72 69
  76 61 74 65 2e 65 78 61 6d 70 6c 65 2e 63 6f 6d 2f 77 65 62 3a 31 2a 00 42 00 6a 00 72 00 80 01
  00 88 01 00 90 01 00 a2 01 00 1a 00 32 00 42 00 4a 00 52 00 58 00 60 00 68 00 82 01 00 8a 01 00
  9a 01 00 c2 01 00 22 02 0a 00 28 00 38 00 1a 0c 08 00 10 00 18 00 20 00 28 00 38 00 1a 00 22 00`;

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.trim().split(/\s+/u), (pair) => Number.parseInt(pair, 16));
}

test("what kubectl sends in protobuf is read as the JSON it stands for", () => {
  assert.deepEqual(readProtobuf(bytes(deployment)), {
    ok: true,
    value: {
      kind: "Deployment",
      apiVersion: "apps/v1",
      metadata: { name: "web", labels: { app: "web" } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "web", image: "private.example.com/web:1" }] },
        },
      },
    },
  });
});

test("what is not protobuf, is cut short, or is of no known kind is refused", () => {
  const whole = bytes(deployment);
  assert.equal(readProtobuf(bytes("7b 7d")).ok, false);
  const cut = readProtobuf(whole.subarray(0, 60));
  assert.deepEqual(cut, { ok: false, message: "proto: unexpected end of message" });
  const unknown = readProtobuf(bytes("6b 38 73 00 0a 08 0a 02 76 31 12 02 4e 6f"));
  assert.deepEqual(unknown, { ok: false, message: 'no kind "No" of version "v1" is known in protobuf: send JSON' });
});
