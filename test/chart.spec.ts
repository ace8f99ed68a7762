import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { run, type Terminal } from "@portcullis/cli";
import {
  groupVersionKindOf,
  isJsonObject,
  nameOf,
  own,
  ownPath,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";
import { staleFiles } from "../scripts/write-chart.ts";
import { chart, lintedChart, objectsIn, renderedChart, runHelm, withoutHelm } from "./helm-chart.ts";

const quiet: Terminal = {
  out: () => {},
  error: (part) => assert.fail(part),
  isInteractive: false,
  hasColor: false,
  columns: 80,
  environment: {},
  directory: chart,
  readInput: () => Promise.resolve(undefined),
  interrupted: new AbortController().signal,
};

async function printed(...argv: readonly string[]): Promise<readonly JsonObject[]> {
  let text = "";
  const terminal = { ...quiet, out: (part: string) => void (text += part) };
  assert.equal(await run(["manifests", ...argv], terminal), 0);
  return objectsIn(text);
}

const titleOf = (object: JsonObject): string => `${groupVersionKindOf(object).kind} ${nameOf(object)}`;

/** What tells the release, which objects that are printed have none of. */
const releaseLabels = [
  "app",
  "app.kubernetes.io/instance",
  "app.kubernetes.io/managed-by",
  "app.kubernetes.io/name",
  "app.kubernetes.io/version",
  "chart",
  "helm.sh/chart",
  "heritage",
  "release",
];

/** The objects without the labels that tell the release. */
function withoutRelease(objects: readonly JsonObject[]): readonly JsonObject[] {
  const text = JSON.stringify(objects, (key, value: unknown) => {
    if (!["labels", "matchLabels", "selector"].includes(key) || !isJsonObject(value)) return value;
    return Object.fromEntries(Object.entries(value).filter(([name]) => !releaseLabels.includes(name)));
  });
  const left: unknown = JSON.parse(text);
  assert.ok(Array.isArray(left));
  return left.filter(isJsonObject);
}

const byTitle = (objects: readonly JsonObject[]): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(objects.map((object) => [titleOf(object), object]));

/** The webhooks of the configuration that the chart renders. */
function webhooksOf(values: JsonObject): readonly JsonObject[] {
  const configuration = byTitle(renderedChart(values))[
    "ValidatingWebhookConfiguration gatekeeper-validating-webhook-configuration"
  ];
  const webhooks = own(configuration, "webhooks");
  assert.ok(Array.isArray(webhooks));
  return webhooks.filter(isJsonObject);
}

const examples = join(import.meta.dirname, "..", "examples", "private-registry");

/** The object without what tells a hook from another, the hash in its name, and the order of keys in its text. */
function plainly(object: JsonObject): JsonObject {
  const text = JSON.stringify(object, (key, value: unknown) => {
    if (key === "annotations") return undefined;
    return key === "policies.json" ? JSON.stringify(sorted(JSON.parse(String(value)))) : value;
  });
  const plain: unknown = JSON.parse(
    text.replaceAll(/gatekeeper-apply-policies-[0-9a-f]{10}/g, "gatekeeper-apply-policies"),
  );
  assert.ok(isJsonObject(plain));
  return plain;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

describe("the chart", () => {
  it("has the CRDs and the rules that the code has", () => {
    assert.deepEqual(staleFiles(), [], "run node --conditions=source scripts/write-chart.ts");
  });

  for (const profile of ["lenient", "strict"]) {
    it(`is clean to helm lint in the profile ${profile}`, { skip: withoutHelm }, () => {
      const done = lintedChart({ profile });
      assert.equal(done.status, 0, done.stdout + done.stderr);
    });

    it(`renders in the profile ${profile} to what \`portcullis manifests\` prints`, { skip: withoutHelm }, async () => {
      const fromChart = byTitle(withoutRelease(renderedChart({ profile }, "--include-crds")));
      const objects = await printed("--profile", profile);
      // Helm makes the namespace by itself.
      const fromCode = byTitle(objects.filter((object) => own(object, "kind") !== "Namespace"));
      assert.ok(Object.keys(fromCode).length > 14, Object.keys(fromCode).join(", "));
      assert.deepEqual(Object.keys(fromChart).toSorted(), Object.keys(fromCode).toSorted());
      for (const [title, object] of Object.entries(fromCode)) assert.deepEqual(fromChart[title], object, title);
    });
  }

  it(
    "renders under other names to what `portcullis manifests` prints, and meets no Gatekeeper",
    { skip: withoutHelm },
    async () => {
      const fromChart = byTitle(withoutRelease(renderedChart({ namePrefix: "portcullis" })));
      const objects = await printed("--name-prefix", "portcullis", "--only", "server");
      const fromCode = byTitle(objects.filter((object) => own(object, "kind") !== "Namespace"));
      assert.deepEqual(Object.keys(fromChart).toSorted(), Object.keys(fromCode).toSorted());
      for (const [title, object] of Object.entries(fromCode)) assert.deepEqual(fromChart[title], object, title);
      const gatekeepers = byTitle(await printed("--only", "server"));
      for (const title of Object.keys(fromCode)) assert.ok(!Object.hasOwn(gatekeepers, title), title);
      // Pods of the one are none of the other's, by whatever they are found.
      const select = (of: Readonly<Record<string, JsonObject>>, name: string): JsonObject => {
        const selector = ownPath(of[`Service ${name}-webhook-service`], "spec", "selector");
        assert.ok(isJsonObject(selector));
        return selector;
      };
      const labels = (of: Readonly<Record<string, JsonObject>>, name: string): JsonValue | undefined =>
        ownPath(of[`Deployment ${name}-controller-manager`], "spec", "template", "metadata", "labels");
      const finds = (selector: JsonObject, found: JsonValue | undefined): boolean =>
        Object.entries(selector).every(([key, value]) => own(found, key) === value);
      const [ours, theirs] = [select(fromCode, "portcullis"), select(gatekeepers, "gatekeeper")];
      assert.deepEqual(
        [ours, theirs].map((selector) => [
          finds(selector, labels(fromCode, "portcullis")),
          finds(selector, labels(gatekeepers, "gatekeeper")),
        ]),
        [
          [true, false],
          [false, true],
        ],
      );
      const text = JSON.stringify(fromCode);
      assert.doesNotMatch(text, /gatekeeper-(?!system)/);
    },
  );

  for (const profile of ["lenient", "strict"]) {
    it(
      `applies policies by a Job, in the profile ${profile} too, as \`portcullis manifests\` has it`,
      { skip: withoutHelm },
      async () => {
        const given = ["constraint_template.yaml", "constraint.yaml"].map((name) => join(examples, name));
        const policies = given.flatMap((path) => objectsIn(readFileSync(path, "utf8")));
        const fromChart = renderedChart({ profile, policies: { objects: [...policies] } });
        const flags = ["--profile", profile, "--only", "server", ...given.flatMap((path) => ["--policies", path])];
        const ofJob = (objects: readonly JsonObject[]): Readonly<Record<string, JsonObject>> =>
          byTitle(objects.filter((object) => nameOf(object).startsWith("gatekeeper-apply-policies")).map(plainly));
        const wanted = ofJob(await printed(...flags));
        assert.deepEqual(ofJob(fromChart), wanted);
        assert.deepEqual(
          Object.keys(wanted).map((title) => title.split(" ")[0]),
          ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "ConfigMap", "Job"],
        );
        const text = String(ownPath(wanted["ConfigMap gatekeeper-apply-policies"], "data", "policies.json"));
        assert.deepEqual(ownPath(JSON.parse(text), "items"), policies);
        // Whatever the release, its hooks come after it, and are made anew.
        for (const object of fromChart.filter((each) => nameOf(each).startsWith("gatekeeper-apply-policies"))) {
          assert.equal(ownPath(object, "metadata", "annotations", "helm.sh/hook"), "post-install,post-upgrade");
        }
      },
    );
  }

  it("has no Job where there are no policies", { skip: withoutHelm }, async () => {
    for (const objects of [renderedChart({}), await printed()]) {
      assert.deepEqual(
        objects.filter((object) => ["Job", "ConfigMap"].includes(String(own(object, "kind")))),
        [],
      );
    }
  });

  it("lets events be written anywhere where they are asked for", { skip: withoutHelm }, async () => {
    const values = { emitAdmissionEvents: true, admissionEventsInvolvedNamespace: true };
    const fromChart = byTitle(withoutRelease(renderedChart(values)));
    const objects = await printed("--admission-events-involved-namespace", "--only", "server");
    const fromCode = byTitle(objects.filter((object) => own(object, "kind") !== "Namespace"));
    assert.match(JSON.stringify(fromCode["ClusterRole gatekeeper-manager-role"]), /"resources":\["events"\]/);
    for (const [title, object] of Object.entries(fromCode)) assert.deepEqual(fromChart[title], object, title);
  });

  it("has Pods that whoever selects or watches Gatekeeper's finds", { skip: withoutHelm }, () => {
    const objects = byTitle(renderedChart({}));
    const template = ownPath(objects["Deployment gatekeeper-controller-manager"], "spec", "template");
    const labels = own(own(template, "metadata"), "labels");
    const expected = {
      app: "gatekeeper",
      "app.kubernetes.io/instance": "portcullis",
      "app.kubernetes.io/managed-by": "Helm",
      "app.kubernetes.io/name": "gatekeeper",
      chart: "gatekeeper",
      "control-plane": "controller-manager",
      "gatekeeper.sh/operation": "webhook",
      "gatekeeper.sh/system": "yes",
      heritage: "Helm",
      release: "portcullis",
    };
    for (const [key, value] of Object.entries(expected)) assert.equal(own(labels, key), value, key);
    const service = objects["Service gatekeeper-webhook-service"];
    for (const key of ["app", "chart", "gatekeeper.sh/system", "heritage", "release"]) {
      assert.equal(ownPath(service, "metadata", "labels", key), own(labels, key), key);
    }
    const containers = ownPath(template, "spec", "containers");
    const container = Array.isArray(containers) ? containers[0] : undefined;
    const ports = own(container, "ports");
    const environment = own(container, "env");
    assert.ok(Array.isArray(ports) && Array.isArray(environment));
    assert.equal(own(container, "name"), "manager");
    assert.deepEqual(
      ports.map((port) => [own(port, "name"), own(port, "containerPort")]),
      [
        ["webhook-server", 8443],
        ["metrics", 8888],
        ["healthz", 9090],
      ],
    );
    assert.deepEqual(
      environment.map((variable) => own(variable, "name")),
      ["POD_NAMESPACE", "POD_NAME", "NAMESPACE", "CONTAINER_NAME"],
    );
    assert.deepEqual(ownPath(container, "livenessProbe", "httpGet"), { path: "/healthz", port: 9090 });
    assert.deepEqual(ownPath(container, "readinessProbe", "httpGet"), { path: "/readyz", port: 9090 });
  });

  it(
    "gives a Pod one label of each name, the ones that tell what it is before those that are given",
    { skip: withoutHelm },
    () => {
      const objects = byTitle(
        renderedChart({
          podLabels: { app: "mine", team: "a" },
          controllerManager: { podLabels: { team: "b" } },
        }),
      );
      const labels = ownPath(
        objects["Deployment gatekeeper-controller-manager"],
        "spec",
        "template",
        "metadata",
        "labels",
      );
      assert.equal(own(labels, "app"), "gatekeeper");
      assert.equal(own(labels, "team"), "b");
    },
  );

  it(
    "applies policies by a Job with an account of its own, also where roles and security are the user's affair",
    { skip: withoutHelm },
    () => {
      const policies = { objects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }] };
      const plain = byTitle(renderedChart({ policies }));
      const bare = byTitle(
        renderedChart({ policies, rbac: { create: false }, controllerManager: { securityContext: null } }),
      );
      const roles = Object.keys(plain).filter((title) => title.includes("Role"));
      assert.equal(roles.length, 8);
      assert.deepEqual(
        Object.keys(plain).filter((title) => !Object.hasOwn(bare, title)),
        roles,
      );
      assert.ok(Object.hasOwn(bare, "ServiceAccount gatekeeper-apply-policies"));
    },
  );

  it("fails closed in strict for nothing without a namespace, whatever rules are given", { skip: withoutHelm }, () => {
    const rule = { apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE"], resources: ["*"] };
    const rulesOf = (profile: string, rules: readonly JsonObject[]): JsonValue | undefined =>
      ownPath(webhooksOf({ profile, validatingWebhookCustomRules: [...rules] }).at(0), "rules");
    const given = [rule, { ...rule, scope: "*" }, { ...rule, scope: "Namespaced" }];
    assert.deepEqual(rulesOf("lenient", given), given);
    assert.deepEqual(
      rulesOf("strict", given),
      given.map((each) => ({ ...each, scope: "Namespaced" })),
    );
  });

  it("has no webhook for the system's namespaces where there are none", { skip: withoutHelm }, () => {
    for (const systemNamespaces of [[], null]) {
      const webhooks = webhooksOf({ profile: "strict", systemNamespaces });
      assert.deepEqual(
        webhooks.map((webhook) => own(webhook, "name")),
        ["validation", "open.validation", "constraints.validation", "check-ignore-label"].map(
          (name) => `${name}.gatekeeper.sh`,
        ),
      );
      assert.match(JSON.stringify(webhooks[0]), /"operator":"NotIn","values":\["gatekeeper-system"\]/);
    }
  });

  it("lets a namespace that is exempt be labelled while nobody answers", { skip: withoutHelm }, () => {
    const guard = webhooksOf({ controllerManager: { exemptNamespaces: ["kube-system", "gatekeeper-system"] } }).at(-1);
    assert.equal(own(guard, "name"), "check-ignore-label.gatekeeper.sh");
    assert.deepEqual(ownPath(guard, "namespaceSelector", "matchExpressions"), [
      { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["gatekeeper-system", "kube-system"] },
    ]);
  });

  it("refuses a profile that is none", { skip: withoutHelm }, () => {
    const done = runHelm(["template"], { profile: "loud" });
    assert.notEqual(done.status, 0);
    assert.match(done.stderr, /profile "loud" is none; use lenient or strict/);
  });
});

