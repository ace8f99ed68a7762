/** `rego.metadata.rule()` and `.chain()` are constants: each rule that calls them gets the values into its body. */
import type { Body, CallExpression, Expression, Term } from "../syntax/ast.ts";
import { AnnotationTerms } from "./annotation-terms.ts";
import type { AnnotationSet } from "./annotations.ts";
import { operatorName } from "./calls.ts";
import { type Compilation, elseChain, rulesOf, type WorkRule } from "./compilation.ts";
import { capture, equation } from "./heads.ts";
import { mapExpression, mapList, mapTerm, numbered, type Rewriter } from "./rewrite.ts";
import { walkBody, walkHead } from "./walk.ts";

const chainName = "rego.metadata.chain";
const ruleName = "rego.metadata.rule";

function firstCalls(rule: WorkRule): { chain?: CallExpression; rule?: CallExpression } {
  const found: { chain?: CallExpression; rule?: CallExpression } = {};
  const visitor = {
    expression: (expression: Expression): boolean => {
      if (expression.kind !== "call") return false;
      const name = operatorName(expression.operator);
      if (name === chainName) found.chain ??= expression;
      else if (name === ruleName) found.rule ??= expression;
      return false;
    },
  };
  for (const each of elseChain(rule)) {
    walkHead(each.head, visitor);
    walkBody(each.body, visitor);
  }
  return found;
}

/** Puts variables in place of the calls. */
function callRewriter(variables: ReadonlyMap<string, Term>): Rewriter {
  const rewriter: Rewriter = {
    term: (term) => mapTerm(term, rewriter),
    body: (body: Body) => mapList(body, rewriter.expression),
    expression: (expression) => {
      const variable = expression.kind === "call" ? variables.get(operatorName(expression.operator)) : undefined;
      if (variable === undefined || expression.kind !== "call") return mapExpression(expression, rewriter);
      const [output] = expression.args;
      const { span, index } = expression;
      if (output !== undefined) return { ...equation(output, variable), span, index };
      return { kind: "term", span, term: variable, negated: false, with: [], index, generated: true };
    },
  };
  return rewriter;
}

function rewriteRule(compilation: Compilation, annotations: AnnotationSet, rule: WorkRule): void {
  const { chain, rule: own } = firstCalls(rule);
  const added: Expression[] = [];
  const variables = new Map<string, Term>();
  const give = (name: string, value: Term): void => {
    const { variable, expression } = capture(compilation.names, value);
    added.push(expression);
    variables.set(name, variable);
  };
  if (chain !== undefined) give(chainName, new AnnotationTerms(chain.span).chain(annotations.chain(rule)));
  if (own !== undefined) {
    give(ruleName, new AnnotationTerms(own.span).annotation(annotations.ofRule(rule)[0]));
  }
  if (added.length === 0) return;
  const rewriter = callRewriter(variables);
  rule.body = numbered([...added, ...rewriter.body(rule.body)]);
  const { args, key, value } = rule.head;
  rule.head = {
    ...rule.head,
    ...(args === undefined ? {} : { args: args.map(rewriter.term) }),
    ...(key === undefined ? {} : { key: rewriter.term(key) }),
    ...(value === undefined ? {} : { value: rewriter.term(value) }),
  };
}

/** Rewrites the rules that ask for their annotations. */
export function rewriteMetadata(compilation: Compilation, annotations: AnnotationSet): void {
  for (const module of compilation.modules) {
    if (!module.source.span.source.text.includes("metadata")) continue;
    for (const rule of rulesOf(module)) rewriteRule(compilation, annotations, rule);
  }
}
