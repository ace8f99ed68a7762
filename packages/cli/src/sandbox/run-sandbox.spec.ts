import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { httpsTransport, KubeClient, readKubeconfig } from "@portcullis/kube";
import { run } from "../run.ts";
import { recordingTerminal } from "../testing.ts";

const webhooks = {
  group: "admissionregistration.k8s.io",
  version: "v1",
  plural: "validatingwebhookconfigurations",
  kind: "ValidatingWebhookConfiguration",
  namespaced: false,
};

for (const [flags, names] of [
  [[], ["gatekeeper-validating-webhook-configuration"]],
  [["--no-policy"], []],
] as const) {
  const what = flags.length === 0 ? "enforcing" : "bare";
  test(`a sandbox that is ${what} writes its kubeconfig when it serves, and takes it away at the end`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-spec-"));
    const path = join(folder, "deep", "kubeconfig");
    const terminal = recordingTerminal({ directory: folder });
    try {
      const ended = run(["sandbox", "--kubeconfig", "deep/kubeconfig", "--port=0", ...flags], terminal);
      while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(statSync(path).mode & 0o777, 0o600);
      const config = await readKubeconfig(path);
      assert.ok(config.ok);
      const client = new KubeClient(httpsTransport(config.value, "spec"));
      const listed = await client.list(webhooks);
      assert.ok(listed.ok);
      // Whoever waits for the file finds the webhook registered: nothing can slip in before.
      assert.deepEqual(
        listed.value.items.map((item) => (item["metadata"] as { name: string }).name),
        names,
      );
      client.close();
      terminal.interrupt();
      assert.equal(await ended, 0);
      assert.match(terminal.written.out, /^Portcullis sandbox: .*\n\n {2}API server {2}https:\/\/127\.0\.0\.1:\d+\n/);
      assert.ok(terminal.written.out.includes(`  export KUBECONFIG=${path}\n`));
      assert.equal(terminal.written.error, "");
      assert.equal(existsSync(path), false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
