import { Store, type Capabilities, type Value } from "@portcullis/rego";
import { ask, parseQuery, type Answer, type AskOptions } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { capabilitiesWanted } from "./capabilities.ts";
import { formatNamed, ignoredOf, timeoutOf, versionOf } from "./flags.ts";
import { printAnswers, printProblems, type EvalFormat } from "./eval-output.ts";
import { evaluationOf } from "./evaluation.ts";
import { Inquiry } from "./inquire.ts";
import { insightWanted, type Found } from "./insight.ts";
import { load, type Loaded } from "./load.ts";
import { conflictOf, mergeInto, type OpenDocument } from "./merge.ts";
import { Metrics } from "./metrics.ts";
import { parseInput, readInputFile } from "./read-input.ts";
import { diagnosticProblem, plainProblem, problemsText, type Problem } from "./report.ts";
import { hasData } from "./has-data.ts";
import { readSchemas } from "./schemas.ts";

const formats = ["json", "values", "bindings", "pretty", "source", "raw", "discard"] as const;

/** Answers a query; resolves to the exit status: 1 where the command line is wrong, 2 where no answer came about. */
export async function runEval(values: FlagValues, queries: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await evaluate(values, queries, terminal);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.error(`${error.message}\n`);
    return error instanceof UsageError ? 1 : 2;
  }
}

async function evaluate(values: FlagValues, queries: readonly string[], terminal: Terminal): Promise<number> {
  const format = evalFormatOf(values);
  const timeout = timeoutOf(values);
  const insight = insightWanted(values);
  const metrics = new Metrics();
  const fieldsOf = (found: Found | undefined): Found["fields"] => [
    ...(found?.fields ?? []),
    ...(values.boolean("metrics") ? [["metrics", metrics.document] as const] : []),
  ];
  const failed = (problems: readonly Problem[], found?: Found): number => {
    if (format === "pretty" && found !== undefined) terminal.out(found.before);
    printProblems(problems, { format, fields: fieldsOf(found) }, terminal);
    return 2;
  };
  const query = await queryOf(values, queries, terminal);
  const capabilities = await capabilitiesWanted(values, terminal.directory);
  const input = await inputOf(values, terminal);
  const loaded = await metrics.time("rego_load_files", () => loadAll(values, capabilities, terminal));
  if (loaded.problems.length > 0) return failed(loaded.problems);
  const schemas = await readSchemas(values.string("schema"), terminal.directory);
  if ("problems" in schemas) throw new CommandError(problemsText(schemas));
  const unfit = whyNoQuery(query, versionOf(values));
  if (unfit !== undefined) return failed([plainProblem(unfit)]);
  const asked = askOptionsOf(values, { query, loaded, schemas: schemas.schemas, capabilities });
  const question = await metrics.time("rego_module_compile", () => ask({ ...asked, ...insight.program }));
  if (!question.ok) return failed(question.diagnostics.map((diagnostic) => diagnosticProblem(diagnostic)));
  const evaluation = {
    ...evaluationOf(terminal),
    ...(input === undefined ? {} : { input }),
    data: new Store(loaded.data),
    strictBuiltinErrors: values.boolean("strict-builtin-errors"),
  };
  const inquiry = new Inquiry(evaluation, timeout, terminal);
  const { inquired, printed } = await metrics.time("rego_query_eval", () => inquiry.ask(question.value, insight));
  for (const line of printed) evaluation.print?.(line);
  for (const other of insight.others) {
    const again = await ask({ ...asked, ...other.program });
    if (again.ok) await inquiry.ask(again.value, other);
  }
  const found = insight.take(loaded.modules);
  if ("problem" in inquired) return failed([inquired.problem], found);
  const { answers } = inquired;
  if (format === "pretty") terminal.out(found.before);
  printAnswers(answers, { format, limit: values.integer("pretty-limit"), fields: fieldsOf(found) }, terminal);
  if (format === "pretty") terminal.out(`${values.boolean("metrics") ? metrics.text : ""}${found.after}`);
  return statusOf(values, answers);
}

