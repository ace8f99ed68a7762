import { own, type JsonObject, type JsonValue } from "@portcullis/objects";
import { failure, success, type Outcome, type Problem } from "../../problem.ts";
import type { ConstraintTemplate } from "../../template/template.ts";
import {
  codeFor,
  type Answer,
  type CompiledTemplate,
  type Driver,
  type EvaluationContext,
  type TemplateSession,
} from "../driver.ts";

/** A policy of the fake engine: a function of the review and the parameters. */
export type FakePolicy = (
  document: JsonObject,
  parameters: JsonValue,
  data: FakeData,
  context: EvaluationContext,
) => Answer;

/** The data of the fake engine: objects by their path, joined by slashes. */
export type FakeData = ReadonlyMap<string, JsonObject>;

/**
 * A driver whose policies are functions, for tests of everything above drivers. A template's source names its policy:
 * `{policy: NAME}`; a source that names none is the code that does not compile.
 */
export class FakeDriver implements Driver {
  readonly engine: string;
  /** How often policies were asked. */
  evaluations = 0;
  readonly #policies: ReadonlyMap<string, FakePolicy>;
  readonly #data = new Map<string, JsonObject>();

  constructor(policies: Readonly<Record<string, FakePolicy>> = {}, engine = "Fake") {
    this.engine = engine;
    this.#policies = new Map([...Object.entries(fakePolicies), ...Object.entries(policies)]);
  }

  check(template: ConstraintTemplate): Problem | undefined {
    const found = this.#policyOf(template);
    return found.ok ? undefined : found.problem;
  }

  compile(template: ConstraintTemplate): Promise<Outcome<CompiledTemplate>> {
    const found = this.#policyOf(template);
    if (!found.ok) return Promise.resolve(found);
    const policy = found.value;
    const review = (document: JsonObject, context: EvaluationContext): TemplateSession => ({
      evaluate: (parameters) => {
        this.evaluations += 1;
        return policy(document, parameters, this.#data, context);
      },
    });
    return Promise.resolve(success({ review }));
  }

  putData(path: readonly string[], object: JsonObject): void {
    this.#data.set(path.join("/"), object);
  }

  removeData(path: readonly string[]): void {
    this.#data.delete(path.join("/"));
  }

  clearData(): void {
    this.#data.clear();
  }

  #policyOf(template: ConstraintTemplate): Outcome<FakePolicy> {
    const name = own(codeFor(template, this.engine), "policy");
    const policy = typeof name === "string" ? this.#policies.get(name) : undefined;
    return policy === undefined ? failure("code", `no fake policy is called ${String(name)}`) : success(policy);
  }
}

/** Policies that most tests need. */
const fakePolicies: Readonly<Record<string, FakePolicy>> = {
  /** No object passes; the message is the parameter `message`. */
  deny: (_document, parameters) => violations([textOf(own(parameters, "message")) ?? "denied"]),
  /** Every object passes. */
  allow: () => violations([]),
  /** One violation for each object in the data. */
  countData: (_document, _parameters, data) => violations([...data.keys()]),
  /** Fails while it runs. */
  fail: () => ({ kind: "error", message: "template:1: eval_conflict_error: it failed" }),
  /** Answers what is no violation. */
  fault: () => ({ kind: "fault", message: "extracting message binding: not a text" }),
  /** Needs one fact, and says what it is. */
  need: (_document, _parameters, _data, { facts }) => {
    const fact = facts?.get("fact");
    if (fact === undefined) return { kind: "needs", needs: [{ key: "fact", need: "fact" }] };
    return violations([String(fact)]);
  },
};

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function violations(messages: readonly string[]): Answer {
  return { kind: "violations", violations: messages.map((message) => ({ message, details: {} })) };
}
