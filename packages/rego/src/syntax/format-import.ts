/** Imports, laid out: sorted in their groups, with those of keywords added that the module needs. */
import type { Import, Module, RefTerm, RegoVersion } from "./ast.ts";
import { stringTerm, varTerm } from "./build.ts";
import { compareTerms } from "./compare.ts";
import { formatGrammar as grammar } from "./format-expression.ts";
import { writeRef } from "./format-term.ts";
import {
  blankLine,
  endLine,
  insertComments,
  startLine,
  write,
  type PendingComment,
  type Writer,
} from "./format-writer.ts";
import { placeOf } from "./layout.ts";
import { baseKeywords } from "./token.ts";

/** An import that is to be written, perhaps one that was not there. */
export interface ImportLine {
  readonly kind: "import";
  readonly path: RefTerm;
  readonly alias: string | undefined;
  readonly row: number;
  readonly start: number;
  readonly added: boolean;
}

/** The keyword that an import turns on; undefined for other imports, and for all keywords at once. */
export function importedKeyword({
  path,
  alias,
}: {
  readonly path: RefTerm;
  readonly alias?: string | undefined;
}): string | undefined {
  const [root, group, word] = path.terms;
  if (alias !== undefined || path.terms.length !== 3 || root?.kind !== "var" || root.name !== "future")
    return undefined;
  if (group?.kind !== "string" || group.value !== "keywords" || word?.kind !== "string") return undefined;
  return word.value;
}

/** Whether an import is `future.keywords` whole. */
export function importsAllKeywords({ path }: Pick<Import, "path">): boolean {
  const [root, group] = path.terms;
  if (path.terms.length !== 2 || root?.kind !== "var" || root.name !== "future") return false;
  return group?.kind === "string" && group.value === "keywords";
}

/** Whether an import is `rego.v1` or `rego.v2`. */
export function importsRego({ path }: Pick<Import, "path">, version: "v1" | "v2"): boolean {
  const [root, name] = path.terms;
  if (path.terms.length !== 2 || root?.kind !== "var" || root.name !== "rego") return false;
  return name?.kind === "string" && name.value === version;
}

function isFuture({ path }: Pick<Import, "path">): boolean {
  const [root] = path.terms;
  return root?.kind === "var" && root.name === "future";
}

/** What the imports of a module have to be like. */
export interface ImportWishes {
  readonly version: RegoVersion;
  /** Keywords that the module's bodies use. */
  readonly needed: ReadonlySet<string>;
  /** Leave out imports that only turn on what the version has anyway. */
  readonly dropDirectives: boolean;
}

/** The imports of a module as they are to stand in it. */
export function importLines(
  writer: Writer,
  module: Module,
  { version, needed, dropDirectives }: ImportWishes,
): readonly ImportLine[] {
  let lines = module.imports.map((imported): ImportLine => {
    const { row, start } = placeOf(writer.rows, imported);
    return { kind: "import", path: imported.path, alias: imported.alias, row, start, added: false };
  });
  const importsV2 = lines.some((line) => importsRego(line, "v2"));
  const drops = dropDirectives && version === "v1";
  if (importsV2 || drops) lines = lines.filter((line) => !importsRego(line, "v1"));
  else if (version === "v0v1" && !lines.some((line) => importsRego(line, "v1"))) {
    lines = [...lines, addedLine(lines, ["rego", "v1"])];
  }
  const importsV1 = importsV2 || lines.some((line) => importsRego(line, "v1"));
  if (importsV1 || drops) lines = lines.filter((line) => !isFuture(line));
  const onlyNew = version !== "v0" || importsV1;
  for (const word of needed) {
    if (onlyNew && (importsV2 || !newKeywords.has(word))) continue;
    if (!lines.some((line) => turnsOn(line, word))) lines = [...lines, addedLine(lines, ["future", "keywords", word])];
  }
  return lines;
}

/** Keywords that v1 has to import too. */
const newKeywords: ReadonlySet<string> = new Set(["not", "and", "or"]);

function turnsOn(line: ImportLine, word: string): boolean {
  const keyword = importedKeyword(line);
  return importsAllKeywords(line) || keyword === word || (keyword === "every" && word === "in");
}

/** Added imports come behind those of keywords, or first of all. */
function addedLine(lines: readonly ImportLine[], [root = "", ...names]: readonly string[]): ImportLine {
  const rows = lines.filter((line) => isFuture(line) || importsRego(line, "v1")).map(({ row }) => row);
  const last = Math.max(0, ...rows);
  const span = { source: { name: "", text: "" }, start: 0, end: 0 };
  const path: RefTerm = {
    kind: "ref",
    terms: [varTerm(root, span), ...names.map((name) => stringTerm(name, span))],
    span,
  };
  return { kind: "import", path, alias: undefined, row: last + 1, start: 0, added: true };
}

/** Imports in their groups; a blank line begins a new one. */
export function writeImports(writer: Writer, lines: readonly ImportLine[]): void {
  const beside = new Map<ImportLine, PendingComment>();
  writer.comments = writer.comments.filter((comment) => {
    const line = lines.find(({ row }) => row === comment.row);
    if (line !== undefined) beside.set(line, comment);
    return line === undefined;
  });
  for (const group of groupsOf(lines)) {
    insertComments(writer, group[0]?.row ?? 0);
    for (const line of group.toSorted(compareImports)) {
      startLine(writer);
      writeImport(writer, line);
      const comment = beside.get(line);
      if (comment !== undefined) write(writer, ` ${comment.text}`);
      endLine(writer);
    }
    blankLine(writer);
  }
}

function groupsOf(lines: readonly ImportLine[]): readonly (readonly ImportLine[])[] {
  const groups: ImportLine[][] = [];
  for (const line of lines) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group === undefined || last === undefined || line.row - last.row > 1) groups.push([line]);
    else group.push(line);
  }
  return groups;
}

function compareImports(left: ImportLine, right: ImportLine): number {
  const order = compareTerms(left.path, right.path);
  if (order !== 0) return order;
  const one = left.alias ?? "";
  const other = right.alias ?? "";
  return one < other ? -1 : Number(one > other);
}

function writeImport(writer: Writer, line: ImportLine): void {
  const { path, alias } = line;
  // Comments are placed by lines here, and none belongs into the path. A keyword's own import needs no brackets.
  const isKeyword = importedKeyword(line) !== undefined;
  const style = isKeyword ? { ...writer.style, keywords: baseWords, bracketKeywords: false } : writer.style;
  const apart = { ...writer, style, comments: [], output: "" };
  writeRef(apart, grammar, path.terms);
  write(writer, `import ${apart.output}${alias === undefined ? "" : ` as ${alias}`}`);
}

const baseWords: ReadonlySet<string> = new Set(baseKeywords.keys());
