/** JSON schemas out of a file or a folder, by the names that annotations give them. */
import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { printRef, readJSON, type RefTerm, type Term } from "@portcullis/rego/tools";
import { whyUnreadable } from "../files/why-unreadable.ts";
import { plainProblem, type Problems } from "./report.ts";
import { readText } from "./read-text.ts";

/** The schemas by their paths, undefined where none were asked for; or why they cannot be read. */
export async function readSchemas(
  path: string,
  directory: string,
): Promise<{ readonly schemas: ReadonlyMap<string, unknown> | undefined } | Problems> {
  if (path === "") return { schemas: undefined };
  const root = resolve(directory, path);
  const schemas = new Map<string, unknown>();
  try {
    if (!(await stat(root)).isDirectory()) {
      schemas.set("schema", await readSchema(root));
      return { schemas };
    }
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isDirectory()) continue;
      const file = join(entry.parentPath, entry.name);
      const names = relative(root, file)
        .replace(/\.[^./\\]*$/, "")
        .split(sep);
      schemas.set(nameOf(names), await readSchema(file));
    }
    return { schemas };
  } catch (error) {
    return { problems: [plainProblem(`stat ${path}: ${whyUnreadable(error)}`)], during: "loading" };
  }
}

async function readSchema(file: string): Promise<unknown> {
  const read = readJSON(await readText(file));
  if ("error" in read) throw new Error(read.error);
  return read.value;
}

function nameOf(names: readonly string[]): string {
  const span: RefTerm["span"] = { source: { name: "", text: "" }, start: 0, end: 0 };
  const terms: Term[] = [{ kind: "var", name: "schema", span }];
  for (const value of names) terms.push({ kind: "string", value, span });
  return printRef(terms);
}
