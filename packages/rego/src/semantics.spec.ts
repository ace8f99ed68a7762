import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "./compile.ts";
import { formatDiagnostics } from "./diagnostics.ts";
import type { PlainObject, Value } from "./runtime/value.ts";
import { Store } from "./runtime/store.ts";
import { toDocument } from "./runtime/to-document.ts";
import { compareValues, readJSON, valueToText } from "./testing.ts";
import { type SemanticCase, semanticCases } from "./semantics-data.ts";

for (const one of semanticCases) {
  test(`as OPA answers: ${one.name}`, async () => {
    const compiled = await compile({
      modules: one.modules.map((text, at) => ({ name: `m${at}.rego`, text, version: one.version ?? "v1" })),
      entrypoints: { main: one.query ?? "data.test" },
    });
    if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
    const outcome = compiled.value.value("main", {
      input: jsonOf(one.input),
      // as: the cases' data are objects
      data: new Store(jsonOf(one.data) as PlainObject | undefined),
      strictBuiltinErrors: one.strict ?? false,
    });
    if (one.error !== undefined) {
      assert.equal(outcome.kind === "error" ? outcome.code : outcome.kind, one.error);
      return;
    }
    if (outcome.kind !== "value") assert.fail(JSON.stringify(outcome));
    assertSame(outcome.value, one);
  });
}

function jsonOf(text: string | undefined): Value | undefined {
  return text === undefined ? undefined : readJSON(text);
}

function assertSame(value: Value | undefined, { want }: SemanticCase): void {
  if (want === undefined || want === "undefined") {
    assert.equal(value, undefined);
    return;
  }
  const got = toDocument(value ?? "undefined");
  if (compareValues(got, readJSON(want)) !== 0) assert.equal(valueToText(got), valueToText(readJSON(want)));
}
