import assert from "node:assert/strict";
import { test } from "node:test";
import { compareAll } from "./differential/compare.ts";
import { OpaServer } from "./differential/opa-server.ts";
import { findOracle } from "./oracle/oracle.ts";

const program = findOracle("opa");

test(
  "150 generated programs are answered as opa does",
  {
    skip: program === undefined ? "opa is not built: node test/oracle/oracle.ts opa" : false,
  },
  async () => {
    const opa = new OpaServer(program ?? "");
    try {
      await opa.start();
      const { differences, kinds } = await compareAll(opa, { from: 1, count: 150 }, () => {});
      assert.deepEqual(differences, []);
      assert.ok((kinds.get("value") ?? 0) > 50, "too few programs have an answer");
    } finally {
      await opa.stop();
    }
  },
);
