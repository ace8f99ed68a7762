/** METADATA blocks: finding them among the comments, and giving them to the statements that they stand before. */
import type { Annotation, Comment, Import, Package, Rule, Term } from "./ast.ts";
import { decodeAnnotation, type AnnotationFields, type TermReader } from "./annotation-fields.ts";
import { isGround } from "./build.ts";
import type { ParseError } from "./parser.ts";
import { printRef } from "./print.ts";
import { positionAt, type Source, type Span } from "../source.ts";

/** A METADATA block, before it is known what it belongs to. */
export interface AnnotationBlock extends AnnotationFields {
  readonly span: Span;
}

/** All METADATA blocks of a text. */
export interface AnnotationBlocks {
  readonly blocks: readonly AnnotationBlock[];
  readonly errors: readonly ParseError[];
}

/**
 * What the parser is given to read METADATA blocks with. They are YAML, whose reader is as large as the parser itself, so
 * that it is loaded where there are such blocks.
 */
export interface AnnotationReader {
  read(comments: readonly Comment[], readTerm: TermReader): AnnotationBlocks;
  attach(
    header: Package,
    imports: readonly Import[],
    rules: readonly Rule[],
    blocks: readonly AnnotationBlock[],
  ): AttachedAnnotations;
}

/** The one reader. */
export const annotationReader: AnnotationReader = { read: readAnnotations, attach: attachAnnotations };

/** Finds and reads the METADATA blocks among comments; a block reaches over adjacent lines that begin with a comment. */
function readAnnotations(comments: readonly Comment[], readTerm: TermReader): AnnotationBlocks {
  const blocks: AnnotationBlock[] = [];
  const errors: ParseError[] = [];
  for (let at = 0; at < comments.length;) {
    const first = comments[at];
    at += 1;
    if (first === undefined || !opensBlock(first)) continue;
    const lines: Comment[] = [];
    let last = first;
    for (let next = comments[at]; next !== undefined && continuesBlock(next, last); next = comments[at]) {
      lines.push(next);
      last = next;
      at += 1;
    }
    const decoded = decodeAnnotation(lines, readTerm);
    if ("message" in decoded) {
      errors.push({ offset: (decoded.comment ?? first).span.start, message: decoded.message });
    } else {
      blocks.push({ ...decoded, span: { ...first.span, end: last.span.end } });
    }
  }
  return { blocks, errors };
}

function opensBlock(comment: Comment): boolean {
  return beginsLine(comment) && comment.text.trim().startsWith("METADATA");
}

function beginsLine({ span }: Comment): boolean {
  return span.start === 0 || span.source.text.charAt(span.start - 1) === "\n";
}

function continuesBlock(comment: Comment, before: Comment): boolean {
  if (!beginsLine(comment) || opensBlock(comment)) return false;
  // Between adjacent lines there is nothing but the newline.
  return (
    before.span.source.text.slice(before.span.end, comment.span.start).trim() === "" &&
    comment.span.start === before.span.end + 1
  );
}

/** Rules with the annotations that stand before them. */
export interface AttachedAnnotations {
  readonly rules: readonly Rule[];
  readonly annotations: readonly Annotation[];
  readonly errors: readonly ParseError[];
}

/** Gives each annotation to the first statement below it, and to the rules that its scope reaches. */
function attachAnnotations(
  header: Package,
  imports: readonly Import[],
  rules: readonly Rule[],
  blocks: readonly AnnotationBlock[],
): AttachedAnnotations {
  if (blocks.length === 0) return { rules, annotations: [], errors: [] };
  const rowOf = rowFinder(header.span.source);
  const statements = [header, ...imports, ...rules].toSorted((left, right) => rowOf(left.span) - rowOf(right.span));
  const errors: ParseError[] = [];
  const placed: PlacedAnnotation[] = [];
  for (const block of blocks) {
    const row = rowOf(block.span);
    const target = statements.find((statement) => rowOf(statement.span) > row);
    const scope = block.scope ?? defaultScope(target, block.entrypoint === true);
    const faults = [scopeFault(scope, target), entrypointFault(scope, block.entrypoint === true)];
    for (const message of faults) if (message !== undefined) errors.push({ offset: block.span.start, message });
    if (isScope(scope)) placed.push({ row, path: pathOf(target), annotation: annotationOf(block, scope, target) });
  }
  const annotations = placed.map(({ annotation }) => annotation);
  return { rules: annotateRules(rules, placed, rowOf), annotations, errors };
}

interface PlacedAnnotation {
  readonly row: number;
  /** The ground beginning of the rule's name that it is for. */
  readonly path: string | undefined;
  readonly annotation: Annotation;
}

type Target = Package | Import | Rule | undefined;
type Scope = Annotation["scope"];

function annotationOf(block: AnnotationBlock, scope: Scope, target: Target): Annotation {
  return { ...block, kind: "annotation", scope, target: target?.kind ?? "none" };
}

function defaultScope(target: Target, entrypoint: boolean): string {
  switch (target?.kind) {
    case "rule":
      return entrypoint ? "document" : "rule";
    case "package":
      return "package";
    case "import":
      return "import";
    default:
      return "";
  }
}

function isScope(scope: string): scope is Scope {
  return scope === "rule" || scope === "document" || scope === "package" || scope === "subpackages";
}

function scopeFault(scope: string, target: Target): string | undefined {
  if (!isScope(scope)) {
    return `invalid annotation scope '${scope}'. ` + "Use one of 'rule', 'document', 'package', or 'subpackages'";
  }
  const wanted = scope === "rule" || scope === "document" ? "rule" : "package";
  if (target?.kind === wanted) return undefined;
  const have = target === undefined ? "" : ` (have ${target.kind})`;
  return `annotation scope '${scope}' must be applied to ${wanted}${have}`;
}

function entrypointFault(scope: string, entrypoint: boolean): string | undefined {
  if (!entrypoint || scope === "document" || scope === "package") return undefined;
  return `annotation entrypoint applied to non-document or package scope '${scope}'`;
}

function pathOf(target: Target): string | undefined {
  return target?.kind === "rule" ? printRef(groundPrefix(target.head.ref.terms)) : undefined;
}

function groundPrefix(terms: readonly Term[]): readonly Term[] {
  const open = terms.findIndex((term, position) => position > 0 && !isGround(term));
  return open === -1 ? terms : terms.slice(0, open);
}

/** An annotation of a document is on all its rules; one of a rule is on the first rule of that name below it. */
function annotateRules(
  rules: readonly Rule[],
  placed: readonly PlacedAnnotation[],
  rowOf: (span: Span) => number,
): readonly Rule[] {
  let waiting = placed.filter(({ path }) => path !== undefined);
  return rules.map((rule) => {
    const path = printRef(groundPrefix(rule.head.ref.terms));
    const row = rowOf(rule.span);
    const reached = waiting.filter(
      (candidate) =>
        candidate.path === path &&
        (candidate.annotation.scope === "document" || (candidate.annotation.scope === "rule" && row > candidate.row)),
    );
    if (reached.length === 0) return rule;
    const taken = reached.findLast(({ annotation }) => annotation.scope === "rule");
    waiting = waiting.filter((candidate) => candidate !== taken);
    return { ...rule, annotations: reached.map(({ annotation }) => annotation) };
  });
}

function rowFinder(source: Source): (span: Span) => number {
  const rows = new Map<number, number>();
  return ({ start }) => {
    let row = rows.get(start);
    if (row === undefined) {
      ({ row } = positionAt(source, start));
      rows.set(start, row);
    }
    return row;
  };
}
