import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { run } from "../run.ts";
import { recordingTerminal } from "../testing.ts";

const story = fileURLToPath(new URL("../../../../examples/private-registry", import.meta.url));
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "portcullis-spec-"));
});
after(async () => {
  await rm(folder, { recursive: true });
});

async function ran(argv: readonly string[], input?: string): Promise<{ status: number; out: string; error: string }> {
  const terminal = recordingTerminal({ directory: folder, ...(input === undefined ? {} : { input }) });
  const status = await run(argv, terminal);
  return { status, ...terminal.written };
}

const message =
  'container <swiss-army-knife> has an invalid image repo <rancherlabs/swiss-army-knife:latest>, allowed repos are ["private.example.com"]';

test("test prints gator's line for a violation and exits 1", async () => {
  const { status, out, error } = await ran(["test", "-f", story]);
  assert.deepEqual(
    { status, out, error },
    {
      status: 1,
      out: `v1/Pod swiss-army-knife-disallowed: ["allow-only-private-registry"] Message: "${message.replaceAll('"', '\\"')}"\n`,
      error: "",
    },
  );
});

test("test prints gator's JSON, to the byte", async () => {
  const { out } = await ran(["test", "-f", story, "-o=json"]);
  assert.ok(
    out.startsWith('[\n    {\n        "target": "admission.k8s.gatekeeper.sh",\n        "msg": "container \\u003c'),
  );
  assert.ok(out.endsWith('        "trace": null\n    }\n]'));
  const [result] = JSON.parse(out) as [{ msg: string; metadata: unknown; enforcementAction: string }];
  assert.deepEqual([result.msg, result.metadata, result.enforcementAction], [message, { details: {} }, "deny"]);
  assert.equal((await ran(["test", "-f", `${story}/allowed.yaml`, "-o", "json"])).out, "null");
});

test("test prints gator's YAML, to the byte", async () => {
  const { out } = await ran(["test", "-f", story, "-oyaml"]);
  assert.equal(
    out,
    `- result:
    target: admission.k8s.gatekeeper.sh
    msg: ${message}
    metadata:
        details: {}
    constraint:
        object:
            apiVersion: constraints.gatekeeper.sh/v1beta1
            kind: K8sAllowedRepos
            metadata:
                name: allow-only-private-registry
            spec:
                enforcementAction: deny
                match:
                    kinds:
                        - apiGroups:
                            - ""
                          kinds:
                            - Pod
                parameters:
                    repos:
                        - private.example.com
    enforcementaction: deny
    scopedenforcementactions: []
  violatingObject:
    apiVersion: v1
    kind: Pod
    metadata:
        name: swiss-army-knife-disallowed
    spec:
        containers:
            - image: rancherlabs/swiss-army-knife:latest
              name: swiss-army-knife
              resources:
                limits:
                    cpu: 100m
                    memory: 30Mi
  trace: null
`,
  );
  assert.equal((await ran(["test", "-f", `${story}/allowed.yaml`, "-oyaml"])).out, "[]\n");
});

test("test reads standard input too, and warns of what is defined twice", async () => {
  const { status, out, error } = await ran(
    [
      "test",
      "-f",
      `${story}/constraint_template.yaml`,
      "-f",
      `${story}/constraint.yaml`,
      "-f",
      `${story}/allowed.yaml`,
    ],
    'apiVersion: v1\nkind: Pod\nmetadata: {name: swiss-army-knife-allowed}\nspec: {containers: [{name: c, image: "x"}]}\n',
  );
  assert.equal(status, 1);
  assert.match(out, /^v1\/Pod swiss-army-knife-allowed: /);
  assert.match(
    error,
    /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d WARNING - Resource named "swiss-army-knife-allowed" \(from stdin\) is already defined in file: ".*allowed.yaml"\n$/,
  );
});

const template = (rego: string): string => `apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: k8stest}
spec:
  crd: {spec: {names: {kind: K8sTest}, validation: {openAPIV3Schema: {type: object, properties: {count: {type: integer}}}}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: |
        package k8stest
        ${rego}
`;
const good = template('violation[{"msg": "no"}] { input.review.object.spec.bad }');

