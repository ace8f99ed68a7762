/** Imports that nobody uses or that hide one another, and names that hide `input` and `data`. */
import type { Diagnostic } from "../diagnostics.ts";
import type { Span } from "../source.ts";
import type { Body, Expression, Import, RuleHead } from "../syntax/ast.ts";
import { isV1, problem, type Compilation, type WorkRule } from "./compilation.ts";
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

/** Imports under the name of an earlier one. */
export function duplicateImports(imports: readonly Import[]): readonly Diagnostic[] {
  const seen = new Map<string, Import>();
  return imports.flatMap((imported) => {
    const earlier = seen.get(importName(imported));
    if (earlier !== undefined) {
      return problem("rego_compile_error", imported.span, `import must not shadow ${importText(earlier)}`);
    }
    seen.set(importName(imported), imported);
    return [];
  });
}

/** Two imports under one name. */
export function checkDuplicateImports(compilation: Compilation): void {
  for (const module of compilation.modules) {
    if (compilation.strict || isV1(module)) compilation.errors.note(...duplicateImports(module.imports));
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

/** What of a rule is looked at here, before the checker's work on it or after. */
interface RuleParts {
  readonly span: Span;
  readonly head: RuleHead;
  readonly body: Body;
  readonly else?: RuleParts | undefined;
}

/** Rules called `input` or `data`. */
export function ruleOverrides(rules: readonly RuleParts[]): readonly Diagnostic[] {
  return rules.flatMap(({ head, span }) => {
    const [name] = head.ref.terms;
    if (name?.kind !== "var" || !isRootName(name.name)) return [];
    return problem("rego_compile_error", span, `rules must not shadow ${name.name} (use a different rule name)`);
  });
}

/** Variables called `input` or `data`. */
export function variableOverrides(rules: readonly RuleParts[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visitor = rootAssignments((expression, name) => {
    const message = `variables must not shadow ${name} (use a different variable name)`;
    found.push(problem("rego_compile_error", expression.span, message));
  });
  for (const first of rules) {
    for (let rule: RuleParts | undefined = first; rule !== undefined; rule = rule.else) {
      walkHead(rule.head, visitor);
      walkBody(rule.body, visitor);
    }
  }
  return found;
}

/** Rules and variables called `input` or `data`, where the version or strict mode forbids them. */
export function checkRootOverrides(compilation: Compilation): void {
  for (const module of compilation.modules) {
    if (!compilation.strict && !isV1(module)) continue;
    const rules = module.rules.map(partsOf);
    compilation.errors.note(...ruleOverrides(rules), ...variableOverrides(rules));
  }
}

function partsOf({ source, head, body, else: alternative }: WorkRule): RuleParts {
  return { span: source.span, head, body, else: alternative === undefined ? undefined : partsOf(alternative) };
}
