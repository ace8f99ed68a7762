import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { positionAt } from "../../source.ts";
import { parseModule } from "../parse.ts";
import type { ParseErrorCase } from "./parse-error-case.ts";
import { ruleErrors } from "./rules-data.ts";
import { statementErrors } from "./statements-data.ts";
import { termErrors } from "./terms-data.ts";

const tables: Readonly<Record<string, readonly ParseErrorCase[]>> = {
  rules: ruleErrors,
  terms: termErrors,
  statements: statementErrors,
};

for (const [subject, cases] of Object.entries(tables)) {
  describe(`parse errors in ${subject}`, () => {
    for (const [name, version, text, ...errors] of cases) {
      it(`${version}: ${name}`, () => {
        const parsed = parseModule({ name: "t.rego", text }, { version });
        const found = parsed.ok ? [] : parsed.diagnostics;
        assert.deepEqual(
          found.map(
            ({ message, span }) => `${span === undefined ? 0 : positionAt(span.source, span.start).row}: ${message}`,
          ),
          errors,
        );
        assert.ok(found.every(({ code }) => code === "rego_parse_error"));
        assert.equal(parsed.ok, errors.length === 0);
      });
    }
  });
}
