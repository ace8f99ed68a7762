/** Which parts of modules ran: rules that had a value, expressions that were tried. */
import { walkBody, walkTerm, type Visitor } from "../check/walk.ts";
import { positionAt, type Position, type Span } from "../source.ts";
import type { Module, RuleHead, Term } from "../syntax/ast.ts";
import type { Event } from "./recorder.ts";
import type { Site } from "./instrument.ts";

/** A part of a text. Its end is behind its last letter. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The coverage of one module, or of all. */
export interface LineCounts {
  readonly coveredLines: number;
  readonly notCoveredLines: number;
  /** In percent of the lines that hold rules and expressions. */
  readonly coverage: number;
}

export interface FileCoverage extends LineCounts {
  readonly covered: readonly Range[];
  readonly notCovered: readonly Range[];
}

export interface Coverage extends LineCounts {
  /** By the names of the modules, in their order. */
  readonly files: ReadonlyMap<string, FileCoverage>;
}

/** Gathers what ran over any number of evaluations. */
export class CoverageCounter {
  readonly #hit = new Set<number>();

  /** Takes an evaluation into account. */
  add(events: readonly Event[]): void {
    for (const { site, phase } of events) if (phase === "try" || phase === "exit") this.#hit.add(site);
  }

  /** What ran of the modules that the sites are of. */
  report(sites: readonly Site[], modules: readonly Module[]): Coverage {
    const files = new Map<string, { covered: Map<string, Range>; missed: Map<string, Range> }>();
    for (const module of modules) {
      const missed = new Map<string, Range>();
      for (const span of partsOf(module)) missed.set(keyOf(rangeOf(span)), rangeOf(span));
      files.set(module.span.source.name, { covered: new Map(), missed });
    }
    for (const [number, { span }] of sites.entries()) {
      const range = rangeOf(span);
      if (this.#hit.has(number)) files.get(span.source.name)?.covered.set(keyOf(range), range);
    }
    const names = [...files.keys()].toSorted((left, right) => (left < right ? -1 : 1));
    const reports = names.flatMap((name): (readonly [string, FileCoverage])[] => {
      const file = files.get(name);
      return file === undefined ? [] : [[name, fileCoverage([...file.covered.values()], [...file.missed.values()])]];
    });
    const covered = reports.reduce((sum, [, { coveredLines }]) => sum + coveredLines, 0);
    const missed = reports.reduce((sum, [, { notCoveredLines }]) => sum + notCoveredLines, 0);
    return { files: new Map(reports), ...counts(covered, missed) };
  }
}

/** The parts of a module that can run: the heads of its rules and the expressions as they were written. */
function partsOf({ rules }: Module): readonly Span[] {
  const spans: Span[] = [];
  const visitor: Visitor = {
    expression: (expression) => {
      if (expression.kind !== "some" && expression.kind !== "someIn") spans.push(expression.span);
      return false;
    },
  };
  for (let rest = rules; rest.length > 0; rest = rest.flatMap((rule) => rule.else ?? [])) {
    for (const rule of rest) {
      spans.push(rule.head.span);
      for (const term of termsOf(rule.head)) walkTerm(term, visitor);
      walkBody(rule.body, visitor);
    }
  }
  return spans;
}

function termsOf({ ref, args = [], key, value }: RuleHead): readonly Term[] {
  return [...ref.terms, ...args, ...(key === undefined ? [] : [key]), ...(value === undefined ? [] : [value])];
}

/** The lines that ranges touch, in order. */
export function rowsOf(ranges: readonly Range[]): readonly number[] {
  const rows = new Set<number>();
  for (const { start, end } of ranges) for (let { row } = start; row <= end.row; row += 1) rows.add(row);
  return [...rows].toSorted((left, right) => left - right);
}

function fileCoverage(covered: readonly Range[], missed: readonly Range[]): FileCoverage {
  const notCovered = missed.filter((range) => !covered.some((other) => contains(other, range)));
  return {
    covered: sorted(covered),
    notCovered: sorted(notCovered),
    ...counts(rowsOf(covered).length, rowsOf(notCovered).length),
  };
}

function counts(covered: number, missed: number): LineCounts {
  const all = covered + missed;
  return { coveredLines: covered, notCoveredLines: missed, coverage: all === 0 ? 0 : (100 * covered) / all };
}

function rangeOf({ source, start, end }: Span): Range {
  return { start: positionAt(source, start), end: positionAt(source, end) };
}

function keyOf({ start, end }: Range): string {
  return `${start.row}:${start.column}-${end.row}:${end.column}`;
}

function contains(outer: Range, inner: Range): boolean {
  return !isBefore(inner.start, outer.start) && !isBefore(outer.end, inner.end);
}

function isBefore(left: Position, right: Position): boolean {
  return left.row < right.row || (left.row === right.row && left.column < right.column);
}

function sorted(ranges: readonly Range[]): readonly Range[] {
  return ranges.toSorted(
    (left, right) => comparePositions(left.start, right.start) || comparePositions(left.end, right.end),
  );
}

function comparePositions(left: Position, right: Position): number {
  return left.row - right.row || left.column - right.column;
}
