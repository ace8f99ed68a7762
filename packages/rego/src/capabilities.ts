/**
 * What a policy may use of the language: OPA's capabilities, of one of its releases or out of a file. The parser asks
 * for keywords and features, the checker for built-in functions and their types.
 */
import type { BuiltinSignature } from "./builtins/builtin.ts";
import { builtins } from "./builtins/table.ts";
import { builtinsSince, capabilityVersions, featuresSince, futureKeywordsSince } from "./capabilities-data.ts";
import { readFunctionType, TypeFault } from "./check/read-type.ts";
import type { Capabilities as LanguageCapabilities } from "./syntax/capabilities.ts";

/** What a policy may use. */
export interface Capabilities extends LanguageCapabilities {
  /** The built-in functions by name. Those that this engine does not have can be checked, and not be called. */
  readonly builtins: ReadonlyMap<string, BuiltinSignature>;
}

/** Capabilities, or what is wrong with the text that they stand in. */
export type CapabilitiesResult =
  | { readonly ok: true; readonly value: Capabilities }
  | { readonly ok: false; readonly message: string };

export { capabilityVersions };

/** The capabilities of a release of OPA (`v1.4.0`); undefined where there is none of that name. */
export function capabilitiesOf(version: string): Capabilities | undefined {
  const at = capabilityVersions.indexOf(version);
  if (at === -1) return undefined;
  const isThere = (since: string): boolean => capabilityVersions.indexOf(since) <= at;
  const names = builtinsSince.flatMap(([since, text]) => (isThere(since) ? text.split(" ") : []));
  const lastOf = (table: typeof featuresSince): ReadonlySet<string> => {
    const words = table.findLast(([since]) => isThere(since))?.[1] ?? "";
    return new Set(words === "" ? [] : words.split(" "));
  };
  return {
    builtins: new Map(names.flatMap((name) => withSignature(name))),
    futureKeywords: lastOf(futureKeywordsSince),
    features: lastOf(featuresSince),
  };
}

function withSignature(name: string): readonly (readonly [string, BuiltinSignature])[] {
  const entry = builtins.get(name);
  return entry === undefined ? [] : [[name, entry.signature]];
}

/** Capabilities out of the JSON that `opa capabilities` prints: `builtins`, `future_keywords` and `features`. */
export function readCapabilities(text: string): CapabilitiesResult {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { ok: false, message: `this is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  try {
    const top = fieldsOf(document, "the document");
    const signatures = listOf(top.get("builtins"), "builtins").map((entry, at) =>
      signatureOf(entry, `builtins[${at}]`),
    );
    return {
      ok: true,
      value: {
        builtins: new Map(signatures.map((signature) => [signature.name, signature])),
        futureKeywords: wordsOf(top.get("future_keywords"), "future_keywords"),
        features: wordsOf(top.get("features"), "features"),
      },
    };
  } catch (error) {
    if (error instanceof TypeFault) return { ok: false, message: error.message };
    throw error;
  }
}

function signatureOf(entry: unknown, at: string): BuiltinSignature {
  const fields = fieldsOf(entry, at);
  const name = textOf(fields.get("name"), `${at}.name`);
  const type = readFunctionType(fields.get("decl"), `${at}.decl`);
  const infix = fields.get("infix");
  return {
    name,
    args: type.args,
    ...(type.variadic === undefined ? {} : { variadic: type.variadic }),
    ...(type.result === undefined ? {} : { result: type.result }),
    ...(infix === undefined ? {} : { infix: textOf(infix, `${at}.infix`) }),
    ...(fields.get("relation") === true ? { relation: true } : {}),
    ...(fields.get("deprecated") === true ? { deprecated: true } : {}),
    ...(fields.get("nondeterministic") === true ? { nondeterministic: true } : {}),
  };
}

function fieldsOf(value: unknown, at: string): ReadonlyMap<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  throw new TypeFault(`${at} is no object`);
}

function listOf(value: unknown, at: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new TypeFault(`${at} is no list`);
}

function wordsOf(value: unknown, at: string): ReadonlySet<string> {
  return new Set(listOf(value, at).map((word, index) => textOf(word, `${at}[${index}]`)));
}

function textOf(value: unknown, at: string): string {
  if (typeof value === "string") return value;
  throw new TypeFault(`${at} is no string`);
}
