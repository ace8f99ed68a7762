/**
 * References. `input.a[i].b` reads its way down; a variable without a value iterates. `data.a.b` first follows the
 * documents that rules make as far as names are known when planning, so that most references are one call, or none.
 */
import { pathSegment } from "../check/program.ts";
import type { RefTerm, Term } from "../syntax/ast.ts";
import type { DocumentNode, GroupNode, InteriorNode } from "./documents.ts";
import { isEvaluable } from "./evaluable.ts";
import { hintOf } from "./hint-of.ts";
import type { Operand } from "./plan.ts";
import type { Scope } from "./scope.ts";
import { unify } from "./unify.ts";

/** What a reference gives; goals that iterate are pushed on the way. */
export function planReference(scope: Scope, ref: RefTerm): Operand {
  const [head, ...rest] = ref.terms;
  if (head === undefined) throw new Error("a reference has a head");
  if (head.kind === "var" && scope.valueOf(head.name) === undefined) {
    if (head.name === "data") return dataReference(scope, rest);
    if (head.name === "input") return lookups(scope, { kind: "input" }, rest);
  }
  return lookups(scope, scope.evaluate(head), rest);
}

function dataReference(scope: Scope, terms: readonly Term[]): Operand {
  const path: string[] = [];
  let node: DocumentNode | undefined = scope.world.root;
  for (const [at, term] of terms.entries()) {
    if (node?.kind === "group") return groupReference(scope, node, terms.slice(at));
    const below: DocumentNode | undefined = childOf(node, term);
    if (term.kind === "string") {
      path.push(term.value);
      node = below;
    } else if (below !== undefined) {
      path.push(pathSegment(term));
      node = below;
    } else if (node?.kind === "interior" && hasDocuments(node)) {
      return dynamicReference(scope, node, terms.slice(at));
    } else {
      return lookups(scope, { kind: "base", path }, terms.slice(at));
    }
  }
  if (node?.kind === "group") return { kind: "document", group: node.id };
  if (node?.kind === "interior") return { kind: "extent", node: node.id };
  return { kind: "base", path };
}

/** What a group's document has below it: the keys that are known go along, so that no rule runs that is for others. */
function groupReference(scope: Scope, node: GroupNode, terms: readonly Term[]): Operand {
  const keys: Operand[] = [];
  for (const term of terms.slice(0, keysOfGroup(node))) {
    if (!isEvaluable(scope, term)) break;
    keys.push(scope.evaluateDefined(term));
  }
  if (keys.length === 0) return lookups(scope, { kind: "document", group: node.id }, terms);
  scope.world.ask(node.id, keys.length);
  return lookups(scope, { kind: "entry", group: node.id, keys }, terms.slice(keys.length));
}

/** How many keys the longest head of a group's rules has after the group's path. */
function keysOfGroup({ document, path, rules }: GroupNode): number {
  if (document === "set") return 1;
  if (document !== "object") return 0;
  const lengths = rules.map(
    (rule) =>
      rule.path.length -
      path.length +
      rule.keys.length +
      (rule.document === "set" || rule.rule.head.key !== undefined ? 1 : 0),
  );
  return Math.max(...lengths);
}

/** What stands at a key that is known when planning. */
function childOf(node: DocumentNode | undefined, term: Term): DocumentNode | undefined {
  if (node?.kind !== "interior" || !isScalar(term)) return undefined;
  return node.children.get(pathSegment(term));
}

function isScalar(term: Term): boolean {
  return term.kind === "string" || term.kind === "number" || term.kind === "boolean" || term.kind === "null";
}

/** Whether there is anything but functions below a node. */
function hasDocuments(node: DocumentNode): boolean {
  if (node.kind === "group") return true;
  return node.kind === "interior" && [...node.children.values()].some(hasDocuments);
}

/** `data.a[x].b.c`: the names after the dynamic key go along with it, so that no rule runs that cannot matter. */
function dynamicReference(scope: Scope, { id, children }: InteriorNode, terms: readonly Term[]): Operand {
  const [dynamic, ...rest] = terms;
  if (dynamic === undefined) throw new Error("a dynamic reference has a key");
  const key = planKey(scope, dynamic, () => {
    const local = scope.local(dynamic.kind === "var" ? "name" : "key");
    scope.push({ kind: "enumerate", node: id, key: local });
    return local;
  });
  const suffix: string[] = [];
  for (const term of rest) {
    if (term.kind !== "string") break;
    suffix.push(term.value);
  }
  for (const child of children.values()) askFor(scope, child, suffix);
  return lookups(scope, { kind: "child", node: id, key, suffix }, rest.slice(suffix.length));
}

/** Notes which keys are asked for where names lead into a group. */
function askFor(scope: Scope, from: DocumentNode, names: readonly string[]): void {
  let node: DocumentNode | undefined = from;
  for (const [at, name] of names.entries()) {
    if (node?.kind === "group") {
      const keys = Math.min(names.length - at, keysOfGroup(node));
      if (keys > 0) scope.world.ask(node.id, keys);
      return;
    }
    node = node?.kind === "interior" ? node.children.get(name) : undefined;
  }
}

/** The key that a term in brackets is, or the one that each round gives where it has none yet. */
function planKey(scope: Scope, term: Term, iterate: () => Operand): Operand {
  if (isEvaluable(scope, term)) return scope.evaluateDefined(term);
  const key = iterate();
  unify(scope, { term }, { operand: key });
  return key;
}

function lookups(scope: Scope, from: Operand, terms: readonly Term[]): Operand {
  let operand = from;
  for (const term of terms) operand = lookup(scope, operand, term);
  return operand;
}

function lookup(scope: Scope, of: Operand, term: Term): Operand {
  if (isEvaluable(scope, term)) return { kind: "lookup", of, key: scope.evaluateDefined(term) };
  const value = scope.local(singular(of));
  if (term.kind === "var") {
    if (term.wildcard === true) {
      scope.push({ kind: "iterate", over: of, value });
    } else {
      const key = scope.localFor(term.name);
      scope.push({ kind: "iterate", over: of, key, value });
      scope.bind(term.name, key);
    }
    return value;
  }
  const key = scope.local(hintOf(term));
  scope.push({ kind: "iterate", over: of, key, value });
  unify(scope, { term }, { operand: key });
  return value;
}

/** A name for an element of a collection: `container` of `containers`. */
function singular(of: Operand): string {
  const name = nameOf(of);
  if (name === undefined) return "item";
  if (name.endsWith("ies") && name.length > 4) return `${name.slice(0, -3)}y`;
  return name.endsWith("s") && !name.endsWith("ss") && name.length > 2 ? name.slice(0, -1) : `${name}_item`;
}

function nameOf(of: Operand): string | undefined {
  switch (of.kind) {
    case "local":
      return of.hint.startsWith("__") || of.hint.startsWith("$") ? undefined : of.hint;
    case "lookup":
      return of.key.kind === "constant" && of.key.term.kind === "string" ? of.key.term.value : undefined;
    case "base":
      return of.path.at(-1);
    case "document": {
      // as: the id of a group is its path as JSON text
      const path = JSON.parse(of.group) as string[];
      return path.at(-1);
    }
    case "constant":
    case "input":
    case "extent":
    case "child":
    case "entry":
    case "array":
    case "set":
    case "object":
      return undefined;
  }
}
