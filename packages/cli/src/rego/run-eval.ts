import { NodeHost } from "@portcullis/host";
import { Store, type Value } from "@portcullis/rego";
import { describeNeed, replayed, resolveNeeds, type KeyedNeed } from "@portcullis/rego/host";
import { ask, type Answer } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import type { Terminal } from "../terminal.ts";
import { formatNamed, versionOf } from "./flags.ts";
import { printAnswers, printProblems } from "./eval-output.ts";
import { evaluationOf } from "./evaluation.ts";
import { insightWanted } from "./insight.ts";
import { load, type Loaded } from "./load.ts";
import { conflictOf, mergeInto, type OpenDocument } from "./merge.ts";
import { parseInput, readInputFile } from "./read-input.ts";
import { diagnosticProblem, evaluationProblem, plainProblem, type Problem } from "./report.ts";
import { hasData } from "./run-check.ts";
import { readSchemas } from "./schemas.ts";

const formats = ["json", "values", "bindings", "pretty", "raw", "discard"] as const;

/** Answers a query; resolves to the exit status: 2 where that did not come about. */
export async function runEval(values: FlagValues, queries: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await evaluate(values, queries, terminal);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    terminal.error(`${error.message}\n`);
    return error.message.startsWith("Error: ") ? 1 : 2;
  }
}

async function evaluate(values: FlagValues, queries: readonly string[], terminal: Terminal): Promise<number> {
  const format = formatNamed(values, formats);
  const failed = (problems: readonly Problem[]): number => {
    printProblems(problems, format, terminal);
    return 2;
  };
  const query = await queryOf(values, queries, terminal);
  const input = await inputOf(values, terminal);
  const loaded = await loadAll(values, terminal);
  if (loaded.problems.length > 0) return failed(loaded.problems);
  const schemas = await readSchemas(values.string("schema"), terminal.directory);
  if ("problems" in schemas) return failed(schemas.problems);
  const insight = insightWanted(values);
  const question = await ask({
    query,
    version: versionOf(values),
    modules: loaded.modules,
    ...(values.string("package") === "" ? {} : { package: values.string("package") }),
    imports: values.strings("import"),
    strict: values.boolean("strict"),
    print: true,
    hasData: (path) => hasData(loaded.data, path),
    ...(schemas.schemas === undefined ? {} : { schemas: schemas.schemas }),
    ...insight.program,
  });
  if (!question.ok) return failed(question.diagnostics.map((diagnostic) => diagnosticProblem(diagnostic)));
  const { answers } = question.value;
  const evaluation = {
    ...evaluationOf(terminal),
    ...(input === undefined ? {} : { input }),
    data: new Store(loaded.data),
    strictBuiltinErrors: values.boolean("strict-builtin-errors"),
  };
  const printed: string[] = [];
  const chance = replayed(evaluation.random);
  const answered = (facts: ReadonlyMap<string, Value>): ReturnType<typeof answers> => {
    // What was told on the way to a need is told again.
    insight.forget();
    printed.length = 0;
    const print = (line: string): void => {
      printed.push(line);
    };
    return answers({ ...evaluation, random: chance(), facts, print });
  };
  const asked = await resolveNeeds<ReturnType<typeof answers>>(
    answered(new Map()),
    answered,
    new NodeHost({ environment: terminal.environment }),
    { signal: terminal.interrupted },
  );
  for (const line of printed) evaluation.print?.(line);
  if (asked.kind === "error") return failed([evaluationProblem(asked)]);
  if (asked.kind === "needs") return failed([plainProblem(outsideNeeded(asked.needs))]);
  const found = insight.take(loaded.modules);
  if (format === "pretty") terminal.out(found.before);
  printAnswers(asked.answers, { format, limit: values.integer("pretty-limit"), fields: found.fields }, terminal);
  if (format === "pretty") terminal.out(found.after);
  return statusOf(values, asked.answers);
}

function statusOf(values: FlagValues, answers: readonly Answer[]): number {
  const defined = answers.length > 0;
  return (values.boolean("fail") && !defined) || (values.boolean("fail-defined") && defined) ? 1 : 0;
}

async function queryOf(values: FlagValues, [query, ...more]: readonly string[], terminal: Terminal): Promise<string> {
  if (more.length > 0) throw new CommandError("Error: specify at most one query argument");
  if (values.boolean("stdin")) {
    if (query !== undefined) throw new CommandError("Error: specify query argument or --stdin but not both");
    if (values.boolean("stdin-input")) {
      throw new CommandError("Error: specify --stdin or --stdin-input but not both");
    }
    return (await terminal.readInput()) ?? "";
  }
  if (query === undefined) throw new CommandError("Error: specify query argument or --stdin");
  return query;
}

async function inputOf(values: FlagValues, terminal: Terminal): Promise<Value | undefined> {
  const path = values.string("input");
  if (path !== "") {
    if (values.boolean("stdin-input")) throw new CommandError("Error: specify --stdin-input or --input but not both");
    return readInputFile(path, terminal.directory);
  }
  return values.boolean("stdin-input") ? parseInput((await terminal.readInput()) ?? "") : undefined;
}

async function loadAll(values: FlagValues, terminal: Terminal): Promise<Loaded> {
  const options = { version: versionOf(values), ignore: values.strings("ignore") };
  const plain = await load(values.strings("data"), terminal.directory, options);
  const bundles = await load(values.strings("bundle"), terminal.directory, { ...options, bundle: true });
  const data: OpenDocument = {};
  mergeInto(data, plain.data);
  const conflict = conflictOf(data, bundles.data);
  const problems = [...plain.problems, ...bundles.problems];
  if (conflict === undefined) mergeInto(data, bundles.data);
  else problems.push(plainProblem(`merge error: conflicting values at ${["data", ...conflict].join(".")}`));
  return { modules: [...plain.modules, ...bundles.modules], data, problems };
}

function outsideNeeded(needs: readonly KeyedNeed[]): string {
  return `the policy needs an answer from outside, and none came: ${needs.map(describeNeed).join(", ")}`;
}
