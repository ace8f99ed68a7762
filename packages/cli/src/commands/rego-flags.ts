/** Flags that several `rego` commands share, in OPA's names. */
import type { Flag } from "../arguments/flag.ts";

/** Modules are read as before OPA 1.0. */
export const v0Flag: Flag = {
  kind: "boolean",
  name: "v0-compatible",
  default: false,
  summary: "read modules as Rego v0 (before OPA 1.0)",
};

/** The same in words of OPA's users of old: v1 is what is read anyway. */
export const v1Flag: Flag = {
  kind: "boolean",
  name: "v1-compatible",
  default: false,
  summary: "read modules as Rego v1, which is the default",
  hidden: true,
};

/** The old name of `--v0-v1`. */
export const regoV1Flag: Flag = {
  kind: "boolean",
  name: "rego-v1",
  default: false,
  summary: "the same as --v0-v1",
  hidden: true,
};

/** What policies may use of the language. */
export const capabilitiesFlag: Flag = {
  kind: "string",
  name: "capabilities",
  value: "VERSION|FILE",
  default: "",
  summary: "allow only what this version of OPA has (v1.4.0), or what a file says (as opa capabilities prints it)",
};

/** JSON schemas that references are checked against. */
export const schemaFlag: Flag = {
  kind: "string",
  name: "schema",
  short: "s",
  value: "PATH",
  default: "",
  summary: "a JSON schema for input, or a folder of schemas that annotations name",
};

/** What folders hold that is left aside. */
export const ignoreFlag: Flag = {
  kind: "strings",
  name: "ignore",
  value: "PATTERN",
  summary: "leave aside files and folders of this name when reading folders (`.*`, `*_test.rego`)",
};

/** OPA's strict mode. */
export const strictFlag: Flag = {
  kind: "boolean",
  name: "strict",
  short: "S",
  default: false,
  summary: "refuse unused variables and imports, and deprecated built-in functions",
};

/** How many errors are told. */
export const maxErrorsFlag: Flag = {
  kind: "integer",
  name: "max-errors",
  short: "m",
  value: "N",
  default: 10,
  summary: "tell no more errors than this; 0 for all",
};

/** Text for people, or JSON. */
export const formatFlag: Flag = {
  kind: "string",
  name: "format",
  short: "f",
  value: "FORMAT",
  default: "pretty",
  summary: "pretty or json",
};

/** The further runs that say why lines were not covered. */
export const coverageRunsFlag: Flag = {
  kind: "strings",
  name: "coverage-runs",
  value: "KIND",
  summary:
    "say of lines why they did not run: index_excluded, early_exit (both where absent), or an empty text for neither",
};

/** Flags of OPA that are refused, each with why and what to do. */
export function notThere(
  flags: readonly (readonly [name: string, short: string | undefined, kind: "boolean" | "strings", why: string])[],
): readonly Flag[] {
  return flags.map(([name, short, kind, refused]): Flag => {
    const words = { name, ...(short === undefined ? {} : { short }), summary: "", refused };
    return kind === "boolean" ? { ...words, kind, default: false } : { ...words, kind, value: "" };
  });
}

/** Flags of OPA that change how it works, and no answer: they may stand there. */
export function withoutEffect(names: readonly string[]): readonly Flag[] {
  return names.map((name): Flag => ({ kind: "boolean", name, default: false, summary: "", hidden: true }));
}
