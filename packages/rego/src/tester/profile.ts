/** Where an evaluation spent its time, by line. */
import { positionAt, type Source } from "../source.ts";
import type { Site } from "./instrument.ts";
import type { Event } from "./recorder.ts";

/** What one line cost. */
export interface ProfileLine {
  readonly source: Source;
  readonly row: number;
  /** The column of the first expression. */
  readonly column: number;
  /** In milliseconds, without the rules that it asked. */
  readonly time: number;
  /** How often its expressions were tried. */
  readonly tried: number;
  /** How often they were asked for a further answer, having held. */
  readonly retried: number;
  /** How many expressions the checker made of it. */
  readonly expressions: number;
}

/** The profile of an evaluation, the dearest line first. The time between two events is the former's. */
export function profileOf(events: readonly Event[], sites: readonly Site[]): readonly ProfileLine[] {
  const lines = new Map<string, ProfileLine>();
  const counted = new Set<number>();
  for (const [at, { site: number, phase, time }] of events.entries()) {
    const site = sites[number];
    if (site?.kind !== "expression") continue;
    const { source, start } = site.span;
    const { row, column } = positionAt(source, start);
    const key = `${row} ${source.name}`;
    const line = lines.get(key) ?? { source, row, column, time: 0, tried: 0, retried: 0, expressions: 0 };
    const spent = (events[at + 1]?.time ?? time) - time;
    lines.set(key, {
      ...line,
      column: Math.min(line.column, column),
      time: line.time + (phase === "try" ? spent : 0),
      tried: line.tried + (phase === "try" ? 1 : 0),
      retried: line.retried + (phase === "hold" ? 1 : 0),
      expressions: line.expressions + (counted.has(number) ? 0 : 1),
    });
    counted.add(number);
  }
  return [...lines.values()].toSorted((left, right) => right.time - left.time);
}
