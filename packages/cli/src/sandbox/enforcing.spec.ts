/** Portcullis in a sandbox, by our own client and without any waiting: what is in force when a write returns. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { httpsTransport, KubeClient, type ApiResult, type Resource } from "@portcullis/kube";
import { own, ownPath, type JsonObject, type JsonValue } from "@portcullis/objects";
import { startEnforcing, type EnforcingSandbox } from "./start-enforcing.ts";

let sandbox: EnforcingSandbox | undefined;
let opened: KubeClient | undefined;
before(async () => {
  sandbox = await startEnforcing(
    { port: 0, reachableRegistries: ["*"], denialForm: "classic", enforcing: true, provisionalMilliseconds: 150 },
    process.cwd(),
  );
  opened = new KubeClient(httpsTransport(sandbox.cluster, "spec"));
});
after(async () => {
  opened?.close();
  await sandbox?.stop();
});

function client(): KubeClient {
  assert.ok(opened !== undefined);
  return opened;
}

const templates: Resource = {
  group: "templates.gatekeeper.sh",
  version: "v1",
  plural: "constrainttemplates",
  kind: "ConstraintTemplate",
  namespaced: false,
};
const configMaps: Resource = { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true };
const crds: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};
const constraints = (kind: string): Resource => ({
  group: "constraints.gatekeeper.sh",
  version: "v1beta1",
  plural: kind.toLowerCase(),
  kind,
  namespaced: false,
});

/** A template of which a constraint refuses ConfigMaps whose data has the forbidden key. */
function template(kind: string, message = "has", rego?: string): JsonObject {
  return {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: kind.toLowerCase() },
    spec: {
      crd: {
        spec: {
          names: { kind },
          validation: { openAPIV3Schema: { type: "object", properties: { key: { type: "string" } } } },
        },
      },
      targets: [
        {
          target: "admission.k8s.gatekeeper.sh",
          rego:
            rego ??
            `package x\nviolation[{"msg": msg}] {\n  input.review.object.data[input.parameters.key]\n  msg := sprintf("${message} %v", [input.parameters.key])\n}\n`,
        },
      ],
    },
  };
}

function constraint(kind: string, key: JsonValue): JsonObject {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind,
    metadata: { name: "rule" },
    spec: { match: { kinds: [{ apiGroups: [""], kinds: ["ConfigMap"] }] }, parameters: { key } },
  };
}

let count = 0;
function configMap(key: string): Promise<ApiResult<JsonObject>> {
  count += 1;
  return client().create(configMaps, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `map-${count}`, namespace: "default" },
    data: { [key]: "x" },
  });
}

function ok(result: ApiResult<JsonValue>): JsonValue {
  assert.ok(result.ok, result.ok ? "" : result.status.message);
  return result.value;
}

function refusal(result: ApiResult<JsonValue>): string {
  assert.ok(!result.ok, "it should have been refused");
  return result.status.message;
}

