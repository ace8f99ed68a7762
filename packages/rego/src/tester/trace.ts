/**
 * What an evaluation did, as lines of a tree: which rules were entered, which conditions were tried with which values,
 * and which of them did not hold.
 *
 * Probes tell when something is tried and when it holds, never that it failed: that shows when its body, or one around
 * it, goes on without it. So the bodies in work are kept on a stack, and what is left behind on it has failed.
 */
import type { Value } from "../runtime/value.ts";
import type { Site } from "./instrument.ts";
import type { Event } from "./recorder.ts";

/** A line of a trace. */
export interface TraceLine {
  readonly operation: "Enter" | "Eval" | "Fail" | "Exit" | "Note";
  readonly depth: number;
  readonly site: Site;
  /** The names of what the condition reads, with the values that they had. */
  readonly values: readonly (readonly [name: string, value: Value])[];
  /** What was noted. */
  readonly message?: string;
}

interface Frame {
  readonly body: number;
  readonly parent: number | undefined;
  readonly path: readonly string[];
  readonly depth: number;
  /** What was tried last and has not held yet. */
  pending: { readonly event: Event; readonly site: Site } | undefined;
  /** Whether it held before, and merely has no further answer. */
  held: boolean;
}

/** The trace of one evaluation. */
export function traceOf(events: readonly Event[], sites: readonly Site[]): readonly TraceLine[] {
  const tracer = new Tracer(sites);
  for (const event of events) tracer.add(event);
  return tracer.end();
}

/** The lines that tell of failures, and those that lead to them. */
export function failuresOf(lines: readonly TraceLine[]): readonly TraceLine[] {
  return linesTo("Fail", lines);
}

/** The notes, and the lines that lead to them. */
export function notesOf(lines: readonly TraceLine[]): readonly TraceLine[] {
  return linesTo("Note", lines);
}

function linesTo(wanted: TraceLine["operation"], lines: readonly TraceLine[]): readonly TraceLine[] {
  const kept: TraceLine[] = [];
  let open: TraceLine[] = [];
  for (const line of lines) {
    if (line.operation === "Enter") {
      open = [...open.filter(({ depth }) => depth < line.depth), line];
    } else if (line.operation === wanted) {
      kept.push(...open.filter(({ depth }) => depth < line.depth), line);
      open = [];
    } else if (line.operation === "Exit") {
      open = open.filter(({ depth }) => depth < line.depth);
    }
  }
  return kept;
}

class Tracer {
  readonly #sites: readonly Site[];
  readonly #lines: TraceLine[] = [];
  readonly #stack: Frame[] = [];

  constructor(sites: readonly Site[]) {
    this.#sites = sites;
  }

  add(event: Event): void {
    const site = this.#sites[event.site];
    if (site === undefined) return;
    switch (event.phase) {
      case "enter":
        this.#leaveUntil((frame) => this.#mayCall(frame, site));
        this.#push(site, event);
        return;
      case "try":
        this.#tried(site, event);
        return;
      case "hold": {
        const frame = this.#return(site.body);
        if (frame === undefined) return;
        // An earlier condition has a further answer: what was tried behind it has failed.
        if (frame.pending?.site !== site) this.#settle(frame);
        frame.pending = { event, site };
        frame.held = true;
        return;
      }
      case "exit": {
        const frame = this.#return(site.body);
        if (frame !== undefined) this.#line("Exit", frame.depth, site, event);
        return;
      }
      case "note": {
        const [message] = event.values;
        const frame = this.#stack.at(-1);
        if (frame === undefined || typeof message !== "string") return;
        this.#lines.push({ operation: "Note", depth: frame.depth + 1, site, values: [], message });
        return;
      }
      case "key":
        return;
    }
  }

  end(): readonly TraceLine[] {
    this.#leaveUntil(() => false);
    return this.#lines;
  }

  #tried(site: Site, event: Event): void {
    let frame = this.#return(site.body);
    if (frame === undefined) {
      // The first condition of a query, or of a body within a condition.
      this.#leaveUntil(({ pending }) => site.parent !== undefined && this.#sites[site.parent] === pending?.site);
      frame = this.#push(site, undefined);
    } else this.#settle(frame);
    frame.pending = { event, site };
    frame.held = false;
    this.#line("Eval", frame.depth + 1, site, event);
  }

  /** What was tried before has failed, unless it held. */
  #settle(frame: Frame): void {
    const { pending, held } = frame;
    if (pending !== undefined && !held) this.#line("Fail", frame.depth + 1, pending.site, pending.event);
    frame.pending = undefined;
  }

  #push(site: Site, entered: Event | undefined): Frame {
    const outer = this.#stack.at(-1);
    const depth = outer === undefined ? 0 : outer.depth + 1;
    const { body, parent, path } = site;
    const frame: Frame = { body, parent, path, depth, pending: undefined, held: false };
    this.#stack.push(frame);
    if (entered !== undefined) this.#line("Enter", depth, site, entered);
    return frame;
  }

  /** The frame of a body in work, those above it left. */
  #return(body: number): Frame | undefined {
    if (!this.#stack.some((frame) => frame.body === body)) return undefined;
    this.#leaveUntil((frame) => frame.body === body);
    return this.#stack.at(-1);
  }

  #leaveUntil(claim: (frame: Frame) => boolean): void {
    for (let frame = this.#stack.at(-1); frame !== undefined && !claim(frame); frame = this.#stack.at(-1)) {
      this.#settle(frame);
      this.#stack.pop();
    }
  }

  /** Whether what a body is about to find out can be a rule's value. */
  #mayCall({ pending, held }: Frame, { path }: Site): boolean {
    if (pending === undefined || held) return false;
    return pending.site.reads.some((read) => {
      const length = Math.min(read.length, path.length);
      return read.slice(0, length).every((name, at) => name === path[at]);
    });
  }

  #line(operation: TraceLine["operation"], depth: number, site: Site, event: Event): void {
    const values = site.names.flatMap((name, at): readonly (readonly [string, Value])[] => {
      const value = event.values[at];
      return value === undefined ? [] : [[name, value]];
    });
    this.#lines.push({ operation, depth, site, values });
  }
}
