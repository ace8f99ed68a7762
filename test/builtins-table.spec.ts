import assert from "node:assert/strict";
import { test } from "node:test";
import { builtinsPage, builtinsPageInDocs } from "../scripts/builtins-table.ts";

test("docs/builtins.md says what the registry says", () => {
  assert.equal(
    builtinsPageInDocs(),
    builtinsPage(),
    "make it anew: node --conditions=source scripts/builtins-table.ts",
  );
});
