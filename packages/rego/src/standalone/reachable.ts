/** A program without the rules that none of its queries can come to, so that a module holds what it needs. */
import { pathSegment, type CheckedQuery, type CheckedRule, type Program, type RuleTree } from "../check/program.ts";
import { walkBody, walkHead, walkTerm, type Visitor } from "../check/walk.ts";
import type { Rule, Term } from "../syntax/ast.ts";

/** Leaves out what cannot be reached. A ref reaches all that is at, below or above the part of it that is known. */
export function reachable(program: Program, queries: ReadonlyMap<string, CheckedQuery>): Program {
  const rules = program.modules.flatMap((module) => module.rules);
  const kept = new Set<CheckedRule>();
  const pending: (readonly string[])[] = [];
  const visitor: Visitor = {
    term: (term) => {
      if (term.kind === "var" && term.name === "data") pending.push([]);
      if (term.kind !== "ref") return false;
      const [root, ...rest] = term.terms;
      if (root?.kind !== "var" || root.name !== "data") return false;
      pending.push(knownPath(rest));
      for (const part of rest) walkTerm(part, visitor);
      return true;
    },
  };
  for (const { body } of queries.values()) walkBody(body, visitor);
  for (let read = pending.pop(); read !== undefined; read = pending.pop()) {
    for (const rule of rules) {
      if (kept.has(rule) || !overlap(rule.path, read)) continue;
      kept.add(rule);
      for (let at: Rule | undefined = rule.rule; at !== undefined; at = at.else) {
        walkHead(at.head, visitor);
        walkBody(at.body, visitor);
      }
    }
  }
  const tree = (node: RuleTree): RuleTree => ({
    rules: node.rules.filter((rule) => kept.has(rule)),
    children: new Map([...node.children].map(([name, child]) => [name, tree(child)])),
  });
  const modules = program.modules.map((module) => ({
    ...module,
    rules: module.rules.filter((rule) => kept.has(rule)),
  }));
  return { ...program, modules, tree: tree(program.tree) };
}

/** The part of a ref below `data` that is known before it runs. */
function knownPath(terms: readonly Term[]): readonly string[] {
  const end = terms.findIndex(({ kind }) => !["string", "number", "boolean", "null"].includes(kind));
  return (end === -1 ? terms : terms.slice(0, end)).map(pathSegment);
}

function overlap(left: readonly string[], right: readonly string[]): boolean {
  const length = Math.min(left.length, right.length);
  return left.slice(0, length).every((name, at) => name === right[at]);
}
