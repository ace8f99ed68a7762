/** How an answer came about: trace, profile and coverage of an evaluation, where they are asked for. */
import { positionAt, textOf, type Module } from "@portcullis/rego";
import {
  CoverageCounter,
  failuresOf,
  notesOf,
  profileOf,
  Recorder,
  traceOf,
  type NotCoveredKind,
  type ProfileLine,
  type ProgramOptions,
  type TraceLine,
} from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { coverageDocument } from "./coverage-output.ts";
import { List, Struct, type Document } from "./document.ts";
import { coverageRunsOf, formatNamed } from "./flags.ts";
import { goDuration } from "./go-duration.ts";
import { profileOrder, sortProfile } from "./profile-order.ts";
import { table } from "./table.ts";
import { traceText } from "./trace-text.ts";

/** What was found out, for people and for programs. */
export interface Found {
  /** Text before the answers, and behind them. */
  readonly before: string;
  readonly after: string;
  /** Fields beside the answers. */
  readonly fields: readonly (readonly [name: string, value: Document])[];
}

/** One evaluation that tells of itself: what to compile with, and where its notes go. */
export interface Listening {
  readonly program: Pick<ProgramOptions, "instrument" | "builtins" | "inOrder" | "exhaustive">;
  readonly note?: (message: string) => void;
  /** Leaves out what was told up to now: the evaluation begins again. */
  forget(): void;
}

/** The wish for insight: the evaluation that is listened to, those that explain it, and what came out. */
export interface Insight extends Listening {
  /** Evaluations whose answers nobody wants: they run what this one may leave out. */
  readonly others: readonly Listening[];
  take(modules: readonly Module[]): Found;
}

const levels = ["off", "full", "notes", "fails", "debug"] as const;

/** What the flags ask for. Where they ask for nothing, nothing is instrumented. */
export function insightWanted(values: FlagValues): Insight {
  const explain = formatNamed(values, levels, "explain");
  const order = profileOrder(values.strings("profile-sort"));
  const coverage = values.boolean("coverage") || values.given("coverage-runs");
  const runs = coverage ? coverageRunsOf(values) : [];
  const profile = ["profile", "profile-limit", "profile-sort"].some((name) =>
    name === "profile" ? values.boolean(name) : values.given(name),
  );
  if (explain === "off" && !profile && !coverage) {
    return { program: {}, others: [], take: () => ({ before: "", after: "", fields: [] }), forget: () => {} };
  }
  const recorder = new Recorder(() => performance.now());
  const others = runs.map((kind) => ({ kind, recorder: new Recorder() }));
  return {
    // Notes are those of what runs; other traces show what was left out, too.
    ...listening(recorder, { inOrder: explain !== "off" && explain !== "notes" }),
    others: others.map(({ kind, recorder: other }) => listening(other, withoutReason(kind))),
    take(modules) {
      const events = recorder.take();
      let [before, after] = ["", ""];
      const fields: (readonly [string, Document])[] = [];
      if (explain !== "off") {
        const lines = linesOf(traceOf(events, recorder.sites), explain);
        before = traceText(lines);
        fields.push(["explanation", new List(lines.map(traceDocument))]);
      }
      if (profile) {
        const all = sortProfile(profileOf(events, recorder.sites), order);
        const limit = values.integer("profile-limit");
        const lines = limit > 0 ? all.slice(0, limit) : all;
        after += profileText(lines);
        fields.push(["profile", new List(lines.map(profileDocument))]);
      }
      if (coverage) {
        const counter = new CoverageCounter();
        counter.add(events);
        for (const { kind, recorder: other } of others) counter.add(other.take(), kind);
        const report = counter.report(recorder.sites, modules);
        after += table([], [["Overall Coverage", report.coverage.toFixed(2)]]);
        fields.push(["coverage", coverageDocument(report)]);
      }
      return { before, after, fields };
    },
  };
}

function listening(recorder: Recorder, how: Pick<ProgramOptions, "inOrder" | "exhaustive">): Listening {
  const { instrument, builtins, note } = recorder;
  return { program: { instrument, builtins, ...how }, note, forget: () => void recorder.take() };
}

/** How a run leaves nothing out for a reason. */
export function withoutReason(kind: NotCoveredKind): Pick<ProgramOptions, "inOrder" | "exhaustive"> {
  return kind === "early_exit" ? { exhaustive: true } : { inOrder: true };
}

/** The lines of a trace that a level shows. */
export function linesOf(whole: readonly TraceLine[], level: (typeof levels)[number]): readonly TraceLine[] {
  switch (level) {
    case "fails":
      return failuresOf(whole);
    case "notes":
      return notesOf(whole);
    case "full":
    case "debug":
      return whole;
    case "off":
      return [];
  }
}

function traceDocument({ operation, depth, site, values, message }: TraceLine): Struct {
  const { row, column } = positionAt(site.span.source, site.span.start);
  return new Struct([
    ["op", operation],
    ["depth", depth],
    ["text", textOf(site.span)],
    ["location", locationOf(site.span.source.name, row, column)],
    ["values", new Struct(values)],
    ["message", message],
  ]);
}

function profileDocument({ source, row, column, time, tried, retried, expressions }: ProfileLine): Struct {
  return new Struct([
    ["total_time_ns", Math.round(time * 1e6)],
    ["num_eval", tried],
    ["num_redo", retried],
    ["num_gen_expr", expressions],
    ["location", locationOf(source.name, row, column)],
  ]);
}

function profileText(lines: readonly ProfileLine[]): string {
  if (lines.length === 0) return "";
  const rows = lines.map(({ source, row, time, tried, retried, expressions }) => [
    goDuration(time),
    String(tried),
    String(retried),
    String(expressions),
    source.name === "" ? (source.text.split("\n")[row - 1] ?? "") : `${source.name}:${row}`,
  ]);
  return table(["Time", "Num Eval", "Num Redo", "Num Gen Expr", "Location"], rows);
}

function locationOf(file: string, row: number, column: number): Struct {
  return new Struct([
    ["file", file],
    ["row", row],
    ["col", column],
  ]);
}
