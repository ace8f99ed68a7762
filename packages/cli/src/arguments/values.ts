import type { Flag, FlagValues } from "./flag.ts";

/** The values of a command's flags out of the tokens that `normalizeArguments` made. */
export function readValues(flags: readonly Flag[], tokens: readonly string[]): FlagValues {
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    const equals = token.indexOf("=");
    const name = token.slice(2, equals);
    const values = given.get(name) ?? [];
    values.push(token.slice(equals + 1));
    given.set(name, values);
  }
  const flagOf = <K extends Flag["kind"]>(name: string, kind: K): Extract<Flag, { kind: K }> => {
    const flag = flags.find((candidate) => candidate.name === name);
    if (flag?.kind !== kind) throw new Error(`the command has no flag --${name} of kind ${kind}`);
    // The comparison above decides it, which narrowing by a type parameter does not see.
    return flag as Extract<Flag, { kind: K }>;
  };
  return {
    boolean: (name) => (given.get(name)?.at(-1) ?? String(flagOf(name, "boolean").default)) === "true",
    string: (name) => given.get(name)?.at(-1) ?? flagOf(name, "string").default,
    strings: (name) => given.get(flagOf(name, "strings").name) ?? [],
    integer: (name) => Number(given.get(name)?.at(-1) ?? flagOf(name, "integer").default),
    given: (name) => given.has(name),
  };
}
