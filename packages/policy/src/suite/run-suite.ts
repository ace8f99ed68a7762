/** Runs a suite: gator verify's verdicts and texts, over files that somebody else reads. */
import {
  formatGroupVersionKind,
  groupVersionKindOf,
  nameOf,
  namespaceOf,
  platformPatterns,
  type JsonObject,
  type PatternCompiler,
} from "@portcullis/objects";
import { loadRegexCompiler } from "@portcullis/rego";
import { describeNeed, type Host } from "@portcullis/rego/host";
import { Client } from "../client/client.ts";
import { reviewWithHost } from "../client/review-with-host.ts";
import type { Driver } from "../driver/driver.ts";
import { isConstraint } from "../constraint/validate.ts";
import { isTemplate } from "../template/decode.ts";
import type { Problem } from "../problem.ts";
import type { Result } from "../review/result.ts";
import { checkAssertion } from "./assertion.ts";
import { reviewOfCase } from "./case-review.ts";
import { runAll, type SuiteFilter } from "./filter.ts";
import { folderOf, joinPath, readObject, readObjects, type Files } from "./read-objects.ts";
import { SuiteError } from "./suite-error.ts";
import type { Suite, SuiteCase, SuiteTest } from "./suite.ts";

/** What a suite is run with. */
export interface SuiteOptions {
  /** Reads a file by its path, which is the suite's folder and what the suite says. */
  readonly files: Files;
  /** Where the suite's own file is; paths in it are relative to that. */
  readonly path: string;
  /** Makes the languages anew for each case; `print` is where print() goes. */
  readonly drivers: (print: (line: string) => void) => readonly Driver[];
  /** Nanoseconds since 1970, for the policies. */
  readonly now: bigint;
  /** Who answers what policies ask of the outside; without one, they may ask for nothing. */
  readonly host?: Host | undefined;
  /** Compiles the expressions of assertions, and the patterns of schemas; RE2's engine where absent. */
  readonly patterns?: PatternCompiler | undefined;
  readonly filter?: SuiteFilter | undefined;
  /** Milliseconds of a clock that never goes back, by which it is told how long things took; 0 where absent. */
  readonly clock?: (() => number) | undefined;
}

/** What came of a suite. */
export interface SuiteResult {
  /** Whether the suite says that it is to be skipped. */
  readonly skipped: boolean;
  readonly tests: readonly TestResult[];
}

/** What came of one test: of its template, its constraint and its cases. */
export interface TestResult {
  readonly name: string;
  readonly skipped: boolean;
  /** Why its cases were not run, in gator's words. */
  readonly error?: string;
  readonly cases: readonly CaseResult[];
  /** How long it took. */
  readonly milliseconds: number;
}

/** What came of one case. */
export interface CaseResult {
  readonly name: string;
  readonly skipped: boolean;
  /** What is not as the case has it, in gator's words. */
  readonly error?: string;
  /** How long it took. */
  readonly milliseconds: number;
  /** What print() wrote. */
  readonly print: readonly string[];
  /** What the review came to, where it came to anything. */
  readonly results: readonly Result[];
}

/** Whether anything in a suite's result failed. */
export function isFailure({ tests }: SuiteResult): boolean {
  return tests.some(({ error, cases }) => error !== undefined || cases.some((item) => item.error !== undefined));
}

/** Runs a suite. */
export async function runSuite(suite: Suite, options: SuiteOptions): Promise<SuiteResult> {
  if (suite.skip) return { skipped: true, tests: [] };
  const filter = options.filter ?? runAll;
  const tests: TestResult[] = [];
  for (const test of suite.tests) {
    const { name } = test;
    if (test.skip || !filter.test(test)) tests.push({ name, skipped: true, cases: [], milliseconds: 0 });
    else tests.push({ name, skipped: false, ...(await timed(options, () => runTest(test, filter, options))) });
  }
  return { skipped: false, tests };
}

/** What some work comes to, with the time that it took. */
async function timed<T>(
  { clock = () => 0 }: SuiteOptions,
  work: () => Promise<T>,
): Promise<T & { readonly milliseconds: number }> {
  const from = clock();
  const done = await work();
  return { ...done, milliseconds: clock() - from };
}

async function runTest(
  test: SuiteTest,
  filter: SuiteFilter,
  options: SuiteOptions,
): Promise<Pick<TestResult, "error" | "cases">> {
  const error = await errorOf(() => makeClient(test, options, () => undefined, false));
  if (test.invalid) {
    if (error?.kind === "schema") return { cases: [] };
    const got = error === undefined ? "%!w(<nil>)" : error.message;
    const text = `constraint should have failed schema validation: got error ${got} but want schema validation failed`;
    return { error: text, cases: [] };
  }
  if (error !== undefined) return { error: error.message, cases: [] };
  if (test.expansion !== "") {
    return { error: "expansion is not supported yet: it comes with a later release", cases: [] };
  }
  const cases: CaseResult[] = [];
  for (const item of test.cases) {
    const { name } = item;
    if (item.skip || !filter.case(test.name, name)) {
      cases.push({ name, skipped: true, print: [], results: [], milliseconds: 0 });
    } else cases.push({ name, skipped: false, ...(await timed(options, () => runCase(test, item, options))) });
  }
  return { cases };
}

