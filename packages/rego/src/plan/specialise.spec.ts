import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../compile.ts";
import { formatDiagnostics } from "../diagnostics.ts";
import type { Policy } from "../policy.ts";
import { toDocument } from "../runtime/to-document.ts";
import type { Value } from "../runtime/value.ts";

async function policyOf(text: string): Promise<Policy> {
  const compiled = await compile({ modules: [{ name: "policy.rego", text }], entrypoints: { main: "data.p" } });
  if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
  return compiled.value;
}

function answer(policy: Policy, input: Value): Value {
  const result = policy.value("main", { input });
  return result.kind === "value" ? toDocument(result.value ?? null) : result.kind;
}

/** The names of the functions in a policy's code that begin so. */
function functionsOf(policy: Policy, prefix: string): string[] {
  return [...policy.code.matchAll(/^function (\w+)/gm)]
    .map(([, name]) => name ?? "")
    .filter((n) => n.startsWith(prefix));
}

test("a function that looks names up is written once for each name, through the functions in between", async () => {
  const policy = await policyOf(`package p
has(object, field) if object[field]
differs(a, b, field) if { has(a, field); a[field] != b[field] }
differs(a, b, field) if { has(a, field); not has(b, field) }
zone if differs(input.a, input.b, "zone")
rack if differs(input.a, input.b, "rack")
any_of contains name if { some name in input.names; has(input.a, name) }
`);
  assert.deepEqual(functionsOf(policy, "differs"), ["differs_zone", "differs_rack"]);
  assert.deepEqual(functionsOf(policy, "has"), ["has", "has_zone", "has_rack"]);
  const input = { a: { zone: 1, rack: "r" }, b: { zone: 1 }, names: ["rack", "row"] };
  assert.deepEqual(answer(policy, input), { any_of: ["rack"], rack: true });
});

test("a name is only a value to whatever else the function does with it", async () => {
  const policy = await policyOf(`package p
read(object, path) := object[path]
read(object, path) := first if { [first, _] = path; not object[path] }
label(object, path) := sprintf("%s=%v", [path, object[path]])
calls := [read(input, "a"), read({["x", "y"]: 3}, ["x", "y"]), read({"z": 0}, ["x", "y"]), label(input, "a"), label(input, "__proto__")]
`);
  const input = JSON.parse('{"a": 1, "__proto__": 2}') as Value; // as: JSON is a value
  assert.deepEqual(answer(policy, input), { calls: [1, 3, "x", "a=1", "__proto__=2"] });
});

test("a function that something may stand in for stays one", async () => {
  const policy = await policyOf(`package p
get(object, field) := object[field]
other(_, field) := upper(field)
plain := get(input, "a")
mocked := x if x := get(input, "a") with data.p.get as other
`);
  assert.deepEqual(functionsOf(policy, "get"), ["get"]);
  assert.deepEqual(answer(policy, { a: 1 }), { plain: 1, mocked: "A" });
});

test("with very many names a function is written once more, and asks for the others as it was", async () => {
  const names = Array.from({ length: 12 }, (_, at) => `f${at}`);
  const policy = await policyOf(`package p
get(object, field) := object[field]
all := [${names.map((name) => `get(input, "${name}")`).join(", ")}]
`);
  assert.equal(functionsOf(policy, "get").length, 9);
  const input = Object.fromEntries(names.map((name, at) => [name, at]));
  assert.deepEqual(answer(policy, input), { all: names.map((_, at) => at) });
});

test("a name may be handed on through very many functions", async () => {
  const links = Array.from({ length: 1500 }, (_, at) => `f${at}(object, field) := f${at + 1}(object, field)`);
  const policy = await policyOf(`package p
${links.join("\n")}
f${links.length}(object, field) := object[field]
all := [f0(input, "a"), f0(input, input.name)]
`);
  assert.deepEqual(functionsOf(policy, "f0"), ["f0", "f0_a"]);
  assert.deepEqual(answer(policy, { a: 1, b: 2, name: "b" }), { all: [1, 2] });
});
