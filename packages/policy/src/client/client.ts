/** The templates, constraints and data in force, and the reviews under them. Orchestration only. */
import {
  applyDefaults,
  copyJson,
  decodeSchema,
  equalJson,
  groupVersionKindOf,
  formatApiVersion,
  isJsonObject,
  namespaceOf,
  nameOf,
  own,
  ownPath,
  quoteGo,
  type JsonObject,
  type JsonValue,
  type MisspeltField,
  type PatternCompiler,
} from "@portcullis/objects";
import { readEnforcement } from "../constraint/enforcement.ts";
import { misspeltFieldsOf, strayFieldsOf, type StrayField } from "../constraint/unknown-fields.ts";
import { checkConstraintIdentity, validateConstraint, type StrayFields } from "../constraint/validate.ts";
import { checkContained, compileContained } from "../driver/contain.ts";
import { codeFor, type Driver } from "../driver/driver.ts";
import { compileMatch } from "../match/match.ts";
import { namespaceFactsOf, type NamespaceFacts } from "../match/subject.ts";
import { Patterns, usesPatterns } from "../patterns.ts";
import { failure, success, type Outcome } from "../problem.ts";
import { checkTemplate } from "../template/check.ts";
import { makeConstraintCrd, type ConstraintCrd } from "../template/constraint-crd.ts";
import { decodeTemplate } from "../template/decode.ts";
import { templateNameOf, type ConstraintTemplate } from "../template/template.ts";
import { CandidateIndex } from "./candidates.ts";
import type { ConstraintEntry, TemplateEntry } from "./entries.ts";
import { SharedValues } from "./shared-values.ts";
import { runReview, type ReviewOptions, type ReviewOutcome } from "./review.ts";
import { Turns } from "./turns.ts";
import type { Review } from "../review/review.ts";

/** What a client decides with. */
export interface ClientOptions {
  /** The languages that templates may be written in; the first that has code in a template runs it. */
  readonly drivers: readonly Driver[];
  /** Compiles the patterns of schemas; RE2's engine, loaded when it is needed, where absent. */
  readonly patterns?: PatternCompiler | undefined;
  /**
   * What becomes of constraints with fields that their kind does not have: refused where absent, as gator refuses them.
   * In a cluster the API server takes them away; what is left there is of a template that this server has not read yet.
   */
  readonly strayFields?: StrayFields | undefined;
}

/** A template in force, as its owner holds it. */
interface ChangingTemplate extends TemplateEntry {
  readonly constraints: Map<string, ConstraintEntry>;
  readonly parameters: SharedValues;
}

/** What adding a template or a constraint did. */
export interface Added {
  /** Whether anything is different from before. */
  readonly changed: boolean;
}

/** Templates, constraints and data in force. One per cluster that is watched, per test, per run of a command. */
export class Client {
  readonly #drivers: readonly Driver[];
  readonly #patterns: PatternCompiler;
  readonly #strayFields: StrayFields;
  readonly #ownPatterns = new Patterns();
  readonly #templates = new Map<string, ChangingTemplate>();
  readonly #turns = new Turns();
  readonly #namespaces = new Map<string, NamespaceFacts>();
  readonly #index = new CandidateIndex(this.#templates);

  constructor({ drivers, patterns, strayFields }: ClientOptions) {
    this.#drivers = drivers;
    this.#strayFields = strayFields ?? "refused";
    this.#patterns = patterns ?? this.#ownPatterns.compile;
  }

  /** The templates in force, by name. */
  get templates(): ReadonlyMap<string, TemplateEntry> {
    return this.#templates;
  }

  /** The CRD that a template would make, or why it is no template. Its code is not looked at. */
  constraintCrdOf(object: JsonValue): Outcome<ConstraintCrd> {
    const read = this.#readTemplate(object, "admission");
    return read.ok ? success(read.value.crd) : read;
  }

  /** Everything that `addTemplate` would find wrong; nothing is run, linked or kept. */
  checkTemplate(object: JsonValue): Outcome<ConstraintCrd> {
    const read = this.#readTemplate(object, "admission");
    if (!read.ok) return read;
    const driver = this.#driverFor(read.value.template);
    if (!driver.ok) return driver;
    const problem = checkContained(driver.value, read.value.template);
    return problem === undefined ? success(read.value.crd) : { ok: false, problem };
  }

  /** Puts a template in force, or a new version of it; its constraints stay. */
  async addTemplate(object: JsonValue): Promise<Outcome<Added & { readonly crd: ConstraintCrd }>> {
    const turn = this.#turns.begin();
    try {
      return await this.#addTemplate(object, turn);
    } finally {
      this.#turns.end();
    }
  }

