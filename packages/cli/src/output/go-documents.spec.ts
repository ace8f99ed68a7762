import assert from "node:assert/strict";
import { test } from "node:test";
import { goJson, GoStruct } from "./go-document.ts";
import { goYamlResults } from "./go-yaml.ts";

test("structs keep their order, maps are sorted by bytes, and Go's escapes are used", () => {
  const value = new GoStruct([
    ["z", { b: 1, a: [], "10": "<&>", "2": {} }],
    ["a", null],
  ]);
  assert.equal(
    goJson(value),
    '{\n    "z": {\n        "10": "\\u003c\\u0026\\u003e",\n        "2": {},\n        "a": [],\n        "b": 1\n    },\n    "a": null\n}',
  );
});

const item = {
  plain: "a b",
  empty: "",
  number: "12",
  yes: "yes",
  colon: "a: b",
  image: "nginx:latest",
  list: ["x", "y, z"],
  quote: "it's {so}",
  size: [123456, 1234567, 5000000, 0.00001, 9007199254740993n, 0.5],
  lines: "one\ntwo\n",
  deep: { a: { b: [{ c: 1, d: true }] } },
};

test("the first result is printed in lines, every other one in braces, as gator does", () => {
  assert.equal(
    goYamlResults([item, item]),
    `- colon: 'a: b'
  deep:
    a:
        b:
            - c: 1
              d: true
  empty: ""
  image: nginx:latest
  lines: |
    one
    two
  list:
    - x
    - y, z
  number: "12"
  plain: a b
  quote: it's {so}
  size:
    - 123456
    - 1.234567e+06
    - 5e+06
    - 1e-05
    - 9.007199254740992e+15
    - 0.5
  "yes": "yes"
- {colon: 'a: b', deep: {a: {b: [{c: 1, d: true}]}}, empty: "", image: 'nginx:latest', lines: "one\\ntwo\\n", list: [x, 'y, z'], number: "12", plain: a b, quote: 'it''s {so}', size: [123456, 1.234567e+06, 5e+06, 1e-05, 9.007199254740992e+15, 0.5], "yes": "yes"}
`,
  );
  assert.equal(goYamlResults([]), "[]\n");
});
