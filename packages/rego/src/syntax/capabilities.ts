import { builtinNames } from "./builtin-names-data.ts";
import type { RegoVersion } from "./ast.ts";

/** What a text may use beyond the version's own language. */
export interface Capabilities {
  /** Words that `import future.keywords` may turn on. */
  readonly futureKeywords: ReadonlySet<string>;
  /** OPA's feature names: `rego_v1`, `rego_v1_import`, `rego_v2_import`, `keywords_in_refs`, `template_strings`, … */
  readonly features: ReadonlySet<string>;
  /** Names of built-in functions, which no rule may take. */
  readonly builtins: { has(name: string): boolean };
}

const capabilitiesOfV1: Capabilities = {
  futureKeywords: new Set(["and", "not", "or"]),
  features: new Set(["keywords_in_refs", "rego_v1", "rego_v2", "rego_v2_import", "template_strings"]),
  builtins: builtinNames,
};

const capabilitiesOfV0: Capabilities = {
  futureKeywords: new Set(["and", "contains", "every", "if", "in", "not", "or"]),
  features: new Set([
    "keywords_in_refs",
    "rego_v1",
    "rego_v1_import",
    "rego_v2",
    "rego_v2_import",
    "rule_head_ref_string_prefixes",
    "rule_head_refs",
  ]),
  builtins: builtinNames,
};

/** The capabilities of OPA 1.22 for a version. */
export function defaultCapabilities(version: RegoVersion): Capabilities {
  return version === "v1" ? capabilitiesOfV1 : capabilitiesOfV0;
}