  async #addTemplate(object: JsonValue, turn: number): Promise<Outcome<Added & { readonly crd: ConstraintCrd }>> {
    await this.loadPatterns(object);
    const read = this.#readTemplate(object, "ingestion");
    if (!read.ok) return read;
    const { template, crd } = read.value;
    const before = this.#templates.get(template.name);
    if (before !== undefined && isSameTemplate(before.template, template)) {
      this.#turns.put(template.name, turn);
      return success({ changed: false, crd: before.crd });
    }
    const driver = this.#driverFor(template);
    if (!driver.ok) return driver;
    const compiled = await compileContained(driver.value, template);
    if (!compiled.ok) return compiled;
    if (!this.#turns.isLatest(template.name, turn)) return success({ changed: false, crd });
    this.#turns.put(template.name, turn);
    this.#templates.set(template.name, {
      template,
      crd,
      engine: driver.value.engine,
      compiled: compiled.value,
      constraints: this.#templates.get(template.name)?.constraints ?? new Map(),
      parameters: this.#templates.get(template.name)?.parameters ?? new SharedValues(),
    });
    this.#index.forget();
    return success({ changed: true, crd });
  }

  /** Takes a template out of force, and its constraints with it. */
  removeTemplate(name: string): boolean {
    this.#turns.remove(name);
    const removed = this.#templates.delete(name);
    if (removed) this.#index.forget();
    return removed;
  }

  /** What is wrong with a constraint, if anything is. */
  checkConstraint(object: JsonValue): Outcome<JsonValue> {
    const found = this.#templateOf(object);
    return found.ok ? validateConstraint(object, found.value.crd, this.#patterns, this.#strayFields) : found;
  }

  /** The fields of a constraint that its kind, where it is known, does not have. */
  strayFieldsOf(object: JsonValue): readonly StrayField[] {
    const found = this.#templateOf(object);
    return found.ok ? strayFieldsOf(object, found.value.crd) : [];
  }

  /** The fields of a constraint that its kind, where it is known, keeps and that were probably meant to be others. */
  misspeltFieldsOf(object: JsonValue): readonly MisspeltField[] {
    const found = this.#templateOf(object);
    return found.ok ? misspeltFieldsOf(object, found.value.crd) : [];
  }

  /** Puts a constraint in force, or a new version of it. */
  addConstraint(object: JsonValue): Outcome<Added> {
    const found = this.#templateOf(object);
    if (!found.ok) return found;
    const template = found.value;
    const valid = validateConstraint(object, template.crd, this.#patterns, this.#strayFields);
    if (!valid.ok) return valid;
    const entry = makeEntry(object, template.crd);
    if (!entry.ok) return entry;
    const before = template.constraints.get(entry.value.name);
    if (before !== undefined && isSameConstraint(before.constraint, entry.value.constraint)) {
      return success({ changed: false });
    }
    const parameters = template.parameters.take(entry.value.parameters);
    if (before !== undefined) template.parameters.giveBack(before.parameters);
    template.constraints.set(entry.value.name, { ...entry.value, parameters });
    this.#index.forget();
    return success({ changed: true });
  }

  /** Takes a constraint out of force. */
  removeConstraint(kind: string, name: string): boolean {
    const template = this.#templates.get(templateNameOf(kind));
    const before = template?.constraints.get(name);
    if (template === undefined || before === undefined) return false;
    template.constraints.delete(name);
    template.parameters.giveBack(before.parameters);
    this.#index.forget();
    return true;
  }

  /** A constraint in force, with its defaults. */
  constraint(kind: string, name: string): JsonObject | undefined {
    return this.#templates.get(templateNameOf(kind))?.constraints.get(name)?.constraint;
  }

  /** Puts an object into the data that referential policies read; a Namespace is known to matching from then on. */
  addData(object: JsonValue): Outcome<JsonObject> {
    const path = dataPathOf(object);
    if (!path.ok) return path;
    // A path is made of an object's fields only.
    const data = object as JsonObject;
    for (const driver of this.#drivers) driver.putData(path.value, data);
    if (isNamespacePath(path.value)) this.#namespaces.set(nameOf(data), namespaceFactsOf(data));
    return success(data);
  }

  /** Takes an object out of the data again, by its apiVersion, kind, namespace and name. */
  removeData(object: JsonValue): Outcome<JsonValue> {
    const path = dataPathOf(object);
    if (!path.ok) return path;
    for (const driver of this.#drivers) driver.removeData(path.value);
    if (isNamespacePath(path.value)) this.#namespaces.delete(nameOf(object));
    return success(object);
  }

  /** Takes all data away. */
  clearData(): void {
    for (const driver of this.#drivers) driver.clearData();
    this.#namespaces.clear();
  }

  /** Reviews an object under the constraints that are enforced at a place and match it. */
  review(review: Review, options: ReviewOptions): ReviewOutcome {
    return runReview(this.#index, this.#namespaces, review, options);
  }

  /**
   * Makes ready what a template's patterns are checked by. Until then a check passes any; what is put in force is held
   * against its patterns, so `addTemplate` does it by itself.
   */
  async loadPatterns(object: JsonValue): Promise<void> {
    const schema = ownPath(object, "spec", "crd", "spec", "validation", "openAPIV3Schema");
    const decoded = schema === undefined ? undefined : decodeSchema(schema, "");
    if (decoded?.ok === true && usesPatterns(decoded.schema)) await this.#ownPatterns.load();
  }

  #readTemplate(
    object: JsonValue,
    at: "admission" | "ingestion",
  ): Outcome<{ readonly template: ConstraintTemplate; readonly crd: ConstraintCrd }> {
    const decoded = decodeTemplate(object);
    if (!decoded.ok) return decoded;
    const checked = checkTemplate(decoded.value, at);
    if (!checked.ok) return checked;
    const crd = makeConstraintCrd(checked.value, this.#patterns);
    return crd.ok ? success({ template: checked.value, crd: crd.value }) : crd;
  }

  #driverFor(template: ConstraintTemplate): Outcome<Driver> {
    const driver = this.#drivers.find(({ engine }) => codeFor(template, engine) !== undefined);
    if (driver !== undefined) return success(driver);
    const available = this.#drivers.map(({ engine }, at) => `${engine}:${at + 1}`).toSorted();
    const wanted = template.targets[0]?.code.map(({ engine }) => engine) ?? [];
    if (wanted.includes("K8sNativeValidation")) {
      const message = `the template ${quoteGo(template.name)} is written in CEL only (engine K8sNativeValidation), which comes with a later release`;
      return failure("unsupported", message, {
        help: "until then give the template Rego as well, which is run where both are there",
      });
    }
    return failure(
      "template",
      `no language driver is installed that handles this constraint template: available drivers: map[${available.join(" ")}], wanted ""`,
    );
  }

  #templateOf(constraint: JsonValue): Outcome<ChangingTemplate> {
    const identity = checkConstraintIdentity(constraint);
    if (!identity.ok) return identity;
    const name = templateNameOf(groupVersionKindOf(constraint).kind);
    const template = this.#templates.get(name);
    if (template !== undefined) return success(template);
    return failure("missing", `missing ConstraintTemplate: template ${quoteGo(name)} not found`, {
      help: `apply the ConstraintTemplate ${name} first`,
    });
  }
}

function makeEntry(object: JsonValue, crd: ConstraintCrd): Outcome<ConstraintEntry> {
  const copy = copyJson(object);
  applyDefaults(copy, crd.schema);
  if (!isJsonObject(copy)) return failure("constraint", "invalid Constraint: not an object");
  const { status: _status, ...constraint } = copy;
  const enforcement = readEnforcement(constraint);
  if (!enforcement.ok) return enforcement;
  const match = ownPath(constraint, "spec", "match");
  return success({
    name: nameOf(constraint),
    constraint,
    parameters: ownPath(constraint, "spec", "parameters") ?? {},
    enforcement: enforcement.value,
    ...(isJsonObject(match) ? { match: compileMatch(match) } : {}),
  });
}

function isSameTemplate(left: ConstraintTemplate, right: ConstraintTemplate): boolean {
  // Both are plain data; only an absent optional field tells them from JSON, and none is ever set to undefined.
  return equalJson(left as unknown as JsonValue, right as unknown as JsonValue);
}

/** Whether two versions of a constraint are enforced alike, and shown alike. */
function isSameConstraint(left: JsonObject, right: JsonObject): boolean {
  const parts = (of: JsonObject): JsonValue => [
    own(of, "apiVersion") ?? null,
    own(of, "spec") ?? null,
    ownPath(of, "metadata", "labels") ?? null,
    ownPath(of, "metadata", "annotations") ?? null,
    ownPath(of, "metadata", "uid") ?? null,
    ownPath(of, "metadata", "generation") ?? null,
  ];
  return equalJson(parts(left), parts(right));
}

/** Where an object stands below `data.inventory`. */
function dataPathOf(object: JsonValue): Outcome<readonly string[]> {
  const { group, version, kind } = groupVersionKindOf(object);
  const name = nameOf(object);
  if (version === "") return failure("request", `invalid request object: resource ${name} has no version`);
  if (kind === "") return failure("request", `invalid request object: resource ${name} has no kind`);
  const namespace = namespaceOf(object);
  const last = [formatApiVersion({ group, version }), kind, name];
  return success(namespace === "" ? ["cluster", ...last] : ["namespace", namespace, ...last]);
}

function isNamespacePath([scope, apiVersion, kind]: readonly string[]): boolean {
  return scope === "cluster" && apiVersion === "v1" && kind === "Namespace";
}
