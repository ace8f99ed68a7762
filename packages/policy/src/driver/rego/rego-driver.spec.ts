import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonValue } from "@portcullis/objects";
import type { Problem } from "../../problem.ts";
import { decodeTemplate } from "../../template/decode.ts";
import type { ConstraintTemplate } from "../../template/template.ts";
import type { Answer } from "../driver.ts";
import { RegoDriver, type RegoDriverOptions } from "./rego-driver.ts";

interface Written {
  readonly rego: string;
  readonly libs?: readonly string[];
  readonly version?: string;
}

function template({ rego, libs, version }: Written): ConstraintTemplate {
  const source: JsonValue = {
    rego,
    ...(libs === undefined ? {} : { libs }),
    ...(version === undefined ? {} : { version }),
  };
  const decoded = decodeTemplate({
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: "t" },
    spec: {
      crd: { spec: { names: { kind: "T" } } },
      targets: [{ target: "admission.k8s.gatekeeper.sh", code: [{ engine: "Rego", source }] }],
    },
  });
  assert.ok(decoded.ok);
  return decoded.value;
}

async function answer(written: Written, options?: RegoDriverOptions, parameters: JsonValue = {}): Promise<Answer> {
  const compiled = await new RegoDriver(options).compile(template(written));
  assert.ok(compiled.ok, compiled.ok ? "" : compiled.problem.message);
  return compiled.value
    .review({ object: { kind: "Pod", spec: { big: 12345678901234567890n } } }, { now: 7n })
    .evaluate(parameters);
}

function problem(written: Written, options?: RegoDriverOptions): Problem {
  const found = new RegoDriver(options).check(template(written));
  assert.ok(found !== undefined, "it compiles");
  return found;
}

const head = "package p\n";

describe("numbers as Gatekeeper's policies see them", () => {
  const show = `violation[{"msg": msg}] { msg := sprintf("%v %v", [input.review.object.spec, input.parameters]) }`;
  const numbers = {
    list: [999999, 1000000, -1000660000, 9007199254740993n, 0.0001, 0.00001, 12345678.5, 2n ** 64n, 1e21, -0, 0],
    none: null,
  };
  const doubles =
    '{"list": [999999, 1e+06, -1.00066e+09, 9.007199254740992e+15, 0.0001, 1e-05, 1.23456785e+07, 1.8446744073709552e+19, 1e+21, -0, 0], "none": null}';
  const stored =
    '{"list": [999999, 1000000, -1000660000, 9007199254740993, 0.0001, 1e-05, 1.23456785e+07, 1.8446744073709552e+19, 1e+21, -0, 0], "none": null}';
  const messagesOf = async (rego: string, options: RegoDriverOptions, spec: JsonValue, parameters: JsonValue) => {
    const compiled = await new RegoDriver(options).compile(template({ rego: head + rego }));
    assert.ok(compiled.ok);
    const said = compiled.value.review({ object: { kind: "Pod", spec } }, { now: 7n }).evaluate(parameters);
    assert.equal(said.kind, "violations");
    return said.kind === "violations" ? said.violations.map(({ message }) => message) : [];
  };

  it("are Go's doubles in a review, and integers in a constraint as long as 64 bits hold them", async () => {
    assert.deepEqual(await messagesOf(show, {}, numbers, numbers), [`${doubles} ${stored}`]);
    assert.deepEqual(await messagesOf(show, { integers: "doubles" }, numbers, numbers), [`${doubles} ${doubles}`]);
    assert.deepEqual(numbers.list[1], 1000000, "what was given is not written to");
  });

  it("are equal to the same number written otherwise, wherever it is looked for", async () => {
    const rego = `
      n := input.review.object.spec.n
      violation[{"msg": "literal"}] { n == 1000000 }
      violation[{"msg": "parameter"}] { n == input.parameters.n }
      violation[{"msg": "set"}] { {1000000, 7}[n] }
      violation[{"msg": "key"}] { {1000000: "x"}[n] == "x" }
      violation[{"msg": "more"}] { n > 999999.5; n + 1 == 1000001; n * 2 == 2000000; format_int(n, 10) == "1000000" }
      violation[{"msg": "rounded"}] { input.review.object.spec.big == 9007199254740992 }
      violation[{"msg": "exact"}] { input.parameters.big == 9007199254740993 }`;
    const given = { n: 1000000, big: 9007199254740993n };
    const all = ["exact", "key", "literal", "more", "parameter", "rounded", "set"];
    assert.deepEqual((await messagesOf(rego, {}, given, given)).toSorted(), all);
  });

  it("are found however deep they stand", async () => {
    let deep: JsonValue = 1000000;
    for (let depth = 0; depth < 9000; depth += 1) deep = [deep];
    const rego = `violation[{"msg": "seen"}] { count(input.review.object.spec) == 1 }`;
    assert.deepEqual(await messagesOf(rego, {}, deep, {}), ["seen"]);
  });
});

