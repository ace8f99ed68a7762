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

/** Why a part did not run though it would have: OPA's index left its rule out, or another rule had answered before. */
export type NotCoveredKind = "index_excluded" | "early_exit";

/** A part that did not run. */
export interface NotCovered extends Range {
  readonly kinds: readonly NotCoveredKind[];
}

export interface FileCoverage extends LineCounts {
  readonly covered: readonly Range[];
  readonly notCovered: readonly NotCovered[];
}

export interface Coverage extends LineCounts {
  /** By the names of the modules, in their order. */
  readonly files: ReadonlyMap<string, FileCoverage>;
}

/** Gathers what ran over any number of evaluations. */
export class CoverageCounter {
  readonly #hit = new Set<number>();
  readonly #others = new Map<NotCoveredKind, Set<number>>();

  /** Takes an evaluation into account; one that leaves nothing out for a reason says only what that reason explains. */
  add(events: readonly Event[], without?: NotCoveredKind): void {
    const hit = without === undefined ? this.#hit : (this.#others.get(without) ?? new Set());
    if (without !== undefined) this.#others.set(without, hit);
    for (const { site, phase } of events) if (phase === "try" || phase === "exit") hit.add(site);
  }

  /** What ran of the modules that the sites are of. */
  report(sites: readonly Site[], modules: readonly Module[]): Coverage {
    const files = new Map<string, { covered: Map<string, Range>; missed: Map<string, Range>; others: Others }>();
    for (const module of modules) {
      const missed = new Map<string, Range>();
      for (const span of partsOf(module)) missed.set(keyOf(rangeOf(span)), rangeOf(span));
      const others: Others = [...this.#others.keys()].map((kind) => [kind, []]);
      files.set(module.span.source.name, { covered: new Map(), missed, others });
    }
    for (const [number, { span }] of sites.entries()) {
      const range = rangeOf(span);
      const file = files.get(span.source.name);
      if (this.#hit.has(number)) file?.covered.set(keyOf(range), range);
      for (const [kind, ranges] of file?.others ?? []) {
        if (this.#others.get(kind)?.has(number) === true) ranges.push(range);
      }
    }
    const names = [...files.keys()].toSorted((left, right) => (left < right ? -1 : 1));
    const reports = names.flatMap((name): (readonly [string, FileCoverage])[] => {
      const file = files.get(name);
      if (file === undefined) return [];
      return [[name, fileCoverage([...file.covered.values()], [...file.missed.values()], file.others)]];
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

/** What ran where nothing was left out for a reason. */
type Others = readonly (readonly [kind: NotCoveredKind, ranges: Range[]])[];

function fileCoverage(covered: readonly Range[], missed: readonly Range[], others: Others): FileCoverage {
  const isIn = (ranges: readonly Range[], range: Range): boolean => ranges.some((other) => contains(other, range));
  const notCovered = missed
    .filter((range) => !isIn(covered, range))
    .map((range): NotCovered => {
      return { ...range, kinds: others.flatMap(([kind, ranges]) => (isIn(ranges, range) ? [kind] : [])) };
    });
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

function sorted<R extends Range>(ranges: readonly R[]): readonly R[] {
  return ranges.toSorted(
    (left, right) => comparePositions(left.start, right.start) || comparePositions(left.end, right.end),
  );
}

function comparePositions(left: Position, right: Position): number {
  return left.row - right.row || left.column - right.column;
}
