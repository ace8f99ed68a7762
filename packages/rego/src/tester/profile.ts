/** Where an evaluation spent its time, by expression. */
import type { Span } from "../source.ts";
import type { Site } from "./instrument.ts";
import type { Event } from "./recorder.ts";

/** What one expression cost. */
export interface ProfileLine {
  readonly span: Span;
  /** In milliseconds, without the rules that it asked. */
  readonly time: number;
  /** How often it was tried. */
  readonly tried: number;
  /** How often it held. */
  readonly held: number;
}

/** The profile of an evaluation, the dearest first. The time between two events is the former's. */
export function profileOf(events: readonly Event[], sites: readonly Site[]): readonly ProfileLine[] {
  const lines = new Map<number, { time: number; tried: number; held: number }>();
  for (const [at, { site, phase, time }] of events.entries()) {
    if (sites[site]?.kind !== "expression") continue;
    const line = lines.get(site) ?? { time: 0, tried: 0, held: 0 };
    lines.set(site, line);
    if (phase === "try") {
      line.tried += 1;
      line.time += (events[at + 1]?.time ?? time) - time;
    } else line.held += 1;
  }
  return [...lines]
    .flatMap(([number, line]) => {
      const site = sites[number];
      return site === undefined ? [] : [{ ...line, span: site.span }];
    })
    .toSorted((left, right) => right.time - left.time);
}
