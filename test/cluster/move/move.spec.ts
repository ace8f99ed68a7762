/**
 * The move from a real Gatekeeper and back as docs/move-from-gatekeeper.md has it, command by command, while somebody
 * writes all the time: nothing is let through unreviewed, nothing is refused for nobody being there to answer.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isJsonArray, own, ownPath, ownString, readJson } from "@portcullis/objects";
import { getPlainly } from "../requests.ts";
import { gatekeeper, knownOfItsStart, namespace, openScene, root, titleOf, without, type Scene } from "./scene.ts";
import { helmFor } from "./helm.ts";
import { readFamilies, type Family } from "./metrics-text.ts";

const skipCrds = "--skip-crds";
const portcullis = [join(root, "charts/portcullis"), ...namespace, "--set", "namePrefix=portcullis,replicas=2"];
const quietly = ["--set", "validatingWebhookCheckIgnoreFailurePolicy=Ignore"];

describe("the move from Gatekeeper and back", { skip: without }, () => {
  let scene: Scene | undefined;
  let crdsBefore: ReadonlyMap<string, string> | undefined;

  const parts = (): Scene => {
    assert.ok(scene !== undefined);
    return scene;
  };
  const helm: Scene["helm"] = (...argv) => parts().helm(...argv);
  const kubectl: Scene["kubectl"] = (argv, input) => parts().kubectl(argv, input);
  const items: Scene["items"] = (resources) => parts().items(resources);
  const untilSaid: Scene["untilSaid"] = (names) => parts().untilSaid(names);
  const podsOf: Scene["podsOf"] = (beginning) => parts().podsOf(beginning);
  const noStrayFromNow: Scene["noStrayFromNow"] = (known) => parts().noStrayFromNow(known);
  const untilUnasked: Scene["untilUnasked"] = (beginning) => parts().untilUnasked(beginning);

  before(async () => {
    scene = await openScene();
    crdsBefore = await schemas();
  });
  after(async () => {
    await scene?.close();
  });
  /** What each CRD is, without what is only there to be read. */
  async function schemas(): Promise<ReadonlyMap<string, string>> {
    const crds = await items("crds");
    return new Map(
      crds.map((crd) => {
        const left = (key: string, value: unknown): unknown =>
          key === "description" && typeof value === "string" ? undefined : value;
        const kept = { spec: own(crd, "spec"), labels: ownPath(crd, "metadata", "labels") };
        return [titleOf(crd), JSON.stringify(kept, left)];
      }),
    );
  }

  it("the check names what stops, and nothing that works", async () => {
    const main = join(root, "packages/cli/src/main.ts");
    const flags = ["--conditions=source", main, "migrate", "--check", "-o", "json", "--kubeconfig"];
    const { stdout } = await new Promise<{ stdout: string }>((resolve) => {
      execFile(process.execPath, [...flags, parts().cluster.kubeconfig], (_error, text) => resolve({ stdout: text }));
    });
    const read = readJson(stdout);
    assert.ok(read.ok && isJsonArray(read.value), stdout);
    const of = (fate: string): readonly string[] =>
      isJsonArray(read.value)
        ? read.value.filter((each) => own(each, "fate") === fate).map((each) => ownString(each, "subject") ?? "")
        : [];
    assert.deepEqual(of("stops"), ["Deployment gatekeeper-audit"]);
    assert.deepEqual([...new Set(of("differs"))].toSorted(), [
      "ConstraintTemplate unsound",
      "Deployment gatekeeper-controller-manager",
      "ValidatingWebhookConfiguration gatekeeper-validating-webhook-configuration",
    ]);
    const webhook = "MutatingWebhookConfiguration gatekeeper-mutating-webhook-configuration";
    assert.ok(of("works").includes(webhook), of("works").join("\n"));
  });

  it("both enforce side by side, and neither undoes what the other writes", async () => {
    await helm("install", "portcullis", ...portcullis, ...quietly, skipCrds);
    await parts().fleet.settled();
    await untilSaid([...podsOf("gatekeeper"), ...podsOf("portcullis")]);
    const versions = async (): Promise<readonly string[]> =>
      (await Promise.all(["constrainttemplates", "constraints", "crds", "configs.config.gatekeeper.sh"].map(items)))
        .flat()
        .map((object) => `${titleOf(object)} ${ownString(own(object, "metadata"), "resourceVersion")}`);
    const rest = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
    let settled = await versions();
    for (let round = 0, before = ""; round < 20 && before !== settled.join(); round += 1) {
      before = settled.join();
      await rest(1000);
      settled = await versions();
    }
    // Who undoes what another writes goes on doing so.
    await rest(4000);
    assert.deepEqual(await versions(), settled);
    await noStrayFromNow();
  });

  it("both tell the same in their metrics", async () => {
    const told = async (deployment: string): Promise<readonly ReadonlyMap<string, Family>[]> => {
      const found = parts()
        .fleet.pods()
        .filter((each) => each.deployment === deployment);
      const texts = await Promise.all(found.map(({ metricsPort }) => getPlainly(metricsPort, "/metrics")));
      return texts.map(({ text }) => readFamilies(text, "gatekeeper_"));
    };
    const [theirs] = await told("gatekeeper-controller-manager");
    const allOurs = await told("portcullis-controller-manager");
    const [ours] = allOurs;
    assert.ok(theirs !== undefined && ours !== undefined);
    const missing = [...theirs.keys()].filter((name) => !ours.has(name));
    assert.deepEqual(
      missing.filter((name) => !/mutat|validating_admission_polic/.test(name)),
      [],
    );
    for (const [name, family] of theirs) {
      const own_ = ours.get(name);
      if (own_ === undefined) continue;
      assert.deepEqual([own_.type, own_.help], [family.type, family.help], name);
      // What stands now is the same; what was counted is each one's own, since both began at another time.
      if (family.type === "gauge" && !name.includes("last_run")) assert.deepEqual(own_.series, family.series, name);
      // An API server may keep to one of the Pods, so that the other has counted nothing.
      const others = [...family.series.keys()].filter(
        (series) => !allOurs.some((each) => each.get(name)?.series.has(series)),
      );
      assert.deepEqual(others, [], name);
    }
    assert.equal(
      ours.get("gatekeeper_constraint_templates")?.series.get('gatekeeper_constraint_templates{status="error"}'),
      "1",
    );
  });

  it("Gatekeeper goes, and everything that was its own", async () => {
    await kubectl(["delete", "validatingwebhookconfiguration", "gatekeeper-validating-webhook-configuration"]);
    await kubectl(["delete", "mutatingwebhookconfiguration", "gatekeeper-mutating-webhook-configuration"]);
    // API servers learn of it a moment later.
    await untilUnasked("gatekeeper");
    await helm("uninstall", "gatekeeper", ...namespace);
    await parts().fleet.settled();
    await helm("upgrade", "portcullis", ...portcullis);
    await untilSaid(podsOf("portcullis"));
    await noStrayFromNow();
    const left = await kubectl(["get", "secrets,services,deployments,serviceaccounts", ...namespace, "-o", "name"]);
    assert.doesNotMatch(left.stdout, /gatekeeper-/);
    const [guard] = (await items("validatingwebhookconfigurations")).flatMap((each) => {
      const webhooks = own(each, "webhooks");
      return (isJsonArray(webhooks) ? webhooks : []).filter(
        (webhook) => own(webhook, "name") === "check-ignore-label.gatekeeper.sh",
      );
    });
    assert.equal(own(guard, "failurePolicy"), "Fail");
    const crds = await schemas();
    for (const [name, schema] of crdsBefore ?? []) assert.equal(crds.get(name), schema, name);
  });

  it("it fails closed, by webhooks that trust the server from the first moment", async () => {
    await helm("upgrade", "portcullis", ...portcullis, "--set", "profile=strict");
    const manifest = await helmFor(parts().cluster)(["get", "manifest", "portcullis", ...namespace]);
    const [configuration] = await items("validatingwebhookconfigurations");
    const webhooks = own(configuration, "webhooks");
    assert.ok(isJsonArray(webhooks));
    assert.ok(webhooks.length > 3, JSON.stringify(webhooks));
    const trusted = new Set(webhooks.map((webhook) => ownString(own(webhook, "clientConfig"), "caBundle")));
    assert.equal(trusted.size, 1);
    // What Helm wrote had it, and not only what the server made of it a moment later.
    const written = [...manifest.stdout.matchAll(/^ *caBundle: (\S+)$/gm)].map(([, bundle]) => bundle);
    assert.deepEqual(
      written,
      webhooks.flatMap(() => [...trusted]),
    );
    await noStrayFromNow();
  });

  it("and back again", async () => {
    await helm("install", "gatekeeper", ...gatekeeper, ...quietly, skipCrds);
    await parts().fleet.settled();
    await untilSaid([...podsOf("gatekeeper"), ...podsOf("portcullis")]);
    await kubectl(["delete", "validatingwebhookconfiguration", "portcullis-validating-webhook-configuration"]);
    await untilUnasked("portcullis");
    await helm("uninstall", "portcullis", ...namespace);
    await kubectl(["delete", "lease", "portcullis-status", ...namespace]);
    await parts().fleet.settled();
    await helm("upgrade", "gatekeeper", ...gatekeeper);
    await untilSaid(podsOf("gatekeeper"));
    await noStrayFromNow(knownOfItsStart);
    const everything = await kubectl(["get", "secrets,services,leases,serviceaccounts,pdb", "-A", "-o", "name"]);
    assert.doesNotMatch(everything.stdout, /portcullis-(?!.*\.v\d)/);
    const crds = await schemas();
    for (const [name, schema] of crdsBefore ?? []) assert.equal(crds.get(name), schema, name);
  });
});
