/** Terms as values: what can be computed once its variables are bound. References may iterate on the way. */
import type { RefTerm, Term } from "../syntax/ast.ts";
import { planCall } from "./call.ts";
import { OpenVariable } from "./open-variable.ts";
import type { Operand } from "./plan.ts";
import type { Scope } from "./scope.ts";
import { planReference } from "./reference.ts";

/** A term's value; undefined at run time where a reference in it is. */
export function evaluate(scope: Scope, term: Term): Operand {
  switch (term.kind) {
    case "null":
    case "boolean":
    case "number":
    case "string":
      return { kind: "constant", term };
    case "var":
      return evaluateVariable(scope, term.name, term);
    case "ref":
      return planReference(scope, term);
    case "array":
    case "set": {
      const items = term.items.map((item) => scope.evaluateDefined(item));
      return allConstant(items)
        ? { kind: "constant", term: { ...term, items: termsOf(items) } }
        : { kind: term.kind, items };
    }
    case "object": {
      const entries = term.entries.map(([key, value]): readonly [Operand, Operand] => [
        scope.evaluateDefined(key),
        scope.evaluateDefined(value),
      ]);
      if (!allConstant(entries.flat())) return { kind: "object", entries };
      const constants = entries.map(([key, value]): readonly [Term, Term] => [termOf(key), termOf(value)]);
      return { kind: "constant", term: { ...term, entries: constants } };
    }
    case "call":
      return planCall(scope, term.operator, term.args, term.span);
    case "arrayComprehension":
    case "setComprehension": {
      const inner = scope.inner();
      inner.plan(term.body);
      const value = inner.evaluateDefined(term.term);
      const into = scope.local(term.kind === "arrayComprehension" ? "list" : "set");
      const form = term.kind === "arrayComprehension" ? "array" : "set";
      scope.push({ kind: "collect", into, form, goals: inner.goals, value });
      return into;
    }
    case "objectComprehension": {
      const inner = scope.inner();
      inner.plan(term.body);
      const key = inner.evaluateDefined(term.key);
      const value = inner.evaluateDefined(term.value);
      const into = scope.local("object");
      scope.push({ kind: "collectObject", into, goals: inner.goals, key, value, span: term.span });
      return into;
    }
    case "templateString":
      throw new Error("the checker leaves no template strings");
  }
}

function evaluateVariable(scope: Scope, name: string, term: Term): Operand {
  const value = scope.valueOf(name);
  if (value !== undefined) return value;
  if (name === "input") return { kind: "input" };
  if (name === "data") {
    const ref: RefTerm = { kind: "ref", span: term.span, terms: [term] };
    return planReference(scope, ref);
  }
  throw new OpenVariable(`var ${name} is unsafe`, term.span);
}

function allConstant(values: readonly Operand[]): boolean {
  return values.every((value) => value.kind === "constant");
}

function termsOf(values: readonly Operand[]): readonly Term[] {
  return values.map(termOf);
}

function termOf(value: Operand): Term {
  if (value.kind !== "constant") throw new Error("only a constant is a term");
  return value.term;
}
