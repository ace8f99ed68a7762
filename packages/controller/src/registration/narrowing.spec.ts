/** Replicas that narrow and widen one configuration, on an API whose lists are true and whose watches are late. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { KubeClient, type ApiRequest } from "@portcullis/kube";
import { HandClock, ScriptedTransport, type ScriptedAnswer } from "@portcullis/kube/testing";
import {
  applyJsonPatch,
  isJsonArray,
  own,
  ownString,
  readJson,
  resourceVersionOf,
  type JsonObject,
} from "@portcullis/objects";
import type { Gap } from "../gaps/gap.ts";
import { Gaps } from "../gaps/gaps.ts";
import { silentLog } from "../log/log.ts";
import { conditionName } from "./kinds-condition.ts";
import { Narrowing, type NarrowingOptions } from "./narrowing.ts";

const name = "configuration";
const theirs = { name: "theirs", expression: "true" };
const matching = (of: string, kind: string): JsonObject => ({
  kind: "Rule",
  metadata: { name: of },
  spec: { match: { kinds: [{ apiGroups: [""], kinds: [kind] }] } },
});

/** One configuration, one template, and the constraints that are stored. */
class FakeApi {
  constraints: JsonObject[] = [];
  isForbidden = false;
  takesConditions = true;
  /** Called before constraints are listed. */
  beforeList: (() => void) | undefined;
  writes = 0;
  #version = 1;
  configuration: JsonObject | undefined;

  constructor() {
    this.install();
  }

