import assert from "node:assert/strict";
import { test } from "node:test";
import { Script } from "node:vm";
import fc from "fast-check";
import { check } from "../compile.ts";
import { formatDiagnostics } from "../diagnostics.ts";

/** What could end a string, a comment or a template early, and names that mean something to JavaScript. */
const pieces = fc.constantFrom(
  '"',
  "'",
  "`",
  "\\",
  "${",
  "}",
  "*/",
  "/*",
  "//",
  "\u2028",
  "\u2029",
  "\n",
  "\r",
  "\0",
  "</script>",
  "\u{1f600}",
  "\udc80",
  "];ESCAPED();[",
  '");ESCAPED();("',
  "eval",
  "constructor",
  "__proto__",
);
const hostile = fc.array(pieces, { minLength: 1, maxLength: 6 }).map((parts) => `ESCAPED ${parts.join("")}`);

const names = fc.constantFrom(
  "eval",
  "arguments",
  "class",
  "function",
  "var",
  "this",
  "globalThis",
  "process",
  "require",
  "constructor",
  "__proto__",
  "await",
  "yield",
  "let",
  "undefined",
  "NaN",
  "c",
  "s",
  "toString",
  "prototype",
  "async",
  "of",
);

/** Rego's spelling of a string. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/\\u[dD][89a-fA-F][0-9a-f]{2}/g, "\\ufffd");
}

/** Generated code without what stands in strings and comments. Throws where the code has more kinds of token than it may. */
function bare(code: string): string {
  const token = /"(?:[^"\\\n\u2028\u2029]|\\.)*"|\/\/[^\n\u2028\u2029\r]*|\/\*(?:[^*]|\*(?!\/))*\*\//g;
  const rest = code.replaceAll(token, " ");
  const odd = /[^A-Za-z0-9_$\s()[\]{}.,;:?<>=!&|+*%-]/.exec(rest);
  assert.equal(odd, null, `${JSON.stringify(odd?.[0])} outside of strings in\n${code}`);
  return rest;
}

const forbidden = /\b(?:ESCAPED|eval|Function|globalThis|process|require|window|fetch|debugger|import\s*\()(?![\w$])/;

function codeOf(text: string): string {
  const checked = check({ modules: [{ name: "escape.rego", text }], entrypoints: { main: "data.t = x" } });
  if (!checked.ok) assert.fail(`${formatDiagnostics(checked.diagnostics)}\n${text}`);
  return checked.value.code;
}

test("no text of a policy becomes code", () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const [x, y] = [quoted(a), quoted(b)];
      const code = codeOf(`package t
p := ${x}
q contains {${y}: input[${x}][${y}]}
r[${y}] := sprintf(${x}, [${y}])
s if input.a == ${x}
s if input.a == ${y}
f(${x}) := concat(${y}, [${x}])
u := f(${x})
v := x if { x := data[${x}][${y}] }
w if { some k in {${x}, ${y}}; startswith(input[k], ${y}) with input.z as ${x} }
z := regex.replace(input.t, "a", ${y})
`);
      assert.doesNotMatch(bare(code), forbidden);
    }),
    { numRuns: 200 },
  );
});

test("no name of a policy is JavaScript's", () => {
  fc.assert(
    fc.property(names, names, names, (a, b, c) => {
      const code = codeOf(`package t["${a}"].${b}
${a} := 1
x_${b} contains ${c} if { some ${c} in [1] }
f(${b}) := ${b}
g := ${c} if { ${c} := f(1) }
`);
      const rest = bare(code);
      const declared = new Set(
        [...rest.matchAll(/\b(?:function|const|class|let)\s+([\w$]+)/g)].map(([, name]) => name),
      );
      for (const [, name] of rest.matchAll(/(?<![\w$.]|function\s)(eval|globalThis|process|require|toString)\s*\(/g)) {
        assert.ok(declared.has(name), `${name} is called, and nothing of the module's own\n${code}`);
      }
      // Modules are strict: in them `eval` and `arguments` are nobody's names.
      const body = code.replaceAll(/^(?:import|export) [^\n]*$/gm, "");
      assert.doesNotThrow(() => new Script(`"use strict"; ${body}`), code);
    }),
    { numRuns: 200 },
  );
});