describe("the Rego of a template", () => {
  it("is compiled once for templates of the same code, each of which answers for itself", async () => {
    const driver = new RegoDriver();
    const rego = `${head}violation[{"msg": input.parameters.say}] { input.review.object.kind == "Pod" }`;
    const compiled = await Promise.all(
      [rego, rego, rego.replace("Pod", "Node")].map((text) => driver.compile(template({ rego: text }))),
    );
    const answers = compiled.map((one, at) => {
      assert.ok(one.ok);
      return one.value.review({ object: { kind: "Pod" } }, { now: 0n }).evaluate({ say: `t${at}` });
    });
    const said = (message: string): Answer => ({ kind: "violations", violations: [{ message, details: {} }] });
    assert.deepEqual(answers, [said("t0"), said("t1"), { kind: "violations", violations: [] }]);
  });

  it("is read as v0 unless it says v1", async () => {
    const one: Answer = { kind: "violations", violations: [{ message: "x", details: {} }] };
    assert.deepEqual(await answer({ rego: `${head}violation[{"msg": "x"}] { true }` }), one);
    assert.deepEqual(await answer({ rego: `${head}violation[{"msg": "x"}] { true }`, version: "v2" }), one);
    const v1 = `${head}violation contains {"msg": "x"} if true`;
    assert.deepEqual(await answer({ rego: v1, version: "v1" }), one);
    assert.equal(
      problem({ rego: `${head}violation[{"msg": "x"}] { true }`, version: "v1" }).message,
      "invalid ConstraintTemplate: 2 errors occurred:\ntemplate:2: rego_parse_error: `if` keyword is required before rule body\ntemplate:2: rego_parse_error: `contains` keyword is required for partial set rules",
    );
  });

  it("may be in any package, with libraries below lib", async () => {
    const found = await answer({
      rego: 'package lib.helpers\n\nimport data.lib.helpers\n\nviolation[{"msg": msg}] { msg := helpers.text("x") }',
      libs: ['package lib.helpers\n\ntext(x) = y { y := sprintf("lib %v", [x]) }'],
    });
    assert.deepEqual(found, { kind: "violations", violations: [{ message: "lib x", details: {} }] });
  });

  it("collapses equal answers, keeps the details, and drops what has no message", async () => {
    const rego = `${head}
violation[{"msg": "a"}] { true }
violation[{"msg": "a", "details": {}}] { true }
violation[{"msg": "b", "details": {"set": {2, 1}, "big": input.review.object.spec.big}}] { true }
violation[r] { r := {"text": input.review.object.kind} }`;
    assert.deepEqual(await answer({ rego }), {
      kind: "violations",
      violations: [
        { message: "a", details: {} },
        { message: "b", details: { big: 12345678901234567000, set: [1, 2] } },
      ],
    });
  });

  it("has METADATA blocks as comments, broken ones too", async () => {
    const rego = 'package p\n# METADATA\n# title: [\nviolation[{"msg": "found"}] { true }\n';
    assert.equal(new RegoDriver().check(template({ rego })), undefined);
    const { kind } = await answer({ rego });
    assert.equal(kind, "violations");
  });

  it("fails with OPA's text and place", async () => {
    const conflict = `${head}violation[{"msg": "a"}] { y }\ny = 1 { true }\ny = 2 { true }`;
    const failed = await answer({ rego: conflict });
    assert.ok(failed.kind === "error");
    assert.match(
      failed.message,
      /^template:\d: eval_conflict_error: complete rules must not produce multiple outputs$/,
    );
    const wrong = await answer({ rego: `${head}violation[{"msg": [1, {"a": null}]}] { true }` });
    assert.deepEqual(wrong, {
      kind: "fault",
      message:
        "extracting message binding: .msg accessor error: [1 map[a:<nil>]] is of the type []interface {}, expected string",
    });
  });

  it("stops a policy that would run on", async () => {
    const rego = `${head}violation[{"msg": "x"}] { count([1 | numbers.range(1, 2000)[_]; numbers.range(1, 2000)[_]; numbers.range(1, 2000)[_]]) > 0 }`;
    const compiled = await new RegoDriver().compile(template({ rego }));
    assert.ok(compiled.ok);
    const stopped = compiled.value.review({}, { now: 0n, budget: 10_000 }).evaluate({});
    assert.equal(stopped.kind, "error");
  });

  it("stops a policy whose time is over, long before its steps are, and says which of the two it was", async () => {
    const rego = `${head}violation[{"msg": "x"}] { s := {x | x := numbers.range(1, 2000)[_]}; some i; numbers.range(1, 2000)[i]; count(s | {i}) == 0 }`;
    const compiled = await new RegoDriver().compile(template({ rego }));
    assert.ok(compiled.ok);
    let looked = 0;
    const now = (): number => (looked += 1);
    const session = compiled.value.review({}, { now: 0n, deadline: { at: 5, now } });
    const late = session.evaluate({});
    assert.ok(late.kind === "error");
    assert.match(late.message, /eval_cancel_error: the evaluation took more than its share of the time/);
    assert.equal(looked, 5, "it is looked at the clock again and again, and not once more than it need be");
    const steps = compiled.value.review({}, { now: 0n, budget: 150_000, deadline: { at: 1e6, now } }).evaluate({});
    assert.ok(steps.kind === "error");
    assert.match(steps.message, /eval_cancel_error: the evaluation used up its budget of steps/);
    const both = compiled.value.review({}, { now: 0n, budget: 1000, deadline: { at: 0, now } }).evaluate({});
    assert.ok(both.kind === "error");
    assert.match(both.message, /used up its budget of steps/, "what came first is told");
  });

  it("prints where it is told to, if print is kept", async () => {
    const lines: string[] = [];
    const compiled = await new RegoDriver({ print: true }).compile(
      template({ rego: `${head}violation[{"msg": "x"}] { print("seen", input.parameters.a) }` }),
    );
    assert.ok(compiled.ok);
    compiled.value.review({}, { now: 0n, print: (line) => lines.push(line) }).evaluate({ a: 1 });
    assert.deepEqual(lines, ["seen 1"]);
  });
});

