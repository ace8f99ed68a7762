import type { FlagValues } from "../arguments/flag.ts";
import { CommandError } from "../command-error.ts";

/** The version that modules are read as. */
export function versionOf(values: FlagValues): "v0" | "v1" {
  return values.boolean("v0-compatible") ? "v0" : "v1";
}

/** The format that was asked for, one of those that there are. */
export function formatNamed<F extends string>(values: FlagValues, formats: readonly F[], name = "format"): F {
  const given = values.string(name);
  const found = formats.find((format) => format === given);
  if (found === undefined) {
    throw new CommandError(
      `Error: invalid argument "${given}" for "--${name}" flag: must be one of {${formats.join(",")}}`,
    );
  }
  return found;
}
