/**
 * What keeps a module from being v1, seen by reading it alone: the formatter asks this before it writes a module for
 * v1, whatever it was read as. What it adds itself (`if`, `contains`, values) is not asked for.
 */
import type { BuiltinSignature } from "../builtins/builtin.ts";
import type { Diagnostic } from "../diagnostics.ts";
import type { Module, RefTerm, Rule } from "../syntax/ast.ts";
import { printTerm } from "../syntax/print.ts";
import { isKeyword } from "../syntax/token.ts";
import { builtinOf, operatorName } from "./calls.ts";
import { problem } from "./compilation.ts";
import { isRootDocument } from "./constants.ts";
import { duplicateImports, ruleOverrides, variableOverrides } from "./imports.ts";
import { walkBody, walkHead, walkTerm, type Visitor } from "./walk.ts";

/** Everything that v1 forbids in a module, in OPA's order; nothing where it is ready. */
export function readinessForV1(module: Module, builtins: ReadonlyMap<string, BuiltinSignature>): readonly Diagnostic[] {
  return [
    ...duplicateImports(module.imports),
    ...ruleOverrides(module.rules),
    ...module.rules.flatMap(argumentOverrides),
    ...variableOverrides(module.rules),
    ...deprecatedCalls(module.rules, builtins),
    ...module.rules.flatMap(keywordAsName),
  ];
}

function argumentOverrides({ head: { args = [] } }: Rule): readonly Diagnostic[] {
  return args.filter(isRootDocument).map((argument) => {
    const message = `args must not shadow ${printTerm(argument)} (use a different variable name)`;
    return problem("rego_compile_error", argument.span, message);
  });
}

function deprecatedCalls(
  rules: readonly Rule[],
  builtins: ReadonlyMap<string, BuiltinSignature>,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const look = (operator: RefTerm, span: Diagnostic["span"]): void => {
    if (builtinOf(builtins, operator)?.deprecated !== true) return;
    const message = `deprecated built-in function calls in expression: ${operatorName(operator)}`;
    found.push(problem("rego_type_error", span, message));
  };
  const visitor: Visitor = {
    term: (term) => {
      if (term.kind === "call") look(term.operator, term.operator.span);
      return false;
    },
    expression: (expression) => {
      if (expression.kind === "call") look(expression.operator, expression.span);
      return false;
    },
  };
  for (const first of rules) {
    for (let rule: Rule | undefined = first; rule !== undefined; rule = rule.else) {
      const { ref, objectKey } = rule.head;
      // A key is seen twice, as OPA sees it: in the reference, and as the head's key.
      for (const term of [...ref.terms, ...(objectKey === undefined ? [] : [objectKey])]) walkTerm(term, visitor);
      walkHead(rule.head, visitor);
      walkBody(rule.body, visitor);
    }
  }
  return found;
}

function keywordAsName({ head, span }: Rule): readonly Diagnostic[] {
  if (head.ref.terms.length > 1 || head.name === undefined || !isKeyword(head.name, "v1")) return [];
  return [problem("rego_parse_error", span, `${head.name} keyword cannot be used for rule name`)];
}
