/** The rights that the manifests grant, beside those that were used: by the API server's own record. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isJsonArray, own, ownPath, ownString, readJson, type JsonObject } from "@portcullis/objects";
import { valueOf, type Resource } from "@portcullis/kube";
import { auditedConstraint, auditedTemplate, postTo } from "../reliability/auditor.ts";
import { reviewOf } from "../reliability/reviews.ts";
import { trusted } from "../reliability/setting.ts";
import { configMap, namespace, type Story } from "../acceptance/story.ts";
import type { TestCluster } from "../cluster.ts";
import type { Product } from "../product.ts";

/** One right: a verb on a resource, in one namespace or everywhere. */
interface Right {
  readonly group: string;
  /** With the subresource behind a slash. */
  readonly resource: string;
  readonly verb: string;
  /** Where it counts; everywhere where absent. */
  readonly namespace?: string;
  readonly names?: readonly string[];
}

/** What was asked once. */
interface Asked {
  readonly right: Right;
  readonly name: string;
  readonly code: number;
}

const role = "gatekeeper-manager-role";
const ownNamespace = "gatekeeper-system";

const of = (group: string, version: string, plural: string, kind: string, namespaced = false): Resource => ({
  group,
  version,
  plural,
  kind,
  namespaced,
});
const clusterRoles = of("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole");
const roles = of("rbac.authorization.k8s.io", "v1", "roles", "Role", true);
const crds = of("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition");
const secrets = of("", "v1", "secrets", "Secret", true);

/** Every right that is granted to the product. */
async function granted({ client }: TestCluster): Promise<readonly Right[]> {
  const cluster = valueOf(await client.get(clusterRoles, { name: role }), "reading the ClusterRole");
  const local = valueOf(await client.get(roles, { name: role, namespace: ownNamespace }), "reading the Role");
  return [...rightsOf(cluster), ...rightsOf(local).map((right) => ({ ...right, namespace: ownNamespace }))];
}

function rightsOf(object: JsonObject): readonly Right[] {
  const texts = (rule: unknown, key: string): readonly string[] => {
    const list = own(rule, key);
    return isJsonArray(list) ? list.map(String) : [];
  };
  const rules = own(object, "rules");
  return (isJsonArray(rules) ? rules : []).flatMap((rule) => {
    const names = texts(rule, "resourceNames");
    return texts(rule, "apiGroups").flatMap((group) =>
      texts(rule, "resources").flatMap((resource) =>
        texts(rule, "verbs").map((verb) => ({ group, resource, verb, ...(names.length > 0 ? { names } : {}) })),
      ),
    );
  });
}

/** What the product asked, by the record. */
function asked(auditFile: string): readonly Asked[] {
  return readFileSync(auditFile, "utf8")
    .split("\n")
    .flatMap((line) => {
      const read = readJson(line);
      const about = read.ok ? own(read.value, "objectRef") : undefined;
      if (!read.ok || about === undefined) return [];
      const subresource = ownString(about, "subresource") ?? "";
      const at = ownString(about, "namespace") ?? "";
      const right = {
        group: ownString(about, "apiGroup") ?? "",
        resource: `${ownString(about, "resource")}${subresource === "" ? "" : `/${subresource}`}`,
        verb: ownString(read.value, "verb") ?? "",
        ...(at === "" ? {} : { namespace: at }),
      };
      const code = Number(ownPath(read.value, "responseStatus", "code") ?? 0);
      return [{ right, name: ownString(about, "name") ?? "", code }];
    });
}

function covers(grant: Right, { right, name }: Asked): boolean {
  const subresourceOf = (resource: string): string => resource.split("/")[1] ?? "";
  const isResource =
    grant.resource === right.resource ||
    grant.resource === "*" ||
    (grant.resource === "*/status" && subresourceOf(right.resource) === "status");
  return (
    (grant.group === "*" || grant.group === right.group) &&
    isResource &&
    grant.verb === right.verb &&
    (grant.namespace === undefined || grant.namespace === right.namespace) &&
    // A list by the field of the name has the name in the record too.
    (grant.names === undefined || grant.names.includes(name))
  );
}

