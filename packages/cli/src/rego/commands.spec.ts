/** Every `rego` command beside what the real OPA answered to the same line over the same files. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../run.ts";
import { recordingTerminal } from "../testing.ts";
import { cases, files } from "./command-cases-data.ts";
import { optionCases, optionFiles } from "./option-cases-data.ts";

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "rego-commands-"));
  for (const [name, text] of Object.entries({ ...files, ...optionFiles })) {
    const file = join(directory, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
});
after(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function ran(argv: readonly string[], input?: string): Promise<{ status: number; out: string; error: string }> {
  const terminal = recordingTerminal({ directory, ...(input === undefined ? {} : { input }) });
  const status = await run(["rego", ...argv], terminal);
  return { status, ...terminal.written };
}

describe("as opa answers", () => {
  for (const { argv, ...wanted } of [...cases, ...optionCases]) {
    test(argv.join(" "), async () => {
      assert.deepEqual(await ran(argv), wanted);
    });
  }
});

test("fmt reads standard input, and writes to files where told", async () => {
  const text = "package a\np if   {input.x}\n";
  const formatted = "package a\n\np if input.x\n";
  assert.deepEqual(await ran(["fmt"], text), { status: 0, out: formatted, error: "" });
  await writeFile(join(directory, "w.rego"), text);
  assert.deepEqual(await ran(["fmt", "-w", "w.rego"]), { status: 0, out: "", error: "" });
  assert.equal(await readFile(join(directory, "w.rego"), "utf8"), formatted);
});

test("fmt --diff shows what would change", async () => {
  await writeFile(join(directory, "d.rego"), "package a\n\np  if input.x\n");
  const { status, out } = await ran(["fmt", "-d", "d.rego"]);
  assert.equal(status, 0);
  assert.match(out, /^-p {2}if input.x\n\+p if input.x$/m);
});

test("eval reads its query or its input from standard input", async () => {
  assert.equal((await ran(["eval", "--stdin", "-f", "raw"], "1 + 2")).out, "3\n");
  assert.equal((await ran(["eval", "-I", "-f", "raw", "input.a"], "a: [1]")).out, "[1]\n");
  assert.equal((await ran(["eval", "-I", "--stdin", "1"], "")).status, 1);
});

test("a trace names the condition that failed, and its values", async () => {
  const { out } = await ran(["eval", "-d", "t/q.rego", "-f", "pretty", "--explain", "fails", "data.q.f(2.5)"]);
  assert.equal(
    out,
    ["t/q.rego:13  | Enter data.q.f   (x = 2.5)", "t/q.rego:14  | | Fail x > 3   (x = 2.5)", '"b"', ""].join("\n"),
  );
});

test("a profile counts by line", async () => {
  const { out } = await ran([
    "eval",
    "-d",
    "p/ok.rego",
    "-i",
    "in.json",
    "-f",
    "pretty",
    "--profile",
    "count(data.a.p)",
  ]);
  assert.match(out, /│ \S+ +│ 1 +│ 3 +│ 1 +│ p\/ok.rego:3 +│/);
});

test("failing tests are named with why, and set the status", async () => {
  const plain = await ran(["test", "t/failing"]);
  assert.equal(plain.status, 2);
  assert.match(
    plain.out,
    /^t\/failing\/f_test.rego:3:\ndata.f_test.test_no: FAIL \(\S+\)\nt\/failing\/f_test.rego:5:\ndata.f_test.todo_test_later: SKIPPED\n-{80}\nFAIL: 1\/2\nSKIPPED: 1\/2\n$/,
  );
  const verbose = await ran(["test", "-v", "-r", "no", "t/failing"]);
  assert.match(
    verbose.out,
    /FAILURES\n-{80}\ndata.f_test.test_no: FAIL \(\S+\)\n\n {2}t\/failing\/f_test.rego:3 .*Enter data.f_test.test_no\n.*Fail 1 == 2/,
  );
  const json = await ran(["test", "-f", "json", "t/failing"]);
  const results: unknown = JSON.parse(json.out.replaceAll(/"duration": \d+/g, '"duration": 0'));
  assert.deepEqual(results, [
    {
      location: { file: "t/failing/f_test.rego", row: 3, col: 1 },
      package: "data.f_test",
      name: "test_no",
      fail: true,
      duration: 0,
    },
    {
      location: { file: "t/failing/f_test.rego", row: 5, col: 1 },
      package: "data.f_test",
      name: "todo_test_later",
      skip: true,
      duration: 0,
    },
  ]);
});

test("a query may take so long, and no longer", async () => {
  const endless = "count([1 | numbers.range(1, 1000000)[_]; numbers.range(1, 1000000)[_]])";
  const { status, error } = await ran(["eval", "--timeout", "20ms", "-f", "pretty", endless]);
  assert.equal(status, 2);
  assert.equal(error, "1 error occurred: eval_cancel_error: caller cancelled query execution\n");
});

test("a test that takes too long is an error, and the others run", async () => {
  const slow = "count([1 | numbers.range(1, 1000000)[_]; numbers.range(1, 1000000)[_]]) > 0";
  await writeFile(join(directory, "slow_test.rego"), `package s\n\ntest_slow if ${slow}\n\ntest_quick if true\n`);
  const { status, out } = await ran(["test", "--timeout", "20ms", "slow_test.rego"]);
  assert.equal(status, 2);
  assert.match(out, /test_slow: ERROR \(\S+\)\n {2}eval_cancel_error: caller cancelled query execution\n/);
  assert.match(out, /PASS: 1\/2\nERROR: 1\/2\n$/);
});

test("the notes of trace stand below what was entered", async () => {
  const text =
    'package n\n\np if {\n\tsome x in [1, 2]\n\ttrace(sprintf("x is %d", [x]))\n\tq(x)\n}\n\nq(n) if trace("q")\n';
  await writeFile(join(directory, "n.rego"), text);
  const argv = ["eval", "-d", "n.rego", "-f", "pretty", "--explain", "notes", "data.n.p"];
  const wanted = [
    "n.rego:3  | Enter data.n.p",
    'n.rego:5  | | Note "x is 1"',
    "n.rego:9  | | Enter data.n.q   (n = 1)",
    'n.rego:9  | | | Note "q"',
    "true",
  ];
  assert.deepEqual(await ran(argv), { status: 0, out: `${wanted.join("\n")}\n`, error: "" });
});

test("metrics, and a profile in the order that is asked for", async () => {
  const { out } = await ran(["eval", "--metrics", "-d", "t/q.rego", "data.q.h"]);
  const { metrics } = JSON.parse(out) as { metrics: Record<string, number> };
  assert.deepEqual(Object.keys(metrics), [
    "timer_rego_load_files_ns",
    "timer_rego_module_compile_ns",
    "timer_rego_query_eval_ns",
  ]);
  assert.ok(Object.values(metrics).every((time) => time > 0));
  const argv = ["eval", "--profile-limit", "0", "--profile-sort", "line", "-d", "t/q.rego", "data.q.g"];
  const { profile } = JSON.parse((await ran(argv)).out) as { profile: readonly { location: { row: number } }[] };
  const rows = profile.map(({ location: { row } }) => row);
  assert.ok(rows.length > 1);
  assert.deepEqual(
    rows,
    rows.toSorted((left, right) => right - left),
  );
});

test("inspect as JSON: manifest, namespaces and annotations", async () => {
  const bundle = await ran(["inspect", "-f", "json", "x/bundle"]);
  assert.deepEqual(JSON.parse(bundle.out), {
    manifest: { revision: "r7", roots: ["tills", "rates"], metadata: { by: "ann" } },
    signatures_config: {},
    namespaces: { "data.rates": ["x/bundle/rates/data.yaml"], "data.tills": ["x/bundle/tills/tills.rego"] },
  });
  const file = await ran(["inspect", "-a", "-f", "json", "x/meta.rego"]);
  const { annotations, manifest } = JSON.parse(file.out) as {
    manifest?: unknown;
    annotations: readonly { path: readonly { value: string }[]; location: { row: number } }[];
  };
  assert.equal(manifest, undefined);
  assert.deepEqual(
    annotations.map(({ path, location }) => [path.map(({ value }) => value).join("."), location.row]),
    [
      ["data.tills", 18],
      ["data.tills.closed", 30],
      ["data.tills.open", 25],
    ],
  );
});

test("cases that failed are named below the trace of their test", async () => {
  const { status, out } = await ran(["test", "-v", "x/broken"]);
  assert.equal(status, 2);
  assert.match(
    out,
    /Fail n < 2 .*\n[^]*\n {2}left: FAIL\n {4}2: FAIL\n {2}right: FAIL\n {4}2: FAIL\n\n-{80}\nPASS: 2\/4\nFAIL: 2\/4\n$/,
  );
});

test("coverage as text and as lcov", async () => {
  const argv = ["test", "-c", "t/q.rego", "t/q_test.rego", "--coverage-format"];
  assert.match((await ran([...argv, "text"])).out, /│ all +│ \d+\.\d\d +│/);
  const lcov = (await ran([...argv, "lcov"])).out;
  assert.match(lcov, /^TN:\nSF:t\/q.rego\n(DA:\d+,[01]\n)+LF:\d+\nLH:\d+\nend_of_record\nTN:\nSF:t\/q_test.rego\n/);
});

const refused: readonly (readonly [argv: string, status: number, error: RegExp])[] = [
  ["nope", 1, /^Error: unknown command "nope" for "portcullis rego"\n/],
  ["eval", 1, /^Error: specify query argument or --stdin\n$/],
  ["eval 1 2", 1, /^Error: specify at most one query argument\n$/],
  ["eval 1 --format nope", 1, /^Error: invalid argument "nope" for "-f, --format" flag: must be one of \{json,/],
  ["eval 1 --format source", 1, /^Error: invalid output format for evaluation\n/],
  ["eval 1 --fail --fail-defined", 1, /^Error: specify --fail or --fail-defined but not both\n$/],
  [
    "eval 1 --timeout soon",
    1,
    /^Error: invalid argument "soon" for "--timeout" flag: time: invalid duration "soon"\n$/,
  ],
  ["eval 1 --explain nope", 1, /must be one of \{off,full,notes,fails,debug\}\n$/],
  [
    "eval 1 --profile-sort speed",
    1,
    /^Error: invalid argument "speed" for "--profile-sort" flag: must be one of \{total/,
  ],
  ["eval 1 --coverage-runs nope", 1, /^Error: invalid --coverage-runs value "nope" \(expected "index_excluded" or/],
  ["eval 1 --capabilities v9.9.9", 1, /no such file or capabilities version found: v9.9.9\nName a release of OPA/],
  [
    "eval 1 --capabilities x/old.rego",
    1,
    /^Error: invalid argument "x\/old.rego" .* flag: this is no JSON: [^]*\nA file has builtins,/,
  ],
  ["eval 1 --partial", 1, /^Error: --partial: partial evaluation is not there; give the input whole/],
  ["eval 1 -u input.x", 1, /^Error: --unknowns: partial evaluation is not there;/],
  ["eval 1 --count 3", 1, /^Error: --count: a query is evaluated once;/],
  ["eval 1 -t wasm", 1, /^Error: --target: policies are compiled to JavaScript; leave it out\n/],
  ["test --bench t", 1, /^Error: --bench: tests are not measured;/],
  ["test --watch t", 1, /^Error: --watch: tests run once;/],
  ["test --threshold 101 t", 1, /^Code coverage threshold must be between 0 and 100\n$/],
  ["test --sort name t", 1, /^Error: invalid argument "name" for "--sort" flag: must be one of \{none,duration\}\n$/],
  ["build --signing-key k t -e q/h", 1, /^Error: --signing-key: what is built is a JavaScript module, not a bundle/],
  ["build -O 1 t -e q/h", 1, /^Error: --optimize: rules are not evaluated in part; leave it out\n/],
  ["inspect a b", 1, /^Error: specify exactly one OPA bundle or path\n$/],
  ["check", 1, /^Error: specify at least one file\n$/],
  ["test -r ( t", 1, /^error parsing regexp: missing closing \): `\(`\n$/],
  ["test --threshold x t", 1, /^--threshold x: this is no number;/],
];
for (const [argv, status, error] of refused) {
  test(`rego ${argv} is refused`, async () => {
    const result = await ran(argv.split(" "));
    assert.equal(result.status, status);
    assert.match(result.error, error);
  });
}

test("each command has help of its own", async () => {
  const help = await ran(["--help"]);
  const names = [...help.out.matchAll(/^ {2}(rego \w+) {2}/gm)].map(([, name]) => name ?? "");
  assert.deepEqual(names.length, 7);
  for (const name of names) {
    const own = await ran([...name.split(" ").slice(1), "--help"]);
    assert.ok(own.out.includes(`portcullis ${name}`), own.out);
  }
});

test("a byte that is no UTF-8 is refused in Rego, in comments too, and one sign for each is read in a document", async () => {
  const place = join(directory, "bytes");
  await mkdir(place, { recursive: true });
  const put = (name: string, text: string): Promise<void> => writeFile(join(place, name), Buffer.from(text, "latin1"));
  await put("text.rego", 'package a\np := "x\xffy"\n');
  await put("comment.rego", "package a\np := 1 # caf\xe9\n");
  await put("input.json", '{"text": "x\xff\xc3y"}');
  await put("input.yaml", "text: x\xff\n");
  const illegal = (name: string, line: string, column: number): string =>
    `rego_parse_error: illegal utf-8 character\n\t${line}\n\t${" ".repeat(column - 1)}^\n`.replace(
      /^/,
      `bytes/${name}:2: `,
    );
  const comment = illegal("comment.rego", "p := 1 # caf\udce9", 8);
  for (const command of ["check", "build", "fmt"]) {
    const { status, out, error } = await ran([command, "bytes/comment.rego"]);
    assert.notEqual(status, 0, command);
    assert.ok(`${out}${error}`.includes(comment.trimEnd()), `${command}: ${out}${error}`);
  }
  const checked = await ran(["check", "bytes/text.rego"]);
  assert.match(
    checked.error,
    /^3 errors occurred during loading:\nbytes\/text\.rego:2: rego_parse_error: illegal utf-8 character\n/,
  );
  assert.match((await ran(["parse", "bytes/text.rego"])).error, /"message": "illegal utf-8 character"/);
  const read = await ran(["eval", "--format=raw", "-i", "bytes/input.json", "input.text"]);
  assert.equal(read.out, "x\ufffd\ufffdy\n");
  assert.match((await ran(["eval", "-i", "bytes/input.yaml", "input"])).error, /yaml: invalid leading UTF-8 octet/);
});
