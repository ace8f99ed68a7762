import type { FlagValues } from "../arguments/flag.ts";
import { readDuration } from "../arguments/duration.ts";
import { UsageError } from "../usage-error.ts";
import type { NotCoveredKind } from "@portcullis/rego/tools";

/** The version that modules are read as. */
export function versionOf(values: FlagValues): "v0" | "v1" {
  return values.boolean("v0-compatible") ? "v0" : "v1";
}

/** The format that was asked for, one of those that there are. */
export function formatNamed<F extends string>(values: FlagValues, formats: readonly F[], name = "format"): F {
  const given = values.string(name);
  const found = formats.find((format) => format === given);
  if (found === undefined) {
    const shown = name === "format" ? "-f, --format" : `--${name}`;
    throw new UsageError(`invalid argument "${given}" for "${shown}" flag: must be one of {${formats.join(",")}}`);
  }
  return found;
}

/** What folders hold that is left aside; pflag takes several at once, with commas between. */
export function ignoredOf(values: FlagValues): readonly string[] {
  return values.strings("ignore").flatMap((text) => text.split(","));
}

/** What `--timeout` gives an evaluation in milliseconds; undefined where it gives all the time. */
export function timeoutOf(values: FlagValues): number | undefined {
  const text = values.string("timeout");
  const milliseconds = readDuration(text);
  if (milliseconds === undefined) {
    throw new UsageError(`invalid argument "${text}" for "--timeout" flag: time: invalid duration "${text}"`);
  }
  return milliseconds === 0 ? undefined : milliseconds;
}

const runs: readonly NotCoveredKind[] = ["index_excluded", "early_exit"];

/** The further runs that coverage is made with. */
export function coverageRunsOf(values: FlagValues): readonly NotCoveredKind[] {
  if (!values.given("coverage-runs")) return runs;
  const names = values.strings("coverage-runs").flatMap((text) => (text === "" ? [] : text.split(",")));
  return names.map((name) => {
    const run = runs.find((known) => known === name);
    if (run !== undefined) return run;
    const expected = runs.map((known) => JSON.stringify(known)).join(" or ");
    throw new UsageError(`invalid --coverage-runs value ${JSON.stringify(name)} (expected ${expected})`);
  });
}
