import assert from "node:assert/strict";
import { test } from "node:test";
import type { Builtin } from "../builtins/builtin.ts";
import { compile, type CompileOptions } from "../compile.ts";
import { formatDiagnostics } from "../diagnostics.ts";
import { toDocument } from "../runtime/to-document.ts";
import type { Value } from "../runtime/value.ts";

/** What a policy answers, and how often it calls `counted`. */
async function counting(
  text: string,
  input: Value,
  more: Partial<CompileOptions> = {},
): Promise<{ readonly answer: Value; readonly calls: number }> {
  let calls = 0;
  const any = { kind: "any", of: [] } as const;
  const counted: Builtin = {
    signature: { name: "counted", args: [any], result: any },
    pure: true,
    load: () => (_context, value: Value) => {
      calls += 1;
      return value;
    },
  };
  const compiled = await compile({
    modules: [{ name: "p.rego", text }],
    entrypoints: { main: "data.p.found" },
    builtins: { counted },
    ...more,
  });
  if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
  const result = compiled.value.value("main", { input });
  if (result.kind !== "value") assert.fail(JSON.stringify(result));
  return { answer: toDocument(result.value ?? null), calls };
}

const profile = `profile(object) := result if {
  context := object.context
  name := counted(context.name)
  result := {"name": name, "level": context.level}
  name != "none"
}
`;

test("what several bodies ask of the same thing is asked once", async () => {
  const text = `package p
${profile}
found contains "a" if profile(input.object).name == "a"
found contains "low" if { object := input.object; profile(object).level < 3 }
found contains "missing" if not profile(input.object)
found contains "other" if profile(input.other)
`;
  const object = { context: { name: "a", level: 1 } };
  assert.deepEqual(await counting(text, { object, other: object }), { answer: ["a", "low", "other"], calls: 2 });
  // That there is no answer is an answer too.
  const none = { context: { name: "none", level: 1 } };
  assert.deepEqual(await counting(text, { object: none, other: none }), { answer: ["missing"], calls: 2 });
});

test("what a rule asks for each element, or under a with, is asked each time", async () => {
  const text = `package p
${profile}
found contains profile(object).name if some object in input.objects
found contains profile(input.object).level if true
found contains level if level := profile(input.object).level with input.object as {"context": {"name": "b", "level": 7}}
`;
  const objects = ["x", "y"].map((name) => ({ context: { name, level: 2 } }));
  const result = await counting(text, { objects, object: { context: { name: "z", level: 5 } } });
  assert.deepEqual(result.answer, [5, 7, "x", "y"]);
});

test("where somebody watches, nothing is left out", async () => {
  const text = `package p
${profile}
found contains 1 if profile(input.object)
found contains 2 if profile(input.object)
`;
  const input = { object: { context: { name: "a", level: 1 } } };
  assert.equal((await counting(text, input)).calls, 1);
  assert.equal((await counting(text, input, { print: true })).calls, 2);
});
