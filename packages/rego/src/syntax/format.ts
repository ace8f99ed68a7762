/** The formatter: a module laid out as `opa fmt` lays it out. */
import type { Module, RegoVersion, Rule } from "./ast.ts";
import { formatGrammar as grammar } from "./format-expression.ts";
import {
  importedKeyword,
  importLines,
  importsAllKeywords,
  importsRego,
  writeImports,
  type ImportLine,
} from "./format-import.ts";
import { writeRules } from "./format-rule.ts";
import { writeRef } from "./format-term.ts";
import {
  blankLine,
  createWriter,
  insertComments,
  startLine,
  write,
  writeLine,
  type FormatStyle,
  type Writer,
} from "./format-writer.ts";
import { neededKeywords } from "./needed-keywords.ts";
import { parseModule, type ParserOptions } from "./parse.ts";
import { baseKeywords, futureKeywordsOfV0 } from "./token.ts";
import type { Diagnostic, Outcome } from "../diagnostics.ts";
import type { Source } from "../source.ts";

/** How a text is read and written. */
export interface FormatOptions extends ParserOptions {
  /** The version to write it for, if another than it is read as; `v0v1` is for both. */
  readonly target?: RegoVersion;
}

/** A module as `opa fmt` writes it; a broken one gives its errors. */
export function formatSource(source: Source, options: FormatOptions = {}): Outcome<string> {
  const parsed = parseModule(source, { ...options, processAnnotations: false });
  if (!parsed.ok) return parsed;
  return formatModule(parsed.value, options.target ?? options.version ?? "v1");
}

/** A module laid out for a version. */
export function formatModule(module: Module, version: RegoVersion): Outcome<string> {
  const { source } = module.span;
  const writer = createWriter(source, module.comments, styleOf(module, version));
  writeModule(writer, module, importLines(writer, module, version, neededKeywords(module)));
  if (writer.faults.length > 0) {
    const diagnostics = writer.faults.map(({ message, offset }): Diagnostic => {
      const span = { source, start: offset, end: offset };
      return { code: "rego_type_error", severity: "error", message, span };
    });
    return { ok: false, diagnostics };
  }
  return { ok: true, value: writer.output.replace(/\n+$/, "\n") };
}

function styleOf(module: Module, version: RegoVersion): FormatStyle {
  const rego1 = version !== "v0";
  const importsV2 = module.imports.some((imported) => importsRego(imported, "v2"));
  const words = module.imports.flatMap((imported) => importedKeyword(imported) ?? []);
  const all =
    importsV2 || module.imports.some((imported) => importsRego(imported, "v1") || importsAllKeywords(imported));
  const keywords = new Set([...baseKeywords.keys(), ...words]);
  if (rego1 || importsV2) for (const word of futureKeywordsOfV0.keys()) keywords.add(word);
  if (importsV2) keywords.add("and").add("or");
  return {
    rego1,
    contains: rego1 || all || words.includes("contains"),
    ifs: rego1 || all || words.includes("if"),
    refHeads: module.rules.some(needsRefHead),
    keywords,
  };
}

function needsRefHead({ head }: Rule): boolean {
  const { length } = head.ref.terms;
  return length > 2 || (length === 2 && head.key !== undefined && head.value === undefined);
}

function writeModule(writer: Writer, module: Module, imports: readonly ImportLine[]): void {
  writePackage(writer, module);
  const firstRule = Math.min(...module.rules.map(({ span }) => writer.rows.rowOf(span.start)));
  // An import below a rule would turn nothing on for it.
  const early = imports.some(({ added, row }) => added && row >= firstRule) ? imports.filter(({ added }) => added) : [];
  writeImports(writer, early);
  let lines: ImportLine[] = [];
  let rules: Rule[] = [];
  const flush = (): void => {
    writeImports(writer, lines);
    writeRules(writer, rules);
    lines = [];
    rules = [];
  };
  for (const statement of inOrder(
    writer,
    module.rules,
    imports.filter((line) => !early.includes(line)),
  )) {
    if (statement.kind === "rule") {
      rules.push(statement);
    } else {
      if (rules.length > 0) flush();
      lines.push(statement);
    }
  }
  flush();
  for (const { text } of writer.comments) writeLine(writer, text);
}

function inOrder(
  writer: Writer,
  rules: readonly Rule[],
  imports: readonly ImportLine[],
): readonly (Rule | ImportLine)[] {
  const placed = [
    ...imports.map((statement) => ({ statement, row: statement.row, start: statement.start })),
    ...rules.map((statement) => ({
      statement,
      row: writer.rows.rowOf(statement.span.start),
      start: statement.span.start,
    })),
  ];
  return placed
    .toSorted((left, right) => left.row - right.row || left.start - right.start)
    .map(({ statement }) => statement);
}

function writePackage(writer: Writer, module: Module): void {
  insertComments(writer, writer.rows.rowOf(module.package.span.start));
  startLine(writer);
  write(writer, "package ");
  const [, first, ...rest] = module.package.path.terms;
  const { comments } = writer;
  writer.comments = [];
  if (first?.kind === "string") {
    writeRef(writer, grammar, [{ kind: "var", name: first.value, span: first.span }, ...rest]);
  }
  writer.comments = comments;
  blankLine(writer);
}
