/** Terms as OPA prints them in its messages. */
import type { Body, Expression, LogicalOperand, RefTerm, RuleHead, Term, With } from "../syntax/ast.ts";

const keywords: ReadonlySet<string> = new Set([
  "package",
  "import",
  "as",
  "default",
  "else",
  "not",
  "null",
  "true",
  "false",
  "with",
  "some",
  "if",
  "contains",
  "in",
  "every",
  "and",
  "or",
]);
const escapes: ReadonlyMap<string, string> = new Map([
  ["\u0007", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
  ["\\", "\\\\"],
  ['"', '\\"'],
]);

const order: Readonly<Record<Term["kind"], number>> = {
  null: 0,
  boolean: 1,
  number: 2,
  string: 3,
  var: 4,
  ref: 5,
  array: 6,
  object: 7,
  set: 8,
  arrayComprehension: 9,
  objectComprehension: 10,
  setComprehension: 11,
  call: 12,
  templateString: 13,
};

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareLists(a: readonly Term[], b: readonly Term[]): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const result = compareTerms(a[index]!, b[index]!);
    if (result !== 0) return result;
  }
  return a.length - b.length;
}

/** Compares two terms as OPA sorts them. */
export function compareTerms(a: Term, b: Term): number {
  if (a === b) return 0;
  if (a.kind === "number" && b.kind === "number") return compareNumbers(a.text, b.text);
  if (a.kind === "boolean" && b.kind === "boolean") return Number(a.value) - Number(b.value);
  if (a.kind === "string" && b.kind === "string") return compareText(a.value, b.value);
  if (a.kind === "var" && b.kind === "var") return compareText(a.name, b.name);
  if (a.kind === "ref" && b.kind === "ref") return compareLists(a.terms, b.terms);
  if (a.kind === "array" && b.kind === "array") return compareLists(a.items, b.items);
  if (a.kind === b.kind) return compareText(termText(a), termText(b));
  return order[a.kind] - order[b.kind];
}

function compareNumbers(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  return Number.isNaN(difference) ? compareText(a, b) : difference;
}

/** A string in quotes, escaped as Go's `strconv.Quote`. */
export function quote(text: string): string {
  let result = '"';
  for (const character of text) {
    const escape = escapes.get(character);
    if (escape !== undefined) result += escape;
    else if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) result += character;
    else {
      const code = character.codePointAt(0) ?? 0;
      if (code < 0x80) result += `\\x${code.toString(16).padStart(2, "0")}`;
      else if (code < 0x10000) result += `\\u${code.toString(16).padStart(4, "0")}`;
      else result += `\\U${code.toString(16).padStart(8, "0")}`;
    }
  }
  return `${result}"`;
}

/** A ref: `data.a.b[x]["c d"]`. */
export function refText(terms: readonly Term[]): string {
  let text = "";
  for (let index = 0; index < terms.length; index += 1) {
    const term = terms[index]!;
    if (index === 0) text += term.kind === "string" ? term.value : termText(term);
    else if (term.kind !== "string") text += `[${termText(term)}]`;
    else if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(term.value) && !keywords.has(term.value)) text += `.${term.value}`;
    else if (/[\p{Cc}\\]/u.test(term.value)) text += `[${quote(term.value)}]`;
    else text += `["${term.value}"]`;
  }
  return text;
}

function list(terms: readonly Term[]): string {
  return terms.map(termText).join(", ");
}

