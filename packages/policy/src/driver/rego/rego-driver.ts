/** Templates written in Rego. */
import { isJsonArray, own, setOwn, type JsonObject, type JsonValue } from "@portcullis/objects";
import {
  check,
  compile,
  Decimal,
  formatDiagnostics,
  numberText,
  positionAt,
  Store,
  toDocument,
  type Builtin,
  type CompileOptions,
  type Diagnostic,
  type EvaluationError,
  type Kept,
  type PlainObject,
  type Policy,
  type Value,
} from "@portcullis/rego";
import { failure, success, type Outcome, type Problem } from "../../problem.ts";
import type { ConstraintTemplate } from "../../template/template.ts";
import type {
  Answer,
  CompiledTemplate,
  Deadline,
  Driver,
  EvaluationContext,
  InventoryRead,
  TemplateSession,
  Violation,
} from "../driver.ts";
import { formatGoValue } from "../../go-value.ts";
import { asGoShows, reviewAsGoShows, type IntegerForm } from "./go-numbers.ts";
import { type WrittenJson, WrittenNumber } from "../written-json.ts";
import { locationOf, modulesOf, violationEntry } from "./modules.ts";
import { regoSourceOf } from "./source.ts";

/** How the Rego of templates is run. */
export interface RegoDriverOptions {
  /** Builtins that templates may not use. */
  readonly disabledBuiltins?: readonly string[] | undefined;
  /** Builtins beside the engine's, such as `external_data`. */
  readonly builtins?: Readonly<Record<string, Builtin>> | undefined;
  /** Whether templates may read `data.inventory`; true when absent. */
  readonly referentialRules?: boolean | undefined;
  /** Whether `print` is kept. */
  readonly print?: boolean | undefined;
  /** What integers of constraints and of the inventory are; exact where absent. `gator test` reads them as doubles. */
  readonly integers?: IntegerForm | undefined;
  /** Whether details are wanted with their numbers as Rego writes them too. */
  readonly writtenDetails?: boolean | undefined;
}

