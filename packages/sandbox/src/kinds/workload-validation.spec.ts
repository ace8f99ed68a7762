import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFieldErrors } from "@portcullis/objects";
import { validatePod } from "./pod-validation.ts";
import { defaultPod } from "./pod-defaults.ts";
import { defaultDeployment, defaultJob } from "./workload-defaults.ts";
import { validateJob, validateWorkload } from "./workload-validation.ts";
import { draftOf } from "../storage/api-object.ts";
import type { ApiObject, Draft } from "../storage/api-object.ts";

function object(kind: string, spec: object, fill: (draft: Draft) => void): ApiObject {
  const metadata = { name: "web", namespace: "d", uid: "u", resourceVersion: "1", creationTimestamp: "" };
  const draft = draftOf({ apiVersion: "v1", kind, metadata, spec });
  fill(draft);
  // Nothing changes the draft any more.
  return draft as ApiObject;
}

const deployment = (selector: object, labels: object, more: object = {}): ApiObject =>
  object(
    "Deployment",
    { selector, template: { metadata: { labels }, spec: { containers: [{ name: "a", image: "x" }] } }, ...more },
    defaultDeployment,
  );
const check = validateWorkload({ immutableSelector: true });

test("a selector must match the template's labels", () => {
  assert.equal(
    formatFieldErrors(check(deployment({ matchLabels: { app: "web" } }, { app: "db" }), undefined)),
    'spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`',
  );
  assert.deepEqual(check(deployment({ matchLabels: { app: "web" } }, { app: "web" }), undefined), []);
});

test("a selector may not be empty, nor change", () => {
  assert.equal(
    formatFieldErrors(check(deployment({}, {}), undefined)),
    "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
  );
  const old = deployment({ matchLabels: { app: "web" } }, { app: "web" });
  const changed = deployment({ matchLabels: { app: "db" } }, { app: "db" });
  assert.equal(
    formatFieldErrors(check(changed, old)),
    'spec.selector: Invalid value: {"matchLabels":{"app":"db"}}: field is immutable',
  );
});

test("a Job's Pods may not restart always", () => {
  const job = object(
    "Job",
    {
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "x" }] } },
    },
    defaultJob,
  );
  assert.equal(
    formatFieldErrors(validateJob(job, undefined)),
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  );
});

const pod = (container: object, more: object = {}): ApiObject =>
  object("Pod", { containers: [{ name: "a", image: "x", ...container }], ...more }, defaultPod);

test("what is wrong with a Pod is said in Kubernetes' words", () => {
  const cases: readonly (readonly [ApiObject, string])[] = [
    [pod({ image: "" }), "spec.containers[0].image: Required value"],
    [
      pod({ image: " x" }),
      'spec.containers[0].image: Invalid value: " x": must not have leading or trailing whitespace',
    ],
    [object("Pod", {}, defaultPod), "spec.containers: Required value"],
    [
      pod({ volumeMounts: [{ name: "v", mountPath: "/v" }] }),
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ],
    [
      pod({ imagePullPolicy: "Sometimes" }),
      'spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ],
    [
      pod({ resources: { limits: { cpu: "1" }, requests: { cpu: "2" } } }),
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [pod({}, { volumes: [{ name: "v" }, { name: "v" }] }), 'spec.volumes[1].name: Duplicate value: "v"'],
  ];
  for (const [each, text] of cases) assert.equal(formatFieldErrors(validatePod(each, undefined)), text);
});

test("of a Pod's spec the image may change, and little else", () => {
  const old = pod({});
  assert.deepEqual(validatePod(pod({ image: "y", imagePullPolicy: "Always" }), old), []);
  const [error] = validatePod(pod({}, { hostNetwork: true }), old);
  assert.equal(error?.type, "FieldValueForbidden");
  assert.match(error.detail, /^pod updates may not change fields other than `spec\.containers\[\*\]\.image`,/u);
  assert.match(error.detail, /\n\+ "hostNetwork": true/u);
});
