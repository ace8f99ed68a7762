/** Bad inputs, bad callers and ways around: the rows S1, S2, S6, S8, S10, S12, S13 and S14 of the table, one test a row. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { storyOf, type Story } from "../acceptance/story.ts";
import { availableClusters, startCluster, type ClusterKind, type TestCluster } from "../cluster.ts";
import { startProduct, type Product, type ProductOptions } from "../product.ts";
import { bypasses, prepareBypasses } from "./bypass.ts";
import { callWrongly } from "./call-wrongly.ts";
import { makeCallers } from "./callers.ts";
import { confining, facts, looseEnds, manifestsOf, whyNotConfinable, writtenFiles } from "./confinement.ts";
import { answersToHostile, firstDifference, hostileInput } from "./hostile-keys.ts";
import { startHostile } from "./hostile-place.ts";
import { hostileReviews } from "./hostile-reviews.ts";
import { startOpa } from "./opa-keys.ts";
import { shapeOfPrototypes } from "./prototypes.ts";
import { auditRights, needsFinalizers, untilUsed, useEverything } from "./rights.ts";
import { assertNoCanary, placesOf, writeSecrets } from "./secrets.ts";
import { complaintsAbout, scanSources } from "./static.ts";

/** A cluster with the product in it, and what belongs to it. */
interface Place {
  readonly cluster: TestCluster;
  readonly product: Product;
  readonly story: Story;
  readonly logFile: string;
  stop(): Promise<void>;
}

