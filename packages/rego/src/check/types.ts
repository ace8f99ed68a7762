/** Types every rule, those that others need first. */
import type { Diagnostic } from "../diagnostics.ts";
import type { RefTerm, Term } from "../syntax/ast.ts";
import {
  byPlace,
  type Compilation,
  isFunction,
  isMultiValue,
  problem,
  rulePath,
  type WorkRule,
} from "./compilation.ts";
import { groundPrefix } from "./constants.ts";
import { isGround } from "../syntax/build.ts";
import { type Graph, inOrder } from "./graph.ts";
import { groundPath } from "./program-of.ts";
import { ruleKey } from "./program.ts";
import { inputSchema } from "./input-schema.ts";
import { asRef, mapExpression, mapList, mapTerm, type Rewriter } from "./rewrite.ts";
import { type RuleSchemas, schemaOverrides } from "./schema-annotations.ts";
import { depthFirst, rulesReadBy, type TreeNode } from "./tree.ts";
import { anyType, type Known, objectType } from "./type-algebra.ts";
import { BodyTyper } from "./type-bodies.ts";
import type { TypeEnvironment } from "./type-environment.ts";
import type { Written } from "./type-refs.ts";
import type { Type } from "./type.ts";
import { walkTerm } from "./walk.ts";

/** Shows refs with the names and terms that were written in place of generated names. */
export function writtenRefs(written: ReadonlyMap<string, string>, subjects: ReadonlyMap<string, Term>): Written {
  const rewriter: Rewriter = {
    term: (term) => {
      if (term.kind !== "var") return mapTerm(term, rewriter);
      const subject = subjects.get(term.name);
      if (subject !== undefined) return mapTerm(subject, rewriter);
      const name = written.get(term.name);
      return name === undefined ? term : { kind: "var", span: term.span, name };
    },
    body: (body) => mapList(body, rewriter.expression),
    expression: (expression) => mapExpression(expression, rewriter),
  };
  return (ref) => asRef(mapTerm(ref, rewriter));
}

/** Answers the paths of the rules that a ref may read and of those that need them. */
export function dependentPaths(tree: TreeNode, graph: Graph): (ref: RefTerm) => readonly (readonly Term[])[] {
  return (ref) => {
    const seen = new Set<WorkRule>(rulesReadBy(tree, ref));
    for (const rule of seen) for (const dependent of graph.reverse.get(rule) ?? []) seen.add(dependent);
    return [...seen].map((rule) => groundPrefix(rulePath(rule)));
  };
}

function nested(inside: TypeEnvironment, keys: readonly Term[], type: Known): Known {
  let result = type;
  for (const key of keys.toReversed()) {
    const keyType = inside.typeOf(key);
    if (result === undefined || keyType === undefined) return undefined;
    result = objectType([], { key: keyType, value: result });
  }
  return result;
}

function functionType(inside: TypeEnvironment, rule: WorkRule): Type {
  const args = rule.head.args ?? [];
  for (const argument of args) {
    walkTerm(argument, {
      term: (term) => {
        if (term.kind === "var" && inside.typeOf(term) === undefined) inside.set(term, anyType);
        return false;
      },
    });
  }
  const { value } = rule.head;
  return {
    kind: "function",
    args: args.map((argument) => inside.typeOf(argument)),
    result: value === undefined ? undefined : inside.typeOf(value),
  };
}

function documentType(inside: TypeEnvironment, rule: WorkRule, keys: readonly Term[]): Known {
  if (isFunction(rule)) return functionType(inside, rule);
  const { key, value } = rule.head;
  if (!isMultiValue(rule)) return nested(inside, keys, value === undefined ? undefined : inside.typeOf(value));
  const of = key === undefined ? undefined : inside.typeOf(key);
  return of === undefined ? undefined : nested(inside, keys, { kind: "set", of });
}

/** What typing the rules has brought. */
export interface Types {
  readonly environment: TypeEnvironment;
  /** The type of each group of rules. */
  readonly groups: ReadonlyMap<string, Type>;
  /** Builtins that were called. */
  readonly called: ReadonlySet<string>;
}

function groupTypes(environment: TypeEnvironment, tree: TreeNode): ReadonlyMap<string, Type> {
  const groups = new Map<string, Type>();
  depthFirst(tree, ({ rules: [rule] }) => {
    const type = rule === undefined ? undefined : environment.typeOfRef(groundPrefix(rulePath(rule)));
    if (rule !== undefined && type !== undefined) groups.set(ruleKey(groundPath(rule)), type);
    return false;
  });
  return groups;
}

/** Types all rules, and tells of what cannot be. */
export function checkTypes(compilation: Compilation, tree: TreeNode, graph: Graph, schemas: RuleSchemas): Types {
  const typer = new BodyTyper({
    options: compilation.options,
    written: writtenRefs(compilation.written, compilation.subjects),
    dependents: dependentPaths(tree, graph),
  });
  const environment = typer.base().wrap();
  const errors: Diagnostic[] = [];
  const { fault } = inputSchema(schemas.named);
  if (fault !== undefined) errors.push(problem("rego_type_error", undefined, fault));
  for (const rule of inOrder(graph)) {
    const around = environment.wrap();
    for (const error of schemaOverrides(around, rule, schemas)) errors.push(error);
    const { inside, errors: found } = typer.body(around, rule.body);
    const path = rulePath(rule);
    if (found.length > 0) {
      errors.push(...found);
      // What needs this rule is not to fail for it.
      environment.tree.put(path, anyType);
      continue;
    }
    const keys = isFunction(rule) || path.slice(1).every(isGround) ? [] : path.slice(groundPrefix(path).length);
    const type = documentType(inside, rule, keys);
    if (type !== undefined)
      environment.tree.insert(path.slice(0, path.length - keys.length), type, (term) => environment.typeOf(term));
  }
  compilation.errors.note(...errors.toSorted(byPlace));
  return { environment, groups: groupTypes(environment, tree), called: typer.called };
}