const refused: readonly (readonly [what: string, file: string, text: string, error: RegExp])[] = [
  [
    "a tab",
    "tab.yaml",
    "a:\n\tb: 1\n",
    /reading file "tab.yaml": reading yaml source:\ntab.yaml:2:1: a tab is used for indentation\n {2}2 \| {2}b: 1\n {4}\| \^\n {2}YAML is indented by spaces/,
  ],
  ["an unknown tag", "tag.yaml", "a: 1\nb: !Ref x\n", /\ntag.yaml:2:4: the tag `!Ref` is unknown\n/],
  [
    "a file that is no YAML by its name",
    "x.txt",
    "",
    /^reading: reading from filenames: path "x.txt" must be of extensions: \[.yaml .yml .json\]\n$/,
  ],
  [
    "no object",
    "list.yaml",
    "- a\n",
    /list.yaml:1:1: this document is no object; an object with apiVersion and kind is expected/,
  ],
  [
    "an object without kind",
    "kind.yaml",
    "a: 1\n",
    /^auditing objects: adding data of GVK "\/, Kind=": .*resource {2}has no version/,
  ],
  [
    "Rego that does not parse",
    "rego.yaml",
    template("violation[x] { x := = 1 }"),
    /^auditing objects: adding template "k8stest": invalid ConstraintTemplate: 1 error occurred: template:2: rego_parse_error: .*\n {2}at line 2, column \d+ of the Rego \(template\)\n$/,
  ],
  [
    "an unknown builtin",
    "builtin.yaml",
    template('violation[{"msg": "a"}] { nosuch(1) }'),
    /^auditing objects: adding template "k8stest": unable to compile modules: 1 error occurred: template:2: rego_type_error: undefined function nosuch\n {2}at line 2, column \d+/,
  ],
  [
    "a name that is not the kind",
    "name.yaml",
    good.replace("name: k8stest", "name: k8sother"),
    /name "k8sother" is not equal to the lowercase of CRD's Kind: "k8stest"\n {2}set metadata.name to k8stest\n$/,
  ],
  [
    "a parameter of a wrong type",
    "parameter.yaml",
    `${good}---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sTest\nmetadata: {name: x}\nspec: {parameters: {count: many}}\n`,
    /^auditing objects: adding constraint "x": schema validation failed: .*spec.parameters.count.*must be of type integer/,
  ],
  [
    "a constraint without template",
    "missing.yaml",
    "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sTest\nmetadata: {name: x}\n",
    /^auditing objects: adding constraint "x": missing ConstraintTemplate: template "k8stest" not found\n {2}apply the ConstraintTemplate k8stest first\n$/,
  ],
  [
    "an expansion, which is not there yet",
    "expansion.yaml",
    "apiVersion: expansion.gatekeeper.sh/v1alpha1\nkind: ExpansionTemplate\nmetadata: {name: e}\n",
    /ExpansionTemplate "e": expansion is not there yet/,
  ],
];
for (const [what, file, text, error] of refused) {
  test(`test refuses ${what}: what, where and what to do`, async () => {
    await writeFile(join(folder, file), text);
    const result = await ran(["test", "-f", file]);
    assert.equal(result.status, 1);
    assert.equal(result.out, "");
    assert.match(result.error, error);
  });
}

test("a file that is not there is named", async () => {
  assert.deepEqual(await ran(["test", "-f", "nowhere.yaml"]), {
    status: 1,
    out: "",
    error:
      'reading: reading from filenames: stat on path "nowhere.yaml": stat nowhere.yaml: no such file or directory\n',
  });
});

test("a file that is no UTF-8 is refused in gator's words", async () => {
  for (const [name, bytes, word] of [
    ["leading.yaml", 'a: "x\xffy"\n', "leading"],
    ["trailing.yaml", 'a: "\xf0\x9f\x98"\n', "trailing"],
  ] as const) {
    await writeFile(join(folder, name), Buffer.from(bytes, "latin1"));
    const where = `reading: reading from filenames: reading file "${name}": reading yaml source`;
    assert.deepEqual(await ran(["test", "-f", name]), {
      status: 1,
      out: "",
      error: `${where}: error converting YAML to JSON: yaml: invalid ${word} UTF-8 octet\n`,
    });
  }
});