  install(more: JsonObject = {}): void {
    this.#version += 1;
    this.configuration = {
      metadata: { name, uid: `uid-${this.#version}`, resourceVersion: String(this.#version) },
      webhooks: [
        { name: "other.gatekeeper.sh" },
        { name: "validation.gatekeeper.sh", matchConditions: [theirs], ...more },
      ],
    };
  }

  client(): KubeClient {
    return new KubeClient(new ScriptedTransport((request) => this.#answer(request)));
  }

  /** The kinds of Pod, Secret and ConfigMap that the API server asks about. */
  get asked(): string {
    const text = this.expression;
    if (text === undefined) return "everything";
    return ["Pod", "Secret", "ConfigMap"].filter((kind) => text.includes(`"${kind}"`)).join(" ");
  }

  get expression(): string | undefined {
    const found = this.conditions.find((condition) => ownString(condition, "name") === conditionName);
    return found === undefined ? undefined : ownString(found, "expression");
  }

  get conditions(): readonly unknown[] {
    const webhooks = own(this.configuration, "webhooks");
    const listed = own(isJsonArray(webhooks) ? webhooks[1] : undefined, "matchConditions");
    return isJsonArray(listed) ? listed : [];
  }

  #answer({ method, path, body }: ApiRequest): ScriptedAnswer {
    const listOf = (items: readonly JsonObject[]): ScriptedAnswer => ({ body: [{ metadata: {}, items: [...items] }] });
    if (path.includes("/constrainttemplates?")) {
      return listOf([{ spec: { crd: { spec: { names: { kind: "Rule" } } } } }]);
    }
    if (path.includes("/rule?")) {
      this.beforeList?.();
      return listOf(this.constraints);
    }
    assert.ok(path.includes("/validatingwebhookconfigurations"), path);
    if (method === "GET") return listOf(this.configuration === undefined ? [] : [this.configuration]);
    assert.equal(method, "PATCH");
    return this.#patch(body ?? "");
  }

  #patch(body: string): ScriptedAnswer {
    const refuse = (code: number): ScriptedAnswer => ({
      status: code,
      body: [{ kind: "Status", code, message: "no" }],
    });
    if (this.isForbidden) return refuse(403);
    const reading = readJson(body);
    assert.ok(reading.ok && this.configuration !== undefined);
    const patched = applyJsonPatch(this.configuration, reading.value);
    assert.ok(patched.ok, JSON.stringify(patched));
    const next = patched.value as JsonObject;
    if (resourceVersionOf(next) !== resourceVersionOf(this.configuration)) return refuse(409);
    if (!this.takesConditions && JSON.stringify(next).includes(conditionName)) return refuse(422);
    this.#version += 1;
    this.writes += 1;
    this.configuration = {
      ...next,
      metadata: { ...(own(next, "metadata") as JsonObject), resourceVersion: String(this.#version) },
    };
    return { body: [this.configuration] };
  }
}

interface Replica {
  readonly narrowing: Narrowing;
  /** What its watch of the constraints has shown. */
  known: readonly JsonObject[];
  unlisted: readonly JsonObject[];
  mayNarrow: boolean;
  /** Its watch of the configuration shows what there is. */
  see(): void;
}

/** Replicas on one API and one clock; a second of quiet, and ten for a constraint to be stored. */
class Setting {
  readonly api = new FakeApi();
  readonly clock = new HandClock();
  readonly gaps: string[] = [];
  readonly #replicas: Replica[] = [];

  replica(more: Partial<NarrowingOptions> = {}): Replica {
    const say =
      (what: string) =>
      ({ kind }: Gap): void =>
        void this.gaps.push(`${what} ${kind}`);
    const observer = { opened: say("opened"), closed: say("closed"), tell: () => {} };
    let seen: JsonObject | undefined;
    const replica: Replica = {
      known: [],
      unlisted: [],
      mayNarrow: false,
      narrowing: new Narrowing({
        client: this.api.client(),
        clock: this.clock,
        log: silentLog,
        gaps: new Gaps({ log: silentLog, observer, mayTell: () => false }),
        configuration: name,
        isOn: true,
        seen: () => seen,
        constraints: () => [...replica.known, ...replica.unlisted],
        unlisted: () => replica.unlisted,
        mayNarrow: () => replica.mayNarrow,
        quietMilliseconds: 1000,
        holdMilliseconds: 10_000,
        ...more,
      }),
      see: () => {
        if (seen === this.api.configuration) return;
        seen = this.api.configuration;
        if (seen !== undefined) replica.narrowing.configurationSeen(seen);
      },
    };
    this.#replicas.push(replica);
    replica.see();
    replica.narrowing.start();
    return replica;
  }

  /** Time passes, and the watches of the configuration go on. */
  async pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= 500) {
      await this.clock.pass(Math.min(500, left));
      for (const replica of this.#replicas) replica.see();
    }
  }

  /** What needs time is done, for as long as it takes. */
  async during<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => (isDone = true));
    done.catch(() => undefined);
    for (let turn = 0; turn < 200 && !isDone; turn += 1) await this.clock.pass(100);
    return done;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#replicas.map((replica) => replica.narrowing.stop()));
  }
}

async function within(run: (setting: Setting) => Promise<void>): Promise<void> {
  const setting = new Setting();
  try {
    await run(setting);
  } finally {
    await setting.stop();
  }
}

test("one replica narrows after some quiet, beside the conditions of others; a constraint widens before it counts", async () => {
  await within(async (setting) => {
    const { api } = setting;
    api.constraints = [matching("pods", "Pod")];
    const [one, other] = [setting.replica(), setting.replica()];
    for (const each of [one, other]) each.known = api.constraints;
    await setting.pass(30_000);
    assert.equal(api.asked, "everything", "nobody may narrow");
    one.mayNarrow = true;
    await setting.pass(5000);
    assert.equal(api.asked, "Pod");
    assert.deepEqual(api.conditions[0], theirs);
    await setting.during(other.narrowing.admit(matching("secrets", "Secret")));
    assert.equal(api.asked, "Pod Secret");
    await setting.during(other.narrowing.admit({ kind: "Rule", metadata: { name: "all" } }));
    assert.equal(api.asked, "everything");
    // Neither was stored.
    await setting.pass(30_000);
    assert.equal(api.asked, "Pod");
    const { writes } = api;
    await setting.pass(60_000);
    assert.equal(api.writes, writes, "nothing is written where nothing changes");
    assert.deepEqual(setting.gaps, []);
  });
});

test("what another replica admits is held while it is not stored, and found where the watch does not show it", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const [one, holder] = [setting.replica(), setting.replica()];
    holder.mayNarrow = true;
    await setting.pass(15_000);
    assert.equal(api.asked, "");
    const secrets = matching("secrets", "Secret");
    await setting.during(one.narrowing.admit(secrets));
    // The API server takes its time. No list has it, and the holder's quiet is over many times.
    for (let round = 0; round < 16; round += 1) {
      await setting.pass(500);
      assert.equal(api.asked, "Secret");
    }
    api.constraints = [secrets];
    one.known = [secrets];
    // The holder's watch shows it never.
    for (let round = 0; round < 120; round += 1) {
      await setting.pass(500);
      assert.equal(api.asked, "Secret");
    }
    api.constraints = [];
    one.known = [];
    await setting.pass(15_000);
    assert.equal(api.asked, "");
  });
});

