import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compile } from "../compile.ts";
import { formatDiagnostics } from "../diagnostics.ts";
import type { Policy } from "../policy.ts";
import { toDocument } from "../runtime/to-document.ts";

async function policyOf(text: string, entry: string, version: "v0" | "v1" = "v1"): Promise<Policy> {
  const compiled = await compile({ modules: [{ name: "policy.rego", text, version }], entrypoints: { main: entry } });
  if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
  return compiled.value;
}

/** Compares with a file beside; `UPDATE_SNAPSHOTS=1` writes it instead. */
function matchSnapshot(name: string, text: string): void {
  const path = join(import.meta.dirname, "snapshots", name);
  if (process.env["UPDATE_SNAPSHOTS"] === "1") writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"));
}

const allowedRepos = `package k8sallowedrepos

violation[{"msg": msg}] {
  container := input.review.object.spec.containers[_]
  satisfied := [good | repo = input.parameters.repos[_]; good = contains(container.image, repo)]
  not any(satisfied)
  msg := sprintf("container <%v> has an invalid image repo <%v>", [container.name, container.image])
}
`;

test("the code of an allow list reads like what a person would write", async () => {
  const policy = await policyOf(allowedRepos, "data.k8sallowedrepos.violation", "v0");
  matchSnapshot("allowed-repos.js", policy.code);
});

const kinds = `package kinds

default allow := false
allow if { input.user == "root" }
allow if { every g in input.groups { g in data.groups } }

level := 1 if { input.a } else := 2 if { not input.b }

limit(x) := y if { some y in x.limits; y > 3 }

by_name[name] := object if { some object in data.objects; name := object.name }

dup contains id if { some id; data.objects[id].name == input.name }

loose if { allow with input as {"user": "root"} with data.groups as {"x"} }
`;

test("the code of each kind of rule", async () => {
  const policy = await policyOf(kinds, "data.kinds");
  matchSnapshot("kinds.js", policy.code);
});

test("names of JavaScript are names like others", async () => {
  const words =
    "constructor prototype hasOwnProperty toString valueOf arguments eval class function return var let new this typeof " +
    "undefined Object Array Map Set Symbol globalThis policy newMemo runtime builtins elements lookup isLess RegoSet notKnown c s";
  const names = words.split(" ");
  const rules = names.map((name) => `${name} := "${name} it is" if { ${name}_ := 1; ${name}_ == 1 }`).join("\n");
  const sets = names.map((name) => `of_${name} contains ${name} if { some ${name} in ["${name}"] }`).join("\n");
  const policy = await policyOf(`package words\n${rules}\n${sets}`, "data.words");
  const outcome = policy.value("main", {});
  if (outcome.kind !== "value") assert.fail(JSON.stringify(outcome));
  const document: unknown = JSON.parse(JSON.stringify(toDocument(outcome.value ?? null)));
  for (const name of names) {
    // as: an object with these keys is what the policy makes
    const own = document as Record<string, unknown>;
    assert.equal(Object.hasOwn(own, name) ? own[name] : undefined, `${name} it is`);
    assert.deepEqual(own[`of_${name}`], [name]);
  }
});

const nasty = [
  '"; throw 1; //',
  "`${globalThis.escaped = 1}`",
  "*/ throw 1 /*",
  "\u2028globalThis.escaped = 1\u2029",
  "</script><script>",
  "\\",
  "\\u0022;",
  "'",
  "\n//",
  "__proto__",
  "constructor",
  "\0",
  "\ud800",
];

test("text that tries to escape stays text", async () => {
  for (const text of nasty.filter((one) => one !== "\ud800" && one !== "\0")) {
    const quoted = JSON.stringify(text);
    const module = `package t
p[${quoted}] := ${quoted}
q contains {${quoted}: ${quoted}}
r := input[${quoted}]
s if input[${quoted}] == ${quoted}
f(x) := x if x == ${quoted}
u := f(${quoted})
v := x if { some k; x := data[${quoted}][k]; x == ${quoted} }
w := {${quoted}, [${quoted}], {${quoted}: 1}}
x := y if { y := input with input[${quoted}] as ${quoted} }
`;
    const policy = await policyOf(module, "data.t");
    const input: unknown = JSON.parse(`{${quoted}: ${quoted}}`);
    // as: JSON is a value
    const outcome = policy.value("main", { input: input as never });
    if (outcome.kind !== "value") assert.fail(JSON.stringify(outcome));
    const document: unknown = JSON.parse(JSON.stringify(toDocument(outcome.value ?? null)));
    const want: unknown = JSON.parse(
      `{"p": {${quoted}: ${quoted}}, "q": [{${quoted}: ${quoted}}], "r": ${quoted}, "s": true, "u": ${quoted},
        "w": [${quoted}, [${quoted}], {${quoted}: 1}], "x": {${quoted}: ${quoted}}}`,
    );
    assert.deepEqual(document, want, text);
    assert.ok(!("escaped" in globalThis));
  }
});

test("names of modules, packages and entries stay text", async () => {
  for (const text of nasty) {
    const compiled = await compile({
      modules: [{ name: text, text: 'package t["*/ throw 1 //"]\np := 1\np := 2 if input.x' }],
      entrypoints: { [text]: 'data.t["*/ throw 1 //"].p' },
    });
    if (!compiled.ok) assert.fail(formatDiagnostics(compiled.diagnostics));
    assert.deepEqual(compiled.value.value(text, {}), { kind: "value", value: 1 });
    const conflict = compiled.value.value(text, { input: { x: true } });
    assert.equal(conflict.kind === "error" ? conflict.span?.source.name : conflict.kind, text);
  }
});