/** Asks until the answer is as it should be; how long it took. */
async function within(milliseconds: number, isSo: () => Promise<boolean>): Promise<void> {
  const from = performance.now();
  while (!(await isSo())) {
    assert.ok(performance.now() - from < milliseconds, `not within ${milliseconds} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const denied = (text: string): string =>
  `admission webhook "validation.gatekeeper.sh" denied the request: [denied by rule] ${text}`;

test("template, constraint and object one after another, twenty times: nothing is missing, nothing slips through", async () => {
  for (let at = 0; at < 20; at += 1) {
    const kind = `Row${at}`;
    const key = `row-${at}`;
    ok(await client().create(templates, template(kind)));
    ok(await client().create(constraints(kind), constraint(kind, key)));
    assert.equal(refusal(await configMap(key)), denied(`has ${key}`));
  }
  ok(await configMap("allowed"));
});

test("a changed constraint, a changed template, a deleted constraint and a deleted template hold within a second", async () => {
  const kind = "Changing";
  ok(await client().create(templates, template(kind)));
  ok(await client().create(constraints(kind), constraint(kind, "first")));
  assert.equal(refusal(await configMap("first")), denied("has first"));

  ok(await client().patch(constraints(kind), { name: "rule" }, "merge", { spec: { parameters: { key: "second" } } }));
  await within(1000, async () => !(await configMap("second")).ok);
  ok(await configMap("first"));

  const name = kind.toLowerCase();
  ok(await client().patch(templates, { name }, "merge", { spec: template(kind, "carries")["spec"] ?? null }));
  await within(1000, async () => {
    const result = await configMap("second");
    return !result.ok && result.status.message === denied("carries second");
  });

  ok(await client().delete(constraints(kind), { name: "rule" }));
  await within(1000, async () => (await configMap("second")).ok);

  ok(await client().create(constraints(kind), constraint(kind, "third")));
  assert.equal(refusal(await configMap("third")), denied("carries third"));
  ok(await client().delete(templates, { name }));
  await within(1000, async () => (await configMap("third")).ok);
  await within(2000, async () => !(await client().get(crds, { name: `${name}.constraints.gatekeeper.sh` })).ok);
});

test("a template may be deleted and created anew at once; the old constraints are gone", async () => {
  const kind = "Again";
  for (let at = 0; at < 5; at += 1) {
    ok(await client().create(templates, template(kind)));
    assert.equal(ok(await client().create(constraints(kind), constraint(kind, "again"))) !== null, true);
    assert.equal(refusal(await configMap("again")), denied("has again"));
    ok(await client().delete(templates, { name: kind.toLowerCase() }));
  }
});

test("status tells by pod that they are in force", async () => {
  const kind = "Reported";
  ok(await client().create(templates, template(kind)));
  ok(await client().create(constraints(kind), constraint(kind, "reported")));
  const status = async (resource: Resource, name: string): Promise<JsonValue> =>
    own(ok(await client().get(resource, { name })), "status") ?? null;
  await within(2000, async () => own(await status(templates, "reported"), "created") === true);
  const uid = ownPath(ok(await client().get(templates, { name: "reported" })), "metadata", "uid") ?? null;
  assert.deepEqual(await status(templates, "reported"), {
    created: true,
    byPod: [{ id: "portcullis-sandbox", templateUID: uid, observedGeneration: 1, operations: ["status", "webhook"] }],
  });
  await within(2000, async () => (await status(constraints(kind), "rule")) !== null);
  const found = own(await status(constraints(kind), "rule"), "byPod");
  assert.ok(Array.isArray(found));
  assert.equal(own(found[0], "enforced"), true);
  assert.equal(own(found[0], "observedGeneration"), 1);
});

const broken: readonly (readonly [what: string, object: JsonObject, says: RegExp])[] = [
  [
    "Rego that does not parse",
    template("Broken", "", "package x\nviolation[x] { x := = 1 }"),
    /invalid ConstraintTemplate: 1 error occurred: template:2: rego_parse_error: [\s\S]*at line 2, column \d+ of the Rego/,
  ],
  [
    "an unknown builtin",
    template("Broken", "", 'package x\nviolation[{"msg": "a"}] { nosuch(1) }'),
    /template:2: rego_type_error: undefined function nosuch\nat line 2, column \d+ of the Rego/,
  ],
  [
    "a name that is not its kind's",
    { ...template("Broken"), metadata: { name: "other" } },
    /name "other" is not equal to the lowercase of CRD's Kind: "broken"$/,
  ],
];
for (const [what, object, says] of broken) {
  test(`a template with ${what} is refused with where and what to do, and leaves no kind behind`, async () => {
    assert.match(refusal(await client().create(templates, object)), says);
    assert.equal((await client().get(crds, { name: "broken.constraints.gatekeeper.sh" })).ok, false);
  });
}

test("a constraint with a parameter of a wrong type, or an unknown action, is refused", async () => {
  const kind = "Typed";
  ok(await client().create(templates, template(kind)));
  assert.match(
    refusal(await client().create(constraints(kind), constraint(kind, 12))),
    /spec.parameters.key.*must be of type string/,
  );
  const denyy = constraint(kind, "a");
  const object = { ...denyy, spec: { ...(denyy["spec"] as JsonObject), enforcementAction: "denyy" } };
  assert.match(
    refusal(await client().create(constraints(kind), object)),
    /unrecognized enforcementAction: "denyy" is not within the supported list \[deny dryrun warn scoped\]/,
  );
});

test("a parameter that the schema keeps, and that was probably meant to be another, is admitted with a warning", async () => {
  const warnings: string[] = [];
  const warned = new KubeClient(httpsTransport(sandbox?.cluster ?? assert.fail(), "spec"), {
    onWarning: (text) => warnings.push(text),
  });
  try {
    // A template of v1beta1 has a schema of the old form unless it says otherwise: everything is kept.
    const old = { ...templates, version: "v1beta1" };
    ok(await warned.create(old, { ...template("Legacy"), apiVersion: "templates.gatekeeper.sh/v1beta1" }));
    const object = constraint("Legacy", "a");
    const spec = { ...(object["spec"] as JsonObject), parameters: { kei: "a" } };
    ok(await warned.create(constraints("Legacy"), { ...object, spec }));
    assert.deepEqual(warnings, [
      'field "spec.parameters.kei" is not declared by the template; did you mean "spec.parameters.key"?',
    ]);
  } finally {
    warned.close();
  }
});

async function dryRun(path: string, object: JsonObject): Promise<void> {
  ok(
    await client().request({
      method: "POST",
      path: `${path}?dryRun=All`,
      contentType: "application/json",
      body: JSON.stringify(object),
    }),
  );
}

test("a dry run puts nothing into force and makes no kind", async () => {
  await dryRun("/apis/templates.gatekeeper.sh/v1/constrainttemplates", template("Dry"));
  assert.equal((await client().get(crds, { name: "dry.constraints.gatekeeper.sh" })).ok, false);
  ok(await client().create(templates, template("Wet")));
  await dryRun("/apis/constraints.gatekeeper.sh/v1beta1/wet", constraint("Wet", "wet"));
  ok(await configMap("wet"));
});

test("what was admitted and then never written holds no longer after a while", async () => {
  ok(await client().create(templates, template("Kept")));
  // Another webhook, which nobody answers for, refuses whatever is created in these groups.
  const webhooks: Resource = {
    group: "admissionregistration.k8s.io",
    version: "v1",
    plural: "validatingwebhookconfigurations",
    kind: "ValidatingWebhookConfiguration",
    namespaced: false,
  };
  ok(
    await client().create(webhooks, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "zz-other" },
      webhooks: [
        {
          name: "other.example.com",
          clientConfig: { url: "https://127.0.0.1:1/" },
          failurePolicy: "Fail",
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
          rules: [
            {
              apiGroups: ["constraints.gatekeeper.sh", "templates.gatekeeper.sh"],
              apiVersions: ["*"],
              operations: ["CREATE"],
              resources: ["*"],
            },
          ],
        },
      ],
    }),
  );
  try {
    assert.match(
      refusal(await client().create(constraints("Kept"), constraint("Kept", "kept"))),
      /failed calling webhook/,
    );
    await within(2000, async () => (await configMap("kept")).ok);
    assert.match(refusal(await client().create(templates, template("Lost"))), /failed calling webhook/);
    await within(2000, async () => !(await client().get(crds, { name: "lost.constraints.gatekeeper.sh" })).ok);
  } finally {
    ok(await client().delete(webhooks, { name: "zz-other" }));
  }
  ok(await client().create(templates, template("Lost")));
  ok(await client().create(constraints("Lost"), constraint("Lost", "lost")));
  assert.equal(refusal(await configMap("lost")), denied("has lost"));
});
