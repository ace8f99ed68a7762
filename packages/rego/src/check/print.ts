/** Print calls: erased, or made into `internal.print` whose arguments may be undefined without ending the body. */
import type { Diagnostic } from "../diagnostics.ts";
import type { Body, CallExpression, Expression, Term } from "../syntax/ast.ts";
import type { Arity } from "./calls.ts";
import { type NameGenerator, problem, rulesOf, type Compilation } from "./compilation.ts";
import { callsBuiltin } from "./declared.ts";
import { equation } from "./heads.ts";
import { outputsOfBody } from "./outputs.ts";
import { mapExpression, mapList, mapTerm, numbered, type Rewriter } from "./rewrite.ts";
import { printTerm } from "../syntax/print.ts";
import type { Bound } from "./unifier.ts";
import {
  addBody,
  addTerm,
  everyVariable,
  isGenerated,
  shownName,
  safetyVariables,
  type Variables,
  variablesOf,
} from "./variables.ts";
import { walkBody, walkHead } from "./walk.ts";

/** What the rewriting of print calls needs to know. */
export interface PrintContext {
  readonly names: NameGenerator;
  readonly arity: Arity;
  readonly written: ReadonlyMap<string, string>;
  readonly errors: Diagnostic[];
}

const eraser: Rewriter = {
  term: (term) => mapTerm(term, eraser),
  expression: (expression) => mapExpression(expression, eraser),
  body: (body) => {
    const kept = body.filter((expression) => !callsBuiltin(expression, "print"));
    if (kept.length === body.length) return mapList(body, eraser.expression);
    const span = body[0]?.span;
    if (kept.length === 0 && span !== undefined) {
      const term: Term = { kind: "boolean", span, value: true };
      return [{ kind: "term", span, term, negated: false, with: [], index: 0 }];
    }
    return numbered(kept.map(eraser.expression));
  },
};

/** A body without its print calls. */
export function erasePrintIn(body: Body): Body {
  return eraser.body(body);
}

function checkArguments(context: PrintContext, call: CallExpression, bound: Bound): boolean {
  let complete = true;
  for (const argument of call.args) {
    const open = [...variablesOf(argument, safetyVariables).keys()].filter((name) => !bound.has(name));
    for (const name of open.toSorted()) {
      complete = false;
      const message = `var ${shownName(context.written, name)} is undeclared`;
      context.errors.push(problem("rego_compile_error", argument.span, message));
    }
  }
  return complete;
}

function printCall(context: PrintContext, call: CallExpression): CallExpression {
  const { span } = call;
  const items = call.args.map((argument): Term => {
    const variable = context.names.variable(argument.span);
    const body: Body = [{ ...equation(variable, argument), generated: false }];
    return { kind: "setComprehension", span: argument.span, term: variable, body };
  });
  const { index } = call;
  const name: Term = { kind: "string", span, value: "print" };
  return {
    kind: "call",
    span,
    operator: { kind: "ref", span, terms: [{ kind: "var", span, name: "internal" }, name] },
    args: [{ kind: "array", span, items }],
    negated: false,
    with: [],
    index,
  };
}

/** The names that are bound before the expression at a place. */
function boundBefore(context: PrintContext, body: Body, index: number, globals: Bound): Set<string> {
  const bound = new Set(globals);
  for (const name of outputsOfBody(body.slice(0, index), context.arity, globals)) bound.add(name);
  return bound;
}

/** The closures of an expression, print calls in them rewritten. */
function rewriteClosures(context: PrintContext, expression: Expression, bound: Set<string>): Expression {
  if (expression.kind === "every") {
    bound.add(expression.value.name);
    if (expression.key !== undefined) bound.add(expression.key.name);
  }
  const inner: Rewriter = {
    term: (term) => mapTerm(term, inner),
    expression: (part) => mapExpression(part, inner),
    body: (closure) => rewritePrintIn(context, closure, bound),
  };
  return mapExpression(expression, inner);
}

/** Rewrites the print calls of a body, given what is bound around it. What is wrong first is told alone. */
export function rewritePrintIn(context: PrintContext, body: Body, globals: Bound): Body {
  if (!containsPrint(body)) return body;
  const before = context.errors.length;
  const nested: Expression[] = [];
  for (const [index, expression] of body.entries()) {
    nested.push(rewriteClosures(context, expression, boundBefore(context, body, index, globals)));
    if (context.errors.length > before) return body;
  }
  const result: Expression[] = [];
  for (const [index, expression] of nested.entries()) {
    if (!callsBuiltin(expression, "print")) {
      result.push(expression);
      continue;
    }
    const bound = boundBefore(context, nested, index, globals);
    const mentioned: Variables = new Map();
    addBody(nested.slice(0, index), everyVariable, mentioned);
    for (const name of mentioned.keys()) if (isGenerated(name)) bound.add(name);
    if (!checkArguments(context, expression, bound)) return body;
    result.push(printCall(context, expression));
  }
  return result;
}

function containsPrint(body: Body): boolean {
  let found = false;
  walkBody(body, {
    expression: (expression) => {
      if (callsBuiltin(expression, "print")) found = true;
      return found;
    },
  });
  return found;
}

/** Rewrites or erases the print calls of every rule. */
export function rewritePrint(compilation: Compilation, arity: Arity): void {
  const errors: Diagnostic[] = [];
  const context: PrintContext = { names: compilation.names, arity, written: compilation.written, errors };
  for (const module of compilation.modules) {
    if (!module.source.span.source.text.includes("print")) continue;
    for (const rule of rulesOf(module)) {
      const names: Variables = new Map();
      for (const argument of rule.head.args ?? []) addTerm(argument, everyVariable, names);
      const bound = new Set([...names.keys(), "input", "data"]);
      const rewriter: Rewriter =
        compilation.options.print === true
          ? {
              term: (term) => mapTerm(term, rewriter),
              expression: (expression) => mapExpression(expression, rewriter),
              body: (body) => rewritePrintIn(context, body, bound),
            }
          : eraser;
      rule.body = rewriter.body(rule.body);
      const { key, value } = rule.head;
      rule.head = {
        ...rule.head,
        ...(key === undefined ? {} : { key: rewriter.term(key) }),
        ...(value === undefined ? {} : { value: rewriter.term(value) }),
      };
    }
  }
  compilation.errors.fail(...errors);
}

/** Calls of functions without a result (`print`) where a value is wanted. */
export function checkVoidCalls(compilation: Compilation, isVoid: (operator: Term) => boolean): void {
  const errors: Diagnostic[] = [];
  const visitor = voidCalls(isVoid, errors);
  for (const module of compilation.modules) {
    for (const rule of rulesOf(module)) {
      walkHead(rule.head, visitor);
      walkBody(rule.body, visitor);
    }
  }
  compilation.errors.fail(...errors);
}

/** Finds calls of functions without a result inside terms. */
export function voidCalls(
  isVoid: (operator: Term) => boolean,
  errors: Diagnostic[],
): { readonly term: (term: Term) => boolean; readonly expression: (expression: Expression) => boolean } {
  return {
    term: (term) => {
      if (term.kind === "call" && isVoid(term.operator)) {
        errors.push(problem("rego_type_error", term.span, `${printTerm(term)} used as value`));
      }
      return false;
    },
    expression: () => false,
  };
}
