/** `portcullis apply` against a sandbox with Portcullis in it. Several replicas are the business of test/contract. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../run.ts";
import { startEnforcing, type EnforcingSandbox } from "../sandbox/start-enforcing.ts";
import { recordingTerminal, type RecordingTerminal } from "../testing.ts";

let sandbox: EnforcingSandbox | undefined;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "apply-spec-"));
  sandbox = await startEnforcing(
    { port: 0, reachableRegistries: ["*"], denialForm: "current", enforcing: true },
    folder,
  );
});
after(async () => {
  await sandbox?.stop();
  await rm(folder, { recursive: true });
});

let count = 0;
/** A kind of its own for each test. */
let kind = "";
/** A test with a kind of its own. Hooks before each test would be those of every spec in the process. */
function applying(name: string, body: () => Promise<void>): void {
  test(name, async () => {
    count += 1;
    kind = `Wants${count}`;
    await body();
  });
}

const template = (rego = 'violation[{"msg": "no owner"}] { not input.review.object.data.owner }'): string => `
apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: ${kind.toLowerCase()}}
spec:
  crd: {spec: {names: {kind: ${kind}}, validation: {openAPIV3Schema: {type: object, properties: {labels: {type: array, items: {type: string}}}}}}}
  targets:
  - target: admission.k8s.gatekeeper.sh
    rego: |
      package wants
      ${rego}
`;
const constraint = (spec = "match: {kinds: [{apiGroups: [''], kinds: [ConfigMap]}]}"): string => `
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: ${kind}
metadata: {name: rule}
spec: {${spec}}
`;
const configMap = (name: string, more = ""): string => `
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}${more}}
`;
const titles = (): { readonly template: string; readonly constraint: string } => ({
  template: `constrainttemplate.templates.gatekeeper.sh/${kind.toLowerCase()}`,
  constraint: `${kind.toLowerCase()}.constraints.gatekeeper.sh/rule`,
});

async function apply(
  argv: readonly string[],
  input?: string,
): Promise<RecordingTerminal["written"] & { readonly status: number }> {
  assert.ok(sandbox !== undefined);
  const terminal = recordingTerminal({ directory: folder, ...(input === undefined ? {} : { input }) });
  const status = await run(["apply", `--kubeconfig=${sandbox.kubeconfigPath}`, ...argv], terminal);
  const { out, error } = terminal.written;
  // How long it takes is the machine's affair.
  return { out, error: error.replaceAll(/^waiting for .*\n/gm, ""), status };
}

const remove = (name: string): Promise<unknown> => apply(["--wait", "-f", "-"], constraint(`match: {name: ${name}}`));

applying("a constraint may stand before its template, and what is applied with them is held against both", async () => {
  const all = [configMap(`early-${count}`), constraint(), template()].join("---");
  const { status, out, error } = await apply(["--wait", "-f", "-"], all);
  assert.equal(out, `${titles().template} created\n${titles().constraint} created\n`);
  assert.match(
    error,
    /^Error from server \(Forbidden\): error when applying "STDIN" \(configmap\/early-1\): .*\[rule\] no owner\n$/,
  );
  assert.equal(status, 1);
  await remove("nothing");
});

applying("what is there is configured or unchanged", async () => {
  await apply(["--wait", "-f", "-"], template() + "---" + constraint("match: {name: nothing}"));
  const again = await apply(["--wait", "-f", "-"], template() + "---" + constraint("match: {name: other}"));
  assert.deepEqual(again, {
    status: 0,
    out: `${titles().template} unchanged\n${titles().constraint} configured\n`,
    error: "",
  });
});

applying("Rego that does not compile is told with its place, and nothing after it is applied", async () => {
  const all = [template("violation[{"), constraint(), configMap(`never-${count}`)].join("---");
  const { status, out, error } = await apply(["--wait", "-f", "-"], all);
  assert.deepEqual([status, out], [1, ""]);
  assert.match(error, /Could not|rego_parse_error|at line \d+/);
  assert.match(error, /rule: not applied, since what comes before it failed\nconfigmap\/never-\d+: not applied/);
});

applying(
  "fields that a constraint does not have are refused with what was meant, before anything is written",
  async () => {
    const stray = "excludedNamespaces: [a], parameters: {label: [b]}";
    const refused = await apply(["-f", "-"], template() + "---" + constraint(stray));
    assert.equal(refused.status, 1);
    assert.equal(refused.out, "");
    assert.equal(
      refused.error,
      [
        `STDIN: ${titles().constraint}: unknown field "spec.excludedNamespaces"; did you mean "spec.match.excludedNamespaces"?`,
        `STDIN: ${titles().constraint}: unknown field "spec.parameters.label"; did you mean "spec.parameters.labels"?`,
        "nothing was applied; --validate=warn applies it nevertheless",
        "",
      ].join("\n"),
    );
    // The cluster's template is as good as one that is given.
    await apply(["--wait", "-f", "-"], template());
    assert.match(
      (await apply(["-f", "-"], constraint("parameters: {lables: []}"))).error,
      /did you mean "spec.parameters.labels"/,
    );
    const warned = await apply(
      ["--validate=warn", "-f", "-"],
      constraint("match: {name: x}, parameters: {lables: []}"),
    );
    assert.deepEqual([warned.status, warned.out], [0, `${titles().constraint} created\n`]);
    assert.match(warned.error, /Warning: STDIN: .*did you mean "spec.parameters.labels"/);
  },
);

