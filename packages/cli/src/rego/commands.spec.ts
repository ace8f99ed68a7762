/** Every `rego` command beside what the real OPA answered to the same line over the same files. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run } from "../run.ts";
import { recordingTerminal } from "../testing.ts";
import { cases, files } from "./command-cases-data.ts";

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "rego-commands-"));
  for (const [name, text] of Object.entries(files)) {
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
  for (const { argv, ...wanted } of cases) {
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
  ["eval 1 --format nope", 1, /^Error: invalid argument "nope" for "--format" flag: must be one of \{json,/],
  ["check", 1, /^Error: specify at least one file\n$/],
  ["test -r ( t", 1, /^--run \(: this is no regular expression\n$/],
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
