/** How long the parts of a command took, under OPA's names for them. */
import { Struct } from "./document.ts";
import { table } from "./table.ts";

/** The parts that are told apart. */
type Part = "rego_load_files" | "rego_module_compile" | "rego_query_eval";

/** Adds up times; the clock gives milliseconds. */
export class Metrics {
  readonly #clock: () => number;
  readonly #times = new Map<Part, number>();

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Runs a part of the work, and adds its time. */
  async time<T>(part: Part, work: () => Promise<T>): Promise<T> {
    const start = this.#clock();
    try {
      return await work();
    } finally {
      this.#times.set(part, (this.#times.get(part) ?? 0) + this.#clock() - start);
    }
  }

  get document(): Struct {
    return new Struct(this.#rows());
  }

  get text(): string {
    return table(
      ["Metric", "Value"],
      this.#rows().map(([name, value]) => [name, String(value)]),
    );
  }

  #rows(): readonly (readonly [name: string, nanoseconds: number])[] {
    const rows = [...this.#times].map(([part, time]) => [`timer_${part}_ns`, Math.round(time * 1e6)] as const);
    return rows.toSorted(([left], [right]) => (left < right ? -1 : 1));
  }
}
