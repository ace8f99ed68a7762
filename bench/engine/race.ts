/** Several programs at the same work, one after another in each round, so that a slow minute hits them alike. */
import { figures, formatTime } from "../measure.ts";

/** One who runs: answers nanoseconds. */
export interface Runner {
  readonly name: string;
  readonly run: () => number | Promise<number>;
}

/** How many rounds: five, or what `--rounds=` says. */
export const rounds: number = Number(
  process.argv.find((argument) => argument.startsWith("--rounds="))?.slice("--rounds=".length) ?? 5,
);

/** Rows of a table: what, who, minimum, median, maximum, and how often the first's median goes into it. */
export async function race(what: string, runners: readonly Runner[], goal: string): Promise<readonly string[][]> {
  const times = runners.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, { run }] of runners.entries()) times[at]?.push(await run());
  }
  const own = figures(times[0] ?? []).median;
  return runners.map(({ name }, at) => {
    const { min, median, max } = figures(times[at] ?? []);
    const row = [at === 0 ? what : "", name, formatTime(min), formatTime(median), formatTime(max)];
    const ratio = median / own;
    return [...row, at === 0 ? "" : `${ratio >= 20 ? ratio.toFixed(0) : ratio.toFixed(2)} ×`, at === 0 ? goal : ""];
  });
}
