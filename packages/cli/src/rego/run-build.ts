import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseRef, printStandalone, reachable, translate, type Body, type ParsedQuery } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import type { Terminal } from "../terminal.ts";
import { capabilitiesWanted } from "./capabilities.ts";
import { formatNamed, ignoredOf, versionOf } from "./flags.ts";
import { load } from "./load.ts";
import { diagnosticProblem, problemsText } from "./report.ts";
import { hasData } from "./run-check.ts";

/** Builds a policy as a module; resolves to the exit status. */
export async function runBuild(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const target = formatNamed(values, ["module", "source"], "target");
  if (paths.length === 0) throw new CommandError("Error: expected at least one path");
  const entrypoints = values.strings("entrypoint");
  if (entrypoints.length === 0) {
    throw new CommandError("name what the module answers with --entrypoint, such as -e a/deny for data.a.deny");
  }
  const capabilities = await capabilitiesWanted(values, terminal.directory);
  const loaded = await load(paths, terminal.directory, {
    version: versionOf(values),
    capabilities,
    ignore: ignoredOf(values),
    bundle: values.boolean("bundle"),
  });
  if (loaded.problems.length > 0) {
    terminal.error(`${problemsText({ problems: loaded.problems, during: "loading" })}\n`);
    return 1;
  }
  const translated = translate({
    modules: loaded.modules,
    queries: Object.fromEntries(entrypoints.map((path) => [path, queryOf(path)])),
    strict: values.boolean("strict"),
    hasData: (path) => hasData(loaded.data, path),
    ...(capabilities === undefined ? {} : { capabilities }),
    instrument: (program, queries) => ({ program: reachable(program, queries), queries }),
  });
  if (!translated.ok) {
    terminal.error(`${problemsText({ problems: translated.diagnostics.map((each) => diagnosticProblem(each)) })}\n`);
    return 1;
  }
  const { bundlePolicy, DOOR } = await import("./bundle.ts");
  const data = Object.keys(loaded.data).length === 0 ? undefined : loaded.data;
  const text = printStandalone(translated.value, DOOR, data);
  const module = target === "source" ? text : await bundlePolicy(text, { minify: values.boolean("minify") });
  await write(values.string("output"), module, terminal);
  return 0;
}

/** `a/b` is `data.a.b`. */
function queryOf(path: string): ParsedQuery {
  const names = path.replace(/^data\//, "").split("/");
  const text = `data${names.map((name) => `[${JSON.stringify(name)}]`).join("")}`;
  const ref = parseRef({ name: "entrypoint", text });
  if (names.includes("") || !ref.ok) {
    throw new CommandError(`--entrypoint ${path}: this is no path; a/b stands for data.a.b`);
  }
  const term = ref.value;
  const body: Body = [{ kind: "term", term, negated: false, with: [], index: 0, span: term.span }];
  return { body };
}

async function write(output: string, text: string, terminal: Terminal): Promise<void> {
  if (output === "-") {
    terminal.out(text);
    return;
  }
  try {
    await writeFile(resolve(terminal.directory, output), text);
  } catch (error) {
    throw new CommandError(`cannot write ${output}: ${whyUnreadable(error)}`, { cause: error });
  }
}