/** The driver of `engine: Rego` and of the legacy fields. It owns the inventory that referential policies read. */
export class RegoDriver implements Driver {
  readonly engine = "Rego";
  readonly #options: RegoDriverOptions;
  readonly #store = new Store();
  /** What was compiled, by its code, for as long as a template holds it. */
  readonly #policies = new Map<string, WeakRef<Policy>>();
  /** What policies see of the review that is asked about, made once for all templates. */
  #shown: { readonly document: JsonObject; readonly review: PlainObject } | undefined;
  readonly #parameters = new WeakMap<object, Value>();
  readonly #integers: IntegerForm;
  readonly #forgotten = new FinalizationRegistry<string>((key) => {
    // The same code may have been compiled again meanwhile.
    if (this.#policies.get(key)?.deref() === undefined) this.#policies.delete(key);
  });

  constructor(options: RegoDriverOptions = {}) {
    this.#options = options;
    this.#integers = options.integers ?? "exact";
    this.clearData();
  }

  check(template: ConstraintTemplate): Problem | undefined {
    const options = this.#compileOptions(template);
    if (!options.ok) return options.problem;
    const checked = check(options.value);
    return checked.ok ? undefined : compileProblem(checked.diagnostics);
  }

  async compile(template: ConstraintTemplate): Promise<Outcome<CompiledTemplate>> {
    const options = this.#compileOptions(template);
    if (!options.ok) return options;
    const compiled = await this.#compiled(options.value);
    if (!compiled.ok) return { ok: false, problem: compileProblem(compiled.diagnostics) };
    const policy = compiled.value;
    // What depends on a constraint's parameters alone is worked out once for all reviews.
    const kept = new WeakMap<object, Kept>();
    const review: CompiledTemplate["review"] = (document, context) => this.#session(policy, kept, document, context);
    const inventory = options.value.inventory;
    return success(inventory.length === 0 ? { review } : { review, inventory });
  }

  /** Compiles, unless another template of the same code is in force: a copy under another kind, or an earlier version. */
  async #compiled(options: CompileOptions): ReturnType<typeof compile> {
    const key = JSON.stringify(options.modules);
    const known = this.#policies.get(key)?.deref();
    if (known !== undefined) return { ok: true, value: known };
    const compiled = await compile(options);
    if (!compiled.ok) return compiled;
    this.#policies.set(key, new WeakRef(compiled.value));
    this.#forgotten.register(compiled.value, key);
    return compiled;
  }

  putData(path: readonly string[], object: JsonObject): void {
    this.#store.put(["inventory", ...path], asGoShows(object, this.#integers));
  }

  removeData(path: readonly string[]): void {
    this.#store.remove(["inventory", ...path]);
  }

  clearData(): void {
    this.#store.put(["inventory"], {});
  }

  #compileOptions(
    template: ConstraintTemplate,
  ): Outcome<CompileOptions & { readonly inventory: readonly InventoryRead[] }> {
    const source = regoSourceOf(template);
    if (!source.ok) return source;
    const { disabledBuiltins, builtins, referentialRules, print } = this.#options;
    const modules = modulesOf(source.value, referentialRules === false ? [] : ["inventory"]);
    if (!modules.ok) return modules;
    return success({
      modules: modules.value.texts,
      inventory: modules.value.inventory,
      entrypoints: { violation: violationEntry },
      // To Gatekeeper METADATA blocks are comments.
      annotations: false,
      ...(disabledBuiltins === undefined ? {} : { disabledBuiltins }),
      ...(builtins === undefined ? {} : { builtins }),
      ...(print === undefined ? {} : { print }),
    });
  }

  #session(
    policy: Policy,
    kept: WeakMap<object, Kept>,
    document: JsonObject,
    context: EvaluationContext,
  ): TemplateSession {
    const { now, facts, print, deadline } = context;
    const review = this.#reviewOf(document, context.hasPlainNumbers === true);
    const limit = deadline === undefined ? undefined : new Limit(deadline, context.budget ?? usualBudget);
    const evaluation = {
      input: { review, parameters: {} },
      data: this.#store,
      now,
      facts,
      print,
      budget: limit === undefined ? context.budget : limit.slice,
      furtherSteps: limit?.more,
    };
    const session = policy.session("violation", evaluation, ["parameters"]);
    return {
      evaluate: (parameters) => {
        limit?.begin();
        const answer = session.value({ parameters: this.#parametersOf(parameters) }, keptFor(kept, parameters));
        switch (answer.kind) {
          case "value":
            return answer.value === undefined ? nothing : readViolations(answer.value, this.#options);
          case "error":
            return { kind: "error", message: formatEvaluationError(limit?.explain(answer) ?? answer) };
          case "needs":
            return answer;
        }
      },
    };
  }

  #reviewOf(document: JsonObject, hasPlainNumbers: boolean): PlainObject {
    // One review is asked about after another, and a map of all that live would be work for the collector.
    if (this.#shown?.document !== document) {
      this.#shown = { document, review: reviewAsGoShows(document, this.#integers, hasPlainNumbers) };
    }
    return this.#shown.review;
  }

  #parametersOf(parameters: JsonValue): Value {
    if (typeof parameters !== "object" || parameters === null) return asGoShows(parameters, this.#integers);
    const known = this.#parameters.get(parameters);
    if (known !== undefined) return known;
    const made = asGoShows(parameters, this.#integers);
    this.#parameters.set(parameters, made);
    return made;
  }
}

/** Steps of an evaluation that is given no other number. */
const usualBudget = 50_000_000;
/** After so many steps the clock is looked at: some ten milliseconds, and seldom a hundred. */
const sliceOfSteps = 100_000;

/** Lets an evaluation have its steps in slices, for as long as there is time. */
class Limit {
  readonly slice: number;
  readonly #deadline: Deadline;
  readonly #budget: number;
  #left = 0;
  #isLate = false;

  constructor(deadline: Deadline, budget: number) {
    this.#deadline = deadline;
    this.#budget = budget;
    this.slice = Math.min(sliceOfSteps, budget);
  }

  /** The next evaluation begins, with its first slice. */
  begin(): void {
    this.#left = this.#budget - this.slice;
    this.#isLate = false;
  }

  /** The next slice; none where the budget or the time is used up. */
  readonly more = (): number => {
    const { at, now } = this.#deadline;
    this.#isLate = this.#left > 0 && now() >= at;
    if (this.#isLate) return 0;
    const steps = Math.min(this.slice, this.#left);
    this.#left -= steps;
    return steps;
  };

  /** The error of an evaluation that was ended here says why. */
  explain(error: EvaluationError): EvaluationError {
    if (error.code !== "eval_cancel_error") return error;
    const message = this.#isLate
      ? "the evaluation took more than its share of the time for this request"
      : "the evaluation used up its budget of steps";
    return { ...error, message };
  }
}

function keptFor(all: WeakMap<object, Kept>, parameters: JsonValue): Kept | undefined {
  if (typeof parameters !== "object" || parameters === null) return undefined;
  const known = all.get(parameters);
  if (known !== undefined) return known;
  const fresh: Kept = {};
  all.set(parameters, fresh);
  return fresh;
}

const nothing: Answer = Object.freeze({ kind: "violations", violations: [] });

function compileProblem(diagnostics: readonly Diagnostic[]): Problem {
  const message = `unable to compile modules: ${formatDiagnostics(diagnostics)}`;
  return { ...failure("code", message).problem, diagnostics, ...locationOf(diagnostics) };
}

/** An error of evaluation as OPA prints it. */
function formatEvaluationError({ code, message, span }: EvaluationError): string {
  const text = `${code}: ${message}`;
  if (span === undefined) return text;
  return `${span.source.name}:${positionAt(span.source, span.start).row}: ${text}`;
}

function readViolations(answer: Value, options: RegoDriverOptions): Answer {
  const document = toDocument(answer);
  const list = jsonOf(document);
  if (!isJsonArray(list) || list.length === 0) return nothing;
  const violations: Violation[] = [];
  for (const [at, item] of list.entries()) {
    const message = own(item, "msg") ?? null;
    if (typeof message !== "string") {
      const { text, type } = formatGoValue(message);
      const found = `.msg accessor error: ${text} is of the type ${type}, expected string`;
      return { kind: "fault", message: `extracting message binding: ${found}` };
    }
    const violation = { message, details: own(item, "details") ?? {} };
    if (options.writtenDetails !== true) violations.push(violation);
    else violations.push({ ...violation, writtenDetails: writtenOf(detailsAt(document, at)) });
  }
  return { kind: "violations", violations };
}

/** The details of one of the violations in a document. */
function detailsAt(document: Value, at: number): Value {
  // as: a violation is a plain object, with a message
  const violation = (document as readonly PlainObject[])[at] ?? {};
  return Object.hasOwn(violation, "details") ? (violation["details"] ?? {}) : {};
}

/** A document with its numbers as Rego writes them. */
function writtenOf(value: Value): WrittenJson {
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Decimal) {
    return new WrittenNumber(numberText(value));
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(writtenOf);
  const object: { [key: string]: WrittenJson } = {};
  for (const [key, item] of Object.entries(value)) {
    // Whatever the key is called.
    Object.defineProperty(object, key, { value: writtenOf(item as Value), enumerable: true });
  }
  return object;
}

/** A document as JSON: a decimal that no double holds exactly becomes the nearest one, as it does in Gatekeeper. */
function jsonOf(value: Value): JsonValue {
  if (value instanceof Decimal) return Number(`${value.coefficient}e${value.exponent}`);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  const object: { [key: string]: JsonValue } = {};
  // What toDocument() leaves beside arrays and decimals are plain objects.
  for (const [key, item] of Object.entries(value)) setOwn(object, key, jsonOf(item as Value));
  return object;
}
