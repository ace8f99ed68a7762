import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../compile.ts";
import { formatDiagnostics } from "../diagnostics.ts";
import { toDocument } from "../runtime/to-document.ts";

test("the list of a message's values is made only where somebody else sees it", async () => {
  const text = `package p
direct := sprintf("%v of %v", [concat("-", input.parts), input.whole])
shown := [values, sprintf("%v", values)] if values := [lower(input.whole)]
`;
  const compiled = await compile({ modules: [{ name: "policy.rego", text }], entrypoints: { main: "data.p" } });
  if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
  const policy = compiled.value;
  const direct = /\nfunction direct\(c\) \{.*?\n\}/s.exec(policy.code)?.[0] ?? "";
  assert.match(direct, / \+ " of " \+ /);
  const value = policy.value("main", { input: { parts: ["a", "b"], whole: "ABC" } });
  assert.ok(value.kind === "value");
  assert.deepEqual(toDocument(value.value ?? null), { direct: "a-b of ABC", shown: [["abc"], "abc"] });
});
