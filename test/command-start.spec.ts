/** The command `portcullis` as it is linked, on this Node and on one that says it is old. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");
const start = join(root, "packages/cli/bin/portcullis.mjs");

function onNode(version: string | undefined, ...argv: readonly string[]): { status: number | null; text: string } {
  const disguise = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const flags = version === undefined ? [] : [`--import=data:text/javascript,${encodeURIComponent(disguise)}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=source", ...flags, start, ...argv], {
    encoding: "utf8",
  });
  return { status, text: stdout + stderr };
}

test("the command starts on this Node", () => {
  const { status, text } = onNode(undefined, "version");
  assert.equal(status, 0);
  assert.match(text, /^portcullis \d+\.\d+\.\d+ /);
});

for (const version of ["20.20.2", "24.11.1"]) {
  test(`on Node ${version} it says what it needs, and which command has it`, () => {
    const { status, text } = onNode(version, "version");
    assert.equal(status, 1);
    assert.match(text, new RegExp(`^portcullis needs Node 24\\.12 or newer; this is Node ${version} on `));
    assert.match(text, /run `npx --prefix \S+ portcullis`|Install Node 26/);
    assert.equal(text.trimEnd().split("\n").length, 2);
  });
}

test("a disk that is full is told as such", { skip: !existsSync("/dev/full") && "there is no /dev/full" }, () => {
  const full = openSync("/dev/full", "w");
  try {
    const { status, stderr } = spawnSync(process.execPath, ["--conditions=source", start, "version"], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.equal(stderr, "cannot write to standard output: no space left on device\n");
  } finally {
    closeSync(full);
  }
});
