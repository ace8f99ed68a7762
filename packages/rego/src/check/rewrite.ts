/** Making a changed tree out of a tree: what is unchanged stays the same object. */
import type { Body, Expression, RefTerm, Term, With } from "../syntax/ast.ts";

/** What becomes of the children of a node. */
export interface Rewriter {
  readonly term: (term: Term) => Term;
  readonly body: (body: Body) => Body;
  readonly expression: (expression: Expression) => Expression;
  readonly with?: (modifier: With) => With;
}

/** Maps a list, and answers the list itself where nothing changed. */
export function mapList<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index]!;
    const next = change(item);
    if (changed === undefined && next !== item) changed = list.slice(0, index);
    changed?.push(next);
  }
  return changed ?? list;
}

/** The ref that a term stands for where only a ref may stand. */
export function asRef(term: Term): RefTerm {
  return term.kind === "ref" ? term : { kind: "ref", span: term.span, terms: [term] };
}

/** A term with its children rewritten. */
export function mapTerm(term: Term, rewriter: Rewriter): Term {
  switch (term.kind) {
    case "ref": {
      const terms = mapList(term.terms, rewriter.term);
      return terms === term.terms ? term : { ...term, terms };
    }
    case "call": {
      const operator = asRef(rewriter.term(term.operator));
      const args = mapList(term.args, rewriter.term);
      return operator === term.operator && args === term.args ? term : { ...term, operator, args };
    }
    case "array":
    case "set": {
      const items = mapList(term.items, rewriter.term);
      return items === term.items ? term : { ...term, items };
    }
    case "object": {
      const entries = mapList(term.entries, (entry) => {
        const key = rewriter.term(entry[0]);
        const value = rewriter.term(entry[1]);
        return key === entry[0] && value === entry[1] ? entry : ([key, value] as const);
      });
      return entries === term.entries ? term : { ...term, entries };
    }
    case "arrayComprehension":
    case "setComprehension": {
      const head = rewriter.term(term.term);
      const body = rewriter.body(term.body);
      return head === term.term && body === term.body ? term : { ...term, term: head, body };
    }
    case "objectComprehension": {
      const key = rewriter.term(term.key);
      const value = rewriter.term(term.value);
      const body = rewriter.body(term.body);
      return key === term.key && value === term.value && body === term.body ? term : { ...term, key, value, body };
    }
    case "templateString": {
      const parts = mapList(term.parts, (part) => (typeof part === "string" ? part : rewriter.expression(part)));
      return parts === term.parts ? term : { ...term, parts };
    }
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
      return term;
  }
}

/** A `with` with its target and value rewritten. */
export function mapWith(modifier: With, rewriter: Rewriter): With {
  if (rewriter.with !== undefined) return rewriter.with(modifier);
  const changed = rewriter.term(modifier.target);
  const target = changed.kind === "var" ? changed : asRef(changed);
  const value = rewriter.term(modifier.value);
  return target === modifier.target && value === modifier.value ? modifier : { ...modifier, target, value };
}

/** An expression with its children rewritten, and then its `with`, as OPA goes through them. */
export function mapExpression(expression: Expression, rewriter: Rewriter): Expression {
  const mapped = mapParts(expression, rewriter);
  const modifiers = mapList(mapped.with, (modifier) => mapWith(modifier, rewriter));
  return modifiers === mapped.with ? mapped : { ...mapped, with: modifiers };
}

function mapParts(base: Expression, rewriter: Rewriter): Expression {
  switch (base.kind) {
    case "term": {
      const term = rewriter.term(base.term);
      return term === base.term ? base : { ...base, term };
    }
    case "call": {
      const operator = asRef(rewriter.term(base.operator));
      const args = mapList(base.args, rewriter.term);
      return operator === base.operator && args === base.args ? base : { ...base, operator, args };
    }
    case "some":
      return base;
    case "someIn": {
      const key = base.key === undefined ? undefined : rewriter.term(base.key);
      const value = rewriter.term(base.value);
      const collection = rewriter.term(base.collection);
      return { ...base, ...(key === undefined ? {} : { key }), value, collection };
    }
    case "every": {
      const domain = rewriter.term(base.domain);
      const body = rewriter.body(base.body);
      return domain === base.domain && body === base.body ? base : { ...base, domain, body };
    }
    case "not": {
      const body = rewriter.body(base.body);
      return body === base.body ? base : { ...base, body };
    }
    case "and":
    case "or": {
      const operands = mapList(base.operands, (operand) => {
        const body = rewriter.body(operand.body);
        return body === operand.body ? operand : { ...operand, body };
      });
      return operands === base.operands ? base : { ...base, operands };
    }
  }
}

/** A body after a rewrite, numbered anew. */
export function numbered(body: readonly Expression[]): Body {
  let changed = false;
  const result = body.map((expression, index) => {
    if (expression.index === index) return expression;
    changed = true;
    return { ...expression, index };
  });
  return changed ? result : body;
}
