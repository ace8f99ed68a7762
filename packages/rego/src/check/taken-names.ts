/** Names in the sources that look like those the checker makes. */
import type { Module } from "../syntax/ast.ts";

/** Every name of that kind in the texts of some modules. */
export function takenNames(modules: readonly Module[]): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const module of modules) {
    for (const [name] of module.span.source.text.matchAll(/__local\w*/g)) taken.add(name);
  }
  return taken;
}
