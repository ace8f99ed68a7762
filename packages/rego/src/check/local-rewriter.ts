/**
 * Gives local variables names that are unique in the rule, and turns `:=` and `some` into unification.
 *
 * Bodies are gone through in order, since a name may be declared only before it is used. Closures have scopes of their
 * own; `not`, `and` and `or` do where braces were written, and may otherwise not declare anything.
 */
import type { Diagnostic } from "../diagnostics.ts";
import type { Span } from "../source.ts";
import type {
  Body,
  CallExpression,
  CallTerm,
  Every,
  Expression,
  Logical,
  NotBody,
  RefTerm,
  SomeIn,
  Term,
  VarTerm,
  With,
} from "../syntax/ast.ts";
import { problem, type NameGenerator } from "./compilation.ts";
import { isRootDocument } from "./constants.ts";
import { callsBuiltin } from "./declared.ts";
import { builtinRef } from "./heads.ts";
import { isResolvedHead } from "./resolve.ts";
import { outputsOfEquality } from "./outputs.ts";
import { asRef, mapExpression, mapList, mapTerm, numbered } from "./rewrite.ts";
import type { Occurrence, Scopes } from "./scopes.ts";
import { termKind } from "./term-kind.ts";
import { printTerm } from "../syntax/print.ts";
import { checkUnusedNames } from "./unused.ts";
import { addTerm, isWildcard, patternVariables, variablesOf, type Variables } from "./variables.ts";

const above: Readonly<Record<Occurrence, (name: string) => string>> = {
  seen: (name) => `var ${name} referenced above`,
  assigned: (name) => `var ${name} assigned above`,
  declared: (name) => `var ${name} declared above`,
  argument: (name) => `arg ${name} redeclared`,
};

/** The operator of a call of `input` or `data` where a local hides it: no function has that name, nor any other. */
function nameless(written: RefTerm, operator: RefTerm): RefTerm {
  return isRootDocument(written) && operator !== written ? { ...operator, terms: [] } : operator;
}

function shown(name: string): string {
  return isWildcard(name) ? "_" : name;
}

const assignInNegated = "cannot assign vars inside negated expression";

/** Rewrites the bodies and terms of one rule; what is wrong with them gathers in `errors`. */
export class LocalRewriter {
  readonly #names: NameGenerator;
  readonly #scopes: Scopes;
  readonly #strict: boolean;
  readonly errors: Diagnostic[] = [];

  constructor(names: NameGenerator, scopes: Scopes, strict: boolean) {
    this.#names = names;
    this.#scopes = scopes;
    this.#strict = strict;
  }

