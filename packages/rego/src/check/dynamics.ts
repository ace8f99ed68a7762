/** Refs and comprehensions inside of calls and terms get variables before the expression, so that each is evaluated once. */
import type { Body, Expression, RefTerm, Term } from "../syntax/ast.ts";
import { type Compilation, type NameGenerator, rulesOf } from "./compilation.ts";
import { isEquality } from "./declared.ts";
import { capture } from "./heads.ts";
import { inTermOrder } from "../syntax/compare.ts";
import { numbered } from "./rewrite.ts";

/** Does it for the bodies of one compilation. */
export class Hoister {
  readonly #names: NameGenerator;
  readonly #subjects: Map<string, Term>;

  constructor(names: NameGenerator, subjects: Map<string, Term>) {
    this.#names = names;
    this.#subjects = subjects;
  }

  /** A body in which it is done. */
  readonly body = (body: Body): Body => {
    const result: Expression[] = [];
    for (const expression of body) result.push(this.#expression(expression, result));
    return numbered(result);
  };

  #expression(expression: Expression, into: Expression[]): Expression {
    switch (expression.kind) {
      case "call": {
        const once = isEquality(expression);
        if (once && expression.args.length !== 2) return expression;
        const args = expression.args.map((term) =>
          once ? this.#shallow(expression, term, into) : this.#deep(expression, term, into),
        );
        return { ...expression, args };
      }
      case "every": {
        const domain = this.#deep(expression, expression.domain, into);
        return { ...expression, domain, body: this.body(expression.body) };
      }
      case "not":
        return { ...expression, body: this.body(expression.body) };
      case "and":
      case "or": {
        const operands = expression.operands.map((operand) => ({ ...operand, body: this.body(operand.body) }));
        return { ...expression, operands };
      }
      case "term":
        return { ...expression, term: this.#shallow(expression, expression.term, into) };
      case "some":
      case "someIn":
        return expression;
    }
  }

  #tail(expression: Expression, ref: RefTerm, into: Expression[]): RefTerm {
    const terms = ref.terms.map((term, index) => (index === 0 ? term : this.#deep(expression, term, into)));
    return { ...ref, terms };
  }

  #closure(term: Term): Term | undefined {
    switch (term.kind) {
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
        return { ...term, body: this.body(term.body) };
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "var":
      case "ref":
      case "call":
      case "array":
      case "object":
      case "set":
      case "templateString":
        return undefined;
    }
  }

  /** A term that may stay where it is, with what is inside it moved. */
  #shallow(expression: Expression, term: Term, into: Expression[]): Term {
    if (term.kind === "ref") return this.#tail(expression, term, into);
    return this.#closure(term) ?? this.#deep(expression, term, into);
  }

  #deep(expression: Expression, term: Term, into: Expression[]): Term {
    switch (term.kind) {
      case "ref":
        return this.#move(expression, this.#tail(expression, term, into), into);
      case "array":
        return { ...term, items: term.items.map((item) => this.#deep(expression, item, into)) };
      case "set":
      case "object":
        return inTermOrder(term, (part) => this.#deep(expression, part, into));
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
        return this.#move(expression, this.#closure(term) ?? term, into);
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "var":
      case "call":
      case "templateString":
        return term;
    }
  }

  #move(expression: Expression, term: Term, into: Expression[]): Term {
    const { variable, expression: equality } = capture(this.#names, term);
    into.push({ ...equality, with: expression.with });
    if (variable.kind === "var") this.#subjects.set(variable.name, term);
    return variable;
  }
}

/** Rewrites the body of every rule. */
export function hoistDynamics(compilation: Compilation): void {
  const hoister = new Hoister(compilation.names, compilation.subjects);
  for (const module of compilation.modules) {
    for (const rule of rulesOf(module)) rule.body = hoister.body(rule.body);
  }
}
