import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, type JsonObject } from "@portcullis/objects";
import { installedCrds } from "@portcullis/policy";
import { run } from "../run.ts";
import { recordingTerminal } from "../testing.ts";
import { checkObjects } from "./check-objects.ts";

async function check(
  input: string,
  ...flags: readonly string[]
): Promise<{ status: number; out: string; error: string }> {
  const terminal = recordingTerminal({ input });
  const status = await run(["migrate", "--check", "-f", "-", ...flags], terminal);
  return { status, ...terminal.written };
}

const template = (name: string, code: string): string => `---
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: ${name.toLowerCase()}}
spec:
  crd: {spec: {names: {kind: ${name}}}}
  targets:
    - target: admission.k8s.gatekeeper.sh
${code}
`;
const rego = (text: string): string => `      rego: |\n        package p\n        ${text}`;
const good = template("Good", rego('violation[{"msg": "no"}] { input.review.object.metadata.labels.x }'));
const constraint = (kind: string, action = "deny"): string => `---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: ${kind}
metadata: {name: one}
spec: {enforcementAction: ${action}}
`;

test("policies alone go on", async () => {
  const { status, out } = await check(good + constraint("Good"));
  assert.equal(status, 0, out);
  assert.equal(
    out,
    "2 work as before:\n  ConstraintTemplate good: compiles\n  Good one: enforced at admission (deny)\n\nEverything that was found goes on.\n",
  );
});

const stopping: readonly (readonly [what: string, objects: string, text: RegExp])[] = [
  [
    "bad Rego",
    template("Bad", rego("violation[{")),
    / {2}ConstraintTemplate bad: .*\n {4}template:3: .*\(template, line 3, column 1\)/s,
  ],
  [
    "CEL alone",
    template("Cel", "      code: [{engine: K8sNativeValidation, source: {validations: [{expression: 'true'}]}}]"),
    /ConstraintTemplate cel: .*CEL/,
  ],
  [
    "external data",
    template("Ext", rego('violation[{"msg": m}] { m := external_data({"provider": "p", "keys": ["a"]}) }')),
    /external_data/,
  ],
  ["a constraint without its template", constraint("Lost"), /Lost one: its template is not here or is refused/],
  [
    "an action that nobody knows",
    good + constraint("Good", "shout"),
    /Good one: .*"shout" is not within the supported list/,
  ],
  [
    "a mutator",
    "{apiVersion: mutations.gatekeeper.sh/v1, kind: Assign, metadata: {name: a}}",
    /Assign a: mutation comes with a later version/,
  ],
  [
    "expansion",
    "{apiVersion: expansion.gatekeeper.sh/v1alpha1, kind: ExpansionTemplate, metadata: {name: e}}",
    /expansion comes/,
  ],
  [
    "a provider",
    "{apiVersion: externaldata.gatekeeper.sh/v1beta1, kind: Provider, metadata: {name: p}}",
    /external data comes/,
  ],
];
for (const [what, objects, text] of stopping) {
  test(`${what} would stop working`, async () => {
    const { status, out } = await check(objects);
    assert.equal(status, 1, out);
    assert.match(out, text);
    assert.match(out, /would stop working\.\n$/);
  });
}

const deployment = (name: string, args: readonly string[]): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, labels: {gatekeeper.sh/system: "yes"}}
spec: {template: {spec: {containers: [{name: manager, image: "openpolicyagent/gatekeeper:v3.23.1", args: ${JSON.stringify(args)}}]}}}
`;

test("Gatekeeper's own installation: admission goes on, audit and mutation are named", async () => {
  const { status, out } = await check(
    deployment("gatekeeper-controller-manager", [
      "--port=8443",
      "--logtostderr",
      "--log-denies=false",
      "--enable-external-data=true",
      "--log-mutations",
      "--operation=webhook",
      "--operation=mutation-webhook",
      "--disable-opa-builtin={http.send}",
      "--max-serving-threads",
      "4",
    ]) +
      deployment("gatekeeper-audit", ["--operation=audit", "--audit-interval=60", "--operation=status"]) +
      `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gatekeeper-validating-webhook-configuration}