applying("a dry run writes nothing, though the constraint's kind is not there", async () => {
  const all = template() + "---" + constraint() + "---" + configMap(`dry-${count}`);
  for (const [flag, note] of [
    ["--dry-run", "server dry run"],
    ["--dry-run=client", "dry run"],
  ] as const) {
    const { status, out, error } = await apply([flag, "--wait", "-f", "-"], all);
    const names = [titles().template, titles().constraint, `configmap/dry-${count}`];
    const told = `${titles().constraint}: checked here alone, since its kind comes with its template\n`;
    assert.deepEqual([error, status, out], [told, 0, names.map((name) => `${name} created (${note})\n`).join("")]);
  }
  assert.match(
    (await apply(["-f", "-"], constraint())).error,
    /no matches for kind "Wants\d+" in version "constraints.gatekeeper.sh\/v1beta1"/,
  );
});

applying("folders are read flat, or with -R in whole, and lists are taken apart", async () => {
  await mkdir(join(folder, "tree/below"), { recursive: true });
  const list = `{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"owner": "me"}}]}`;
  await writeFile(join(folder, "tree/list.json"), list);
  await writeFile(join(folder, "tree/note.txt"), "no object");
  await writeFile(join(folder, "tree/below/b.yaml"), `${configMap("b")}data: {owner: me}\n`);
  assert.equal((await apply(["-f", "tree"])).out, "configmap/a created\n");
  assert.equal((await apply(["-R", "-f", "tree"])).out, "configmap/b created\nconfigmap/a unchanged\n");
  assert.deepEqual(await apply(["-f", "none"]), { status: 1, out: "", error: 'the path "none" does not exist\n' });
  await writeFile(join(folder, "latin.yaml"), Buffer.from(`${configMap("c")}data: {owner: "\u00ff"}\n`, "latin1"));
  const error = "latin.yaml: error converting YAML to JSON: yaml: invalid leading UTF-8 octet\n";
  assert.deepEqual(await apply(["-f", "latin.yaml"]), { status: 1, out: "", error });
});

applying("a namespace goes where there is none, and is not overruled", async () => {
  const placed = await apply(["-n", "kube-public", "-f", "-"], `${configMap("placed")}data: {owner: me}\n`);
  assert.equal(placed.out, "configmap/placed created\n");
  const other = await apply(["-n", "kube-public", "-f", "-"], configMap("x", ", namespace: default"));
  assert.match(
    other.error,
    /the namespace from the provided object "default" does not match the namespace "kube-public"/,
  );
});

applying("a field of another manager is left to it, unless it is taken over", async () => {
  const text = (value: string): string => `${configMap("owned")}data: {owner: ${value}}\n`;
  await apply(["--field-manager=first", "-f", "-"], text("a"));
  const conflict = await apply(["-f", "-"], text("b"));
  assert.match(conflict.error, /^Error from server \(Conflict\): .*conflict with "first"[^]*--force-conflicts/);
  assert.equal((await apply(["--force-conflicts", "-f", "-"], text("b"))).out, "configmap/owned configured\n");
});

applying("a namespace that is not there is told at once, for nobody makes it meanwhile", async () => {
  const lost = await apply(["--wait", "-f", "-"], configMap("lost", ", namespace: nowhere"));
  assert.equal(lost.status, 1);
  assert.match(lost.error, /^Error from server \(NotFound\): .*namespaces "nowhere" not found\n$/);
});

applying("what the server does not know of a field is an error, as is a flag without sense", async () => {
  assert.match((await apply(["-f", "-"], `${configMap("odd")}dada: {}\n`)).error, /dada/);
  assert.match((await apply(["--timeout=soon", "-f", "-"], "")).error, /--timeout soon: this is no duration/);
  assert.match((await apply(["--dry-run=maybe", "-f", "-"], "")).error, /Invalid dry-run value \(maybe\)/);
  assert.match((await apply([])).error, /must specify one of -f/);
});

applying(
  "files and addresses may stand behind one flag, and what has no address here is told where it is",
  async () => {
    const server = createServer((_request, response) => response.end(configMap("from-afar")));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo; // as: what a listening TCP server has
      await writeFile(join(folder, "near.yaml"), configMap("from-near"));
      const both = `near.yaml,http://127.0.0.1:${port}/far.yaml`;
      assert.deepEqual(await apply(["--dry-run=client", "-f", both]), {
        status: 0,
        out: "configmap/from-near created (dry run)\nconfigmap/from-afar created (dry run)\n",
        error: "",
      });
    } finally {
      server.close();
    }
    assert.match(
      (await apply(["-k", "overlays/prod"])).error,
      /--kustomize: .*kustomize build FOLDER \| portcullis apply -f -/,
    );
    assert.match(
      (await apply(["--prune", "-f", "near.yaml"])).error,
      /--prune: nothing is ever deleted; .*kubectl delete -f/,
    );
  },
);
