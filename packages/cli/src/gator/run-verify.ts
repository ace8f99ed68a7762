import { platformPatterns, quoteGo } from "@portcullis/objects";
import { formatYamlDiagnostic, readYaml } from "@portcullis/objects/yaml";
import { NodeHost } from "@portcullis/host";
import {
  isFailure,
  readFilter,
  readSuite,
  RegoDriver,
  runSuite,
  type FileReading,
  type Suite,
} from "@portcullis/policy";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import { readUtf8 } from "../files/read-utf8.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import type { Terminal } from "../terminal.ts";
import { findSuites, type SuiteFile } from "./find-suites.ts";
import { formatSuites, type TimedSuite } from "./format-suite.ts";

/** Runs the suites at a path, as gator verify does. */
export async function runVerify(values: FlagValues, [path]: readonly string[], terminal: Terminal): Promise<number> {
  if (path === undefined)
    throw new CommandError(
      "Error: accepts 1 arg(s), received 0\nName a suite, a folder, or a folder with /... behind it.",
    );
  if (values.boolean("trace")) terminal.error("warning: --trace is not there yet; it is ignored\n");
  const host = new NodeHost({ environment: terminal.environment });
  const files = await findSuites(path, terminal.directory);
  const suites: { readonly file: SuiteFile; readonly suite: Suite }[] = [];
  for (const file of files) suites.push(...(await suiteIn(file)));
  if (suites.length === 0) terminal.error(`warning: there is no suite at ${path}, so nothing is tested\n`);
  const filter = readFilter(values.string("run"), platformPatterns);
  if (!filter.ok) throw new CommandError(`Error: compiling filter: ${filter.message}`);
  const timed: TimedSuite[] = [];
  for (const { file, suite } of suites) {
    const from = performance.now();
    const result = await runSuite(suite, {
      path: file.path,
      files: readText,
      host,
      drivers: () => [new RegoDriver({ print: true })],
      now: BigInt(Date.now()) * 1_000_000n,
      filter: filter.filter,
      clock: () => performance.now(),
    });
    const seconds = result.skipped ? 0 : (performance.now() - from) / 1000;
    timed.push({ name: file.name, seconds, failed: isFailure(result), tests: result.tests });
  }
  terminal.out(`${formatSuites(timed, values.boolean("verbose"))}\n`);
  if (!timed.some((suite) => suite.failed)) return 0;
  terminal.error("Error: FAIL\n");
  return 1;
}

async function readText(path: string): Promise<FileReading> {
  try {
    const read = await readUtf8(path);
    return "error" in read ? { ok: false, message: read.error, isNoYaml: true } : { ok: true, text: read.text };
  } catch (error) {
    return { ok: false, message: `open ${path}: ${whyUnreadable(error)}` };
  }
}

/** The suite that a file's first document is, if it is one. */
async function suiteIn(file: SuiteFile): Promise<readonly { readonly file: SuiteFile; readonly suite: Suite }[]> {
  const read = await readText(file.path);
  if (!read.ok) {
    const doing = read.isNoYaml === true ? "invalid yaml: parsing yaml file" : "reading file";
    throw new CommandError(`Error: listing test files: ${doing} ${quoteGo(file.path)}: ${read.message}`);
  }
  // Other documents of a file, and files that are no suite, may be whatever they are, as long as they are YAML.
  const { documents, diagnostics } = readYaml(read.text, file.name, "suite");
  const [first] = documents;
  const problem = diagnostics.find((diagnostic) => diagnostic.severity === "error");
  if (first === undefined) {
    if (problem === undefined) return [];
    throw new CommandError(
      `Error: listing test files: invalid yaml: parsing yaml file ${quoteGo(file.path)}:\n${formatYamlDiagnostic(problem)}`,
    );
  }
  const suite = readSuite(first.value);
  switch (suite.kind) {
    case "other":
      return [];
    case "error":
      throw new CommandError(
        `Error: listing test files: parsing Test ${quoteGo(file.path)} into Suite: ${suite.message}`,
      );
    case "suite":
      return [{ file, suite: suite.suite }];
  }
}
