import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import { isSame } from "./is-same.ts";

const object = (uid: string, generation: number, spec?: JsonObject, status: JsonObject = {}): JsonObject => ({
  metadata: { uid, generation, resourceVersion: String(Math.random()) },
  ...(spec === undefined ? {} : { spec }),
  status,
});

test("only what an object asks for makes another of it", () => {
  const one = object("u", 2, { match: { namespaces: ["a"] } });
  assert.ok(isSame(one, object("u", 2, { match: { namespaces: ["a"] } }, { byPod: [] })));
  assert.ok(!isSame(one, object("u", 3, { match: { namespaces: ["a"] } })));
  assert.ok(!isSame(one, object("v", 2, { match: { namespaces: ["a"] } })));
  assert.ok(!isSame(one, object("u", 2, { match: { namespaces: ["b"] } })), "counted twice by a restored cluster");
  assert.ok(!isSame(one, object("u", 2)));
  assert.ok(isSame(object("u", 1), object("u", 1)));
});