const isForAll = ({ group, resource }: Right): boolean => group === "*" && resource === "*";

/** Waits until nothing of what is granted is left unused but this: what is deleted is cleared up a moment later. */
export async function untilUsed(story: Story, inventory: ReadonlySet<string>, but: readonly string[]): Promise<void> {
  await story.eventually(async () => {
    const { unused } = await auditRights(story.cluster, inventory);
    assert.deepEqual(unused, but, "granted and not used");
  });
}

/** What was refused, what nobody used, and what only the right to everything made possible. */
export async function auditRights(
  cluster: TestCluster,
  inventory: ReadonlySet<string>,
): Promise<{
  readonly refused: readonly string[];
  readonly unused: readonly string[];
  readonly byWildcard: readonly string[];
  readonly used: number;
}> {
  assert.ok(cluster.auditFile !== undefined);
  const grants = await granted(cluster);
  const all = asked(cluster.auditFile);
  const refused = all.filter(({ code }) => code === 403).map(({ right }) => tell(right));
  const used = new Set<Right>();
  const byWildcard: string[] = [];
  for (const each of all) {
    const fitting = grants.filter((grant) => covers(grant, each));
    const exact = fitting.filter((grant) => !isForAll(grant));
    if (exact.length === 0 && fitting.length > 0 && !inventory.has(each.right.resource))
      byWildcard.push(tell(each.right));
    // A right in one namespace is used where it would have been enough.
    for (const grant of exact.length > 0 ? exact : fitting) used.add(grant);
  }
  const unused = grants.filter((grant) => !used.has(grant)).map(tell);
  const unique = (texts: readonly string[]): readonly string[] =>
    [...new Set(texts)].toSorted((a, b) => (a < b ? -1 : 1));
  return { refused: unique(refused), unused: unique(unused), byWildcard: unique(byWildcard), used: used.size };
}

function tell({ group, resource, verb, namespace: at }: Right): string {
  return `${verb} ${resource}.${group}${at === undefined ? "" : ` in ${at}`}`;
}

/** Everything that the product does for its users, once. */
export async function useEverything(story: Story, product: Product): Promise<void> {
  const { cluster } = story;
  const { client } = cluster;
  await story.apply("sync.yaml", "-n", ownNamespace);
  await story.admits({
    apiVersion: "syncset.gatekeeper.sh/v1alpha1",
    kind: "SyncSet",
    metadata: { name: "more" },
    spec: { gvks: [{ group: "", version: "v1", kind: "Service" }] },
  });
  await story.admits(namespace("used"));
  await story.admits(auditedTemplate);
  await story.eventually(() => story.admits(auditedConstraint("inventory", "inventory")));
  await story.enforced("audited", "inventory");
  // Reports that somebody has touched since are read before they are written over.
  const reports = ["constrainttemplate", "constraint", "config"].map(
    (what) => `${what}podstatuses.status.gatekeeper.sh`,
  );
  await story.does("label", reports.join(","), "--all", "-n", ownNamespace, "touched=yes");
  await story.does("patch", "audited", "inventory", "--type=merge", "-p", '{"spec":{"parameters":{"mark":"changed"}}}');
  await story.enforced("audited", "inventory");
  const targets = own(auditedTemplate["spec"], "targets");
  const rego = ownString(isJsonArray(targets) ? targets[0] : undefined, "rego") ?? "";
  await story.does("patch", "constrainttemplate", "audited", "--type=merge", "-p", templatePatch(rego));
  await story.enforced("constrainttemplate", "audited");
  await story.does("patch", "config", "config", "-n", ownNamespace, "--type=merge", "-p", '{"spec":{"match":[]}}');
  // A denial twice over, so that its event is counted.
  for (let round = 0; round < 2; round += 1) {
    await story.refuses(configMap("used", "the-auditor-asks"));
    // Of what is in no namespace it is told in our own.
    await story.refuses(namespace("the-auditor-asks"));
  }
  const ask = async (body: JsonObject): Promise<void> => {
    const [replica] = product.replicas();
    assert.ok(replica !== undefined);
    await postTo(replica.port, await trusted(cluster), JSON.stringify(body));
  };
  // In a namespace that no watch has shown, and of a template that none has.
  await ask(reviewOf(configMap("nowhere", "one")));
  await ask(reviewOf({ apiVersion: "constraints.gatekeeper.sh/v1beta1", kind: "Unheard", metadata: { name: "of" } }));
  // Admitted and never written.
  await ask(reviewOf(auditedConstraint("never-written", "x")));
  const metadata = { name: "neverwritten", uid: "00000000-0000-0000-0000-000000000001" };
  const crd = { spec: { names: { kind: "NeverWritten" } } };
  await ask(reviewOf({ ...auditedTemplate, metadata, spec: { ...(auditedTemplate["spec"] as JsonObject), crd } }));
  valueOf(
    await client.delete(secrets, { name: "gatekeeper-webhook-server-cert", namespace: ownNamespace }),
    "deleting the Secret",
  );
  await story.eventually(async () => {
    assert.ok((await client.get(secrets, { name: "gatekeeper-webhook-server-cert", namespace: ownNamespace })).ok);
  });
  // What was only prepared is taken away after some seconds.
  await story.eventually(async () => {
    assert.ok((await client.get(crds, { name: "neverwritten.constraints.gatekeeper.sh" })).ok === false);
  });
  await story.does("delete", "audited", "inventory");
  await story.does("delete", "constrainttemplate", "audited");
  await story.does("delete", "config", "config", "-n", ownNamespace);
}

