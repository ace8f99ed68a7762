import type { RefTerm, Term, With } from "../syntax/ast.ts";
import { builtinName, calleeOf } from "./call.ts";
import type { Callee, Change, Operand } from "./plan.ts";
import type { Scope } from "./scope.ts";

/** Plans the `with` modifiers of an expression; their values are computed in the scope outside. */
export function planChanges(scope: Scope, modifiers: readonly With[]): readonly Change[] {
  return modifiers.map((modifier) => planChange(scope, modifier));
}

function planChange(scope: Scope, modifier: With): Change {
  const target = refOf(modifier.target);
  const [head, ...rest] = target.terms;
  const root = head?.kind === "var" ? head.name : "";
  if (root === "input") {
    const path = rest.map((term) => scope.evaluateDefined(term));
    return { kind: "input", path, value: scope.evaluateDefined(modifier.value) };
  }
  const names = namesOf(rest);
  if (root === "data" && scope.world.nodeAt(names)?.kind !== "function") {
    const mask = scope.world.mask(names);
    const path = rest.map((term) => scope.evaluateDefined(term));
    return { kind: "data", path, value: scope.evaluateDefined(modifier.value), mask };
  }
  const mock = scope.world.mock(calleeOf(scope, target));
  const callee = functionIn(scope, modifier.value);
  if (callee !== undefined) return { kind: "mockCall", mock, callee };
  const document = documentIn(scope, modifier.value);
  if (document !== undefined) return { kind: "mockDocument", mock, document };
  return { kind: "mockValue", mock, value: scope.evaluateDefined(modifier.value) };
}

/** The function or builtin that a value names, if it does. */
function functionIn(scope: Scope, value: Term): Callee | undefined {
  if (value.kind !== "ref" && value.kind !== "var") return undefined;
  const ref = refOf(value);
  const [head, ...rest] = ref.terms;
  if (head?.kind !== "var" || scope.valueOf(head.name) !== undefined || head.name === "input") {
    return undefined;
  }
  if (head.name === "data") {
    const names = namesOf(rest);
    if (names.length < rest.length || scope.world.nodeAt(names)?.kind !== "function") return undefined;
    return calleeOf(scope, ref);
  }
  const name = builtinName(ref);
  return name === undefined || scope.world.builtin(name) === undefined ? undefined : { kind: "builtin", name };
}

/** The document that a value names whole, if it does. */
function documentIn(scope: Scope, value: Term): (Operand & { readonly kind: "document" | "extent" }) | undefined {
  if (value.kind !== "ref") return undefined;
  const [head, ...rest] = value.terms;
  if (head?.kind !== "var" || head.name !== "data") return undefined;
  const names = namesOf(rest);
  const node = names.length < rest.length ? undefined : scope.world.nodeAt(names);
  if (node?.kind === "group") return { kind: "document", group: node.id };
  return node?.kind === "interior" ? { kind: "extent", node: node.id } : undefined;
}

function refOf(term: RefTerm | (Term & { readonly kind: "var" })): RefTerm {
  return term.kind === "ref" ? term : { kind: "ref", span: term.span, terms: [term] };
}

function namesOf(terms: readonly Term[]): readonly string[] {
  return terms.flatMap((term) => (term.kind === "string" ? [term.value] : []));
}
