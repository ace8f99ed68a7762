/** How an answer came about: trace, profile and coverage of an evaluation, where they are asked for. */
import { positionAt, textOf, type Module } from "@portcullis/rego";
import {
  CoverageCounter,
  failuresOf,
  profileOf,
  Recorder,
  traceOf,
  type ProfileLine,
  type ProgramOptions,
  type TraceLine,
} from "@portcullis/rego/tools";
import type { FlagValues } from "../arguments/flag.ts";
import { coverageDocument } from "./coverage-output.ts";
import { List, Struct, type Document } from "./document.ts";
import { formatNamed } from "./flags.ts";
import { goDuration } from "./go-duration.ts";
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

/** The wish for insight: what to compile with, and what came out. */
export interface Insight {
  readonly program: Pick<ProgramOptions, "instrument" | "builtins" | "inOrder">;
  take(modules: readonly Module[]): Found;
  /** Leaves out what was seen up to now: the evaluation begins again. */
  forget(): void;
}

/** What the flags ask for. Where they ask for nothing, nothing is instrumented. */
export function insightWanted(values: FlagValues): Insight {
  const explain = formatNamed(values, ["off", "fails", "full"], "explain");
  const [profile, coverage] = [values.boolean("profile"), values.boolean("coverage")];
  if (explain === "off" && !profile && !coverage) {
    return { program: {}, take: () => ({ before: "", after: "", fields: [] }), forget: () => {} };
  }
  const recorder = new Recorder(() => performance.now());
  return {
    program: { instrument: recorder.instrument, builtins: recorder.builtins, inOrder: explain !== "off" },
    take(modules) {
      const events = recorder.take();
      let [before, after] = ["", ""];
      const fields: (readonly [string, Document])[] = [];
      if (explain !== "off") {
        const whole = traceOf(events, recorder.sites);
        const lines = explain === "full" ? whole : failuresOf(whole);
        before = traceText(lines);
        fields.push(["explanation", new List(lines.map(traceDocument))]);
      }
      if (profile) {
        const lines = profileOf(events, recorder.sites).slice(0, values.integer("profile-limit"));
        after += profileText(lines);
        fields.push(["profile", new List(lines.map(profileDocument))]);
      }
      if (coverage) {
        const counter = new CoverageCounter();
        counter.add(events);
        const report = counter.report(recorder.sites, modules);
        after += table([], [["Overall Coverage", report.coverage.toFixed(2)]]);
        fields.push(["coverage", coverageDocument(report)]);
      }
      return { before, after, fields };
    },
    forget() {
      recorder.take();
    },
  };
}

function traceDocument({ operation, depth, site, values }: TraceLine): Struct {
  const { row, column } = positionAt(site.span.source, site.span.start);
  return new Struct([
    ["op", operation],
    ["depth", depth],
    ["text", textOf(site.span)],
    ["location", locationOf(site.span.source.name, row, column)],
    ["values", new Struct(values)],
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