webhooks: [{name: validation.gatekeeper.sh, failurePolicy: Ignore, timeoutSeconds: 3, matchPolicy: Exact, rules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: ["*"], scope: "*"}]}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: somebody-elses}
webhooks: []
---
apiVersion: config.gatekeeper.sh/v1alpha1
kind: Config
metadata: {name: config, namespace: gatekeeper-system}
spec: {validation: {traces: [{user: u}]}, match: [{processes: [audit], excludedNamespaces: [a]}]}
`,
  );
  assert.equal(status, 1);
  for (const line of [
    "  Deployment gatekeeper-audit: audit comes with a later version: violations of what is there already are no longer found, and the status keeps the last ones",
    "  Deployment gatekeeper-controller-manager: its place is taken by the Deployment of Portcullis",
    "  Deployment gatekeeper-controller-manager: --port=8443: does what it does in Gatekeeper",
    "  Deployment gatekeeper-controller-manager: --enable-external-data=true: says what holds without it",
    "  Deployment gatekeeper-controller-manager: --log-mutations=true: taken with a warning: mutation comes with a later version",
    "  Deployment gatekeeper-controller-manager: --disable-opa-builtin={http.send}: disables nothing, as in Gatekeeper: the braces are taken for part of the name",
    "  Deployment gatekeeper-controller-manager: --max-serving-threads=4: taken with a warning: reviews run one after another in one thread",
    "  ValidatingWebhookConfiguration gatekeeper-validating-webhook-configuration: matchPolicy becomes Equivalent: every version of an object is reviewed",
    "  Config config: spec.validation.traces has no effect: traces come with a later version",
  ]) {
    assert.ok(out.includes(`${line}\n`), `${line}\nis not in\n${out}`);
  }
  assert.doesNotMatch(out, /somebody-elses|audit-interval/);
});

const webhook = (settings: string): string => `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gatekeeper-validating-webhook-configuration}
webhooks:
- {name: validation.gatekeeper.sh, ${settings}}
`;
const everything = (more = 'operations: [CREATE, UPDATE], resources: ["*", "*/*"], scope: "*"'): string =>
  `rules: [{apiGroups: ["*"], apiVersions: ["*"], ${more}}]`;
const usual = "failurePolicy: Ignore, timeoutSeconds: 3";

const settings: readonly (readonly [settings: string, told: readonly string[]])[] = [
  [`${usual}, ${everything()}`, ["*/* is no longer reviewed without validatingWebhookSubResources"]],
  [
    `failurePolicy: Fail, timeoutSeconds: 7, clientConfig: {url: "https://a"}, ${everything('operations: [DELETE, CONNECT], resources: ["*", nodes/log], scope: Cluster')}`,
    [
      "failurePolicy becomes Ignore without validatingWebhookFailurePolicy=Fail or profile=strict",
      "timeoutSeconds becomes 3 without validatingWebhookTimeoutSeconds=7",
      "it is called by an address of its own, which is gone without validatingWebhookURL",
      "DELETE is no longer reviewed without enableDeleteOperations=true",
      "CONNECT is no longer reviewed without enableConnectOperations=true",
      "scope becomes * without validatingWebhookScope=Cluster: more is reviewed",
      "nodes/log is no longer reviewed without validatingWebhookSubResources",
    ],
  ],
  [
    `${usual}, matchConditions: [{name: a, expression: "true"}], objectSelector: {matchLabels: {a: b}}, rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}], namespaceSelector: {matchExpressions: [{key: admission.gatekeeper.sh/ignore, operator: DoesNotExist}, {key: team, operator: NotIn, values: [x]}]}`,
    [
      "its matchConditions are gone without validatingWebhookMatchConditions: more is reviewed",
      "its objectSelector is gone without validatingWebhookObjectSelector: more is reviewed",
      "its namespaceSelector is gone without validatingWebhookExemptNamespacesLabels: more is reviewed",
      "its rules are its own: everything is reviewed without validatingWebhookCustomRules",
    ],
  ],
  [`${usual}, objectSelector: {}, clientConfig: {service: {name: portcullis-webhook-service}}`, []],
];
for (const [given, told] of settings) {
  test(`each setting of the webhook that would be lost is told, with the value that keeps it: ${told.length}`, async () => {
    const { status, out } = await check(webhook(given), "-o", "json");
    assert.equal(status, 0);
    const findings: unknown = JSON.parse(out);
    assert.ok(Array.isArray(findings));
    const differing = findings.filter((finding: { fate: string }) => finding.fate === "differs");
    const texts = differing.map((finding: { text: string }) => finding.text);
    assert.deepEqual(
      texts.filter((text) => !text.endsWith("unless validatingWebhookSubResources leaves it out")),
      told,
    );
  });
}

test("what does not work today is no loss, and what works nowhere else is", async () => {
  const never = template("Bad", rego("violation[{")).replace(
    "spec:",
    "status: {created: false, byPod: [{id: a, errors: [{code: ingest_error, message: no}]}]}\nspec:",
  );
  const bad = await check(never);
  assert.equal(bad.status, 0, bad.out);
  assert.match(bad.out, /1 works differently:\n {2}ConstraintTemplate bad: is not in force now either, and is refused/);
  const scoped = (...places: readonly string[]): string =>
    good +
    constraint("Good", "scoped").replace(
      "scoped}",
      `scoped, scopedEnforcementActions: [{action: deny, enforcementPoints: [${places.map((name) => `{name: ${name}}`).join()}]}]}`,
    );
  const audit = await check(scoped("audit.gatekeeper.sh", "gator.gatekeeper.sh"));
  assert.equal(audit.status, 1);
  assert.match(audit.out, /Good one: is enforced at audit\.gatekeeper\.sh alone, which comes with a later version/);
  assert.match((await check(scoped("gator.gatekeeper.sh"))).out, /Good one: for files alone, as in Gatekeeper/);
  assert.equal((await check(scoped("audit.gatekeeper.sh", "validation.gatekeeper.sh"))).status, 0);
  const generated = await check(good + constraint("Good").replace("deny}", "deny, match: {source: Generated}}"));
  assert.match(generated.out, /Good one: matches only what expansion makes/);
});

test("a Config elsewhere counts for nothing; Portcullis' own Deployment is none of Gatekeeper's", async () => {
  const elsewhere =
    "{apiVersion: config.gatekeeper.sh/v1alpha1, kind: Config, metadata: {name: config, namespace: team-a}}";
  assert.match((await check(elsewhere)).out, /Config config: of no effect in team-a, as in Gatekeeper/);
  const own = await check(
    deployment("portcullis-controller-manager", ["--operation=webhook", "--denial-form=current"]),
  );
  assert.equal(own.out, "Nothing of Gatekeeper's was found.\n");
});

test("of a whole cluster it is known what is not there: CRDs of an older Gatekeeper, mutators", async () => {
  const idle = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "gatekeeper-mutating-webhook-configuration" },
  };
  const [template_, ...others] = installedCrds;
  assert.ok(template_ !== undefined);
  const fates = async (objects: readonly JsonObject[]): Promise<readonly string[]> =>
    (await checkObjects(objects, true)).map(({ fate, subject }) => `${fate} ${subject}`);
  assert.deepEqual(await fates([template_, idle]), [
    ...others.map((crd) => `stops CustomResourceDefinition ${nameOf(crd)}`),
    "works MutatingWebhookConfiguration gatekeeper-mutating-webhook-configuration",
  ]);
  const mutator = { apiVersion: "mutations.gatekeeper.sh/v1", kind: "Assign", metadata: { name: "a" } };
  assert.deepEqual(await fates([...installedCrds, idle, mutator]), [
    "stops MutatingWebhookConfiguration gatekeeper-mutating-webhook-configuration",
    "stops Assign a",
  ]);
  assert.deepEqual(await fates([]), []);
});

test("a flag that nobody knows, and one that is refused", async () => {
  const { status, out } = await check(
    deployment("m", ["--enable-violation-export=true", "--wat", "--operation=webhook"]),
  );
  assert.equal(status, 1);
  assert.match(out, /--enable-violation-export=true: refused: exporting violations comes/);
  assert.match(out, /--wat=true: nobody knows this flag/);
});

test("for scripts as JSON; nothing found is nothing wrong", async () => {
  const { status, out } = await check(good, "-o", "json");
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(out), [{ fate: "works", subject: "ConstraintTemplate good", text: "compiles" }]);
  assert.deepEqual(await check("{apiVersion: v1, kind: Pod, metadata: {name: p}}"), {
    status: 0,
    out: "Nothing of Gatekeeper's was found.\n",
    error: "",
  });
});

test("without --check it says what it is for; a cluster that is not there is said", async () => {
  const terminal = recordingTerminal();
  assert.equal(await run(["migrate"], terminal), 1);
  assert.match(terminal.written.error, /wants --check/);
  const lost = recordingTerminal();
  assert.equal(await run(["migrate", "--check", "--kubeconfig", "/nowhere"], lost), 1);
  assert.match(lost.written.error, /\/nowhere/);
});