/** What is asked, of what, and how it is read. */
function askOptionsOf(
  values: FlagValues,
  {
    query,
    loaded,
    schemas,
    capabilities,
  }: {
    readonly query: string;
    readonly loaded: Loaded;
    readonly schemas: AskOptions["schemas"] | undefined;
    readonly capabilities: Capabilities | undefined;
  },
): AskOptions {
  return {
    query,
    version: versionOf(values),
    modules: loaded.modules,
    ...(values.string("package") === "" ? {} : { package: values.string("package") }),
    imports: values.strings("import"),
    strict: values.boolean("strict"),
    print: true,
    hasData: (path) => hasData(loaded.data, path),
    ...(schemas === undefined ? {} : { schemas }),
    ...(capabilities === undefined ? {} : { capabilities }),
  };
}

function evalFormatOf(values: FlagValues): EvalFormat {
  const format = formatNamed(values, formats);
  if (format === "source") {
    throw new UsageError(
      "invalid output format for evaluation\n--format source shows what partial evaluation leaves, which is not there.",
    );
  }
  if (values.boolean("fail") && values.boolean("fail-defined")) {
    throw new UsageError("specify --fail or --fail-defined but not both");
  }
  return format;
}

/** Why a text that can be read is no query all the same. */
function whyNoQuery(text: string, version: "v0" | "v1"): string | undefined {
  if (text === "") return "cannot evaluate empty query";
  const parsed = parseQuery({ name: "", text }, { version });
  if (parsed.ok) return undefined;
  // What the grammar refuses is shown with its line.
  return parsed.diagnostics.find(({ excerpt }) => excerpt !== true)?.message;
}

function statusOf(values: FlagValues, answers: readonly Answer[]): number {
  const defined = answers.length > 0;
  return (values.boolean("fail") && !defined) || (values.boolean("fail-defined") && defined) ? 1 : 0;
}

async function queryOf(values: FlagValues, [query, ...more]: readonly string[], terminal: Terminal): Promise<string> {
  if (more.length > 0) throw new UsageError("specify at most one query argument");
  if (values.boolean("stdin")) {
    if (query !== undefined) throw new UsageError("specify query argument or --stdin but not both");
    if (values.boolean("stdin-input")) {
      throw new UsageError("specify --stdin or --stdin-input but not both");
    }
    return (await terminal.readInput()) ?? "";
  }
  if (query === undefined) throw new UsageError("specify query argument or --stdin");
  return query;
}

async function inputOf(values: FlagValues, terminal: Terminal): Promise<Value | undefined> {
  const path = values.string("input");
  if (path !== "") {
    if (values.boolean("stdin-input")) throw new UsageError("specify --stdin-input or --input but not both");
    return readInputFile(path, terminal.directory);
  }
  return values.boolean("stdin-input") ? parseInput((await terminal.readInput()) ?? "") : undefined;
}

async function loadAll(
  values: FlagValues,
  capabilities: Capabilities | undefined,
  terminal: Terminal,
): Promise<Loaded> {
  const options = { version: versionOf(values), ignore: ignoredOf(values), capabilities };
  const plain = await load(values.strings("data"), terminal.directory, options);
  const bundles = await load(values.strings("bundle"), terminal.directory, { ...options, bundle: true });
  const data: OpenDocument = {};
  mergeInto(data, plain.data);
  const conflict = conflictOf(data, bundles.data);
  const problems = [...plain.problems, ...bundles.problems];
  if (conflict === undefined) mergeInto(data, bundles.data);
  else problems.push(plainProblem(`merge error: conflicting values at ${["data", ...conflict].join(".")}`));
  const dataFiles = [...plain.dataFiles, ...bundles.dataFiles];
  return { modules: [...plain.modules, ...bundles.modules], data, dataFiles, problems };
}
