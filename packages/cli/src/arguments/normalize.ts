/**
 * Command lines as pflag reads them, which is how users of gator and of Gatekeeper's manager type: `--x=false`,
 * `-o=yaml`, `-oyaml`, `-tv`, a repeated flag. What comes out has one form alone, `--name=value`.
 */
import { closestName } from "@portcullis/objects/closest-name";
import type { Flag } from "./flag.ts";

/** The arguments in one form, or what is wrong with them in pflag's words. */
export type Normalized =
  | { readonly ok: true; readonly tokens: readonly string[]; readonly positional: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** The forms of a truth value that Go reads. */
function parseGoBoolean(text: string): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  if (["0", "f", "F", "false", "FALSE", "False"].includes(text)) return false;
  return undefined;
}

/** Brings a command's arguments into one form. */
export function normalizeArguments(argv: readonly string[], flags: readonly Flag[]): Normalized {
  const tokens: string[] = [];
  const positional: string[] = [];
  const rest = [...argv];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (argument === "--") {
      positional.push(...rest.splice(0));
    } else if (argument.startsWith("--")) {
      const problem = longFlag(argument, rest, flags, tokens);
      if (problem !== undefined) return { ok: false, message: problem };
    } else if (argument.startsWith("-") && argument !== "-") {
      const problem = shortFlags(argument, rest, flags, tokens);
      if (problem !== undefined) return { ok: false, message: problem };
    } else positional.push(argument);
  }
  return { ok: true, tokens, positional };
}

function longFlag(argument: string, rest: string[], flags: readonly Flag[], tokens: string[]): string | undefined {
  const equals = argument.indexOf("=");
  const name = equals === -1 ? argument.slice(2) : argument.slice(2, equals);
  const flag = flags.find((candidate) => candidate.name === name);
  if (flag === undefined) {
    const close = closestName(
      name,
      flags.map((known) => known.name),
    );
    return `unknown flag: --${name}${close === undefined ? "" : `; did you mean --${close}?`}`;
  }
  if (equals !== -1) return take(flag, argument.slice(equals + 1), tokens);
  if (flag.kind === "boolean") return take(flag, "true", tokens);
  if (flag.kind === "string" && flag.bare !== undefined) return take(flag, flag.bare, tokens);
  const value = rest.shift();
  return value === undefined ? `flag needs an argument: --${name}` : take(flag, value, tokens);
}

function shortFlags(argument: string, rest: string[], flags: readonly Flag[], tokens: string[]): string | undefined {
  for (let at = 1; at < argument.length; at += 1) {
    const letter = argument.charAt(at);
    const flag = flags.find((candidate) => candidate.short === letter);
    if (flag === undefined) return `unknown shorthand flag: '${letter}' in ${argument}`;
    const after = argument.slice(at + 1);
    if (after.startsWith("=")) return take(flag, after.slice(1), tokens);
    if (flag.kind === "boolean") {
      const problem = take(flag, "true", tokens);
      if (problem !== undefined) return problem;
      continue;
    }
    const value = after === "" ? rest.shift() : after;
    return value === undefined ? `flag needs an argument: '${letter}' in ${argument}` : take(flag, value, tokens);
  }
  return undefined;
}

function take(flag: Flag, value: string, tokens: string[]): string | undefined {
  const isOff = flag.kind === "boolean" && parseGoBoolean(value) === false;
  if (flag.refused !== undefined && !isOff) return `--${flag.name}: ${flag.refused}`;
  const shown = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  if (flag.kind === "boolean") {
    const read = parseGoBoolean(value);
    if (read === undefined) {
      return `invalid argument "${value}" for "${shown}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`;
    }
    tokens.push(`--${flag.name}=${read}`);
    return undefined;
  }
  if (flag.kind === "integer" && !/^[-+]?\d+$/.test(value)) {
    return `invalid argument "${value}" for "${shown}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`;
  }
  tokens.push(`--${flag.name}=${value}`);
  return undefined;
}
