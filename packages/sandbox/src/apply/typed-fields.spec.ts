import assert from "node:assert/strict";
import { test } from "node:test";
import { builtInSchemas } from "../kinds/built-in-schemas.ts";
import { settleTypes } from "./typed-fields.ts";

const schemas = builtInSchemas();
const pod = { $ref: "io.k8s.api.core.v1.Pod" };

function podWith(container: object): Record<string, unknown> {
  return { spec: { containers: [{ name: "a", ...container }] } };
}

test("quantities are kept in their canonical form", () => {
  const object = podWith({ resources: { limits: { cpu: 0.5, memory: "1024Mi" }, requests: { cpu: "1000m" } } });
  assert.deepEqual(settleTypes(schemas, pod, object), { unknown: [], wrong: [] });
  assert.deepEqual(object, podWith({ resources: { limits: { cpu: "500m", memory: "1Gi" }, requests: { cpu: "1" } } }));
});

test("what is no quantity is said to be none", () => {
  const text = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  for (const cpu of ["abc", true, { a: 1 }]) {
    assert.deepEqual(settleTypes(schemas, pod, podWith({ resources: { limits: { cpu } } })).wrong, [text]);
  }
});

test("a port is a whole number or a name", () => {
  const service = { $ref: "io.k8s.api.core.v1.Service" };
  const wrong = (targetPort: unknown): readonly string[] =>
    settleTypes(schemas, service, { spec: { ports: [{ port: 80, targetPort }] } }).wrong;
  assert.deepEqual([wrong(8080), wrong("http")], [[], []]);
  assert.deepEqual(wrong({ a: 1 }), ["json: cannot unmarshal object into Go value of type int32"]);
  assert.deepEqual(wrong(1.5), ["json: cannot unmarshal number 1.5 into Go value of type int32"]);
});

test("fields that are not known are taken out and named", () => {
  const object = podWith({ imge: "x" });
  assert.deepEqual(settleTypes(schemas, pod, object).unknown, ["spec.containers[0].imge"]);
  assert.deepEqual(object, podWith({}));
});
