/** Objects out of files, folders and standard input, as gator reads them. */
import { readdir, stat } from "node:fs/promises";
import { extname, isAbsolute, join } from "node:path";
import { groupVersionKindOf, isJsonObject, nameOf, namespaceOf, type JsonObject } from "@portcullis/objects";
import { formatYamlDiagnostic, readYaml } from "@portcullis/objects/yaml";
import { CommandError } from "../command-error.ts";
import { readUtf8, type Utf8Reading } from "./read-utf8.ts";
import { whyUnreadable } from "./why-unreadable.ts";

/** A file's objects. */
export interface Source {
  /** How gator's messages name it: `file: "x"` or `stdin`. */
  readonly label: string;
  readonly objects: readonly JsonObject[];
}

const extensions = [".yaml", ".yml", ".json"];

/** Reads the named files and folders, then standard input where it was given. */
export async function readSources(
  names: readonly string[],
  input: string | undefined,
  directory: string,
  warn: (text: string) => void,
): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const name of names) {
    const path = isAbsolute(name) ? name : join(directory, name);
    for (const file of await filesAt(path, name)) {
      let read: Utf8Reading;
      try {
        read = await readUtf8(file.path);
      } catch (error) {
        throw new CommandError(`reading: reading from filenames: opening file "${file.name}": ${whyUnreadable(error)}`);
      }
      const prefix = `reading: reading from filenames: reading file "${file.name}": reading yaml source`;
      if ("error" in read) throw new CommandError(`${prefix}: error converting YAML to JSON: ${read.error}`);
      sources.push({ label: `file: "${file.name}"`, objects: parse(read.text, file.name, prefix, warn) });
    }
  }
  if (input !== undefined) {
    const prefix = "reading: reading from stdin: reading: reading yaml source";
    sources.push({ label: "stdin", objects: parse(input, "stdin", prefix, warn) });
  }
  return sources;
}

/** gator's warnings about objects that more than one file defines. */
export function findConflicts(sources: readonly Source[]): readonly string[] {
  const seen = new Map<string, Source>();
  const warnings: string[] = [];
  for (const source of sources) {
    for (const object of source.objects) {
      const { group, kind } = groupVersionKindOf(object);
      const key = JSON.stringify([group, kind, namespaceOf(object), nameOf(object)]);
      const earlier = seen.get(key);
      if (earlier !== undefined) {
        warnings.push(
          `WARNING - Resource named "${nameOf(object)}" (from ${source.label}) is already defined in ${earlier.label}`,
        );
      }
      seen.set(key, source);
    }
  }
  return warnings;
}

function parse(text: string, name: string, prefix: string, warn: (text: string) => void): readonly JsonObject[] {
  const { documents, diagnostics } = readYaml(text, name);
  const problems = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (problems.length > 0) {
    throw new CommandError([`${prefix}:`, ...problems.map(formatYamlDiagnostic)].join("\n"));
  }
  for (const diagnostic of diagnostics) warn(`warning: ${formatYamlDiagnostic(diagnostic)}\n`);
  return documents.flatMap(({ value, position }) => {
    if (!isJsonObject(value)) {
      throw new CommandError(
        `${prefix}:\n${name}:${position.line}:${position.column}: this document is no object; an object with apiVersion and kind is expected`,
      );
    }
    return Object.keys(value).length === 0 ? [] : [value];
  });
}

interface FoundFile {
  readonly path: string;
  /** As the user will read it: from where the user began. */
  readonly name: string;
}

async function filesAt(path: string, name: string): Promise<readonly FoundFile[]> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    throw new CommandError(
      `reading: reading from filenames: stat on path "${name}": stat ${name}: ${whyUnreadable(error)}`,
    );
  }
  if (isFolder) return filesBelow(path, name.replace(/^\.\/*$/, "").replace(/\/+$/, ""));
  if (extensions.includes(extname(path))) return [{ path, name }];
  throw new CommandError(
    `reading: reading from filenames: path "${name}" must be of extensions: [${extensions.join(" ")}]`,
  );
}

/** The files of a folder and those below it, in the order of their names. Links to folders are not followed. */
async function filesBelow(path: string, name: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const at = { path: join(path, entry.name), name: name === "" ? entry.name : `${name}/${entry.name}` };
    if (entry.isDirectory()) found.push(...(await filesBelow(at.path, at.name)));
    else if (extensions.includes(extname(entry.name))) found.push(at);
  }
  return found;
}