test("numbers are Go's doubles in objects and, as gator test reads them, in constraints", async () => {
  const rego = `package wide
      violation[{"msg": msg}] { msg := sprintf("%v of %v", [input.review.object.spec.width, input.parameters.most]) }`;
  const wide = `apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: wide}
spec:
  crd: {spec: {names: {kind: Wide}, validation: {openAPIV3Schema: {type: object, properties: {most: {type: integer}}}}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      ${rego}
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: Wide
metadata: {name: wide}
spec: {parameters: {most: 2000000}}
---
apiVersion: v1
kind: Thing
metadata: {name: big}
spec: {width: 9007199254740993}
`;
  assert.equal((await ran(["test"], wide)).out, 'v1/Thing big: ["wide"] Message: "9.007199254740992e+15 of 2e+06"\n');
});

test("details show their numbers as Rego has them, and in YAML as doubles", async () => {
  const details = `{"width": input.review.object.spec.width, "third": 1/3, "parts": {3, 1.0}, "as": [1e3, -0, "1.50"]}`;
  const objects = `${template(`violation[{"msg": "no", "details": d}] { d := ${details} }`)}---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sTest
metadata: {name: x}
spec: {match: {kinds: [{apiGroups: [""], kinds: [Thing]}]}}
---
apiVersion: v1
kind: Thing
metadata: {name: wide}
spec: {width: 1000660000}
`;
  const json = (await ran(["test", "-ojson"], objects)).out.replaceAll(/\s+/g, " ");
  const written =
    '"as": [ 1e3, -0, "1.50" ], "parts": [ 1.0, 3 ], "third": 0.33333333333333333334, "width": 1.00066e+09';
  assert.ok(json.includes(`"details": { ${written} }`), json);
  const yaml = (await ran(["test", "-oyaml"], objects)).out.replaceAll(/\s+/g, " ");
  const doubles = 'as: - 1000 - -0 - "1.50" parts: - 1 - 3 third: 0.3333333333333333 width: 1.00066e+09';
  assert.ok(yaml.includes(`details: ${doubles} `), yaml);
});

test("verify takes no file that is not UTF-8, and says so in gator's words", async () => {
  const suite = `apiVersion: test.gatekeeper.sh/v1alpha1
kind: Suite
tests: [{name: t, template: t.yaml, constraint: c.yaml, cases: [{name: one, object: o.yaml, assertions: [{violations: no}]}]}]
`;
  const texts: Readonly<Record<string, string>> = {
    "s.yaml": suite,
    "t.yaml": template('violation[{"msg": "no"}] { input.review.object.spec.bad }'),
    "c.yaml": "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sTest\nmetadata: {name: x}\n",
    "o.yaml": "apiVersion: v1\nkind: Thing\nmetadata: {name: a}\n",
  };
  const fault = "yaml: invalid leading UTF-8 octet\n";
  const words: Readonly<Record<string, (path: string) => string>> = {
    "s.yaml": (path) => `Error: listing test files: invalid yaml: parsing yaml file "${path}": ${fault}`,
    "t.yaml": (path) => `  adding template: parsing ConstraintTemplate YAML from "${path}": ${fault}`,
    "c.yaml": (path) => `  adding constraint: parsing Constraint from "${path}": ${fault}`,
    "o.yaml": (path) => `        reading "${path}": invalid yaml: ${fault}`,
  };
  for (const [broken, wording] of Object.entries(words)) {
    const at = join(folder, `broken-${broken}`);
    await mkdir(at);
    for (const [name, text] of Object.entries(texts)) {
      const bytes = Buffer.from(name === broken ? `${text}# \u00ff\n` : text, "latin1");
      await writeFile(join(at, name), bytes);
    }
    const { status, out, error } = await ran(["verify", join(at, "s.yaml")]);
    assert.equal(status, 1);
    const told = out + error;
    assert.ok(told.includes(wording(join(at, broken))), told);
  }
});

test("warn and dryrun are shown but exit 0; --deny-only hides them", async () => {
  const text = (action: string): string =>
    `${good}---\napiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sTest\nmetadata: {name: x}\nspec: {enforcementAction: ${action}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: team}\nspec: {bad: true}\n`;
  for (const action of ["warn", "dryrun"]) {
    const { status, out } = await ran(["test"], text(action));
    assert.deepEqual([status, out], [0, 'v1/Pod team/p: ["x"] Message: "no"\n']);
    assert.deepEqual((await ran(["test", "--deny-only"], text(action))).out, "");
  }
});

