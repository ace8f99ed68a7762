/** Objects out of files, folders, addresses and standard input, as `kubectl apply -f` reads them. */
import { readdir, stat } from "node:fs/promises";
import { extname, isAbsolute, join } from "node:path";
import { groupVersionKindOf, isJsonArray, isJsonObject, nameOf, own, type JsonValue } from "@portcullis/objects";
import { formatYamlDiagnostic, readYaml } from "@portcullis/objects/yaml";
import { CommandError } from "../command-error.ts";
import { readUtf8, type Utf8Reading } from "../files/read-utf8.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";
import type { Terminal } from "../terminal.ts";
import type { Manifest } from "./manifest.ts";

const extensions = [".json", ".yaml", ".yml"];

/** Reads everything that was named, lists taken apart. */
export async function readManifests(
  names: readonly string[],
  recursive: boolean,
  terminal: Terminal,
): Promise<readonly Manifest[]> {
  const manifests: Manifest[] = [];
  for (const name of names) {
    if (/^https?:\/\//.test(name)) {
      // Loaded only where it is needed: most applies are of files.
      const { fetchManifest } = await import("./fetch-manifest.ts");
      manifests.push(...parse(await fetchManifest(name, terminal.environment), name, terminal));
      continue;
    }
    if (name === "-") {
      const input = await terminal.readInput();
      if (input === undefined) throw new CommandError("-f -: there is nothing on standard input; pipe objects into it");
      manifests.push(...parse(input, "STDIN", terminal));
      continue;
    }
    for (const file of await filesAt(name, recursive, terminal.directory)) {
      manifests.push(...parse(await read(absolute(file, terminal.directory), file), file, terminal));
    }
  }
  if (manifests.length === 0) throw new CommandError("no objects passed to apply");
  return manifests;
}

async function filesAt(name: string, recursive: boolean, directory: string): Promise<readonly string[]> {
  try {
    // A file that is named itself may have any ending.
    if (!(await stat(absolute(name, directory))).isDirectory()) return [name];
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new CommandError(`the path "${name}" does not exist`);
    }
    throw new CommandError(`the path "${name}" cannot be read: ${whyUnreadable(error)}`);
  }
  const found = await filesBelow(name, recursive, directory);
  if (found.length > 0) return found;
  const hint = recursive ? "" : "; folders below it are read with -R";
  throw new CommandError(`error reading [${name}]: recognized file extensions are [${extensions.join(" ")}]${hint}`);
}

async function filesBelow(folder: string, recursive: boolean, directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  const entries = await readdir(absolute(folder, directory), { withFileTypes: true });
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (recursive) found.push(...(await filesBelow(path, true, directory)));
    } else if (extensions.includes(extname(entry.name))) found.push(path);
  }
  return found;
}

function absolute(path: string, directory: string): string {
  return isAbsolute(path) ? path : join(directory, path);
}

async function read(path: string, name: string): Promise<string> {
  let found: Utf8Reading;
  try {
    found = await readUtf8(path);
  } catch (error) {
    throw new CommandError(`the path "${name}" cannot be read: ${whyUnreadable(error)}`);
  }
  if ("error" in found) throw new CommandError(`${name}: error converting YAML to JSON: ${found.error}`);
  return found.text;
}

function parse(text: string, source: string, terminal: Terminal): readonly Manifest[] {
  const { documents, diagnostics } = readYaml(text, source);
  const problems = diagnostics.filter(({ severity }) => severity === "error");
  if (problems.length > 0) throw new CommandError(problems.map(formatYamlDiagnostic).join("\n"));
  for (const diagnostic of diagnostics) terminal.error(`warning: ${formatYamlDiagnostic(diagnostic)}\n`);
  return documents.flatMap(({ value, position }) => objectsIn(value, source, `${source}:${position.line}`));
}

function objectsIn(value: JsonValue, source: string, place: string): readonly Manifest[] {
  if (!isJsonObject(value)) throw new CommandError(`${place}: this is no object; apiVersion and kind are expected`);
  if (Object.keys(value).length === 0) return [];
  const { version, kind } = groupVersionKindOf(value);
  if (kind === "") throw new CommandError(`${place}: Object 'Kind' is missing`);
  if (version === "") throw new CommandError(`${place}: Object 'apiVersion' is missing`);
  const items = own(value, "items");
  if (kind.endsWith("List") && isJsonArray(items)) return items.flatMap((item) => objectsIn(item, source, place));
  if (nameOf(value) === "") {
    throw new CommandError(`${place}: the ${kind} has no metadata.name, and only what has a name can be applied`);
  }
  return [{ object: value, source }];
}
