/**
 * Gives each scope's variables names that no other scope of the rule uses.
 *
 * A variable that is never declared belongs to the outermost body that mentions it outside of closures; the same name
 * in two comprehensions is two variables. Declared ones are unique already.
 */
import type { Body, Expression, RuleHead, Term } from "../syntax/ast.ts";
import type { WorkRule } from "./compilation.ts";
import { mapExpression, mapList, mapTerm, mapWith, type Rewriter } from "./rewrite.ts";
import { addBody, addTerm, headVariables, type Variables } from "./variables.ts";

/** Variables of a body that are its own or those around it, closures left out. */
const ownVariables = { skipCallHead: true, skipClosures: true } as const;

class Renamer implements Rewriter {
  readonly #used: Set<string>;
  readonly #visible: ReadonlyMap<string, string>;
  readonly #record: (generated: string, name: string) => void;
  readonly #fresh: () => string;

  constructor(
    used: Set<string>,
    visible: ReadonlyMap<string, string>,
    record: (generated: string, name: string) => void,
    fresh: () => string,
  ) {
    this.#used = used;
    this.#visible = visible;
    this.#record = record;
    this.#fresh = fresh;
  }

  #inside(names: Iterable<string>): Renamer {
    const visible = new Map(this.#visible);
    for (const name of names) {
      if (visible.has(name)) continue;
      if (!this.#used.has(name)) {
        this.#used.add(name);
        visible.set(name, name);
        continue;
      }
      const generated = this.#fresh();
      this.#record(generated, name);
      visible.set(name, generated);
    }
    return new Renamer(this.#used, visible, this.#record, this.#fresh);
  }

  #closure(heads: readonly Term[], body: Body): Renamer {
    const names: Variables = new Map();
    addBody(body, ownVariables, names);
    for (const head of heads) addTerm(head, ownVariables, names);
    return this.#inside(names.keys());
  }

  readonly term = (term: Term): Term => {
    switch (term.kind) {
      case "var": {
        const name = this.#visible.get(term.name);
        return name === undefined || name === term.name ? term : { kind: "var", span: term.span, name };
      }
      case "arrayComprehension":
      case "setComprehension":
        return mapTerm(term, this.#closure([term.term], term.body).#flat());
      case "objectComprehension":
        return mapTerm(term, this.#closure([term.key, term.value], term.body).#flat());
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "ref":
      case "call":
      case "array":
      case "object":
      case "set":
      case "templateString":
        return mapTerm(term, this);
    }
  };

  /** For a closure whose names are known already: its body is not a scope within itself. */
  #flat(): Rewriter {
    return { term: this.term, expression: this.expression, body: (body) => mapList(body, this.expression) };
  }

  readonly expression = (expression: Expression): Expression => {
    if (expression.kind !== "every") return mapExpression(expression, this);
    const { key, value } = expression;
    const names: Variables = new Map();
    addBody(expression.body, ownVariables, names);
    names.set(value.name, undefined);
    if (key !== undefined) names.set(key.name, undefined);
    const inside = this.#inside(names.keys());
    const rename = (variable: typeof value): typeof value => {
      const renamed = inside.term(variable);
      return renamed.kind === "var" ? renamed : variable;
    };
    return {
      ...expression,
      ...(key === undefined ? {} : { key: rename(key) }),
      value: rename(value),
      domain: this.term(expression.domain),
      body: mapList(expression.body, inside.expression),
      with: mapList(expression.with, (modifier) => mapWith(modifier, this)),
    };
  };

  readonly body = (body: Body): Body => mapList(body, this.#closure([], body).expression);
}

/** A rule's head and body with distinct names; what was renamed is recorded in `names`. */
export function distinctNames(
  rule: WorkRule,
  names: Map<string, string>,
  fresh: () => string,
): { readonly head: RuleHead; readonly body: Body } {
  const own = headVariables(rule.head);
  own.delete("data");
  addBody(rule.body, ownVariables, own);
  return { head: rule.head, body: renameIn(own, rule.body, names, fresh) };
}

/** A body in which closures have names of their own, given the variables of its outermost scope. */
export function renameIn(own: Variables, body: Body, names: Map<string, string>, fresh: () => string): Body {
  const visible = new Map<string, string>();
  for (const name of [...own.keys(), "input", "data"]) visible.set(name, name);
  const record = (generated: string, name: string): void => {
    names.set(generated, names.get(name) ?? name);
  };
  const renamer = new Renamer(new Set(visible.keys()), visible, record, fresh);
  return mapList(body, renamer.expression);
}
