import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { platformPatterns, readYaml, type JsonValue } from "@portcullis/objects";
import { RegoDriver } from "../driver/rego/rego-driver.ts";
import { checkAssertion } from "./assertion.ts";
import { readFilter, type SuiteFilter } from "./filter.ts";
import { joinPath, type Files } from "./read-objects.ts";
import { isFailure, runSuite, type SuiteResult } from "./run-suite.ts";
import { readSuite, type Suite } from "./suite.ts";

const template = `
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: never}
spec:
  crd:
    spec:
      names: {kind: Never}
      validation:
        openAPIV3Schema: {type: object, properties: {message: {type: string}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package never
      violation[{"msg": msg}] { msg := input.parameters.message; print("asked", input.review.operation) }
      violation[{"msg": msg}] { msg := sprintf("known %v", [data.inventory.cluster[_][_][name].metadata.name]) }
`;
const files: Readonly<Record<string, string>> = {
  "p/template.yaml": template,
  "p/broken.yaml": template.replace("package never", "package never {"),
  "p/constraint.yaml": `
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Never
metadata: {name: one}
spec: {parameters: {message: "no [pods]"}}
`,
  "p/wrong.yaml": `
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Never
metadata: {name: one}
spec: {parameters: {message: 5}}
`,
  "p/pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n",
  "p/two.yaml": "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n",
  "p/empty.yaml": "# nothing\n",
  "p/node.yaml": "apiVersion: v1\nkind: Node\nmetadata: {name: n}\n",
  "p/review.yaml": `
apiVersion: admission.k8s.io/v1
kind: AdmissionReview
request: {uid: a, operation: UPDATE, object: {apiVersion: v1, kind: Pod, metadata: {name: p}}}
`,
  "p/delete.yaml": `
apiVersion: admission.k8s.io/v1
kind: AdmissionReview
request: {uid: a, operation: DELETE, object: {apiVersion: v1, kind: Pod, metadata: {name: p}}}
`,
};
const readFile: Files = (path) => {
  const text = files[path];
  return text === undefined ? { ok: false, message: `open ${path}: file does not exist` } : { ok: true, text };
};

function suiteOf(text: string): Suite {
  const [document] = readYaml(
    `apiVersion: test.gatekeeper.sh/v1alpha1\nkind: Suite\n${text}`,
    "suite.yaml",
    "suite",
  ).documents;
  const read = readSuite(document?.value ?? null);
  assert.ok(read.kind === "suite", read.kind === "error" ? read.message : read.kind);
  return read.suite;
}

function run(text: string, filter?: SuiteFilter): Promise<SuiteResult> {
  const drivers = (print: (line: string) => void): readonly RegoDriver[] => {
    void print;
    return [new RegoDriver({ print: true })];
  };
  return runSuite(suiteOf(text), { files: readFile, path: "p/suite.yaml", drivers, now: 0n, filter });
}

async function caseError(text: string): Promise<string | undefined> {
  const { tests } = await run(`
tests:
- {name: t, template: template.yaml, constraint: constraint.yaml, cases: [{name: c, ${text}}]}
`);
  assert.equal(tests[0]?.error, undefined);
  return tests[0]?.cases[0]?.error;
}

async function testError(text: string): Promise<string | undefined> {
  const { tests } = await run(`tests: [{name: t, ${text}}]`);
  return tests[0]?.error;
}