test("what is admitted again, and covered already, is held from then on", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const [one, holder] = [setting.replica(), setting.replica()];
    holder.mayNarrow = true;
    const old = matching("old", "Secret");
    api.constraints = [old];
    for (const each of [one, holder]) each.known = [old];
    await setting.pass(20_000);
    assert.equal(api.asked, "Secret");
    await setting.during(one.narrowing.admit(matching("new", "Secret")));
    // The one that covered it goes, before the other one is stored.
    api.constraints = [];
    for (const each of [one, holder]) each.known = [];
    for (let round = 0; round < 16; round += 1) {
      await setting.pass(500);
      assert.equal(api.asked, "Secret");
    }
    await setting.pass(15_000);
    assert.equal(api.asked, "");
  });
});

test("a constraint that is changed and matches no more than before is written for by nobody", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const one = setting.replica();
    await setting.during(one.narrowing.admit(matching("a", "Secret"), matching("a", "Secret")));
    assert.equal(api.writes, 0);
    await setting.during(one.narrowing.admit(matching("a", "ConfigMap"), matching("a", "Secret")));
    assert.equal(api.writes, 1);
  });
});

test("constraints that come together are marked together, and a mark serves those that come a little later", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const [one, holder] = [setting.replica(), setting.replica()];
    holder.mayNarrow = true;
    const many = Array.from({ length: 60 }, (_, at) => matching(`c${at}`, at % 2 === 0 ? "Secret" : "ConfigMap"));
    await setting.pass(15_000);
    const before = api.writes;
    await setting.during(Promise.all(many.map((each) => one.narrowing.admit(each))));
    assert.ok(api.writes - before <= 2, `${api.writes - before} writes`);
    assert.equal(api.asked, "Secret ConfigMap");
    const { writes } = api;
    await setting.pass(2500);
    const late = matching("late", "Secret");
    await setting.during(one.narrowing.admit(late));
    assert.equal(api.writes, writes, "the mark is young");
    // And stored as late as may be.
    for (let round = 0; round < 12; round += 1) {
      await setting.pass(500);
      assert.match(api.asked, /Secret/);
    }
    api.constraints = [late];
    await setting.pass(20_000);
    assert.equal(api.asked, "Secret");
    await setting.during(one.narrowing.admit(matching("later", "Secret")));
    assert.ok(api.writes > writes + 1, "the mark is old");
  });
});

test("what one replica holds in force, which the cluster has no more, is not narrowed away by another", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const [one, holder] = [setting.replica(), setting.replica()];
    api.constraints = [matching("secrets", "Secret")];
    for (const each of [one, holder]) each.known = api.constraints;
    holder.mayNarrow = true;
    await setting.pass(15_000);
    assert.equal(api.asked, "Secret");
    // Their CRD is deleted; the holder has started anew since.
    one.unlisted = api.constraints;
    api.constraints = [];
    for (const each of [one, holder]) {
      each.known = [];
      each.narrowing.changed();
    }
    for (let round = 0; round < 100; round += 1) {
      await setting.pass(500);
      assert.equal(api.asked, "Secret");
    }
    one.unlisted = [];
    await setting.pass(20_000);
    assert.equal(api.asked, "");
  });
});

test("who narrows what another has widened meanwhile does it anew", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const [one, holder] = [setting.replica(), setting.replica()];
    await setting.pass(15_000);
    let widening: Promise<void> | undefined;
    // Between what the holder has read and what it writes.
    api.beforeList = () => (widening ??= one.narrowing.admit(matching("secrets", "Secret")));
    holder.mayNarrow = true;
    await setting.pass(3000);
    assert.ok(widening !== undefined);
    await setting.during(widening);
    for (let round = 0; round < 10; round += 1) {
      await setting.pass(500);
      assert.ok(["everything", "Secret"].includes(api.asked), api.asked);
    }
    assert.equal(api.asked, "Secret");
  });
});

test("a configuration that takes the place of another is asked about everything, and narrowed after a while", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const holder = setting.replica();
    holder.mayNarrow = true;
    await setting.pass(15_000);
    assert.equal(api.asked, "");
    // What was marked before is not known any more.
    api.install();
    await setting.pass(9000);
    assert.equal(api.asked, "everything");
    await setting.pass(5000);
    assert.equal(api.asked, "");
    // Whoever takes it away again and again wants it away.
    for (let round = 0; round < 4; round += 1) {
      api.install();
      await setting.pass(20_000);
    }
    assert.equal(api.asked, "everything");
  });
});

