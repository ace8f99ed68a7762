/** The order of terms: OPA prints sets and objects in it. Values come in the order of Rego; what is no value comes between and behind. */
import type { Body, Expression, ObjectTerm, SetTerm, Term } from "./ast.ts";

const ranks: Readonly<Record<Term["kind"], number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  templateString: 4,
  var: 5,
  ref: 6,
  array: 7,
  object: 8,
  set: 9,
  arrayComprehension: 10,
  objectComprehension: 11,
  setComprehension: 12,
  call: 13,
};

/** Negative, zero or positive as `left` comes before, with or after `right`. */
export function compareTerms(left: Term, right: Term): number {
  switch (left.kind) {
    case "boolean":
      if (right.kind === "boolean") return Number(left.value) - Number(right.value);
      break;
    case "number":
      if (right.kind === "number") return compareNumbers(left.text, right.text);
      break;
    case "string":
      if (right.kind === "string") return compareStrings(left.value, right.value);
      break;
    case "var":
      if (right.kind === "var") return compareStrings(left.name, right.name);
      break;
    case "ref":
      if (right.kind === "ref") return compareLists(left.terms, right.terms);
      break;
    case "call":
      if (right.kind === "call") return compareLists([left.operator, ...left.args], [right.operator, ...right.args]);
      break;
    case "array":
      if (right.kind === "array") return compareLists(left.items, right.items);
      break;
    case "set":
      if (right.kind === "set") return compareLists(sortedItems(left.items), sortedItems(right.items));
      break;
    case "object":
      if (right.kind === "object") {
        return compareLists(sortedEntries(left.entries).flat(), sortedEntries(right.entries).flat());
      }
      break;
    case "arrayComprehension":
    case "setComprehension":
      if (right.kind === left.kind) return compareTerms(left.term, right.term) || compareBodies(left.body, right.body);
      break;
    case "objectComprehension":
      if (right.kind === "objectComprehension") {
        return (
          compareTerms(left.key, right.key) ||
          compareTerms(left.value, right.value) ||
          compareBodies(left.body, right.body)
        );
      }
      break;
    case "templateString":
      if (right.kind === "templateString") return compareParts(left.parts, right.parts);
      break;
    case "null":
      break;
  }
  return ranks[left.kind] - ranks[right.kind];
}

/** A set's elements as it has them: in order, each once. */
export function sortedItems(items: readonly Term[]): readonly Term[] {
  if (items.length < 2) return items;
  const sorted = items.toSorted(compareTerms);
  return sorted.filter((item, position) => {
    const before = sorted[position - 1];
    return before === undefined || compareTerms(before, item) !== 0;
  });
}

/** An object's entries in order of keys. A key written twice stands there twice, as OPA keeps it; the last one counts. */
export function sortedEntries(
  entries: readonly (readonly [key: Term, value: Term])[],
): readonly (readonly [key: Term, value: Term])[] {
  if (entries.length < 2) return entries;
  return entries.toSorted((left, right) => compareTerms(left[0], right[0]));
}

/** Rewrites what an object or a set is made of in the order that it has for it, and leaves it in the order as written. */
export function inTermOrder<T extends ObjectTerm | SetTerm>(collection: T, rewrite: (term: Term) => Term): T;
export function inTermOrder(collection: ObjectTerm | SetTerm, rewrite: (term: Term) => Term): Term {
  if (collection.kind === "set") {
    const made = new Map(sortedItems(collection.items).map((item) => [item, rewrite(item)]));
    return { ...collection, items: collection.items.flatMap((item) => made.get(item) ?? []) };
  }
  const made = new Map(
    sortedEntries(collection.entries).map((entry) => [entry, [rewrite(entry[0]), rewrite(entry[1])] as const]),
  );
  return { ...collection, entries: collection.entries.map((entry) => made.get(entry) ?? entry) };
}

function compareLists(left: readonly Term[], right: readonly Term[]): number {
  for (const [position, term] of left.entries()) {
    const other = right[position];
    if (other === undefined) return 1;
    const order = compareTerms(term, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Strings by code points, as UTF-8 orders them. */
function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const one = left.charCodeAt(at);
    const other = right.charCodeAt(at);
    if (one !== other) return rankOfUnit(one) - rankOfUnit(other);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above all others. */
function rankOfUnit(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function compareNumbers(left: string, right: string): number {
  const difference = Number(left) - Number(right);
  if (difference !== 0 && !Number.isNaN(difference)) return difference;
  if (left === right) return 0;
  const one = scaled(left);
  const other = scaled(right);
  const exponent = Math.min(one.exponent, other.exponent);
  const scaledOne = one.digits * 10n ** BigInt(one.exponent - exponent);
  const scaledOther = other.digits * 10n ** BigInt(other.exponent - exponent);
  return scaledOne < scaledOther ? -1 : Number(scaledOne > scaledOther);
}

function scaled(text: string): { readonly digits: bigint; readonly exponent: number } {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const sign = whole.startsWith("-") ? -1n : 1n;
  const digits = sign * BigInt(`${whole.replace("-", "")}${fraction}` || "0");
  return { digits, exponent: Number(exponent) - fraction.length };
}

function compareBodies(left: Body, right: Body): number {
  for (const [position, expression] of left.entries()) {
    const other = right[position];
    if (other === undefined) return 1;
    const order = compareExpressions(expression, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareParts(left: readonly (string | Expression)[], right: readonly (string | Expression)[]): number {
  for (const [position, part] of left.entries()) {
    const other = right[position];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function comparePart(left: string | Expression, right: string | Expression): number {
  if (typeof left === "string") return typeof right === "string" ? compareStrings(left, right) : 1;
  return typeof right === "string" ? -1 : compareExpressions(left, right);
}

const expressionRanks: Readonly<Record<Expression["kind"], number>> = {
  some: 0,
  someIn: 0,
  term: 1,
  call: 2,
  every: 3,
  not: 4,
  and: 5,
  or: 6,
};

function compareExpressions(left: Expression, right: Expression): number {
  const before =
    left.index - right.index ||
    expressionRanks[left.kind] - expressionRanks[right.kind] ||
    Number(left.negated) - Number(right.negated) ||
    compareLists(termsOf(left), termsOf(right));
  if (before !== 0) return before;
  const bodies = bodiesOf(right);
  for (const [position, body] of bodiesOf(left).entries()) {
    const other = bodies[position];
    const order = other === undefined ? 1 : compareBodies(body, other);
    if (order !== 0) return order;
  }
  return compareLists(
    left.with.flatMap(({ target, value }) => [target, value]),
    right.with.flatMap(({ target, value }) => [target, value]),
  );
}

function termsOf(expression: Expression): readonly Term[] {
  switch (expression.kind) {
    case "term":
      return [expression.term];
    case "call":
      return [expression.operator, ...expression.args];
    case "some":
      return expression.symbols;
    case "someIn":
    case "every": {
      const key = expression.key === undefined ? [] : [expression.key];
      const collection = expression.kind === "every" ? expression.domain : expression.collection;
      return [...key, expression.value, collection];
    }
    case "not":
    case "and":
    case "or":
      return [];
  }
}

function bodiesOf(expression: Expression): readonly Body[] {
  switch (expression.kind) {
    case "every":
    case "not":
      return [expression.body];
    case "and":
    case "or":
      return expression.operands.map((operand) => operand.body);
    default:
      return [];
  }
}