describe("a suite", () => {
  it("is told from other documents", () => {
    assert.equal(readSuite({ kind: "Suite" }).kind, "other");
    const wrong: JsonValue = { apiVersion: "test.gatekeeper.sh/v1", kind: "Suite", tests: {} };
    assert.equal(readSuite(wrong).kind, "error");
  });

  it("passes and fails by its assertions, and shows what was printed", async () => {
    const result = await run(`
tests:
- name: t
  template: template.yaml
  constraint: constraint.yaml
  cases:
  - {name: yes, object: pod.yaml, assertions: [{violations: yes}, {violations: 1, message: "no .pods."}]}
  - {name: none, object: pod.yaml, assertions: [{violations: no}]}
  - {name: more, object: pod.yaml, inventory: [node.yaml], assertions: [{violations: 2}, {message: "known n"}]}
`);
    const [test] = result.tests;
    assert.deepEqual(
      test?.cases.map(({ error }) => error),
      [
        undefined,
        "unexpected number of violations: got 1 violations but want none: got messages [no [pods]]",
        undefined,
      ],
    );
    assert.ok(isFailure(result));
    assert.deepEqual(test?.cases[0]?.print, ["asked "]);
  });

  it("tells how long each test and case took, by the clock that it is given", async () => {
    let now = 0;
    const suite = suiteOf(`
tests:
- name: t
  template: template.yaml
  constraint: constraint.yaml
  cases:
  - {name: run, object: pod.yaml, assertions: [{violations: 1}]}
  - {name: skipped, skip: true, object: pod.yaml, assertions: [{violations: 1}]}
`);
    const drivers = (): readonly RegoDriver[] => [new RegoDriver()];
    const clock = (): number => (now += 10);
    const { tests } = await runSuite(suite, { files: readFile, path: "p/suite.yaml", drivers, now: 0n, clock });
    // The clock goes on by ten whenever it is asked: at the beginning and the end of each part.
    assert.equal(tests[0]?.milliseconds, 30);
    assert.deepEqual(
      tests[0]?.cases.map(({ milliseconds }) => milliseconds),
      [10, 0],
    );
  });

  it("reviews the request of an AdmissionReview", async () => {
    assert.equal(await caseError("object: review.yaml, assertions: [{violations: 1}]"), undefined);
    assert.equal(
      await caseError("object: delete.yaml, assertions: [{violations: 1}]"),
      'admission.k8s.gatekeeper.sh: target.HandleReview failed for target "admission.k8s.gatekeeper.sh": oldObject cannot be nil for DELETE operations\n',
    );
  });

  it("says what is wrong with a case", async () => {
    assert.equal(await caseError("assertions: [{}]"), "invalid Case: must define object");
    assert.equal(await caseError("object: pod.yaml"), "invalid Case: assertions must be non-empty");
    assert.equal(
      await caseError("object: two.yaml, assertions: [{}]"),
      'object file must contain exactly one object: "p/two.yaml" defines 2 objects',
    );
    assert.equal(
      await caseError("object: empty.yaml, assertions: [{}]"),
      'missing objects: path "p/empty.yaml" defines no YAML objects',
    );
    assert.equal(await caseError("object: gone.yaml, assertions: [{}]"), "open p/gone.yaml: file does not exist");
    assert.match(
      (await caseError("object: pod.yaml, assertions: [{message: '('}]")) ?? "",
      /^message contains invalid regular expression: /,
    );
  });

  it("says what is wrong with a test", async () => {
    assert.equal(await testError("constraint: constraint.yaml"), "invalid Suite: missing template");
    assert.equal(await testError("template: template.yaml"), "invalid Suite: missing constraint");
    assert.equal(
      await testError("template: pod.yaml, constraint: constraint.yaml"),
      'path "p/pod.yaml": not a ConstraintTemplate',
    );
    assert.equal(await testError("template: template.yaml, constraint: pod.yaml"), "not a Constraint");
    assert.match(
      (await testError("template: broken.yaml, constraint: constraint.yaml")) ?? "",
      /^adding template: invalid ConstraintTemplate: /,
    );
  });

  it("expects a constraint to be refused by its schema where it says so", async () => {
    assert.equal(await testError("template: template.yaml, constraint: wrong.yaml, invalid: true"), undefined);
    assert.equal(
      await testError("template: template.yaml, constraint: constraint.yaml, invalid: true"),
      "constraint should have failed schema validation: got error %!w(<nil>) but want schema validation failed",
    );
    assert.match(
      (await testError("template: template.yaml, constraint: wrong.yaml")) ?? "",
      /^schema validation failed: /,
    );
  });

  it("skips what it says, and what the filter leaves out", async () => {
    assert.deepEqual(await run("skip: true\ntests: []"), { skipped: true, tests: [] });
    const filter = readFilter("^t$//b", platformPatterns);
    assert.ok(filter.ok);
    const result = await run(
      `
tests:
- {name: skipped, skip: true}
- {name: other}
- name: t
  template: template.yaml
  constraint: constraint.yaml
  cases: [{name: a, object: gone.yaml}, {name: b, object: pod.yaml, assertions: [{violations: 1}]}]
`,
      filter.filter,
    );
    assert.deepEqual(
      result.tests.map(({ name, skipped, cases }) => [name, skipped, cases.map((item) => item.skipped)]),
      [
        ["skipped", true, []],
        ["other", true, []],
        ["t", false, [true, false]],
      ],
    );
  });
});

describe("assertions", () => {
  it("are worded as gator words them", () => {
    const check = (violations: string | number, message?: string): string | undefined =>
      checkAssertion({ violations, ...(message === undefined ? {} : { message }) }, ["ab", "b"], platformPatterns);
    const got = ": got messages [ab b]";
    assert.equal(check(3), `unexpected number of violations: got 2 violations but want exactly 3${got}`);
    assert.equal(
      check("yes", "x"),
      `unexpected number of violations: got 0 violations containing "x" but want at least 1${got}`,
    );
    assert.equal(
      check("no", "a"),
      `unexpected number of violations: got 1 violations containing "a" but want none${got}`,
    );
    assert.equal(check(1, "a"), undefined);
    assert.equal(
      check("maybe"),
      `invalid yaml: assertion.violation, if set, must be a nonnegative integer, "yes", or "no"${got}`,
    );
    assert.match(check(-1) ?? "", /^invalid yaml/);
  });
});

describe("filters", () => {
  it("select by test, by case, or by both", () => {
    const either = readFilter("b", platformPatterns);
    assert.ok(
      either.ok && either.filter.case("a", "b") && either.filter.case("b", "a") && !either.filter.case("a", "c"),
    );
    assert.deepEqual(readFilter("a//b//c", platformPatterns), {
      ok: false,
      message: 'invalid test filter: a filter may include at most one "//"',
    });
    assert.ok(!readFilter("(", platformPatterns).ok);
    assert.ok(readFilter("", platformPatterns).ok);
  });
});

describe("paths", () => {
  it("are taken from the suite's folder", () => {
    assert.equal(joinPath("a/b", "../c/./d.yaml"), "a/c/d.yaml");
    assert.equal(joinPath("", "d.yaml"), "d.yaml");
    assert.equal(joinPath("/a", "d.yaml"), "/a/d.yaml");
    assert.equal(joinPath("a", "/x/d.yaml"), "/x/d.yaml");
    assert.equal(joinPath("a", "../../d.yaml"), "../d.yaml");
  });
});
