import type { Builtin } from "../builtins/builtin.ts";
import type { CheckedQuery, Program } from "../check/program.ts";
import type { Value } from "../runtime/value.ts";
import { instrument, probeName, phases, type Phase, type Site } from "./instrument.ts";

/** Something that happened. */
export interface Event {
  readonly site: number;
  /** `note`: a call of `trace` in the expression that was tried last; its message is the value. */
  readonly phase: Phase | "note";
  readonly values: readonly Value[];
  /** By the recorder's clock. */
  readonly time: number;
}

/** Keeps what an instrumented policy tells. It is given to `compileProgram` by its two properties. */
export class Recorder {
  readonly #clock: () => number;
  #sites: readonly Site[] = [];
  #events: Event[] = [];

  /** The clock gives milliseconds; without one all times are 0. */
  constructor(clock: () => number = () => 0) {
    this.#clock = clock;
  }

  get sites(): readonly Site[] {
    return this.#sites;
  }

  /** What was told since the last call of this, in order. */
  take(): readonly Event[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** `Evaluation.note`. */
  readonly note = (message: string): void => {
    const site = this.#events.findLast(({ phase }) => phase === "try")?.site;
    if (site !== undefined) this.#events.push({ site, phase: "note", values: [message], time: this.#clock() });
  };

  /** `ProgramOptions.instrument`. */
  readonly instrument = (
    program: Program,
    queries: ReadonlyMap<string, CheckedQuery>,
  ): { readonly program: Program; readonly queries: ReadonlyMap<string, CheckedQuery> } => {
    const instrumented = instrument(program, queries);
    this.#sites = instrumented.sites;
    return instrumented;
  };

  /** `ProgramOptions.builtins`. */
  get builtins(): Readonly<Record<string, Builtin>> {
    return {
      [probeName]: {
        signature: {
          name: probeName,
          args: [
            { kind: "any", of: [] },
            { kind: "any", of: [] },
            { kind: "any", of: [] },
          ],
          result: { kind: "boolean" },
        },
        pure: false,
        load: () => (_context, site, phase, values) => {
          this.#record(site, phase, values);
          return true;
        },
      },
    };
  }

  #record(site: Value | undefined, phase: Value | undefined, values: Value | undefined): void {
    if (typeof site !== "number" || typeof phase !== "number" || !Array.isArray(values)) {
      throw new Error("a probe tells its site, its phase and values");
    }
    const known = phases[phase];
    if (known === undefined) throw new Error("a probe tells a phase that there is");
    // as: an array among values is a list of values
    this.#events.push({ site, phase: known, values: values as readonly Value[], time: this.#clock() });
  }
}
