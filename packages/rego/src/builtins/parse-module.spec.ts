import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BuiltinContext } from "./builtin.ts";
import { BuiltinFailure } from "./failure.ts";
import { parseModuleFamily } from "./parse-module.ts";

/** What OPA 1.22.2 says of modules that are none: file, text and message. */
const errors: readonly (readonly [file: string, text: string, message: string])[] = [
  ["m.rego", "", "m.rego:0: rego_parse_error: empty module"],
  ["", "# c", "0:0: rego_parse_error: empty module"],
  ["m.rego", "p := 1", "1 error occurred: m.rego:1: rego_parse_error: package expected"],
  ["m.rego", "package", "1 error occurred: m.rego:1: rego_parse_error: unexpected eof token\n\tpackage\n\t      ^"],
  ["", "package", "1 error occurred: 1:7: rego_parse_error: unexpected eof token\n\tpackage\n\t      ^"],
  [
    "m.rego",
    "package a\n\np if {\n\tf(=x)\n}\n",
    "1 error occurred: m.rego:4: rego_parse_error: unexpected eq token\n\tf(=x)\n\t  ^",
  ],
  [
    "m.rego",
    "package a\np = x { x := 1 }",
    "1 error occurred: m.rego:2: rego_parse_error: `if` keyword is required before rule body",
  ],
  [
    "m.rego",
    "pckage testing\n",
    "2 errors occurred:\nm.rego:1: rego_parse_error: package expected\nm.rego:1: rego_parse_error: var cannot be used for rule name",
  ],
];

describe("rego.parse_module", () => {
  for (const [file, text, message] of errors) {
    it(`says why ${JSON.stringify(text)} is no module`, () => {
      const parse = parseModuleFamily.get("rego.parse_module");
      assert.ok(parse);
      // as: this builtin asks nothing of the evaluation but to count
      const context = { charge: () => undefined } as unknown as BuiltinContext;
      assert.throws(
        () => parse(context, file, text),
        (failure) => {
          assert.ok(failure instanceof BuiltinFailure);
          assert.equal(failure.message, message);
          return true;
        },
      );
    });
  }
});
