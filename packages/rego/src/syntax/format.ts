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
  type OperandFault,
  type Writer,
} from "./format-writer.ts";
import { neededKeywords } from "./needed-keywords.ts";
import { baseKeywords, futureKeywordsOfV0 } from "./token.ts";

/** What else can be wished of a layout. */
export interface LayoutOptions {
  /** Leave out imports of `rego` and `future` that turn on only what the version has anyway. */
  readonly dropDirectives?: boolean;
  /** Write keywords inside of references in brackets: for readers that take them for keywords there. */
  readonly bracketKeywords?: boolean;
}

/** A module as text, and the operators in it that could not be written. */
export interface Layout {
  readonly text: string;
  readonly faults: readonly OperandFault[];
}

/** A module laid out for a version. */
export function formatModule(module: Module, version: RegoVersion, options: LayoutOptions = {}): Layout {
  const style = { ...styleOf(module, version), bracketKeywords: options.bracketKeywords ?? false };
  const writer = createWriter(module.span.source, module.comments, style);
  const wishes = { version, needed: neededKeywords(module), dropDirectives: options.dropDirectives ?? false };
  writeModule(writer, module, importLines(writer, module, wishes));
  return { text: writer.output.replace(/\n+$/, "\n"), faults: writer.faults };
}

function styleOf(module: Module, version: RegoVersion): Omit<FormatStyle, "bracketKeywords"> {
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
