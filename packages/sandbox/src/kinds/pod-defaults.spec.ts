import assert from "node:assert/strict";
import { test } from "node:test";
import { imageTag } from "./image-tag.ts";
import { defaultPod } from "./pod-defaults.ts";
import type { Draft } from "../storage/api-object.ts";

function draft(spec: object): Draft {
  const metadata = { name: "web", uid: "u", resourceVersion: "", creationTimestamp: "" };
  return { apiVersion: "v1", kind: "Pod", metadata, spec };
}

test("a Pod is filled in as the API server fills it in", () => {
  const pod = draft({
    containers: [{ name: "a", image: "nginx", resources: { limits: { cpu: "1" } }, ports: [{ containerPort: 80 }] }],
    volumes: [{ name: "v" }, { name: "s", secret: { secretName: "x" } }],
  });
  defaultPod(pod);
  assert.deepEqual(pod["spec"], {
    containers: [
      {
        name: "a",
        image: "nginx",
        imagePullPolicy: "Always",
        resources: { limits: { cpu: "1" }, requests: { cpu: "1" } },
        ports: [{ containerPort: 80, protocol: "TCP" }],
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      },
    ],
    volumes: [
      { name: "v", emptyDir: {} },
      { name: "s", secret: { secretName: "x", defaultMode: 420 } },
    ],
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    enableServiceLinks: true,
  });
});

test("defaults change nothing the second time", () => {
  const pod = draft({ containers: [{ name: "a", image: "nginx:1", livenessProbe: { httpGet: { port: 80 } } }] });
  defaultPod(pod);
  const once = structuredClone(pod);
  defaultPod(pod);
  assert.deepEqual(pod, once);
});

test("the pull policy goes by the tag", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["nginx", "latest"],
    ["nginx:1.2", "1.2"],
    ["localhost:5000/nginx", "latest"],
    ["localhost:5000/nginx:1", "1"],
    ["nginx@sha256:0123", ""],
    ["nginx:1@sha256:0123", "1"],
  ];
  for (const [image, tag] of cases) assert.equal(imageTag(image), tag, image);
});
