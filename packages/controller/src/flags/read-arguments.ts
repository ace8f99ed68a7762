/**
 * Command lines as Go's `flag` reads them, which is what Gatekeeper's manager uses: one dash or two, the value behind
 * an equals sign or, except for truth values, as the next argument. The commands of gator read as pflag does instead.
 */
import type { GivenFlags, ManagerFlag } from "./flag.ts";

/** What was given, or what is wrong with it in the words of Go's `flag`. */
export type ArgumentsReading =
  | { readonly ok: true; readonly given: GivenFlags; readonly positional: readonly string[] }
  | { readonly ok: false; readonly message: string };

const truthValues: ReadonlyMap<string, string> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((text) => [text, "true"] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((text) => [text, "false"] as const),
]);

/** Reads a command line; the first argument that is no flag ends the flags. */
export function readArguments(argv: readonly string[], flags: readonly ManagerFlag[]): ArgumentsReading {
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const given = new Map<string, string[]>();
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === "--") break;
    if (!argument.startsWith("-") || argument === "-") {
      rest.unshift(argument);
      break;
    }
    const text = argument.replace(/^--?/, "");
    if (text === "" || text.startsWith("-") || text.startsWith("=")) {
      return { ok: false, message: `bad flag syntax: ${argument}` };
    }
    const equals = text.indexOf("=");
    const name = equals === -1 ? text : text.slice(0, equals);
    const flag = byName.get(name);
    if (flag === undefined) return { ok: false, message: `flag provided but not defined: -${name}` };
    const value = equals === -1 ? (flag.kind === "boolean" ? "true" : rest.shift()) : text.slice(equals + 1);
    if (value === undefined) return { ok: false, message: `flag needs an argument: -${name}` };
    const read = readValue(flag, value);
    if (!read.ok) return read;
    given.set(name, [...(given.get(name) ?? []), read.value]);
  }
  return { ok: true, given, positional: rest };
}

type ValueReading = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

function readValue(flag: ManagerFlag, value: string): ValueReading {
  if (flag.kind === "boolean") {
    const truth = truthValues.get(value);
    if (truth !== undefined) return { ok: true, value: truth };
    return { ok: false, message: `invalid boolean value "${value}" for -${flag.name}: parse error` };
  }
  if (flag.kind !== "integer") return { ok: true, value };
  if (!/^[-+]?\d+$/.test(value)) {
    return { ok: false, message: `invalid value "${value}" for flag -${flag.name}: parse error` };
  }
  const [least, greatest] = flag.range;
  const number = Number(value);
  if (number < least || number > greatest) {
    return {
      ok: false,
      message: `invalid value "${value}" for flag -${flag.name}: it must be from ${least} to ${greatest}`,
    };
  }
  return { ok: true, value: String(number) };
}