async function runCase(
  test: SuiteTest,
  item: SuiteCase,
  options: SuiteOptions,
): Promise<Pick<CaseResult, "error" | "print" | "results">> {
  const print: string[] = [];
  let results: readonly Result[] = [];
  const error = await errorOf(async () => {
    if (item.object === "") throw new SuiteError("invalid Case: must define object");
    if (item.assertions.length === 0) throw new SuiteError("invalid Case: assertions must be non-empty");
    results = await reviewCase(test, item, options, (line) => print.push(line));
    const messages = results.map(({ message }) => message);
    const patterns = options.patterns ?? (await patternsFor(item));
    for (const assertion of item.assertions) {
      const wrong = checkAssertion(assertion, messages, patterns);
      if (wrong !== undefined) throw new SuiteError(wrong);
    }
  });
  return { print, results, ...(error === undefined ? {} : { error: error.message }) };
}

/** The engine of expressions, loaded only where an assertion has one. */
async function patternsFor({ assertions }: SuiteCase): Promise<PatternCompiler> {
  const usesThem = assertions.some(({ message }) => message !== undefined);
  return usesThem ? loadRegexCompiler() : platformPatterns;
}

async function errorOf(run: () => Promise<unknown>): Promise<SuiteError | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof SuiteError) return error;
    throw error;
  }
}

/** A client with the test's template and constraint. Gator words an unusable constraint apart when it runs cases. */
async function makeClient(
  test: SuiteTest,
  options: SuiteOptions,
  print: (line: string) => void,
  forCase: boolean,
): Promise<Client> {
  const folder = folderOf(options.path);
  const client = new Client({ drivers: options.drivers(print), patterns: options.patterns });
  if (test.template === "") throw new SuiteError("invalid Suite: missing template");
  const templatePath = joinPath(folder, test.template);
  const template = await readObject(options.files, templatePath, "ConstraintTemplate");
  if (!template.ok) throw new SuiteError(template.message);
  if (!isTemplate(template.object)) throw new SuiteError(`path "${templatePath}": not a ConstraintTemplate`);
  const added = await client.addTemplate(template.object);
  if (!added.ok) throw new SuiteError(templateText(templatePath, added.problem));
  if (test.constraint === "") throw new SuiteError("invalid Suite: missing constraint");
  const constraint = await readObject(options.files, joinPath(folder, test.constraint), "Constraint");
  if (!constraint.ok) throw new SuiteError(constraint.message);
  if (!isConstraint(constraint.object)) throw new SuiteError("not a Constraint");
  const enforced = client.addConstraint(constraint.object);
  if (!enforced.ok) {
    const { message, kind } = enforced.problem;
    throw new SuiteError(forCase ? `adding constraint: ${message}` : message, kind);
  }
  return client;
}

/** Gator tells a template that cannot be read from one that cannot be added. */
function templateText(path: string, { kind, message }: Problem): string {
  if (kind === "decode") return `path "${path}": adding template: ${message}`;
  if (kind === "conversion") return `path "${path}": unable to convert template: ${message}`;
  return `adding template: ${message}`;
}

async function reviewCase(
  test: SuiteTest,
  item: SuiteCase,
  options: SuiteOptions,
  print: (line: string) => void,
): Promise<readonly Result[]> {
  const folder = folderOf(options.path);
  const client = await makeClient(test, options, print, true);
  const path = joinPath(folder, item.object);
  const read = await readObjects(options.files, path);
  if (!read.ok) throw new SuiteError(read.message);
  const [object, ...others] = read.objects;
  if (object === undefined || others.length > 0) {
    throw new SuiteError(
      `object file must contain exactly one object: "${path}" defines ${read.objects.length} objects`,
    );
  }
  for (const inventory of item.inventory) await addInventory(client, options.files, joinPath(folder, inventory));
  const review = reviewOfCase(object);
  const reviewing = { enforcementPoint: "gator.gatekeeper.sh", now: options.now, print } as const;
  const outcome =
    options.host === undefined
      ? client.review(review, reviewing)
      : await reviewWithHost(client, review, reviewing, options.host);
  switch (outcome.kind) {
    case "results":
      return outcome.results;
    case "needs":
      throw new SuiteError(
        `reviewing ${describe(object)}: no answer came to ${outcome.needs.map(describeNeed).join(", ")}`,
      );
    case "error":
      throw new SuiteError(`reviewing ${describe(object)}: ${outcome.message}`);
  }
}

function describe(object: JsonObject): string {
  return `${formatGroupVersionKind(groupVersionKindOf(object))} ${namespaceOf(object)}/${nameOf(object)}`;
}

async function addInventory(client: Client, files: Files, path: string): Promise<void> {
  const read = await readObjects(files, path);
  if (!read.ok) throw new SuiteError(read.message);
  for (const object of read.objects) {
    const added = client.addData(object);
    if (added.ok) continue;
    throw new SuiteError(`unable to add object to data.inventory: ${describe(object)}: ${added.problem.message}`);
  }
}
