/** Names that were declared or assigned and never used. */
import type { Body } from "../syntax/ast.ts";
import { problem } from "./compilation.ts";
import { addDeclaredBy } from "./declared.ts";
import type { Scopes } from "./scopes.ts";
import { addBody, addExpression, everyVariable, isGenerated, isWildcard, type Variables } from "./variables.ts";

/** A body as it was written and as it came out, and what is known of the names around it. */
export interface Usage {
  readonly written: Body;
  readonly rewritten: Body;
  /** Names that the head of the body uses. */
  readonly used: ReadonlySet<string>;
  readonly scopes: Scopes;
  /** Whether something worse is wrong already. */
  readonly failed: boolean;
  readonly strict: boolean;
}

function report({ scopes, written }: Usage, name: string, what: string, at: Body[number] | undefined): void {
  const span = (at ?? written[0])?.span;
  scopes.unused.push(problem("rego_compile_error", span, `${what} var ${isWildcard(name) ? "_" : name} unused`));
}

/** In the order of the generated names, as OPA goes through them: it matters where the limit cuts. */
function byName(names: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...names].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function checkAssigned(usage: Usage): void {
  const { scopes, used, strict } = usage;
  if (!strict || usage.failed || scopes.unused.length > 0) return;
  const { names, occurrences } = scopes.top;
  const unused = new Map<string, string>();
  for (const [name, occurrence] of occurrences) {
    const generated = names.get(name) ?? name;
    if (occurrence !== "assigned" || isWildcard(name) || scopes.count(name) > 1 || used.has(generated)) continue;
    unused.set(generated, name);
  }
  for (const name of used) {
    const generated = scopes.declared(name);
    if (generated !== undefined) unused.delete(generated);
  }
  for (const [generated, name] of byName(unused)) {
    const at = usage.rewritten.findIndex((expression) => {
      const variables: Variables = new Map();
      addExpression(expression, everyVariable, variables);
      return variables.has(generated);
    });
    report(usage, name, "assigned", at === -1 ? undefined : usage.rewritten[at]);
  }
}

function checkDeclared(usage: Usage): void {
  const { scopes, used } = usage;
  if (usage.failed || scopes.unused.length > 0) return;
  const { names, occurrences } = scopes.top;
  const declared = new Map<string, string>();
  for (const [name, occurrence] of occurrences) {
    if (occurrence === "declared") declared.set(names.get(name) ?? name, name);
  }
  if (declared.size === 0) return;
  const inBody: Variables = new Map();
  addBody(usage.rewritten, everyVariable, inBody);
  const usedNames = new Set(used);
  for (const name of used) usedNames.add(scopes.declared(name) ?? name);
  for (const [generated, name] of byName(declared)) {
    if (inBody.has(generated) || usedNames.has(generated) || isGenerated(name)) continue;
    const at = usage.written.find((expression) => {
      const own = new Set<string>();
      addDeclaredBy(expression, own);
      return own.has(name);
    });
    report(usage, name, "declared", at);
  }
}

/** Tells of names of the innermost scope that nothing uses: declared ones always, assigned ones in strict mode. */
export function checkUnusedNames(usage: Usage): void {
  checkAssigned(usage);
  checkDeclared(usage);
}
