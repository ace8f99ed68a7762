/** Names in the sources that look like those the checker makes. */
import type { Module, Rule } from "../syntax/ast.ts";
import { addBody, addTerm, everyVariable, isGenerated, type Variables } from "./variables.ts";

function addRule(rule: Rule, into: Variables): void {
  const { ref, args = [], value } = rule.head;
  // What `contains` adds is not looked at, as in OPA.
  for (const term of [...ref.terms, ...args]) addTerm(term, everyVariable, into);
  if (value !== undefined) addTerm(value, everyVariable, into);
  addBody(rule.body, everyVariable, into);
  if (rule.else !== undefined) addRule(rule.else, into);
}

/** Every name of that kind in some modules. */
export function takenNames(modules: readonly Module[]): ReadonlySet<string> {
  const names: Variables = new Map();
  for (const module of modules) {
    if (!module.span.source.text.includes("__local")) continue;
    for (const rule of module.rules) addRule(rule, names);
  }
  return new Set([...names.keys()].filter(isGenerated));
}
