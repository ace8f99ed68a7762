/** Builtins that may not be called: deprecated ones (v1 and strict mode), and those that the caller forbids. */
import type { Term } from "../syntax/ast.ts";
import { builtinOf, operatorName } from "./calls.ts";
import { type Compilation, isV1, problem, rulesOf } from "./compilation.ts";
import type { Diagnostic } from "../diagnostics.ts";
import { type Visitor, walkBody, walkHead } from "./walk.ts";

/** Finds calls whose operator is unwanted. */
export function callsOf(
  isWanted: (operator: Term & { kind: "ref" }) => boolean,
  found: (name: string, span: Term["span"]) => void,
): Visitor {
  return {
    expression: (expression) => {
      if (expression.kind === "call" && isWanted(expression.operator)) {
        found(operatorName(expression.operator), expression.span);
      }
      return false;
    },
  };
}

function check(compilation: Compilation, strictOnly: boolean, visitor: Visitor): void {
  for (const module of compilation.modules) {
    if (strictOnly && !compilation.strict && !isV1(module)) continue;
    for (const rule of rulesOf(module)) {
      walkHead(rule.head, visitor);
      walkBody(rule.body, visitor);
    }
  }
}

/** Tells of calls that are forbidden or deprecated. */
export function checkUnwantedBuiltins(compilation: Compilation, called: ReadonlySet<string>): void {
  const { builtins, unsafeBuiltins } = compilation.options;
  const errors: Diagnostic[] = [];
  if (unsafeBuiltins !== undefined && unsafeBuiltins.size > 0) {
    const visitor = callsOf(
      (operator) => unsafeBuiltins.has(operatorName(operator)),
      (name, span) =>
        errors.push(problem("rego_type_error", span, `unsafe built-in function calls in expression: ${name}`)),
    );
    check(compilation, false, visitor);
  }
  if ([...called].some((name) => builtins.get(name)?.deprecated === true)) {
    const visitor = callsOf(
      (operator) => builtinOf(builtins, operator)?.deprecated === true,
      (name, span) =>
        errors.push(problem("rego_type_error", span, `deprecated built-in function calls in expression: ${name}`)),
    );
    check(compilation, true, visitor);
  }
  compilation.errors.note(...errors);
}
