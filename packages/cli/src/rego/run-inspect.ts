import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { checkProgram, printRef, type Module } from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";
import { formatNamed, ignoredOf, versionOf } from "./flags.ts";
import { indentJson } from "./indent-json.ts";
import { noteJson, notesOf, noteText, type Note } from "./inspection-notes.ts";
import { load, type Loaded } from "./load.ts";
import { readManifest, type Manifest } from "./manifest.ts";
import { diagnosticProblem, problemsText, type Problem } from "./report.ts";
import { table } from "./table.ts";

/** Shows what a folder or a file holds; resolves to the exit status. */
export async function runInspect(values: FlagValues, paths: readonly string[], terminal: Terminal): Promise<number> {
  const format = formatNamed(values, ["pretty", "json"]);
  const [path, ...others] = paths;
  if (path === undefined || others.length > 0) {
    throw new UsageError("specify exactly one OPA bundle or path");
  }
  const isFolder = await isFolderAt(path, terminal.directory);
  const loaded = await load([path], terminal.directory, {
    version: versionOf(values),
    ignore: ignoredOf(values),
    bundle: true,
  });
  if (loaded.problems.length > 0) {
    const { problems } = loaded;
    const text = isFolder
      ? `bundle ${path}: ${problemsText({ problems })}`
      : problemsText({ problems, during: "loading" });
    terminal.error(`error: ${text}\n`);
    return 1;
  }
  const faults = faultsOf(loaded.modules);
  if (faults.length > 0) {
    terminal.error(`error: ${problemsText({ problems: faults })}\n`);
    return 1;
  }
  const inspection: Inspection = {
    manifest: isFolder ? await readManifest(path, terminal.directory) : undefined,
    namespaces: namespacesOf(loaded),
    notes: values.boolean("annotations") ? notesOf(loaded.modules) : [],
  };
  terminal.out(format === "json" ? inspectionJson(inspection) : inspectionText(inspection));
  return 0;
}

/** What is wrong with modules by themselves; OPA looks neither for functions that are not there nor for unsafe variables. */
function faultsOf(modules: readonly Module[]): readonly Problem[] {
  const checked = checkProgram({ modules, queries: {} });
  if (checked.ok) return [];
  const faults = checked.diagnostics.filter(
    ({ code, message }) => code !== "rego_unsafe_var_error" && !message.startsWith("undefined function "),
  );
  return faults.map((diagnostic) => diagnosticProblem(diagnostic));
}

async function isFolderAt(path: string, directory: string): Promise<boolean> {
  try {
    return (await stat(resolve(directory, path))).isDirectory();
  } catch (error) {
    throw new CommandError(`error: error reading ${JSON.stringify(path)}: stat ${path}: ${whyUnreadable(error)}`);
  }
}

type Namespaces = readonly (readonly [name: string, files: readonly string[]])[];

interface Inspection {
  readonly manifest: Manifest | undefined;
  readonly namespaces: Namespaces;
  readonly notes: readonly Note[];
}

function namespacesOf({ modules, dataFiles }: Loaded): Namespaces {
  const names = new Map<string, string[]>();
  const add = (name: string, file: string): void => {
    names.set(name, [...(names.get(name) ?? []), file]);
  };
  for (const module of modules) add(printRef(module.package.path.terms), module.span.source.name);
  for (const { name, path } of dataFiles) add(["data", ...path].join("."), name);
  return [...names].toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function inspectionText({ manifest, namespaces, notes }: Inspection): string {
  const fields = manifest === undefined ? [] : manifestRows(manifest);
  const rows = namespaces.flatMap(([name, files]) => files.map((file, at) => [at === 0 ? name : "", file]));
  return [
    fields.length === 0 ? "" : `MANIFEST:\n${table(["FIELD", "VALUE"], fields)}`,
    rows.length === 0 ? "" : `NAMESPACES:\n${table(["NAMESPACE", "FILE"], rows)}`,
    notes.length === 0 ? "" : `ANNOTATIONS:\n${notes.map(noteText).join("")}`,
  ].join("");
}

function manifestRows({ revision, roots, metadata, regoVersion }: Manifest): readonly (readonly string[])[] {
  return [
    ...(regoVersion === undefined ? [] : [["Rego Version", String(regoVersion)]]),
    ...(revision === "" ? [] : [["Revision", revision]]),
    ...roots
      .toSorted()
      .filter((root) => root !== "" || roots.length > 1)
      .map((root, at) => [at === 0 ? "Roots" : "", root]),
    ...(metadata === undefined ? [] : [["Metadata", JSON.stringify(metadata)]]),
  ];
}

function inspectionJson({ manifest, namespaces, notes }: Inspection): string {
  const json = JSON.stringify({
    ...(manifest === undefined ? {} : { manifest: manifestDocument(manifest) }),
    signatures_config: {},
    namespaces: Object.fromEntries(namespaces),
  });
  const annotations = notes.length === 0 ? "" : `,"annotations":[${notes.map(noteJson).join(",")}]`;
  return `${indentJson(`${json.slice(0, -1)}${annotations}}`)}\n`;
}

function manifestDocument({ revision, roots, metadata, regoVersion }: Manifest): Readonly<Record<string, unknown>> {
  return {
    revision,
    roots,
    ...(regoVersion === undefined ? {} : { rego_version: regoVersion }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