test("verify runs a suite with gator's words and status", async () => {
  await mkdir(join(folder, "suite"), { recursive: true });
  const pod = (bad: boolean): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {bad: ${bad}}\n`;
  const files = {
    "template.yaml": good,
    "constraint.yaml": "apiVersion: constraints.gatekeeper.sh/v1beta1\nkind: K8sTest\nmetadata: {name: x}\n",
    "bad.yaml": pod(true),
    "good.yaml": pod(false),
    "suite.yaml": `apiVersion: test.gatekeeper.sh/v1alpha1
kind: Suite
tests:
  - name: t
    template: template.yaml
    constraint: constraint.yaml
    cases:
      - {name: allowed, object: good.yaml, assertions: [{violations: no}]}
      - {name: denied, object: bad.yaml, assertions: [{violations: yes, message: "^no$"}]}
      - {name: wrong, object: bad.yaml, assertions: [{violations: 2}]}
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, "suite", name), text);
  const plain = (text: string): string => text.replace(/\d+\.\d{3}s/g, "0.000s");
  const failed = await ran(["verify", "suite"]);
  assert.deepEqual(
    [failed.status, plain(failed.out), failed.error],
    [
      1,
      "    --- FAIL: wrong\t(0.000s)\n        unexpected number of violations: got 1 violations but want exactly 2: got messages [no]\n--- FAIL: t\t(0.000s)\nFAIL\tsuite/suite.yaml\t0.000s\nFAIL\n\n",
      "Error: FAIL\n",
    ],
  );
  const passed = await ran(["verify", "./suite/...", "--run", "allowed|denied", "-v"]);
  assert.equal(passed.status, 0);
  assert.equal(
    plain(passed.out),
    "=== RUN   t\n    === RUN   allowed\n    --- PASS: allowed\t(0.000s)\n    === RUN   denied\n    --- PASS: denied\t(0.000s)\n    === SKIP  wrong\n--- PASS: t\t(0.000s)\nok\t./suite/suite.yaml\t0.000s\nPASS\n\n",
  );
});

test("verify says what it cannot look into", async () => {
  for (const [path, error] of [
    ["nowhere", "Error: listing test files: stat nowhere: no such file or directory\n"],
    [
      "suite/suite.yaml/...",
      'Error: listing test files: can only recursively traverse directories, not a directory: "suite/suite.yaml"\n',
    ],
    ["x.txt", 'Error: listing test files: unsupported extension: ".txt"\n'],
  ] as const) {
    assert.deepEqual(await ran(["verify", path]), { status: 1, out: "", error });
  }
});

test("a parameter that was probably meant to be another is told, where the template's schema keeps it", async () => {
  const constraint = `apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sAllowedRepos
metadata:
  name: mistyped
spec:
  parameters:
    repoz: ["private.example.com"]
`;
  await writeFile(join(folder, "mistyped.yaml"), constraint);
  const { status, out, error } = await ran([
    "test",
    `-f=${story}/constraint_template.yaml`,
    `-f=${story}/disallowed.yaml`,
    "-f=mistyped.yaml",
  ]);
  assert.deepEqual([status, out], [0, ""]);
  assert.equal(
    error,
    'warning: K8sAllowedRepos mistyped (file: "mistyped.yaml"): field "spec.parameters.repoz" is not declared by the template; did you mean "spec.parameters.repos"?\n',
  );
});

test("whoever names the wrong files is told that nothing is reviewed, and nothing tested", async () => {
  const reviewed = await ran(["test", `-f=${story}/allowed.yaml`, `-f=${story}/constraint_template.yaml`]);
  assert.deepEqual([reviewed.status, reviewed.out], [0, ""]);
  assert.equal(reviewed.error, "warning: there is no constraint among the objects, so nothing is reviewed\n");
  const tested = await ran(["verify", `${story}/allowed.yaml`]);
  assert.deepEqual([tested.status, tested.out], [0, "PASS\n\n"]);
  assert.equal(tested.error, `warning: there is no suite at ${story}/allowed.yaml, so nothing is tested\n`);
});
