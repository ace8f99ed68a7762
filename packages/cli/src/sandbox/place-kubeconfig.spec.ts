import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSandbox, type Sandbox } from "@portcullis/sandbox";
import { placeKubeconfig } from "./place-kubeconfig.ts";

let folder = "";
let sandbox: Sandbox | undefined;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "place-kubeconfig-spec-"));
  sandbox = await startSandbox({ controllers: false });
});
after(async () => {
  await sandbox?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of a sandbox that serves. */
const kubeconfig = (): string => sandbox?.kubeconfig ?? "";
/** Of one that is gone: nobody listens there. */
const stale = (): string => kubeconfig().replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1");

for (const [what, text] of [
  ["a kubeconfig of the user's own", "apiVersion: v1\nkind: Config\ncurrent-context: production\n"],
  ["a file of any other kind", "a shopping list\n"],
] as const) {
  test(`${what} is left as it is`, async () => {
    writeFileSync(join(folder, "config"), text);
    await assert.rejects(placeKubeconfig("config", folder, kubeconfig()), {
      name: "CommandError",
      message: `${join(folder, "config")} is there already, and is not the kubeconfig of a sandbox, so it is left as it is\nname another file with --kubeconfig`,
    });
    assert.equal(readFileSync(join(folder, "config"), "utf8"), text);
  });
}

test("what is no file is not written over, and neither is what a link leads to", async () => {
  writeFileSync(join(folder, "target"), "");
  symlinkSync("target", join(folder, "link"));
  for (const wanted of [".", "link"]) {
    await assert.rejects(placeKubeconfig(wanted, folder, kubeconfig()), /is not the kubeconfig of a sandbox/);
  }
  assert.ok(existsSync(join(folder, "link")));
});

test("the kubeconfig of a sandbox that serves is left as it is, and the sandbox is named", async () => {
  writeFileSync(join(folder, "serving"), kubeconfig());
  await assert.rejects(placeKubeconfig("serving", folder, "other"), (error: Error) => {
    assert.match(
      error.message,
      /serving is the kubeconfig of another sandbox, which serves at https:\/\/127\.0\.0\.1:\d+/,
    );
    return true;
  });
  assert.equal(readFileSync(join(folder, "serving"), "utf8"), kubeconfig());
});

test("one of a sandbox that is gone, and an empty file, give way to a file for the owner alone", async () => {
  for (const text of [stale(), ""]) {
    writeFileSync(join(folder, "old"), text, { mode: 0o644 });
    const placed = await placeKubeconfig("old", folder, kubeconfig());
    await placed.publish();
    assert.equal(readFileSync(placed.path, "utf8"), kubeconfig());
    assert.equal(statSync(placed.path).mode & 0o777, 0o600);
    await placed.remove();
    assert.equal(existsSync(placed.path), false);
  }
});

test("what somebody else has put there meanwhile is not taken away", async () => {
  const placed = await placeKubeconfig("changed", folder, kubeconfig());
  await placed.publish();
  writeFileSync(placed.path, "mine now\n");
  await placed.remove();
  assert.equal(readFileSync(placed.path, "utf8"), "mine now\n");
  assert.equal(existsSync(placed.draft), false);
});
