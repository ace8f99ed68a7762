import { readdir, stat } from "node:fs/promises";
import { extname, isAbsolute, join } from "node:path";
import { CommandError } from "../command-error.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";

/** A file that may hold a suite. */
export interface SuiteFile {
  readonly path: string;
  /** As the user will read it: from where the user began. */
  readonly name: string;
}

/** The files that gator verify looks into: one file, a folder's, or with `/...` those of the folders below too. */
export async function findSuites(argument: string, directory: string): Promise<readonly SuiteFile[]> {
  const isRecursive = argument.endsWith("/...");
  const name = isRecursive ? argument.slice(0, -"...".length) : argument;
  const path = (isAbsolute(name) ? name : join(directory, name)).replace(/(?<=.)\/+$/, "");
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    throw listing(`stat ${name}: ${whyUnreadable(error)}`);
  }
  if (isFolder) {
    const found = await suitesBelow(path, name === "." ? "" : name.replace(/\/+$/, ""), isRecursive);
    return found.toSorted((left, right) => (left.path < right.path ? -1 : 1));
  }
  if (isRecursive)
    throw listing(`can only recursively traverse directories, not a directory: "${name.replace(/\/+$/, "")}"`);
  if (!isYaml(path)) throw listing(`unsupported extension: "${extname(path)}"`);
  return [{ path, name }];
}

async function suitesBelow(path: string, name: string, isRecursive: boolean): Promise<readonly SuiteFile[]> {
  const found: SuiteFile[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const at = { path: join(path, entry.name), name: name === "" ? entry.name : `${name}/${entry.name}` };
    if (entry.isDirectory()) {
      if (isRecursive) found.push(...(await suitesBelow(at.path, at.name, true)));
    } else if (isYaml(entry.name)) found.push(at);
  }
  return found;
}

function isYaml(path: string): boolean {
  return [".yaml", ".yml"].includes(extname(path));
}

function listing(message: string): CommandError {
  return new CommandError(`Error: listing test files: ${message}`);
}