async function open(kind: ClusterKind, more: Partial<ProductOptions> = {}): Promise<Place> {
  const cluster = await startCluster(kind);
  const logFile = join(cluster.folder, "server.log");
  try {
    const { flags = [], ...rest } = more;
    const product = await startProduct(cluster, {
      replicas: 1,
      denialForm: "classic",
      manifestFlags: ["--admission-events-involved-namespace"],
      flags: [
        "--emit-admission-events",
        "--admission-events-involved-namespace",
        "--log-denies",
        "--log-level=DEBUG",
        `--log-file=${logFile}`,
        ...flags,
      ],
      ...rest,
    });
    const stop = async (): Promise<void> => {
      await product.stop();
      await cluster.stop();
    };
    return { cluster, product, story: storyOf(cluster, product), logFile, stop };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** As many answers as are not alike on both sides are shown. */
const shown = 3;
const real = availableClusters().includes("kube-apiserver");

for (const kind of availableClusters()) {
  describe(`security on the ${kind}`, () => {
    let place: Place | undefined;
    before(async () => {
      place = await open(kind);
    });
    after(() => place?.stop());
    const here = (): Place => {
      assert.ok(place !== undefined);
      return place;
    };

    it("S8 no way leads around the webhook", { timeout: 120_000 }, async (context) => {
      const { story } = here();
      await prepareBypasses(story);
      for (const { way, notInSandbox, run } of bypasses) {
        const skip = kind === "sandbox" ? notInSandbox : undefined;
        await context.test(way, { skip: skip ?? false }, () => run(story));
      }
    });

    it("S10 nothing of a Secret is in logs, events, statuses and metrics", { timeout: 90_000 }, async () => {
      const { story, product, logFile } = here();
      await writeSecrets(story);
      const places = await placesOf(story, product, logFile);
      assert.match(readFileSync(logFile, "utf8"), /denied admission: the object is/);
      assertNoCanary(places);
    });
  });
}

describe("security of the inputs", () => {
  it(
    "S1 hostile reviews are answered as the real Gatekeeper does, or refused, and leave no trace",
    { timeout: 300_000 },
    async (context) => {
      // Making certificates loads a library that puts helpers of its own into the globals; that is no doing of a review.
      await makeCallers();
      const before = shapeOfPrototypes();
      const place = await startHostile(real ? "kube-apiserver" : "sandbox");
      try {
        const theirs = await place.askGatekeeper();
        if (theirs === undefined)
          context.diagnostic("the real Gatekeeper is not here: held against what it said before");
        const ours = await place.askUs();
        assert.equal(ours.length, hostileReviews.length);
        for (const [index, { name, verdict, known, words }] of hostileReviews.entries()) {
          const [our, their] = [ours[index], theirs?.[index]];
          assert.ok(our !== undefined);
          // A refusal of ours lets nothing through, and says why.
          if (our.verdict === "refused") assert.notEqual(our.text, "", name);
          else assert.equal(our.verdict, verdict, `${name}: ${our.text.slice(0, 500)}`);
          if (their === undefined) continue;
          assert.equal(
            their.verdict,
            verdict,
            `${name}: the real Gatekeeper says otherwise: ${their.text.slice(0, 500)}`,
          );
          if (known !== undefined)
            assert.notEqual(our.text, their.text, `${name}: the same now; strike it off (${known})`);
          else if (our.verdict !== "refused" || words) assert.equal(our.text, their.text, name);
        }
        const refused = hostileReviews.filter(
          ({ verdict }, index) => verdict !== "refused" && ours[index]?.verdict === "refused",
        );
        process.stdout.write(
          `\nS1: ${ours.length} reviews, refused beyond Gatekeeper: ${refused.map(({ name }) => name).join(", ") || "none"}\n`,
        );
      } finally {
        await place.stop();
      }
      assert.deepEqual(shapeOfPrototypes(), before, "somebody wrote into a prototype");
      assert.equal(Object.hasOwn(globalThis, "BROKEN"), false);
    },
  );

  it("S2 keys that JavaScript knows are keys as any other, as opa has it", { timeout: 300_000 }, async (context) => {
    const before = shapeOfPrototypes();
    const answer = await answersToHostile();
    const opa = await startOpa();
    const count = Number(process.env["CLUSTER_KEYS"] ?? 300);
    const different: string[] = [];
    try {
      if (opa === undefined) context.diagnostic("opa is not built: only what must hold of any answer is held");
      for (let seed = 1; seed <= count; seed += 1) {
        const input = hostileInput(seed);
        const ours = answer(input);
        assert.match(ours, /"whole": /, `${input}: ${ours}`);
        const theirs = await opa?.ask(input);
        if (theirs !== undefined && theirs !== ours)
          different.push(`seed ${seed}: ${input}\n${firstDifference(ours, theirs)}`);
      }
    } finally {
      await opa?.stop();
    }
    assert.deepEqual(different.slice(0, shown), [], `${different.length} of ${count} differ`);
    process.stdout.write(`\nS2: ${count} inputs ${opa === undefined ? "without opa" : "beside opa"}, 0 differ\n`);
    assert.deepEqual(shapeOfPrototypes(), before, "somebody wrote into a prototype");
  });

  it("S6 nobody but the API server is listened to, and nobody holds others up", { timeout: 120_000 }, async () => {
    const callers = await makeCallers();
    const kind = availableClusters()[0] ?? "sandbox";
    const folder = await mkdtemp(join(tmpdir(), "portcullis-callers-"));
    writeFileSync(join(folder, "callers.crt"), callers.authority);
    const flags = [`--cert-dir=${folder}`, "--client-ca-name=callers.crt", "--client-cn-name=kube-apiserver"];
    const { cluster, product, logFile, stop } = await open(kind, { flags });
    try {
      await callWrongly({ cluster, product, logFile, callers });
    } finally {
      await stop();
      await rm(folder, { recursive: true });
    }
  });

  it("S14 nothing that serves makes code of text, or reads what is inherited", () => {
    const planted = [
      "const f = new Function(text);",
      'import { runInNewContext } from "node:vm";',
      "for (const key in object) use(key);",
      "Object.prototype.x = 1;",
      "if (object.hasOwnProperty(key)) use(key);",
      "await import(name);",
      "if (givenSecret === known) enter();",
      "return password !== user.password;",
    ];
    for (const text of planted) assert.equal(complaintsAbout("planted.ts", text).length, 1, text);
    const { files, complaints } = scanSources();
    for (const text of ['if (scheme === "hmac") sign();', "if (signature === undefined) return;"]) {
      assert.deepEqual(complaintsAbout("innocent.ts", text), [], text);
    }
    assert.ok(files > 400, `only ${files} files were read`);
    assert.deepEqual(complaints, []);
  });
});

describe("security of the container", () => {
  it(
    "S12 the Pods are confined, and a confined process serves and writes nothing",
    { timeout: 120_000 },
    async (context) => {
      for (const profile of ["lenient", "strict"] as const) assert.deepEqual(looseEnds(await manifestsOf(profile)), []);
      const why = await whyNotConfinable();
      if (why !== undefined) return context.diagnostic(`the manifests alone: ${why}`);
      const kind = availableClusters()[0] ?? "sandbox";
      const cluster = await startCluster(kind);
      let product: Product | undefined;
      try {
        product = await startProduct(cluster, { replicas: 1, denialForm: "classic", launcher: confining });
        const [replica] = product.replicas();
        const pid = replica?.program.child.pid;
        assert.ok(replica !== undefined && pid !== undefined);
        const { Uid, Gid, CapEff, CapPrm, CapBnd, CapInh, NoNewPrivs } = facts(pid);
        assert.deepEqual(
          [Uid, Gid].map((each) => each?.split(/\s+/)),
          [Array(4).fill("1000"), Array(4).fill("999")],
        );
        assert.deepEqual(new Set([CapEff, CapPrm, CapBnd, CapInh]), new Set(["0000000000000000"]));
        assert.equal(NoNewPrivs, "1");
        const story = storyOf(cluster, product);
        await prepareBypasses(story);
        const [first] = bypasses.filter(({ way }) => way === "a name that the server makes");
        await first?.run(story);
        assert.deepEqual(writtenFiles(pid), []);
        assert.equal((await product.ready(replica)).status, 200);
      } finally {
        await product?.stop();
        await cluster.stop();
      }
    },
  );
});

describe("security of the rights", { skip: real ? false : "the record of a real API server is needed" }, () => {
  for (const profile of ["lenient", "strict"] as const) {
    const title = `S13 every right that the profile ${profile} grants is used, and none is missing`;
    it(title, { timeout: 120_000 }, async () => {
      const flags = profile === "strict" ? ["--narrow-webhook-rules"] : [];
      const { cluster, product, story, stop } = await open("kube-apiserver", { profile, flags });
      try {
        await useEverything(story, product);
        const synced = new Set(["configmaps", "pods", "namespaces", "services"]);
        // The authorizer alone asks about this one; it is tried by taking it away.
        await untilUsed(story, synced, ["update constrainttemplates/finalizers.templates.gatekeeper.sh"]);
        const { refused, byWildcard, used } = await auditRights(cluster, synced);
        assert.deepEqual(refused, [], "refused by the API server");
        assert.deepEqual(byWildcard, [], "possible by the right to read everything alone");
        assert.ok(used > 30, `only ${used} rights were used`);
        await needsFinalizers(story);
      } finally {
        await stop();
      }
    });
  }
});
