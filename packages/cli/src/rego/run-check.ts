import { checkProgram } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import type { Terminal } from "../terminal.ts";
import { capabilitiesWanted } from "./capabilities.ts";
import { documentJson } from "./document.ts";
import { formatNamed, ignoredOf, versionOf } from "./flags.ts";
import { hasData } from "./has-data.ts";
import { load } from "./load.ts";
import { diagnosticProblem, problemsDocument, problemsText, type Problems } from "./report.ts";
import { readSchemas } from "./schemas.ts";

/** Checks modules; resolves to the exit status. */
export async function runCheck(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const format = formatNamed(values, ["pretty", "json"]);
  if (paths.length === 0) {
    terminal.error("Error: specify at least one file\n");
    return 1;
  }
  const found = await problemsOf(values, paths, terminal);
  if (found === undefined) return 0;
  terminal.error(`${format === "json" ? documentJson(problemsDocument(found)) : problemsText(found)}\n`);
  return 1;
}

async function problemsOf(
  values: FlagValues,
  paths: readonly string[],
  terminal: Terminal,
): Promise<Problems | undefined> {
  const schemas = await readSchemas(values.string("schema"), terminal.directory);
  if ("problems" in schemas) return schemas;
  const bundle = values.boolean("bundle");
  const capabilities = await capabilitiesWanted(values, terminal.directory);
  const loaded = await load(paths, terminal.directory, {
    version: values.boolean("v0-v1") || values.boolean("rego-v1") ? "v0v1" : versionOf(values),
    capabilities,
    ignore: ignoredOf(values),
    onlyModules: !bundle,
    bundle,
  });
  if (loaded.problems.length > 0) return { problems: loaded.problems, during: "loading" };
  const checked = checkProgram({
    modules: loaded.modules,
    queries: {},
    strict: values.boolean("strict"),
    print: true,
    errorLimit: values.integer("max-errors"),
    ...(schemas.schemas === undefined ? {} : { schemas: schemas.schemas }),
    hasData: (path) => hasData(loaded.data, path),
    ...(capabilities === undefined ? {} : { capabilities }),
  });
  return checked.ok ? undefined : { problems: checked.diagnostics.map((diagnostic) => diagnosticProblem(diagnostic)) };
}