describe("the rules for a template's modules", () => {
  const prefix = "invalid ConstraintTemplate: ";
  const violation = 'violation[{"msg": "x"}] { true }';
  const cases: readonly (readonly [why: string, written: Written, message: string])[] = [
    [
      "no violation",
      { rego: `${head}deny { true }` },
      `${prefix}invalid rego: invalid module: missing required rules: [violation]`,
    ],
    ["an empty text", { rego: "" }, `${prefix}template:0: rego_parse_error: empty module`],
    [
      "other data",
      { rego: `${head}violation[{"msg": data.a.b}] { true }` },
      `${prefix}invalid data references: check refs failed on module {template}: errors (1):\ndisallowed ref data.a.b\n`,
    ],
    [
      "all data",
      { rego: `${head}${violation}\na = data` },
      `${prefix}invalid data references: check refs failed on module {template}: errors (1):\ndisallowed ref data\n`,
    ],
    [
      "unknown keys of data",
      { rego: `${head}${violation}\na[x] { data[x] }` },
      `${prefix}invalid data references: check refs failed on module {template}: errors (1):\ndisallowed ref data[x]\n`,
    ],
    ["other imports", { rego: `${head}import data.a\n${violation}` }, `${prefix}invalid import: bad import: "data.a"`],
    [
      "rego.v1",
      { rego: `${head}import rego.v1\nviolation contains {"msg": "x"} if true` },
      `${prefix}invalid import: bad import: "rego.v1"`,
    ],
    [
      "imports of input",
      { rego: `${head}import input.review\n${violation}` },
      `${prefix}invalid import: cannot import input: "input.review"`,
    ],
    [
      "libraries elsewhere",
      { rego: `${head}${violation}`, libs: ["package other.lib"] },
      `${prefix}invalid lib prefix: path data.other.lib not found in lib prefixes`,
    ],
    [
      "a library at lib itself",
      { rego: `${head}${violation}`, libs: ["package lib"] },
      `${prefix}invalid lib prefix: path data.lib not found in lib prefixes`,
    ],
    [
      "other data in a library",
      { rego: `${head}${violation}`, libs: ["package lib.a\nb = data.c"] },
      `${prefix}invalid data references: check refs failed on module {libs["lib_0"]}: errors (1):\ndisallowed ref data.c\n`,
    ],
    [
      "unknown builtins",
      { rego: `${head}violation[{"msg": m}] { m := no.such("a") }` },
      "unable to compile modules: 1 error occurred: template:2: rego_type_error: undefined function no.such",
    ],
    [
      "unsafe variables",
      { rego: `${head}violation[{"msg": m}] { true }` },
      "unable to compile modules: 1 error occurred: template:2: rego_unsafe_var_error: var m is unsafe",
    ],
  ];
  for (const [why, written, message] of cases) {
    it(`refuse ${why}`, () => assert.equal(problem(written).message, message));
  }

  it("tell where the mistake is, as people count", () => {
    assert.deepEqual(problem({ rego: `package  long.name\n\nviolation[{"msg": m}] { true }` }).location, {
      source: "template",
      row: 3,
      column: 19,
    });
    const parse = problem({ rego: `${head}violation[{"msg": msg}] { msg := }` });
    assert.match(
      parse.message,
      /^invalid ConstraintTemplate: 1 error occurred: template:2: rego_parse_error: unexpected } token/,
    );
    assert.deepEqual(parse.location, { source: "template", row: 2, column: 34 });
    const imported = problem({ rego: `${head}import data.a\n${violation}` });
    assert.deepEqual(imported.location, { source: "template", row: 2, column: 8 });
  });

  it("allow the inventory, unless referential rules are off", async () => {
    const rego = `${head}violation[{"msg": "x"}] { data.inventory.cluster }`;
    assert.equal(new RegoDriver().check(template({ rego })), undefined);
    assert.match(problem({ rego }, { referentialRules: false }).message, /disallowed ref data\.inventory\.cluster/);
  });

  it("leave the brackets of a reference alone, as Gatekeeper does, unless the inventory might stand there", () => {
    const rego = `${head}violation[{"msg": "x"}] { input.review[data.inventory.cluster] }`;
    assert.equal(new RegoDriver().check(template({ rego })), undefined);
    const other = `${head}violation[{"msg": "x"}] { input.review[data.other] }`;
    assert.equal(new RegoDriver().check(template({ rego: other })), undefined);
    assert.match(problem({ rego }, { referentialRules: false }).message, /disallowed ref data\.inventory\.cluster/);
  });

  it("refuse a builtin that is turned off", () => {
    const rego = `${head}violation[{"msg": m}] { m := lower("X") }`;
    assert.match(
      problem({ rego }, { disabledBuiltins: ["lower"] }).message,
      /rego_type_error: undefined function lower/,
    );
  });

  it("refuse sources of another shape", () => {
    const check = (source: JsonValue): string | undefined => {
      const one = template({ rego: "x" });
      const [target] = one.targets;
      assert.ok(target !== undefined);
      return new RegoDriver().check({ ...one, targets: [{ ...target, code: [{ engine: "Rego", source }] }] })?.message;
    };
    assert.equal(check("text"), "could not recognize the type");
    assert.equal(check({}), "rego source missing required field: rego");
    assert.equal(
      check({ rego: 5 }),
      ".rego accessor error: 5 is of the type float64, expected string: while extracting Rego source",
    );
    assert.equal(
      check({ rego: "x", libs: "a" }),
      ".libs accessor error: a is of the type string, expected []interface{}: while extracting Rego libs",
    );
  });
});
