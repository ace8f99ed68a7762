import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  parseRef,
  printRef,
  printStandalone,
  reachable,
  translate,
  type Module,
  type ParsedQuery,
  type RefTerm,
} from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { capabilitiesWanted } from "./capabilities.ts";
import { formatNamed, ignoredOf, versionOf } from "./flags.ts";
import { notesOf } from "./inspection-notes.ts";
import { load, type Loaded } from "./load.ts";
import { diagnosticProblem, problemsText } from "./report.ts";
import { hasData } from "./has-data.ts";

/** Builds a policy as a module; resolves to the exit status. */
export async function runBuild(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const target = formatNamed(values, ["module", "source"], "target");
  if (paths.length === 0) throw new UsageError("expected at least one path");
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
  const entrypoints = entrypointsOf(values, loaded);
  const translated = translate({
    modules: loaded.modules,
    queries: Object.fromEntries(entrypoints.map((path) => [path, askFor(queryOf(path))])),
    strict: values.boolean("strict"),
    hasData: (path) => hasData(loaded.data, path),
    ...(capabilities === undefined ? {} : { capabilities }),
    instrument: (program, queries) => ({ program: reachable(program, queries), queries }),
  });
  if (!translated.ok) {
    terminal.error(`${problemsText({ problems: translated.diagnostics.map((each) => diagnosticProblem(each)) })}\n`);
    return 1;
  }
  const { bundlePolicy, door } = await import("./bundle.ts");
  const data = Object.keys(loaded.data).length === 0 ? undefined : loaded.data;
  const text = printStandalone(translated.value, door, data);
  const module = target === "source" ? text : await bundlePolicy(text, { minify: values.boolean("minify") });
  await write(values.string("output"), module, terminal);
  return 0;
}

/** What the module answers: as the user names it, else as annotations do. */
function entrypointsOf(values: FlagValues, loaded: Loaded): readonly string[] {
  const given = values.strings("entrypoint");
  for (const path of given) {
    const names = namesOf(path);
    const place = printRef(queryOf(path).terms);
    if (hasRule(loaded.modules, names) || hasData(loaded.data, names)) continue;
    throw new CommandError(
      `--entrypoint ${path}: there is neither a rule nor data at ${place}; \`portcullis rego inspect\` shows what there is`,
    );
  }
  if (given.length > 0) return given;
  const noted = notesOf(loaded.modules).filter(({ annotation }) => annotation.entrypoint === true);
  const paths = noted.map(({ path }) => path.slice(1).flatMap((term) => (term.kind === "string" ? term.value : [])));
  if (paths.length > 0) return [...new Set(paths.map((names) => names.join("/")))];
  throw new CommandError(
    "name what the module answers with --entrypoint, such as -e a/deny for data.a.deny, or annotate it with entrypoint: true",
  );
}

/** Whether a rule is at a path, above it or below it. */
function hasRule(modules: readonly Module[], path: readonly string[]): boolean {
  return modules.some((module) =>
    module.rules.some(({ head }) => {
      const [name, ...rest] = head.ref.terms;
      const terms = [...module.package.path.terms.slice(1), ...(name === undefined ? [] : [name]), ...rest];
      return terms.slice(0, path.length).every((term, at) => {
        if (term.kind === "string") return term.value === path[at];
        return term.kind !== "var" || at >= module.package.path.terms.length || term.name === path[at];
      });
    }),
  );
}

function namesOf(path: string): readonly string[] {
  return path.replace(/^data\//, "").split("/");
}

/** `a/b` is `data.a.b`. */
function queryOf(path: string): RefTerm {
  const names = namesOf(path);
  const text = `data${names.map((name) => `[${JSON.stringify(name)}]`).join("")}`;
  const ref = parseRef({ name: "entrypoint", text });
  if (names.includes("") || !ref.ok) {
    throw new CommandError(`--entrypoint ${path}: this is no path; a/b stands for data.a.b`);
  }
  return ref.value;
}

function askFor(term: RefTerm): ParsedQuery {
  return { body: [{ kind: "term", term, negated: false, with: [], index: 0, span: term.span }] };
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
