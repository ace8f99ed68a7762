import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { run } from "./run.ts";
import { recordingTerminal } from "./testing.ts";

async function ran(...argv: readonly string[]): Promise<{ status: number; out: string; error: string }> {
  const terminal = recordingTerminal();
  const status = await run(argv, terminal);
  return { status, ...terminal.written };
}

test("help names every command, and each has help of its own", async () => {
  const help = await ran("--help");
  assert.equal(help.status, 0);
  for (const name of ["demo", "sandbox", "test", "verify", "version"]) {
    assert.match(help.out, new RegExp(`^ {2}${name} `, "m"));
    for (const flag of ["--help", "-h"]) {
      const own = await ran(name, flag);
      assert.equal(own.status, 0);
      assert.ok(own.out.includes(`portcullis ${name}`), own.out);
      assert.match(own.out, /^ {2}-h, --help +show this help$/m);
    }
  }
  for (const argv of [[], ["help"], ["-h"], ["help", "help"], ["--help", "--help"]]) {
    assert.deepEqual(await ran(...argv), help);
  }
  assert.equal((await ran("help", "test")).out, (await ran("test", "--help")).out);
  assert.match((await ran("help", "rego", "eval")).out, /portcullis rego eval QUERY/);
});

test("the version says whose contracts it keeps", async () => {
  const { status, out } = await ran("version");
  assert.equal(status, 0);
  assert.match(out, /^portcullis \d+\.\d+\.\d+ \(Gatekeeper 3\.23\.1.*OPA 1\.22\.2/);
  assert.equal((await ran("--version")).out, out);
});

const refused: readonly (readonly [argv: string, error: RegExp])[] = [
  ["tset", /^Error: unknown command "tset" for "portcullis"; did you mean test\?\nRun "portcullis --help"/],
  ["tset -f x", /^Error: unknown command "tset" for "portcullis"; did you mean test\?\nRun "portcullis --help"/],
  ["help tset", /^Error: unknown command "tset" for "portcullis"; did you mean test\?\nRun "portcullis --help"/],
  ["--filename x", /^Error: unknown flag: --filename\nRun "portcullis --help"/],
  ["test --filname=x", /^Error: unknown flag: --filname; did you mean --filename\?\nRun "portcullis test --help"/],
  ["test -z", /^Error: unknown shorthand flag: 'z' in -z\n/],
  ["nothing-like-it", /^Error: unknown command "nothing-like-it" for "portcullis"\nRun/],
  ["rego evaal", /^Error: unknown command "evaal" for "portcullis rego"; did you mean eval\?\nRun/],
  ["test a.yaml", /^Error: unknown command "a\.yaml" for "portcullis test"; files are named behind -f\n/],
  ["version a", /^Error: unknown command "a" for "portcullis version"\n/],
  ["test -f", /^Error: flag needs an argument: 'f' in -f\n/],
  ["test", /^no input data identified\n$/],
  ["verify", /^Error: accepts 1 arg\(s\), received 0\n/],
  ["sandbox --port x", /^Error: invalid argument "x" for "--port" flag: .*\n/],
  ["sandbox --port 70000", /^--port 70000: a port is a number from 1 to 65535, or 0 for any free one\n$/],
  ["sandbox --denial-form old", /^--denial-form old: this is no form; use classic or current\n$/],
  [
    "sandbox --kubeconfig /dev/null/x",
    /^cannot write the kubeconfig \/dev\/null\/x: .*\nname another file with --kubeconfig\n$/,
  ],
];
for (const [argv, error] of refused) {
  test(`portcullis ${argv} is refused with what to do`, async () => {
    const result = await ran(...argv.split(" "));
    assert.equal(result.status, 1);
    assert.match(result.error, error);
  });
}

test("a port in use is named, with what to do", async () => {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  try {
    const { port } = other.address() as AddressInfo;
    const { status, error } = await ran("sandbox", "--port", String(port));
    assert.equal(status, 1);
    assert.equal(
      error,
      `cannot serve on 127.0.0.1:${port}: another process uses this port\nname another with --port, or use --port 0 for any free one\n`,
    );
  } finally {
    other.close();
  }
});
