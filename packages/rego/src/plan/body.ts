import type { Body, Every, Expression, LogicalOperand } from "../syntax/ast.ts";
import { planCallExpression } from "./call.ts";
import type { Goal } from "./plan.ts";
import type { Scope } from "./scope.ts";
import { planChanges } from "./change.ts";

/** Plans a body's expressions in order into a scope. */
export function planBody(scope: Scope, body: Body): void {
  for (const expression of body) planExpression(scope, expression);
}

function planExpression(scope: Scope, expression: Expression): void {
  if (expression.with.length === 0) {
    planSigned(scope, expression);
    return;
  }
  // Values are of the world outside; the expression sees the one inside.
  const changes = planChanges(scope, expression.with);
  const within = scope.aside();
  planSigned(within, expression);
  scope.push({ kind: "with", changes, goals: within.goals });
}

function planSigned(scope: Scope, expression: Expression): void {
  if (!expression.negated) {
    planPlain(scope, expression);
    return;
  }
  const inner = scope.inner();
  planPlain(inner, expression);
  scope.push({ kind: "not", goals: inner.goals });
}

function planPlain(scope: Scope, expression: Expression): void {
  switch (expression.kind) {
    case "term": {
      scope.push({ kind: "test", value: scope.evaluate(expression.term) });
      return;
    }
    case "call":
      planCallExpression(scope, expression.operator, expression.args, expression.span);
      return;
    case "not":
      scope.push({ kind: "not", goals: goalsOf(scope, expression.body) });
      return;
    case "and":
      // Each operand binds nothing outside: an alternative of its own, and all must have one.
      for (const operand of expression.operands) {
        scope.push({ kind: "or", alternatives: [alternative(scope, operand)] });
      }
      return;
    case "or":
      scope.push({
        kind: "or",
        alternatives: expression.operands.map((operand) => alternative(scope, operand)),
      });
      return;
    case "every":
      planEvery(scope, expression);
      return;
    case "some":
      return;
    case "someIn":
      throw new Error("the checker leaves no `some … in`");
  }
}

function goalsOf(scope: Scope, body: Body): readonly Goal[] {
  const inner = scope.inner();
  planBody(inner, body);
  return inner.goals;
}

function alternative(scope: Scope, operand: LogicalOperand): readonly Goal[] {
  return goalsOf(scope, operand.body);
}

function planEvery(scope: Scope, every: Every): void {
  const over = scope.evaluateDefined(every.domain);
  const inner = scope.inner();
  const value = inner.localFor(every.value.name);
  inner.bind(every.value.name, value);
  const { key } = every;
  if (key === undefined || key.wildcard === true) {
    planBody(inner, every.body);
    scope.push({ kind: "every", over, value, goals: inner.goals });
    return;
  }
  const keyLocal = inner.localFor(key.name);
  inner.bind(key.name, keyLocal);
  planBody(inner, every.body);
  scope.push({ kind: "every", over, key: keyLocal, value, goals: inner.goals });
}
