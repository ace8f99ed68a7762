import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { hasKubectl, startSandboxProcess } from "./e2e/sandbox-process.ts";

const examples = join(import.meta.dirname, "../examples/private-registry");
const seed = join(import.meta.dirname, "../../shared/seed");

const denied =
  'container <swiss-army-knife> has an invalid image repo <rancherlabs/swiss-army-knife:latest>, allowed repos are ["private.example.com"]';
const classic = `[denied by allow-only-private-registry] ${denied}`;

/** The line that kubectl prints for each form of a denial. */
const refusals = {
  classic: `Error from server (${classic}): error when creating "disallowed.yaml": admission webhook "validation.gatekeeper.sh" denied the request: ${classic}\n`,
  current: `Error from server (Forbidden): error when creating "disallowed.yaml": admission webhook "validation.gatekeeper.sh" denied the request: [allow-only-private-registry] ${denied}\n`,
};

const folders = [
  { name: "the project's own files", folder: examples, skip: false },
  { name: "the user's files, unchanged", folder: seed, skip: !existsSync(seed) && "they are not beside this checkout" },
];

describe("the walkthrough, by kubectl", { skip: !hasKubectl() && "no kubectl on PATH" }, () => {
  for (const { name, folder, skip } of folders) {
    for (const form of ["classic", "current"] as const) {
      it(`${name}, ${form} denial`, { skip, timeout: 60_000 }, async () => {
        const sandbox = await startSandboxProcess(["--denial-form", form]);
        const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
          sandbox.kubectl(args, folder);
        try {
          assert.deepEqual(run("apply", "-f", "constraint_template.yaml"), {
            status: 0,
            stdout: "constrainttemplate.templates.gatekeeper.sh/k8sallowedrepos created\n",
            stderr: "",
          });
          assert.deepEqual(run("apply", "-f", "constraint.yaml"), {
            status: 0,
            stdout: "k8sallowedrepos.constraints.gatekeeper.sh/allow-only-private-registry created\n",
            stderr: "",
          });
          assert.deepEqual(run("apply", "-f", "allowed.yaml"), {
            status: 0,
            stdout: "pod/swiss-army-knife-allowed created\n",
            stderr: "",
          });
          assert.deepEqual(run("apply", "-f", "disallowed.yaml"), { status: 1, stdout: "", stderr: refusals[form] });
          assert.equal(run("wait", "--for=condition=Ready", "--timeout=20s", "pod/swiss-army-knife-allowed").status, 0);
          const pods = run("get", "pods", "--no-headers").stdout.trim().split("\n");
          assert.equal(pods.length, 1);
          assert.match(pods[0] ?? "", /^swiss-army-knife-allowed +1\/1 +Running +0 /);
        } finally {
          await sandbox.stop();
        }
      });
    }
  }
});

describe("the project's own files of the walkthrough", () => {
  it("are there", () => {
    assert.deepEqual(readdirSync(examples).toSorted(), [
      "allowed.yaml",
      "constraint.yaml",
      "constraint_template.yaml",
      "disallowed.yaml",
    ]);
    assert.match(readFileSync(join(examples, "constraint_template.yaml"), "utf8"), /kind: ConstraintTemplate/);
  });
});