/** A term. */
export function termText(term: Term): string {
  switch (term.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(term.value);
    case "number":
      return term.text;
    case "string":
      return quote(term.value);
    case "var":
      return term.name.startsWith("$") ? "_" : term.name;
    case "ref":
      return refText(term.terms);
    case "call":
      return `${termText(term.operator)}(${list(term.args)})`;
    case "array":
      return `[${list(term.items)}]`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${list(term.items.toSorted(compareTerms))}}`;
    case "object": {
      const entries = term.entries.toSorted((a, b) => compareTerms(a[0], b[0]));
      return `{${entries.map(([key, value]) => `${termText(key)}: ${termText(value)}`).join(", ")}}`;
    }
    case "arrayComprehension":
      return `[${comprehensionHead(term.term)} | ${bodyText(term.body)}]`;
    case "setComprehension":
      return `{${comprehensionHead(term.term)} | ${bodyText(term.body)}}`;
    case "objectComprehension":
      return `{${comprehensionHead(term.key)}: ${comprehensionHead(term.value)} | ${bodyText(term.body)}}`;
    case "templateString": {
      const parts = term.parts.map((part) =>
        typeof part === "string" ? quote(part).slice(1, -1).replaceAll("{", "\\{") : `{${expressionText(part)}}`,
      );
      return `$"${parts.join("")}"`;
    }
  }
}

function comprehensionHead(term: Term): string {
  if (term.kind === "call" && term.infix !== undefined && term.infix !== "in" && term.args.length === 2) {
    return `(${term.args.map(comprehensionHead).join(` ${term.infix} `)})`;
  }
  return termText(term);
}

function withText(modifier: With): string {
  return `with ${termText(modifier.target)} as ${termText(modifier.value)}`;
}

function operandText(operand: LogicalOperand): string {
  const text = bodyText(operand.body);
  if (operand.form === "bare" && operand.body.length === 1) return text;
  return operand.form === "group" && operand.body.length === 1 ? `(${text})` : `{ ${text} }`;
}

function plainText(expression: Expression): string {
  switch (expression.kind) {
    case "term":
      return termText(expression.term);
    case "call": {
      const [left, right] = expression.args;
      const operator = termText(expression.operator);
      if (operator === "eq" && expression.args.length === 2 && left !== undefined && right !== undefined) {
        return `${termText(left)} = ${termText(right)}`;
      }
      return `${operator}(${list(expression.args)})`;
    }
    case "some":
      return `some ${list(expression.symbols)}`;
    case "someIn":
      return `some ${expression.key === undefined ? "" : `${termText(expression.key)}, `}${termText(expression.value)} in ${termText(expression.collection)}`;
    case "every":
      return `every ${expression.key === undefined ? "" : `${termText(expression.key)}, `}${termText(expression.value)} in ${termText(expression.domain)} { ${bodyText(expression.body)} }`;
    case "not":
      return expression.braces || expression.body.length !== 1
        ? `not {${bodyText(expression.body)}}`
        : `not ${bodyText(expression.body)}`;
    case "and":
    case "or":
      return expression.operands.map(operandText).join(` ${expression.kind} `);
  }
}

/** An expression. */
export function expressionText(expression: Expression): string {
  const text = `${expression.negated ? "not " : ""}${plainText(expression)}`;
  return expression.with.length === 0 ? text : `${text} ${expression.with.map(withText).join(" ")}`;
}

/** A body on one line. */
export function bodyText(body: Body): string {
  return body.map(expressionText).join("; ");
}

/** What kind of value a term is, in OPA's words. */
export function termKind(term: Term): string {
  switch (term.kind) {
    case "arrayComprehension":
      return "arraycomprehension";
    case "setComprehension":
      return "setcomprehension";
    case "objectComprehension":
      return "objectcomprehension";
    case "templateString":
      return "templatestring";
    case "null":
    case "boolean":
    case "number":
    case "string":
    case "var":
    case "ref":
    case "call":
    case "array":
    case "set":
    case "object":
      return term.kind;
  }
}

/** The ref of a rule's head with its package before it. */
export function ruleText(packagePath: RefTerm, head: RuleHead): string {
  return refText([...packagePath.terms, ...headTail(head)]);
}

function headTail(head: RuleHead): readonly Term[] {
  const [name, ...rest] = head.ref.terms;
  if (name === undefined) return [];
  return [name.kind === "var" ? { kind: "string", span: name.span, value: name.name } : name, ...rest];
}
