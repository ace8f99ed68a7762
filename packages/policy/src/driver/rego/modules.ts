/** From a template's Rego to the modules that are compiled: read, checked, and its entry put at `data.template`. */
import { formatDiagnostics, parseModule, type Diagnostic, type Module, type ModuleText } from "@portcullis/rego";
import { failure, success, type Outcome } from "../../problem.ts";
import type { InventoryRead } from "../driver.ts";
import { inventoryReads } from "./inventory-reads.ts";
import { checkModules, locate } from "./module-rules.ts";
import type { RegoSource } from "./source.ts";

/**
 * Asks the template for its violations. It is Gatekeeper's hook without the loop over constraints: the message must be
 * there, the details need not, and equal answers are one. What the types of a template's answers rule out is an error of
 * this module, so its expressions stand in the rows that people know from Gatekeeper's.
 */
const hook: ModuleText = {
  name: "hooks.hooks_builtin",
  version: "v1",
  text: `package hooks

# The violations of the template, each with its message and its details.








violation contains response if {


  data.template.violation[r]



  response := {
    "details": object.get(r, "details", {}),
    "msg": r.msg,
  }
}
`,
};

/** The entry that a compiled template is asked for. */
export const violationEntry = "data.hooks.violation";

/** A template's Rego, ready to be compiled. */
export interface TemplateTexts {
  readonly texts: readonly ModuleText[];
  /** What it reads of the inventory. */
  readonly inventory: readonly InventoryRead[];
}

/** Reads and checks a template's Rego. */
export function modulesOf(source: RegoSource, externs: readonly string[]): Outcome<TemplateTexts> {
  const texts = [
    { name: "template", text: source.rego },
    ...source.libs.map((text, at) => ({ name: `libs["lib_${at}"]`, text })),
  ];
  const modules: Module[] = [];
  for (const text of texts) {
    const parsed = parseModule(text, { version: source.version });
    if (!parsed.ok) {
      const message = `invalid ConstraintTemplate: ${parseErrors(text.name, parsed.diagnostics)}`;
      return failure("code", message, { diagnostics: parsed.diagnostics, ...locationOf(parsed.diagnostics) });
    }
    modules.push(parsed.value);
  }
  const [entry, ...libs] = modules;
  if (entry === undefined) return failure("code", "could not extract Rego from the constraint template");
  const checked = checkModules({ entry, libs }, externs);
  if (!checked.ok) return checked;
  const homed = texts.map((text, at) => ({
    ...text,
    version: source.version,
    text: at === 0 ? rehome(text.text, entry) : text.text,
  }));
  return success({ texts: [hook, ...homed], inventory: inventoryReads(modules) });
}

/** Parse errors as OPA prints them; that a module is empty it says of no row, and without a count. */
function parseErrors(name: string, diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  if (first !== undefined && first.span === undefined) return `${name}:0: ${first.code}: ${first.message}`;
  return formatDiagnostics(diagnostics);
}

/** The place of the first thing that the engine found. */
export function locationOf(diagnostics: readonly Diagnostic[]): { readonly location?: ReturnType<typeof locate> } {
  const span = diagnostics.find((diagnostic) => diagnostic.span !== undefined)?.span;
  return span === undefined ? {} : { location: locate(span) };
}

/**
 * The entry's text with the package `template`, whatever package it was written in. Everything after its package keeps
 * its row, so that what the engine reports is where the author looks.
 */
function rehome(text: string, entry: Module): string {
  const { start } = entry.package.span;
  const { end } = entry.package.path.span;
  const rows = text.slice(start, end).split("\n").length - 1;
  return `${text.slice(0, start)}package template${"\n".repeat(rows)}${text.slice(end)}`;
}