  #fail(span: Span | undefined, message: string): void {
    this.errors.push(problem("rego_compile_error", span, message));
  }

  /** Declares a name in the innermost scope; answers its new name, or the complaint. */
  #declare(name: string, occurrence: Occurrence): { readonly name: string } | { readonly complaint: string } {
    const known = this.#scopes.occurrence(name);
    if (known !== undefined) return { complaint: above[known](shown(name)) };
    const generated = this.#names.name();
    this.#scopes.insert(name, generated, occurrence);
    return { name: generated };
  }

  /** A body of the innermost scope. `used` are names that its head uses. */
  bodyOf(body: Body, used: Set<string> | undefined): Body {
    const result: Expression[] = [];
    for (const expression of body) {
      const next = this.#statement(expression);
      if (next !== undefined) result.push(next);
    }
    const span = body[0]?.span;
    if (result.length === 0 && span !== undefined) {
      const term: Term = { kind: "boolean", span, value: true };
      result.push({ kind: "term", span, term, negated: false, with: [], index: 0, generated: true });
    }
    const rewritten = numbered(result);
    checkUnusedNames({
      written: body,
      rewritten,
      used: used ?? new Set(),
      scopes: this.#scopes,
      failed: this.errors.length > 0,
      strict: this.#strict,
    });
    return rewritten;
  }

  #statement(expression: Expression): Expression | undefined {
    switch (expression.kind) {
      case "call":
        return callsBuiltin(expression, "assign") ? this.#assignment(expression) : this.expression(expression);
      case "some":
        for (const symbol of expression.symbols) {
          const declared = this.#declare(symbol.name, "declared");
          if ("complaint" in declared) {
            this.#fail(expression.span, declared.complaint);
            return undefined;
          }
        }
        return undefined;
      case "someIn":
        return this.#someIn(expression);
      case "every":
        return this.#every(expression);
      case "not":
        return this.#not(expression);
      case "and":
      case "or":
        return this.#logical(expression);
      case "term":
        return this.expression(expression);
    }
  }

  /** The terms of an expression that declares nothing itself. */
  readonly expression = (expression: Expression): Expression => {
    const next = mapExpression(expression, this);
    if (expression.kind !== "call" || next.kind !== "call") return next;
    return { ...next, operator: nameless(expression.operator, next.operator) };
  };
  /** The expressions of a closure that was rewritten already, or that may declare nothing. */
  readonly body = (body: Body): Body => mapList(body, this.expression);

  readonly term = (term: Term): Term => {
    switch (term.kind) {
      case "var":
        return this.#variable(term);
      case "ref":
        return isRootDocument(term) ? this.#rootDocument(term) : mapTerm(term, this);
      case "call":
        return this.#call(term);
      case "arrayComprehension":
      case "setComprehension":
        return this.#scopes.within(() => {
          const used = new Set(variablesOf(term.term).keys());
          const body = this.bodyOf(term.body, used);
          return { ...term, body, term: this.term(term.term) };
        });
      case "objectComprehension":
        return this.#scopes.within(() => {
          const used = new Set([...variablesOf(term.key).keys(), ...variablesOf(term.value).keys()]);
          const body = this.bodyOf(term.body, used);
          return { ...term, body, key: this.term(term.key), value: this.term(term.value) };
        });
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "array":
      case "object":
      case "set":
      case "templateString":
        return mapTerm(term, this);
    }
  };

  #call(term: CallTerm): Term {
    this.#checkShadowed(term.operator, term.span);
    const next = mapTerm(term, this);
    return next.kind === "call" ? { ...next, operator: nameless(term.operator, next.operator) } : next;
  }

  #variable(term: VarTerm): Term {
    if (isResolvedHead(term) && term.hidden) return term;
    const declared = this.#scopes.declared(term.name);
    if (declared !== undefined) {
      this.#scopes.see(term.name);
      if (declared === term.name) return term;
      if (isResolvedHead(term)) {
        term.hidden = true;
        return term;
      }
      return { kind: "var", span: term.span, name: declared };
    }
    if (this.#scopes.occurrence(term.name) === undefined) this.#scopes.insert(term.name, term.name, "seen");
    return term;
  }

  /** `input` where a local of that name hides it. */
  #rootDocument(term: Term): Term {
    const [head] = asRef(term).terms;
    if (head?.kind !== "var") return term;
    const occurrence = this.#scopes.nearestOccurrence(head.name);
    if (occurrence === undefined || occurrence === "seen") return term;
    const declared = this.#scopes.declared(head.name);
    return declared === undefined ? term : { kind: "var", span: term.span, name: declared };
  }

  #checkShadowed(operator: RefTerm, span: Span): void {
    const [head] = operator.terms;
    for (const name of variablesOf(operator).keys()) {
      const declared = this.#scopes.declared(name);
      if (declared === undefined || declared === name) continue;
      // Told once for all that were resolved alike.
      if (head !== undefined && isResolvedHead(head) && head.hidden) return;
      this.#fail(span, `called function ${printTerm(operator)} shadowed`);
      return;
    }
  }

  /** A `with`: its target is the document `input` even where a local of that name hides it. */
  readonly with = (modifier: With): With => {
    const changed = this.term(modifier.target);
    let target = changed.kind === "var" ? changed : asRef(changed);
    const hidden = this.#scopes.declared("input");
    if (hidden !== undefined) {
      const input: VarTerm = { kind: "var", span: target.span, name: "input" };
      const [head, ...rest] = asRef(target).terms;
      if (head?.kind === "var" && head.name === hidden) {
        target = { kind: "ref", span: target.span, terms: [input, ...rest] };
      }
    }
    return { ...modifier, target, value: this.term(modifier.value) };
  };

  #assignment(expression: CallExpression): Expression {
    if (expression.negated) {
      this.#fail(expression.span, assignInNegated);
      return expression;
    }
    const [left, right] = expression.args;
    if (left === undefined || right === undefined || expression.args.length !== 2) return expression;
    const before = this.errors.length;
    const value = this.term(right);
    const modifiers = mapList(expression.with, (modifier) => ({ ...modifier, value: this.term(modifier.value) }));
    const pattern = this.#pattern(left);
    const rewritten: CallExpression = { ...expression, args: [pattern, value], with: modifiers };
    // One that is wrong stays an assignment: a pass that comes by once more finds what is rewritten in it, not what was
    // wrong.
    if (this.errors.length > before) return rewritten;
    return { ...rewritten, operator: builtinRef("eq", expression.operator.span), assigned: true };
  }

  /** The left side of `:=`: variables, and arrays and object values made of them. */
  #pattern(term: Term): Term {
    switch (term.kind) {
      case "var":
        return this.#assigned(term, term.name);
      case "array":
        return { ...term, items: term.items.map((item) => this.#pattern(item)) };
      case "object":
        return { ...term, entries: term.entries.map(([key, value]) => [key, this.#pattern(value)] as const) };
      case "ref": {
        const [head] = term.terms;
        if (isRootDocument(term) && head?.kind === "var") return this.#assigned(term, head.name);
        break;
      }
      case "null":
      case "boolean":
      case "number":
      case "string":
      case "call":
      case "set":
      case "arrayComprehension":
      case "setComprehension":
      case "objectComprehension":
      case "templateString":
        break;
    }
    this.#fail(term.span, `cannot assign to ${termKind(term)}`);
    return term;
  }

  #assigned(term: Term, name: string): Term {
    const declared = this.#declare(name, "assigned");
    if ("name" in declared) return { kind: "var", span: term.span, name: declared.name };
    this.#fail(term.span, declared.complaint);
    return term;
  }

  #someIn(expression: SomeIn): Expression | undefined {
    const key = expression.key ?? this.#names.variable(expression.span);
    const { value, collection } = expression;
    const before = this.errors.length;
    const bound: Variables = new Map();
    addTerm(key, patternVariables, bound);
    addTerm(value, patternVariables, bound);
    const domain = variablesOf(collection, { skipClosures: true });
    for (const name of [...bound.keys()].toSorted()) {
      if (domain.has(name) && !isWildcard(name)) this.#fail(expression.span, `var ${name} assigned before`);
    }
    if (this.errors.length > before) return undefined;
    const container: Term =
      collection.kind === "ref"
        ? { ...collection, terms: [...collection.terms, key] }
        : { kind: "ref", span: collection.span, terms: [collection, key] };
    const { negated, index, span } = expression;
    const equality: CallExpression = {
      kind: "call",
      span,
      operator: builtinRef("eq", span),
      args: [value, container],
      negated,
      with: expression.with,
      index,
    };
    const outputs = outputsOfEquality(equality, new Set(variablesOf(collection).keys()));
    for (const name of [...outputs].toSorted()) {
      const declared = this.#declare(name, "declared");
      if ("complaint" in declared) {
        this.#fail(span, declared.complaint);
        return undefined;
      }
    }
    return this.expression(equality);
  }

  #every(expression: Every): Expression | undefined {
    const domain = this.term(expression.domain);
    return this.#scopes.within(() => {
      const key =
        expression.key === undefined ? this.#names.variable(expression.span) : this.#declareVariable(expression.key);
      if (key === undefined) return undefined;
      const value = this.#declareVariable(expression.value);
      if (value === undefined) return undefined;
      const body = this.bodyOf(expression.body, new Set());
      // What was left undeclared is taken for the variables declared by now, as OPA does.
      return {
        ...expression,
        key,
        value,
        domain: this.term(domain),
        body: this.body(body),
        with: mapList(expression.with, this.with),
      };
    });
  }

  #declareVariable(variable: VarTerm): VarTerm | undefined {
    if (isWildcard(variable.name)) return variable;
    const declared = this.#declare(variable.name, "declared");
    if ("name" in declared) return { kind: "var", span: variable.span, name: declared.name };
    // OPA says this without a place.
    this.#fail(undefined, declared.complaint);
    return undefined;
  }

  #not(expression: NotBody): Expression {
    if (expression.braces) {
      return this.#scopes.within(() => {
        const body = this.body(this.bodyOf(expression.body, new Set()));
        return { ...expression, body, with: mapList(expression.with, this.with) };
      });
    }
    const before = this.errors.length;
    const rewritten: NotBody = { ...expression, body: this.#implicit(expression.body, assignInNegated) };
    return this.errors.length > before ? rewritten : this.expression(rewritten);
  }

  #logical(expression: Logical): Expression {
    const before = this.errors.length;
    const operands = mapList(expression.operands, (operand) => {
      const body =
        operand.form === "braces"
          ? this.#scopes.within(() => this.bodyOf(operand.body, new Set()))
          : this.#implicit(operand.body, `cannot assign vars inside implicit ${expression.kind} operand`);
      return { ...operand, body };
    });
    const rewritten: Logical = { ...expression, operands };
    return this.errors.length > before ? rewritten : this.expression(rewritten);
  }

  /** A body without braces may not assign. */
  #implicit(body: Body, message: string): Body {
    return mapList(body, (expression) => {
      if (callsBuiltin(expression, "assign")) {
        this.#fail(expression.span, message);
        return expression;
      }
      if (expression.kind === "not") return this.#not(expression);
      return expression.kind === "and" || expression.kind === "or" ? this.#logical(expression) : expression;
    });
  }
}