function templatePatch(rego: string): string {
  const target = "admission.k8s.gatekeeper.sh";
  return JSON.stringify({ spec: { targets: [{ target, rego: `${rego}\n# changed\n` }] } });
}

/** Whether the right to name an owner that blocks is needed: without it a template's CRD cannot be made its own. */
export async function needsFinalizers(story: Story): Promise<void> {
  const { client } = story.cluster;
  const before = valueOf(await client.get(clusterRoles, { name: role }), "reading the ClusterRole");
  const rules = own(before, "rules");
  assert.ok(isJsonArray(rules));
  const isIt = (rule: unknown): boolean => {
    const resources = own(rule, "resources");
    return isJsonArray(resources) && resources.includes("constrainttemplates/finalizers");
  };
  const less = { ...before, rules: rules.filter((rule) => !isIt(rule)) };
  valueOf(await client.replace(clusterRoles, less), "taking a right away");
  // The authorizer reads roles by a watch.
  const account = `system:serviceaccount:${ownNamespace}:gatekeeper-admin`;
  const question = ["auth", "can-i", "update", "constrainttemplates.templates.gatekeeper.sh/finalizers"];
  await story.eventually(async () => assert.match(await story.fails(...question, `--as=${account}`), /^$|no/));
  const crd = { spec: { names: { kind: "Unowned" } } };
  const spec = { ...(auditedTemplate["spec"] as JsonObject), crd };
  await story.admits({ ...auditedTemplate, metadata: { name: "unowned" }, spec });
  // It has tried, and was refused.
  await story.eventually(async () => {
    const tried = asked(story.cluster.auditFile ?? "").filter(
      ({ name }) => name === "unowned.constraints.gatekeeper.sh",
    );
    assert.ok(
      tried.some(({ code }) => code === 403),
      "the right was not needed",
    );
  });
  const owners = async (): Promise<unknown> => {
    const found = valueOf(await client.get(crds, { name: "unowned.constraints.gatekeeper.sh" }), "reading the CRD");
    return ownPath(found, "metadata", "ownerReferences");
  };
  assert.equal(await owners(), undefined, "the right was not needed");
  const now = valueOf(await client.get(clusterRoles, { name: role }), "reading the ClusterRole");
  valueOf(await client.replace(clusterRoles, { ...now, rules }), "giving it back");
  await story.eventually(async () => assert.ok(isJsonArray(await owners())));
  await story.does("delete", "constrainttemplate", "unowned");
}
