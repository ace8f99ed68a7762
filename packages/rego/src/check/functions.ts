/** Calls of functions that do not exist, or with the wrong number of arguments. */
import type { Diagnostic } from "../diagnostics.ts";
import type { CallExpression, RefTerm } from "../syntax/ast.ts";
import { type Arity, operatorName } from "./calls.ts";
import { type Compilation, problem, rulesOf } from "./compilation.ts";
import { isEquality } from "./declared.ts";
import { asRef, mapTerm, type Rewriter } from "./rewrite.ts";
import { printRef } from "../syntax/print.ts";
import { type Visitor, walkBody, walkHead } from "./walk.ts";

/** What a check of calls needs to know. */
export interface CallContext {
  readonly arity: Arity;
  readonly written: ReadonlyMap<string, string>;
  /** OPA's further lines on a builtin's wrong number of arguments. */
  readonly mismatch: (name: RefTerm, call: CallExpression) => readonly string[] | undefined;
}

/** A ref with its written names in place of generated ones. */
export function writtenRef(ref: RefTerm, written: ReadonlyMap<string, string>): RefTerm {
  const rewriter: Rewriter = {
    term: (term) => {
      if (term.kind !== "var") return mapTerm(term, rewriter);
      const name = written.get(term.name);
      return name === undefined ? term : { kind: "var", span: term.span, name };
    },
    body: (body) => body,
    expression: (expression) => expression,
  };
  return asRef(mapTerm(ref, rewriter));
}

function mismatchError(context: CallContext, call: CallExpression, wanted: number, given: number): Diagnostic {
  const name = writtenRef(call.operator, context.written);
  const details = context.mismatch(name, call);
  if (details !== undefined) {
    return problem("rego_type_error", call.span, `${operatorName(name)}: arity mismatch`, details);
  }
  const message = `function ${printRef(name.terms)} has arity ${wanted}, got ${given} argument${given === 1 ? "" : "s"}`;
  return problem("rego_type_error", call.span, message);
}

/** Finds faulty calls; nothing below one is looked at. */
export function faultyCalls(context: CallContext, errors: Diagnostic[]): Visitor {
  return {
    expression: (expression) => {
      if (expression.kind !== "call") return false;
      const wanted = context.arity(expression.operator);
      if (wanted === undefined) {
        const name = printRef(writtenRef(expression.operator, context.written).terms);
        errors.push(problem("rego_type_error", expression.span, `undefined function ${name}`));
        return true;
      }
      const given = expression.args.length;
      if (expression.generated === true) {
        if (isEquality(expression) || given === wanted + 1) return false;
        errors.push(mismatchError(context, expression, wanted, given - 1));
        return true;
      }
      if (given === wanted || given === wanted + 1) return false;
      errors.push(mismatchError(context, expression, wanted, given));
      return true;
    },
  };
}

/** Checks the calls of every rule. */
export function checkCalls(compilation: Compilation, context: CallContext): void {
  for (const module of compilation.modules) {
    const errors: Diagnostic[] = [];
    const visitor = faultyCalls(context, errors);
    for (const rule of rulesOf(module)) {
      walkHead(rule.head, visitor);
      walkBody(rule.body, visitor);
    }
    compilation.errors.fail(...errors);
  }
}