test("a condition that somebody else has written is left alone, and told", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const holder = setting.replica();
    holder.mayNarrow = true;
    await setting.pass(15_000);
    assert.deepEqual(setting.gaps, []);
    const { metadata } = api.configuration as { metadata: JsonObject };
    const foreign = { name: conditionName, expression: "false" };
    api.install({ matchConditions: [theirs, foreign] });
    api.configuration = { ...api.configuration, metadata: { ...metadata, resourceVersion: "900" } };
    await setting.pass(5000);
    await setting.during(holder.narrowing.admit(matching("secrets", "Secret")));
    await setting.pass(30_000);
    assert.equal(api.expression, "false");
    assert.deepEqual(setting.gaps, ["opened webhook-condition"]);
    api.install();
    await setting.pass(5000);
    assert.deepEqual(setting.gaps, ["opened webhook-condition", "closed webhook-condition"]);
    // One that an applied file owns is somebody else's even where it reads the same.
    await setting.pass(15_000);
    assert.equal(api.asked, "");
    const fieldsV1 = {
      "f:webhooks": {
        'k:{"name":"validation.gatekeeper.sh"}': { "f:matchConditions": { [`k:{"name":"${conditionName}"}`]: {} } },
      },
    };
    api.configuration = {
      ...api.configuration,
      metadata: {
        ...(own(api.configuration, "metadata") as JsonObject),
        managedFields: [{ operation: "Apply", fieldsV1 }],
      },
    };
    const { writes } = api;
    await setting.during(holder.narrowing.admit(matching("secrets", "Secret")));
    assert.equal(api.writes, writes);
    assert.equal(setting.gaps.at(-1), "opened webhook-condition");
  });
});

test("constraints that came by the watch alone widen it, and a condition that cannot be widened is told", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const holder = setting.replica();
    holder.mayNarrow = true;
    await setting.pass(15_000);
    api.isForbidden = true;
    api.constraints = [matching("secrets", "Secret")];
    holder.known = api.constraints;
    holder.narrowing.changed();
    await setting.pass(2000);
    assert.deepEqual(setting.gaps, ["opened webhook-condition"]);
    // What the API server would not ask about is not admitted.
    await assert.rejects(setting.during(holder.narrowing.admit(matching("maps", "ConfigMap"))), /403|no/);
    api.isForbidden = false;
    await setting.pass(3000);
    assert.equal(api.asked, "Secret");
    assert.deepEqual(setting.gaps, ["opened webhook-condition", "closed webhook-condition"]);
    // Who may not write does not narrow either, so what is covered is admitted.
    api.isForbidden = true;
    await setting.during(holder.narrowing.admit(matching("more", "Secret")));
    // Nor is that a reason not to start: what is asked about is served.
    const another = setting.replica();
    another.known = [matching("maps", "ConfigMap")];
    await setting.during(another.narrowing.cover());
    assert.equal(setting.gaps.at(-1), "opened webhook-condition");
  });
});

test("where it is not to be narrowed, what others left narrow is widened, and what nobody touched is left alone", async () => {
  await within(async (setting) => {
    const { api } = setting;
    const off = setting.replica({ isOn: false });
    off.mayNarrow = true;
    await setting.pass(20_000);
    await off.narrowing.admit(matching("secrets", "Secret"));
    assert.equal(api.writes, 0);
    const holder = setting.replica();
    holder.mayNarrow = true;
    await setting.pass(10_500);
    await setting.pass(2000);
    assert.ok(api.writes >= 2, "narrowed, and widened again");
    assert.equal(api.asked, "everything");
    await setting.pass(8000);
    assert.equal(api.asked, "everything", "held for a while");
  });
});

test("an API server that takes no conditions is asked about everything", async () => {
  await within(async (setting) => {
    const { api } = setting;
    api.takesConditions = false;
    const holder = setting.replica();
    holder.mayNarrow = true;
    await setting.pass(30_000);
    assert.equal(api.asked, "everything");
    await setting.during(holder.narrowing.admit(matching("secrets", "Secret")));
    assert.deepEqual(api.conditions, [theirs]);
  });
});
