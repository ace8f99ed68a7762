import type { CheckedQuery } from "../check/program.ts";
import type { Entry, Operand } from "./plan.ts";
import { Scope } from "./scope.ts";
import type { World } from "./world.ts";

/** Plans a named query. */
export function planEntry(world: World, name: string, query: CheckedQuery): Entry {
  const scope = Scope.root(world, query.variables);
  scope.plan(query.body);
  const variables = [...query.variables].flatMap(([generated, written]): (readonly [string, Operand])[] => {
    const value = scope.valueOf(generated);
    return value === undefined ? [] : [[written, value]];
  });
  const document = planDocument(world, query);
  const entry = { name, goals: scope.goals, variables };
  return document === undefined ? entry : { ...entry, document };
}

/** The one ground ref that a query is, if it is one. */
function planDocument(world: World, query: CheckedQuery): Operand | undefined {
  const [only, ...more] = query.body;
  if (only?.kind !== "term" || more.length > 0 || only.negated || only.with.length > 0) return undefined;
  if (only.term.kind !== "ref" && only.term.kind !== "var") return undefined;
  const scope = Scope.root(world, query.variables);
  const value = scope.evaluate(only.term);
  return scope.goals.length === 0 ? value : undefined;
}
