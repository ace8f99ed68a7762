/** Imports that nobody uses or that hide one another, and names that hide `input` and `data`. */
import type { Expression, Import } from "../syntax/ast.ts";
import { elseChain, isV1, problem, type Compilation, type WorkModule } from "./compilation.ts";
import { isRootDocument, isRootName } from "./constants.ts";
import { callsBuiltin } from "./declared.ts";
import { importName } from "./resolve.ts";
import { printRef } from "../syntax/print.ts";
import { type Visitor, walkBody, walkHead } from "./walk.ts";

function importText(imported: Import): string {
  const text = `import ${printRef(imported.path.terms)}`;
  return imported.alias === undefined ? text : `${text} as ${imported.alias}`;
}

/** Strict mode: tells of imports without use. */
export function checkUnusedImports(compilation: Compilation, unused: readonly { readonly imported: Import }[]): void {
  if (!compilation.strict) return;
  for (const { imported } of unused) {
    const error = problem("rego_compile_error", imported.span, `${importText(imported)} unused`);
    if (!compilation.errors.note(error)) return;
  }
}

/** Two imports under one name. */
export function checkDuplicateImports(compilation: Compilation): void {
  for (const module of compilation.modules) {
    if (!compilation.strict && !isV1(module)) continue;
    const seen = new Map<string, Import>();
    for (const imported of module.imports) {
      const earlier = seen.get(importName(imported));
      if (earlier === undefined) seen.set(importName(imported), imported);
      else {
        const message = `import must not shadow ${importText(earlier)}`;
        compilation.errors.note(problem("rego_compile_error", imported.span, message));
      }
    }
  }
}

/** What hides a root document in expressions: `input := 1`. */
export function rootAssignments(found: (expression: Expression, name: string) => void): Visitor {
  return {
    expression: (expression) => {
      const [left] = callsBuiltin(expression, "assign") ? expression.args : [];
      if (left?.kind === "var" && isRootName(left.name)) found(expression, left.name);
      else if (left?.kind === "ref" && isRootDocument(left)) {
        const [head] = left.terms;
        if (head?.kind === "var") found(expression, head.name);
      }
      return false;
    },
  };
}

function checkModule(compilation: Compilation, module: WorkModule): void {
  const { errors } = compilation;
  for (const rule of module.rules) {
    const [name] = rule.head.ref.terms;
    if (name?.kind !== "var" || !isRootName(name.name)) continue;
    const message = `rules must not shadow ${name.name} (use a different rule name)`;
    errors.note(problem("rego_compile_error", rule.source.span, message));
  }
  const visitor = rootAssignments((expression, name) => {
    const message = `variables must not shadow ${name} (use a different variable name)`;
    errors.note(problem("rego_compile_error", expression.span, message));
  });
  for (const first of module.rules) {
    for (const rule of elseChain(first)) {
      walkHead(rule.head, visitor);
      walkBody(rule.body, visitor);
    }
  }
}

/** Rules and variables called `input` or `data`, where the version or strict mode forbids them. */
export function checkRootOverrides(compilation: Compilation): void {
  for (const module of compilation.modules) {
    if (compilation.strict || isV1(module)) checkModule(compilation, module);
  }
}
