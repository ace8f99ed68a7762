import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { run } from "../run.ts";
import { startEnforcing } from "../sandbox/start-enforcing.ts";
import { recordingTerminal } from "../testing.ts";
import { findKubectl, kubectlHand } from "./kubectl-hand.ts";
import { refusal } from "./story.ts";

const kubectl = await findKubectl(process.env["PATH"]);
const withoutKubectl = kubectl === undefined ? "there is no kubectl on PATH" : false;

async function told(path: string | undefined): Promise<{ status: number; out: string }> {
  const terminal = recordingTerminal({ environment: { ...process.env, PATH: path } });
  const status = await run(["demo", "--once"], terminal);
  return { status, out: terminal.written.out };
}

test("the story comes out as told without a kubectl, and says who carries the commands out", async () => {
  const { status, out } = await told("");
  assert.equal(status, 0, out);
  assert.match(out, /There is no kubectl on PATH, so Portcullis' own\s+client/);
  assert.match(out, /^ {2}swiss-army-knife-disallowed {3}0\/1 {5}ImagePullBackOff$/m);
  assert.ok(out.includes(`denied the request: [denied by allow-only-private-registry] ${refusal}\n`), out);
  assert.match(out, /^ {2}swiss-army-knife-allowed {3}1\/1 {5}Running$/m);
  assert.match(out, /^Every step came out as told\.$/m);
});

test("the story comes out as told with kubectl", { skip: withoutKubectl }, async () => {
  const { status, out } = await told(process.env["PATH"]);
  assert.equal(status, 0, out);
  assert.match(out, /^ {2}pod\/swiss-army-knife-disallowed created$/m);
  assert.match(out, /^ {2}swiss-army-knife-disallowed +0\/1 +ImagePullBackOff +0 /m);
  assert.match(out, /^ {2}constrainttemplate.templates.gatekeeper.sh\/k8sallowedrepos created$/m);
  assert.match(out, /^ {2}k8sallowedrepos.constraints.gatekeeper.sh\/allow-only-private-registry created$/m);
  assert.match(out, /^ {2}swiss-army-knife-allowed +1\/1 +Running +0 /m);
});

const seed = fileURLToPath(new URL("../../../../../shared/seed", import.meta.url));
const withoutSeed =
  withoutKubectl || (existsSync(`${seed}/disallowed.yaml`) ? false : "the seed is not beside the checkout");

for (const [denialForm, shown, reason] of [
  [
    "classic",
    `[denied by allow-only-private-registry] ${refusal}`,
    `[denied by allow-only-private-registry] ${refusal}`,
  ],
  ["current", `[allow-only-private-registry] ${refusal}`, "Forbidden"],
] as const) {
  test(
    `the walkthrough's own files by kubectl, in the ${denialForm} form, to the letter`,
    { skip: withoutSeed },
    async () => {
      assert.ok(kubectl !== undefined);
      const options = { port: 0, reachableRegistries: ["private.example.com"], denialForm, enforcing: true };
      const sandbox = await startEnforcing(options, process.cwd());
      try {
        const hand = kubectlHand(kubectl, seed, { ...process.env, KUBECONFIG: sandbox.kubeconfigPath });
        const applied = async (file: string): Promise<string> => {
          const { status, output } = await hand.apply(file);
          return `${status} ${output}`;
        };
        assert.equal(
          await applied("constraint_template.yaml"),
          "0 constrainttemplate.templates.gatekeeper.sh/k8sallowedrepos created\n",
        );
        assert.equal(
          await applied("constraint.yaml"),
          "0 k8sallowedrepos.constraints.gatekeeper.sh/allow-only-private-registry created\n",
        );
        assert.equal(await applied("allowed.yaml"), "0 pod/swiss-army-knife-allowed created\n");
        assert.equal(
          await applied("disallowed.yaml"),
          `1 Error from server (${reason}): error when creating "disallowed.yaml": admission webhook "validation.gatekeeper.sh" denied the request: ${shown}\n`,
        );
        const until = performance.now() + 5000;
        let pods = await hand.getPods();
        while (!pods.output.includes("Running") && performance.now() < until) pods = await hand.getPods();
        assert.match(pods.output, /^NAME .*\nswiss-army-knife-allowed +1\/1 +Running +0 +\d+s\n$/);
      } finally {
        await sandbox.stop();
      }
    },
  );
}
