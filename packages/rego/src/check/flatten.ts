/**
 * Takes calls out of terms: `f(g(x)) = y` becomes `g(x, __local0__); f(__local0__, y)`. What was taken out stands before
 * the expression, under the same `with`.
 */
import type { Body, CallExpression, Expression, RefTerm, Term } from "../syntax/ast.ts";
import { type Compilation, type NameGenerator, rulesOf } from "./compilation.ts";
import { appendToBody, capture, equation } from "./heads.ts";
import { inTermOrder } from "../syntax/compare.ts";
import { numbered } from "./rewrite.ts";

/** Flattens terms, with the names and the notes of one compilation. */
export class Flattener {
  readonly #names: NameGenerator;
  readonly #subjects: Map<string, Term>;

  constructor(names: NameGenerator, subjects: Map<string, Term>) {
    this.#names = names;
    this.#subjects = subjects;
  }

  /** A term without calls; the expressions that it needs are added to `support`. */
  term(term: Term, support: Expression[]): Term {
    switch (term.kind) {
      case "call": {
        const args = term.args.map((argument) => this.term(argument, support));
        const output = this.#names.variable(term.span);
        support.push({
          kind: "call",
          span: term.span,
          operator: term.operator,
          args: [...args, output],
          negated: false,
          with: [],
          index: 0,
          generated: true,
        });
        return output;
      }
      case "ref":
        return this.#ref(term, support);
      case "array":
        return { ...term, items: term.items.map((item) => this.term(item, support)) };
      case "set":
      case "object":
        return inTermOrder(term, (part) => this.term(part, support));
      case "arrayComprehension":
      case "setComprehension": {
        const inner: Expression[] = [];
        const head = this.term(term.term, inner);
        return { ...term, term: head, body: this.body(appendToBody(term.body, inner)) };
      }
      case "objectComprehension": {
        const inner: Expression[] = [];
        const key = this.term(term.key, inner);
        const value = this.term(term.value, inner);
        return { ...term, key, value, body: this.body(appendToBody(term.body, inner)) };
      }
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "var":
      case "templateString":
        return term;
    }
  }

  #ref(ref: RefTerm, support: Expression[]): Term {
    const terms = ref.terms.map((part) => {
      const flat = this.term(part, support);
      if (part.kind === "call" && flat.kind === "var") this.#subjects.set(flat.name, part);
      return flat;
    });
    const [head, ...rest] = terms;
    switch (head?.kind) {
      case "array":
      case "object":
      case "set":
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension": {
        const { variable, expression } = capture(this.#names, head);
        support.push(expression);
        if (variable.kind === "var") this.#subjects.set(variable.name, head);
        return { ...ref, terms: [variable, ...rest] };
      }
      case undefined:
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "var":
      case "ref":
      case "call":
      case "templateString":
        return { ...ref, terms };
    }
  }

  /** An expression with all that it needs before it. */
  expression(expression: Expression, into: Expression[]): void {
    const modifiers = expression.with.map((modifier) => ({ ...modifier, value: this.term(modifier.value, into) }));
    const under = (support: readonly Expression[]): void => {
      for (const each of support) into.push(modifiers.length === 0 ? each : { ...each, with: modifiers });
    };
    const base = modifiers.length === 0 ? expression : { ...expression, with: modifiers };
    const support: Expression[] = [];
    switch (base.kind) {
      case "term": {
        const term = this.term(base.term, support);
        under(support);
        into.push({ ...base, term });
        return;
      }
      case "call": {
        const args = base.args.map((argument) => this.term(argument, support));
        under(support);
        into.push({ ...base, args });
        return;
      }
      case "every": {
        const domain = this.#names.variable(base.domain.span);
        const equality: CallExpression = { ...equation(domain, base.domain), with: modifiers };
        this.expression(equality, into);
        into.push({ ...base, domain, body: this.body(base.body) });
        return;
      }
      case "not":
        into.push({ ...base, body: this.body(base.body) });
        return;
      case "and":
      case "or":
        into.push({
          ...base,
          operands: base.operands.map((operand) => ({ ...operand, body: this.body(operand.body) })),
        });
        return;
      case "some":
      case "someIn":
        into.push(base);
        return;
    }
  }

  /** A body of flat expressions. */
  body(body: Body): Body {
    const result: Expression[] = [];
    for (const expression of body) this.expression(expression, result);
    return numbered(result);
  }
}

/** Flattens every rule. */
export function flattenTerms(compilation: Compilation): void {
  const flattener = new Flattener(compilation.names, compilation.subjects);
  for (const module of compilation.modules) {
    for (const rule of rulesOf(module)) {
      const support: Expression[] = [];
      const { args, key, value } = rule.head;
      rule.head = {
        ...rule.head,
        ...(args === undefined ? {} : { args: args.map((term) => flattener.term(term, support)) }),
        ...(key === undefined ? {} : { key: flattener.term(key, support) }),
        ...(value === undefined ? {} : { value: flattener.term(value, support) }),
      };
      rule.body = flattener.body(appendToBody(rule.body, support));
    }
  }
}
