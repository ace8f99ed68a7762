import { readFileSync } from "node:fs";

/** A case as it is written down, before the real opa answers it. */
export interface WrittenCase {
  readonly note: string;
  /** The words of the `flags:` line. */
  readonly flags: readonly string[];
  /** The other `name: text` lines of its head. */
  readonly fields: ReadonlyMap<string, string>;
  readonly modules: readonly string[];
}

/**
 * The cases of a `.cases` file. Each begins with `=== note`, then lines `name: text`, then its modules, each after a
 * line `---`.
 */
export function readCasesFile(path: string): WrittenCase[] {
  const text = readFileSync(path, "utf8");
  const [before, ...cases] = `\n${text}`.split("\n=== ");
  if (before?.trim() !== "") throw new Error(`${path} does not begin with a case`);
  return cases.map((one) => readCase(path, one.replace(/\n$/, "")));
}

function readCase(path: string, text: string): WrittenCase {
  const [head, ...modules] = `${text}\n`.split(/^---\n/m);
  const [note, ...lines] = (head ?? "").trimEnd().split("\n");
  if (note === undefined || modules.length === 0) throw new Error(`${path}: a case without a note or modules: ${text}`);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 0) throw new Error(`${path}: ${note}: no colon in ${line}`);
    fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const flags = (fields.get("flags") ?? "").split(" ").filter((flag) => flag !== "");
  fields.delete("flags");
  return { note, flags, fields, modules };
}
