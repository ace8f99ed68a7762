import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Value } from "../../runtime/value.ts";
import { readTerm } from "../../testing.ts";
import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure } from "../failure.ts";
import { failing, rendered, variables } from "./facts-data.ts";
import { template } from "./template.ts";

function render(text: string, given: Value = variables, charge: (steps: number) => void = () => undefined): string {
  const implementation = template.get("strings.render_template");
  assert.ok(implementation);
  try {
    // as: this builtin asks nothing of the evaluation but to count
    return String(implementation({ charge } as unknown as BuiltinContext, text, given));
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return `${failure.code}: ${failure.message}`;
    throw failure;
  }
}

describe("strings.render_template", () => {
  for (const [text, want] of rendered) it(`renders ${text}`, () => assert.equal(render(text), want));
  for (const [text, message] of failing) {
    it(`says what is wrong with ${text}`, () => assert.equal(render(text), `eval_builtin_error: ${message}`));
  }

  it("keeps numbers as they are written", () => {
    assert.equal(
      render("{{.a}} {{.b}}", readTerm('{"a": 12345678901234567890, "b": 1.50}')),
      "12345678901234567890 1.50",
    );
  });

  it("takes no values that are not JSON", () => {
    assert.match(render("x", readTerm('{"a": {1}}')), /^eval_builtin_error: invalid character/);
    assert.match(render("x", readTerm("{1: 2}")), /^eval_builtin_error: invalid character/);
  });

  it("ends templates that call themselves for ever", () => {
    assert.match(render('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}'), /exceeded maximum template depth/);
  });

  it("counts what it writes and how often it goes round", () => {
    const costOf = (text: string): number => {
      let steps = 0;
      render(text, {}, (more) => (steps += more));
      return steps;
    };
    assert.ok(costOf("{{range 1000}}{{end}}") >= 1000);
    assert.ok(costOf('{{printf "%100000d" 1}}') >= 5000);
  });
});
