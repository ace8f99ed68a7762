/** Gatekeeper's rules for the modules of a template: what they may import, and what of `data` they may read. */
import { quoteGo } from "@portcullis/objects";
import { positionAt, printRef, type Module, type RefTerm, type Span, type Term } from "@portcullis/rego";
import { failure, success, type Outcome } from "../../problem.ts";

/** A template's modules as they were read. */
export interface TemplateModules {
  readonly entry: Module;
  readonly libs: readonly Module[];
}

const prefix = "invalid ConstraintTemplate";

/** Checks a template's modules; `externs` are the documents below `data` that they may read beside their libraries. */
export function checkModules(modules: TemplateModules, externs: readonly string[]): Outcome<TemplateModules> {
  const { entry, libs } = modules;
  if (!entry.rules.some((rule) => isNamed(rule.head.ref.terms[0], "violation"))) {
    return failure("code", `${prefix}: invalid rego: invalid module: missing required rules: [violation]`, {
      help: 'a template needs a rule such as: violation[{"msg": msg}] { msg := "…" }',
    });
  }
  for (const lib of libs) {
    const { path } = lib.package;
    if (!startsWith(path.terms, "lib") || path.terms.length < 3) {
      const text = printRef(path.terms);
      return failure("code", `${prefix}: invalid lib prefix: path ${text} not found in lib prefixes`, {
        location: locate(path.span),
        help: "a library's package stands below lib, such as: package lib.helpers",
      });
    }
  }
  const ordered = [...libs, entry];
  for (const module of ordered) {
    for (const { path } of module.imports) {
      const message = checkImport(path);
      if (message === undefined) continue;
      return failure("code", `${prefix}: invalid import: ${message}`, { location: locate(path.span) });
    }
  }
  for (const module of ordered) {
    // Gatekeeper does not look into the brackets of a reference. Nor do we, unless what stands there may be the inventory.
    const intoBrackets = externs.length === 0;
    const refs = dataRefsIn(module.rules, intoBrackets).filter((ref) => !isAllowed(ref, externs));
    const [first] = refs;
    if (first === undefined) continue;
    const lines = refs.map((ref) => `disallowed ref ${textOf(ref)}\n`).join("");
    const file = module.span.source.name;
    return failure(
      "code",
      `${prefix}: invalid data references: check refs failed on module {${file}}: errors (${refs.length}):\n${lines}`,
      {
        location: locate(first.span),
        help: "a template may read data.inventory and, where it has libraries, what is below data.lib",
      },
    );
  }
  return success(modules);
}

/** Where a span begins, as people count. */
export function locate(span: Span): { readonly source: string; readonly row: number; readonly column: number } {
  return { source: span.source.name, ...positionAt(span.source, span.start) };
}

function checkImport(path: RefTerm): string | undefined {
  const [head] = path.terms;
  const text = quoteGo(printRef(path.terms));
  if (isNamed(head, "input")) return `cannot import input: ${text}`;
  if (isNamed(head, "future") || startsWith(path.terms, "lib")) return undefined;
  return `bad import: ${text}`;
}

function isAllowed(ref: Term, externs: readonly string[]): boolean {
  if (ref.kind !== "ref") return false;
  return startsWith(ref.terms, "lib") || externs.some((extern) => startsWith(ref.terms, extern));
}

function isNamed(term: Term | undefined, name: string): boolean {
  return term?.kind === "var" && term.name === name;
}

function startsWith(terms: readonly Term[], key: string): boolean {
  const second = terms[1];
  return isNamed(terms[0], "data") && second?.kind === "string" && second.value === key;
}

function textOf(ref: Term): string {
  return ref.kind === "ref" ? printRef(ref.terms) : "data";
}

/** Every reference to `data` in a part of the tree, a bare `data` included. */
export function dataRefsIn(node: unknown, intoBrackets: boolean): readonly Term[] {
  const found: Term[] = [];
  visit(node, found, intoBrackets);
  return found;
}

function visit(node: unknown, found: Term[], intoBrackets: boolean): void {
  if (typeof node !== "object" || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) visit(item, found, intoBrackets);
    return;
  }
  // A node of the tree, which is plain data: only terms have these kinds.
  const term = node as Term;
  if (term.kind === "ref") {
    const [head, ...rest] = term.terms;
    if (isNamed(head, "data")) found.push(term);
    else if (head?.kind !== "var") visit(head, found, intoBrackets);
    if (intoBrackets) visit(rest, found, intoBrackets);
    return;
  }
  if (term.kind === "var") {
    if (term.name === "data") found.push(term);
    return;
  }
  for (const [key, value] of Object.entries(node)) {
    if (key !== "span" && key !== "annotations") visit(value, found, intoBrackets);
  }
}
