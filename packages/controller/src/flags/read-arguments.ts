/**
 * Command lines as Go's `flag` reads them, which is what Gatekeeper's manager uses: one dash or two, the value behind
 * an equals sign or, except for truth values, as the next argument. The commands of gator read as pflag does instead.
 */
import { quoteGo } from "@portcullis/objects";
import type { GivenFlags, ManagerFlag } from "./flag.ts";
import { readGoInteger } from "./read-go-integer.ts";
import { integerComplaint } from "./value-complaints.ts";

/** What was given, or what is wrong with it in the words of Go's `flag`; or that help was asked for. */
export type ArgumentsReading =
  | { readonly kind: "given"; readonly given: GivenFlags; readonly positional: readonly string[] }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

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
      return wrong(`bad flag syntax: ${argument}`);
    }
    const equals = text.indexOf("=");
    const name = equals === -1 ? text : text.slice(0, equals);
    const flag = byName.get(name);
    if (flag === undefined) {
      if (name === "help" || name === "h") return { kind: "help" };
      return wrong(`flag provided but not defined: -${name}`);
    }
    const value = equals === -1 ? (flag.kind === "boolean" ? "true" : rest.shift()) : text.slice(equals + 1);
    if (value === undefined) return wrong(`flag needs an argument: -${name}`);
    const read = readValue(flag, value);
    if (!read.ok) return wrong(read.message);
    given.set(name, [...(given.get(name) ?? []), read.value]);
  }
  return { kind: "given", given, positional: rest };
}

function wrong(message: string): ArgumentsReading {
  return { kind: "wrong", message };
}

type ValueReading = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

function readValue(flag: ManagerFlag, value: string): ValueReading {
  const invalid = (why: string): ValueReading => ({
    ok: false,
    message: `invalid value ${quoteGo(value)} for flag -${flag.name}: ${why}`,
  });
  switch (flag.kind) {
    case "boolean": {
      const truth = truthValues.get(value);
      if (truth !== undefined) return { ok: true, value: truth };
      return { ok: false, message: `invalid boolean value ${quoteGo(value)} for -${flag.name}: parse error` };
    }
    case "string":
    case "strings": {
      const why = flag.complaint?.(value);
      return why === undefined ? { ok: true, value } : invalid(why);
    }
    case "integer": {
      const why = integerComplaint(value);
      if (why !== undefined) return invalid(why);
      const number = Number(readGoInteger(value));
      const [least, greatest] = flag.range ?? [-Infinity, Infinity];
      if (number < least || number > greatest) return invalid(`it must be from ${least} to ${greatest}`);
      return { ok: true, value: String(number) };
    }
  }
}
