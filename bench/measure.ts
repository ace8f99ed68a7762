/** Minimum, median and maximum of a figure over the rounds of a run. */
export interface Figures {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function figures(samples: readonly number[]): Figures {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) };
}

/** Nanoseconds that one call takes, over as many calls as fit in about `milliseconds` by a clock. */
export function timeCall(call: () => unknown, milliseconds = 200, now: () => number = clock): number {
  let batch = 1;
  for (;;) {
    const start = now();
    for (let i = 0; i < batch; i += 1) sink = call();
    const elapsed = now() - start;
    if (elapsed >= milliseconds * 1e6) return elapsed / batch;
    // The processor's clock goes in steps: that none has gone by says little.
    batch *= Math.min(10, Math.max(2, Math.ceil((milliseconds * 1e6) / Math.max(elapsed, 1))));
  }
}

/** Nanoseconds by the clock on the wall. */
export function clock(): number {
  return performance.now() * 1e6;
}

/** Nanoseconds that this thread has had of a processor. */
export function cpuClock(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1e3;
}

/** Calls so often that everything is compiled for speed, however little of the machine there is. */
export function warmUp(call: () => unknown, calls: number): void {
  for (let i = 0; i < calls; i += 1) sink = call();
}

/** Nanoseconds of processor time that one call takes: what it would take were nobody else at work. */
export function cpuTimeOfCall(call: () => unknown, calls: number): number {
  const before = cpuClock();
  for (let i = 0; i < calls; i += 1) sink = call();
  return (cpuClock() - before) / calls;
}

/** Keeps results alive, so that nothing measured is thrown away as unused. */
let sink: unknown;
export function lastResult(): unknown {
  return sink;
}

/** A time in the unit that suits it. */
export function formatTime(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`;
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toFixed(2)} µs`;
  return `${(nanoseconds / 1e6).toFixed(2)} ms`;
}

/** A table as text, columns aligned; the first column to the left, figures to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  "),
    )
    .join("\n");
}
