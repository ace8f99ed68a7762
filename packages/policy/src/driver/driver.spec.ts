/** What every driver promises, run against each of them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { JsonObject, JsonValue } from "@portcullis/objects";
import type { ConstraintTemplate } from "../template/template.ts";
import type { Answer, Driver, EvaluationContext } from "./driver.ts";
import { FakeDriver } from "./fake/fake-driver.ts";
import { RegoDriver } from "./rego/rego-driver.ts";

/** How a driver's own templates say what the contract asks for. */
interface Dialect {
  readonly name: string;
  readonly make: () => Driver;
  /** Denies with the parameter `message`. */
  readonly deny: JsonValue;
  readonly allow: JsonValue;
  /** One violation for each object in the data, its message the object's name or path. */
  readonly countData: JsonValue;
  /** Fails while it runs. */
  readonly fail: JsonValue;
  /** Answers a violation whose message is no text. */
  readonly fault: JsonValue;
  /** Is no policy at all. */
  readonly broken: JsonValue;
}

const dialects: readonly Dialect[] = [
  {
    name: "the fake driver",
    make: () => new FakeDriver(),
    deny: { policy: "deny" },
    allow: { policy: "allow" },
    countData: { policy: "countData" },
    fail: { policy: "fail" },
    fault: { policy: "fault" },
    broken: { policy: "nothing" },
  },
  {
    name: "the Rego driver",
    make: () => new RegoDriver(),
    deny: { rego: 'package p\nviolation[{"msg": msg}] { msg := input.parameters.message }' },
    allow: { rego: 'package p\nviolation[{"msg": msg}] { false; msg := "x" }' },
    countData: { rego: 'package p\nviolation[{"msg": name}] { data.inventory.cluster[_][_][name] }' },
    fail: { rego: 'package p\nviolation[{"msg": "x"}] { a }\na = 1 { true }\na = 2 { true }' },
    fault: { rego: 'package p\nviolation[{"msg": 5}] { true }' },
    broken: { rego: "package p\nviolation[" },
  },
];

const context: EvaluationContext = { now: 0n };
const document: JsonObject = { object: { kind: "Pod" } };

for (const dialect of dialects) {
  const template = (driver: Driver, source: JsonValue): ConstraintTemplate => ({
    name: "t",
    kind: "T",
    labels: {},
    shortNames: [],
    targets: [{ target: "admission.k8s.gatekeeper.sh", code: [{ engine: driver.engine, source }] }],
  });

  const ask = async (driver: Driver, source: JsonValue, parameters: JsonValue = {}): Promise<Answer> => {
    const compiled = await driver.compile(template(driver, source));
    assert.ok(compiled.ok, compiled.ok ? "" : compiled.problem.message);
    return compiled.value.review(document, context).evaluate(parameters);
  };

  describe(dialect.name, () => {
    it("answers with violations by the parameters of each constraint", async () => {
      const driver = dialect.make();
      const compiled = await driver.compile(template(driver, dialect.deny));
      assert.ok(compiled.ok);
      const session = compiled.value.review(document, context);
      for (const message of ["a", "b", "a"]) {
        assert.deepEqual(session.evaluate({ message }), { kind: "violations", violations: [{ message, details: {} }] });
      }
    });

    it("answers with none where there is none", async () => {
      assert.deepEqual(await ask(dialect.make(), dialect.allow), { kind: "violations", violations: [] });
    });

    it("shows policies the data, as it is when they are asked", async () => {
      const driver = dialect.make();
      const compiled = await driver.compile(template(driver, dialect.countData));
      assert.ok(compiled.ok);
      const count = (): number => {
        const answer = compiled.value.review(document, context).evaluate({});
        return answer.kind === "violations" ? answer.violations.length : -1;
      };
      assert.equal(count(), 0);
      driver.putData(["cluster", "v1", "Node", "a"], { kind: "Node" });
      driver.putData(["cluster", "v1", "Node", "b"], { kind: "Node" });
      driver.putData(["cluster", "v1", "Node", "a"], { kind: "Node" });
      assert.equal(count(), 2);
      driver.removeData(["cluster", "v1", "Node", "a"]);
      driver.removeData(["cluster", "v1", "Node", "absent"]);
      assert.equal(count(), 1);
      driver.clearData();
      assert.equal(count(), 0);
    });

    it("tells a policy that fails from one that answers what is no violation", async () => {
      assert.equal((await ask(dialect.make(), dialect.fail)).kind, "error");
      assert.equal((await ask(dialect.make(), dialect.fault)).kind, "fault");
    });

    it("finds the same wrong with broken code, whether it is checked or compiled", async () => {
      const driver = dialect.make();
      const problem = driver.check(template(driver, dialect.broken));
      const compiled = await driver.compile(template(driver, dialect.broken));
      assert.ok(problem !== undefined && !compiled.ok);
      assert.equal(compiled.problem.message, problem.message);
      assert.equal(driver.check(template(driver, dialect.deny)), undefined);
    });
  });
}
