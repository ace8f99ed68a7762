import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../run.ts";
import { recordingTerminal } from "../testing.ts";
import { findKubectl } from "./kubectl-hand.ts";
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