describe("what is installed", () => {
  it("runs without rights: no root, nothing to write to, no capabilities, seccomp", async () => {
    const deployment = (await printed()).find((object) => own(object, "kind") === "Deployment");
    const text = JSON.stringify(deployment);
    for (const part of [
      '"runAsNonRoot":true',
      '"runAsUser":1000',
      '"readOnlyRootFilesystem":true',
      '"allowPrivilegeEscalation":false',
      '"capabilities":{"drop":["ALL"]}',
      '"seccompProfile":{"type":"RuntimeDefault"}',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.match(text, /"limits":\{"memory":"512Mi"\}/);
    assert.doesNotMatch(text, /privileged":true|hostNetwork|hostPID|hostPath/);
  });

  it("fails closed in strict where a cluster can start without it, and looks at all else too", async () => {
    const find = async (profile: string): Promise<readonly JsonObject[]> => {
      const objects = await printed("--profile", profile, "--only", "server");
      const configuration = objects.find((object) => own(object, "kind") === "ValidatingWebhookConfiguration");
      const webhooks = own(configuration, "webhooks");
      assert.ok(Array.isArray(webhooks));
      return webhooks.filter(isJsonObject);
    };
    const policies = (webhooks: readonly JsonObject[]): Readonly<Record<string, unknown>> =>
      Object.fromEntries(webhooks.map((webhook) => [String(webhook["name"]), webhook["failurePolicy"]]));
    assert.deepEqual(policies(await find("lenient")), {
      "validation.gatekeeper.sh": "Ignore",
      "check-ignore-label.gatekeeper.sh": "Fail",
    });
    // A Namespace without the label is nobody's affair, above all while nobody answers.
    const guard = (await find("lenient")).at(-1);
    assert.deepEqual(own(guard, "objectSelector"), {
      matchExpressions: [{ key: "admission.gatekeeper.sh/ignore", operator: "Exists" }],
    });
    const strict = await find("strict");
    assert.deepEqual(policies(strict), {
      "validation.gatekeeper.sh": "Fail",
      "open.validation.gatekeeper.sh": "Ignore",
      "constraints.validation.gatekeeper.sh": "Fail",
      "system.validation.gatekeeper.sh": "Ignore",
      "check-ignore-label.gatekeeper.sh": "Fail",
    });
    const [closed] = strict;
    assert.match(
      JSON.stringify(closed),
      /"NotIn","values":\["kube-system","kube-node-lease","kube-public","gatekeeper-system"\]/,
    );
    assert.match(JSON.stringify(closed), /"scope":"Namespaced"/);
  });

  for (const argv of [
    ["--profile", "x"],
    ["--namespace", "A b"],
    ["--replicas", "0"],
    ["--name-prefix", "Port"],
    ["--only", "half"],
  ]) {
    it(`refuses ${argv.join(" ")}`, async () => {
      let said = "";
      const terminal = { ...quiet, error: (text: string) => void (said += text) };
      assert.equal(await run(["manifests", ...argv], terminal), 1);
      assert.ok(said.startsWith(argv.join(" ")), said);
    });
  }
});
