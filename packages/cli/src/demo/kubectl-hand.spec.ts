import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findKubectl, kubectlHand } from "./kubectl-hand.ts";

test("the kubectl on PATH is found, and a letter that comes in two pieces is one letter", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kubectl-hand-"));
  const program = join(folder, "kubectl");
  try {
    assert.equal(await findKubectl(`/nowhere::${folder}`), undefined);
    await writeFile(program, "#!/bin/sh\nprintf 'pod caf\\303'\nsleep 0.1\nprintf '\\251 %s\\n' \"$*\"\nexit 3\n");
    await chmod(program, 0o755);
    assert.equal(await findKubectl(`/nowhere::${folder}`), program);
    const hand = kubectlHand(program, folder, process.env);
    assert.deepEqual(await hand.apply("a.yaml"), {
      line: "kubectl apply -f a.yaml",
      status: 3,
      output: "pod café apply -f a.yaml\n",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
