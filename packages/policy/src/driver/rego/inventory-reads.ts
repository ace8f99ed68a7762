/** What a template asks the inventory for, read off its text: so that nobody has to list the kinds by hand. */
import type { Module, Term } from "@portcullis/rego";
import type { InventoryRead } from "../driver.ts";
import { dataRefsIn } from "./module-rules.ts";

/** Every different reading of `data.inventory` in these modules. */
export function inventoryReads(modules: readonly Module[]): readonly InventoryRead[] {
  const reads = new Map<string, InventoryRead>();
  for (const module of modules) {
    // What stands in the brackets of another reference is read as well.
    for (const term of dataRefsIn(module.rules, true)) {
      const read = readOf(term);
      if (read !== undefined) reads.set(`${read.groupVersion ?? ""}|${read.kind ?? ""}`, read);
    }
  }
  return [...reads.values()];
}

function readOf(term: Term): InventoryRead | undefined {
  // A bare `data` is refused elsewhere.
  if (term.kind !== "ref" || textAt(term.terms, 1) !== "inventory") return undefined;
  // cluster, apiVersion, kind; namespace, its name, apiVersion, kind. Which of both is unknown where a variable stands.
  const scope = textAt(term.terms, 2);
  if (scope === undefined) return {};
  const at = scope === "namespace" ? 4 : 3;
  const groupVersion = textAt(term.terms, at);
  const kind = textAt(term.terms, at + 1);
  return {
    ...(groupVersion === undefined ? {} : { groupVersion }),
    ...(kind === undefined ? {} : { kind }),
  };
}

function textAt(terms: readonly Term[], at: number): string | undefined {
  const term = terms[at];
  return term?.kind === "string" ? term.value : undefined;
}
