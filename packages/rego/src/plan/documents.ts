/**
 * What stands at each path below `data`, as far as the rules say: a group of rules that make one document, a function,
 * or an interior node with more below it. Everything that is not here is base data.
 */
import { ruleKey, type CheckedRule, type RuleTree } from "../check/program.ts";
import type { Span } from "../source.ts";
import type { Term } from "../syntax/ast.ts";

/** The term that a segment of a path stands for: the other way from `pathSegment`. */
export function segmentTerm(segment: string): Term {
  const span = nowhere;
  if (!segment.startsWith("\0")) return { kind: "string", value: segment, span };
  const text = segment.slice(1);
  if (text === "null") return { kind: "null", span };
  if (text === "true" || text === "false") return { kind: "boolean", value: text === "true", span };
  return { kind: "number", text, span };
}

const nowhere: Span = { source: { name: "", text: "" }, start: 0, end: 0 };

/** A group of rules that make one document. */
export interface GroupNode {
  readonly kind: "group" | "function";
  readonly id: string;
  readonly path: readonly string[];
  readonly document: CheckedRule["document"];
  readonly rules: readonly CheckedRule[];
}

/** A path with rules only below it. */
export interface InteriorNode {
  readonly kind: "interior";
  readonly id: string;
  readonly path: readonly string[];
  readonly children: ReadonlyMap<string, DocumentNode>;
}

export type DocumentNode = GroupNode | InteriorNode;

/** The documents below `data`. */
export function documentsOf(tree: RuleTree): InteriorNode {
  return interior(tree, []);
}

function interior(tree: RuleTree, path: readonly string[]): InteriorNode {
  const children = new Map<string, DocumentNode>();
  for (const [name, child] of tree.children) children.set(name, nodeOf(child, [...path, name]));
  return { kind: "interior", id: ruleKey(path), path, children };
}

function nodeOf(tree: RuleTree, path: readonly string[]): DocumentNode {
  const own = tree.rules;
  if (own.length === 0) return interior(tree, path);
  const id = ruleKey(path);
  if (own.some((rule) => rule.document === "function")) {
    return { kind: "function", id, path, document: "function", rules: own };
  }
  // A head with keys may meet the rules below it in one object, so all of them are one document.
  if (own.some((rule) => rule.keys.length > 0)) {
    return { kind: "group", id, path, document: "object", rules: [...own, ...below(tree)] };
  }
  const document = own.find((rule) => !rule.rule.isDefault)?.document ?? own[0]?.document ?? "complete";
  return { kind: "group", id, path, document, rules: own };
}

function below(tree: RuleTree): CheckedRule[] {
  const rules: CheckedRule[] = [];
  for (const child of tree.children.values()) rules.push(...child.rules, ...below(child));
  return rules.filter((rule) => rule.document !== "function");
}

/** All groups and interiors below a node, itself included, parents first. */
export function allNodes(node: DocumentNode): DocumentNode[] {
  if (node.kind !== "interior") return [node];
  return [node, ...[...node.children.values()].flatMap(allNodes)];
}
