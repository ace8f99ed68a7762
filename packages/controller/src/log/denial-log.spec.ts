import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@portcullis/objects";
import type { Decision, AdmissionRequest } from "@portcullis/policy";
import { fakeRequest } from "@portcullis/policy/testing";
import { denialLog } from "./denial-log.ts";
import { managerLog } from "./manager-log.ts";
import type { Log } from "./log.ts";

const constraint: JsonObject = {
  apiVersion: "constraints.gatekeeper.sh/v1beta1",
  kind: "K8sRequiredLabels",
  metadata: { name: "must-have-owner" },
};

function decision(
  action: string,
  actions: readonly string[] = [action],
  more: Partial<Decision["result"]> = {},
): Decision {
  return {
    actions,
    result: {
      target: "admission.k8s.gatekeeper.sh",
      message: "label owner is missing",
      details: { missing_labels: ["owner"] },
      constraint,
      enforcementAction: action,
      scopedEnforcementActions: action === "scoped" ? actions : [],
      ...more,
    },
  };
}

const object: JsonObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "shop" } };
const request = fakeRequest({
  uid: "u",
  kind: { group: "", version: "v1", kind: "Pod" },
  name: "",
  namespace: "shop",
  operation: "CREATE",
  userInfo: { username: "jane" },
  dryRun: false,
  object,
});

function logged(
  write: (log: Log) => void,
  options: Partial<Parameters<typeof managerLog>[0]> = {},
): readonly JsonObject[] {
  const lines: string[] = [];
  const all = { level: "info", levelKey: "level", levelEncoder: "lower", ...options } as const;
  write(managerLog(all, { write: (line) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as JsonObject);
}

test("a violation is one line with the keys that users' scripts read", () => {
  const [line] = logged((log) => {
    denialLog(log.named("webhook")).violated(request, [decision("deny")]);
  });
  assert.ok(line);
  const { ts, ...rest } = line;
  assert.equal(typeof ts, "number");
  assert.deepEqual(rest, {
    level: "info",
    logger: "webhook",
    msg: "denied admission: label owner is missing",
    hookType: "validation",
    semantic: true,
    process: "admission",
    details: { missing_labels: ["owner"] },
    event_type: "violation",
    constraint_name: "must-have-owner",
    constraint_group: "constraints.gatekeeper.sh",
    constraint_api_version: "v1beta1",
    constraint_kind: "K8sRequiredLabels",
    constraint_action: "deny",
    constraint_enforcement_actions: [],
    resource_group: "",
    resource_api_version: "v1",
    resource_kind: "Pod",
    resource_namespace: "shop",
    resource_name: "web",
    request_username: "jane",
  });
});

test("warn, dryrun and scoped violations are logged too; scoped ones name their actions", () => {
  const lines = logged((log) => {
    denialLog(log).violated(request, [decision("warn"), decision("dryrun"), decision("scoped", ["deny", "warn"])]);
  });
  assert.deepEqual(
    lines.map((line) => [line["constraint_action"], line["constraint_enforcement_actions"]]),
    [
      ["warn", []],
      ["dryrun", []],
      ["scoped", ["deny", "warn"]],
    ],
  );
});

test("what a Secret holds does not reach the log, however the policy tells it", () => {
  const secret: AdmissionRequest = {
    ...request,
    kind: { group: "", version: "v1", kind: "Secret" },
    object: {
      metadata: { name: "s" },
      data: { password: Buffer.from("canary-one").toString("base64") },
      stringData: { __proto__x: "canary-two" },
    },
    oldObject: { data: { password: Buffer.from("canary-old").toString("base64") } },
  };
  const leaky = decision("deny", ["deny"], {
    message: `bad: canary-one, canary-two and ${Buffer.from("canary-one").toString("base64")}`,
    details: { found: ["canary-old", { deep: "x canary-one x" }], "canary-two": true, name: "s" },
  });
  const [line] = logged((log) => {
    denialLog(log).violated(secret, [leaky]);
  });
  const text = JSON.stringify(line);
  assert.doesNotMatch(text, /canary/);
  assert.match(text, /bad: \*\*\*, \*\*\* and \*\*\*/);
  assert.doesNotMatch(text, new RegExp(Buffer.from("canary-one").toString("base64")));
  // The same texts about something else are nobody's secret.
  const [pod] = logged((log) => {
    denialLog(log).violated({ ...secret, kind: { ...secret.kind, kind: "ConfigMap" } }, [leaky]);
  });
  assert.match(JSON.stringify(pod), /canary-one/);
});

const encodings: readonly (readonly ["lower" | "capital" | "color" | "capitalcolor", string, string])[] = [
  ["lower", "info", "warn"],
  ["capital", "INFO", "WARN"],
  ["color", "\u001B[34minfo\u001B[0m", "\u001B[33mwarn\u001B[0m"],
  ["capitalcolor", "\u001B[34mINFO\u001B[0m", "\u001B[33mWARN\u001B[0m"],
];
for (const [levelEncoder, info, warn] of encodings) {
  test(`levels in the form ${levelEncoder}, under a key of one's own`, () => {
    const lines = logged(
      (log) => {
        log.info("a");
        log.warn("b");
        log.debug("c");
      },
      { levelEncoder, levelKey: "severity" },
    );
    assert.deepEqual(
      lines.map((line) => line["severity"]),
      [info, warn],
    );
  });
}
