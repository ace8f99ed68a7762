/**
 * Terms, expressions and rules as text, the way OPA prints them in its errors and traces: calls by the names of their
 * functions, sets and objects in order, one line each. This is no formatter: see `format.ts`.
 */
import type {
  Body,
  Expression,
  Import,
  LogicalOperand,
  Module,
  Rule,
  RuleHead,
  StringTerm,
  Term,
  With,
} from "./ast.ts";
import { sortedEntries, sortedItems } from "./compare.ts";
import { operatorName } from "./build.ts";
import { operatorSymbols } from "./infix.ts";
import { quote } from "./quote.ts";
import { constantPart } from "./template-part.ts";
import { isKeyword } from "./token.ts";

/** A term as OPA prints it; wildcards are `_`. */
export function printTerm(term: Term): string {
  switch (term.kind) {
    case "null":
      return "null";
    case "boolean":
      return term.value ? "true" : "false";
    case "number":
      return term.text;
    case "string":
      return quote(term.value);
    case "var":
      return term.name.startsWith("$") ? "_" : term.name;
    case "ref":
      return printRef(term.terms);
    case "call":
      return printCall(term.operator, term.args);
    case "array":
      return `[${printTerms(term.items)}]`;
    case "object":
      return `{${sortedEntries(term.entries)
        .map(([key, value]) => `${printTerm(key)}: ${printTerm(value)}`)
        .join(", ")}}`;
    case "set":
      return term.items.length === 0 ? "set()" : `{${printTerms(sortedItems(term.items))}}`;
    case "arrayComprehension":
      return `[${printComprehended(term.term)} | ${printBody(term.body)}]`;
    case "setComprehension":
      return `{${printComprehended(term.term)} | ${printBody(term.body)}}`;
    case "objectComprehension":
      return `{${printComprehended(term.key)}: ${printComprehended(term.value)} | ${printBody(term.body)}}`;
    case "templateString":
      return `$"${term.parts.map(printTemplatePart).join("")}"`;
  }
}

function printTerms(terms: readonly Term[]): string {
  return terms.map(printTerm).join(", ");
}

function printCall(operator: Term, args: readonly Term[]): string {
  return `${printTerm(operator)}(${printTerms(args)})`;
}

/** A reference as OPA prints it: names after dots where they can be, everything else in brackets. */
export function printRef(terms: readonly Term[]): string {
  const [head, ...rest] = terms;
  if (head === undefined) return "";
  let text = head.kind === "string" ? head.value : printTerm(head);
  for (const part of rest) text += part.kind === "string" ? printStringPart(part) : `[${printTerm(part)}]`;
  return text;
}

function printStringPart({ value }: StringTerm): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(value) && !isKeyword(value, "v1")) return `.${value}`;
  return /[\p{Cc}\\]/u.test(value) ? `[${quote(value)}]` : `["${value}"]`;
}

/** The head of a comprehension: infix operators are printed as such, in parentheses, so that no `|` is mistaken. */
function printComprehended(term: Term): string {
  if (term.kind !== "call") return printTerm(term);
  const [left, right, ...others] = term.args;
  const infix = operatorSymbols.get(operatorName(term.operator) ?? "");
  if (infix === undefined || left === undefined || right === undefined || others.length > 0) return printTerm(term);
  return `(${printComprehended(left)} ${infix} ${printComprehended(right)})`;
}

function printTemplatePart(part: string | Expression): string {
  if (typeof part === "string") return escapeTemplateText(part);
  const constant = constantPart(part);
  if (constant?.kind === "string") return escapeTemplateText(constant.value);
  if (constant !== undefined) return printTerm(constant);
  return `{${printExpression(part)}}`;
}

function escapeTemplateText(text: string): string {
  return quote(text).slice(1, -1).replaceAll("{", "\\{");
}

/** A body as OPA prints it: expressions with `; ` between. */
export function printBody(body: Body): string {
  return body.map(printExpression).join("; ");
}

/** An expression as OPA prints it, with its modifiers. */
export function printExpression(expression: Expression): string {
  const negation = expression.negated ? "not " : "";
  const modifiers = expression.with.map((modifier) => ` ${printWith(modifier)}`).join("");
  return `${negation}${printUnmodified(expression)}${modifiers}`;
}

function printUnmodified(expression: Expression): string {
  switch (expression.kind) {
    case "term":
      return printTerm(expression.term);
    case "call": {
      const [left, right, ...others] = expression.args;
      const isEquation = operatorName(expression.operator) === "eq";
      if (isEquation && left !== undefined && right !== undefined && others.length === 0) {
        return `${printTerm(left)} = ${printTerm(right)}`;
      }
      return printCall(expression.operator, expression.args);
    }
    case "some":
      return `some ${printTerms(expression.symbols)}`;
    case "someIn": {
      const key = expression.key === undefined ? "" : `${printTerm(expression.key)}, `;
      return `some ${key}${printTerm(expression.value)} in ${printTerm(expression.collection)}`;
    }
    case "every": {
      const key = expression.key === undefined ? "" : `${printTerm(expression.key)}, `;
      const domain = printTerm(expression.domain);
      return `every ${key}${printTerm(expression.value)} in ${domain} { ${printBody(expression.body)} }`;
    }
    case "not":
      if (expression.braces || expression.body.length !== 1) return `not {${printBody(expression.body)}}`;
      return notNeedsParentheses(expression.body)
        ? `not (${printBody(expression.body)})`
        : `not ${printBody(expression.body)}`;
    case "and":
    case "or":
      return expression.operands
        .map((operand, position) => printOperand(operand, expression.kind, position > 0))
        .join(` ${expression.kind} `);
  }
}

function printOperand(operand: LogicalOperand, parent: "and" | "or", isRight: boolean): string {
  const text = printBody(operand.body);
  if (operand.form === "braces" || operand.body.length !== 1) return `{ ${text} }`;
  return operandNeedsParentheses(operand.body, parent, isRight) ? `(${text})` : text;
}

/** Whether an operand without braces has to be put in parentheses to be read back as it is. */
export function operandNeedsParentheses(body: Body, parent: "and" | "or", isRight: boolean): boolean {
  const [expression] = body;
  if (expression === undefined || body.length !== 1) return false;
  if (expression.with.length > 0) return true;
  if (expression.kind === "or") return parent === "and" || isRight;
  if (expression.kind === "and") return parent === "and" && isRight;
  return expression.kind === "term" && beginsWithBrace(expression.term);
}

/** As `operandNeedsParentheses`, for what stands behind `not`. */
export function notNeedsParentheses(body: Body): boolean {
  const [expression] = body;
  if (expression === undefined || body.length !== 1) return false;
  if (expression.with.length > 0) return true;
  if (expression.kind === "and" || expression.kind === "or" || expression.kind === "not") return true;
  return expression.kind === "term" && beginsWithBrace(expression.term);
}

function beginsWithBrace(term: Term): boolean {
  switch (term.kind) {
    case "set":
      return term.items.length > 0;
    case "object":
    case "setComprehension":
    case "objectComprehension":
      return true;
    case "ref":
      return term.terms[0] !== undefined && beginsWithBrace(term.terms[0]);
    default:
      return false;
  }
}

function printWith(modifier: With): string {
  return `with ${printTerm(modifier.target)} as ${printTerm(modifier.value)}`;
}

/** A rule's head as OPA prints it; `v0` writes the elements of sets in brackets. */
export function printHead(head: RuleHead, version: "v0" | "v1" = "v1"): string {
  let text = printRef(head.ref.terms);
  let hasKey = false;
  if (head.args !== undefined && head.args.length > 0) {
    text += `(${printTerms(head.args)})`;
  } else if (head.ref.terms.length === 1 && head.key !== undefined) {
    hasKey = version !== "v0";
    text += hasKey ? ` contains ${printTerm(head.key)}` : `[${printTerm(head.key)}]`;
  }
  if (head.value !== undefined) return `${text} ${head.assign ? ":=" : "="} ${printTerm(head.value)}`;
  if (!hasKey && head.name === undefined && head.key !== undefined) text += ` contains ${printTerm(head.key)}`;
  return text;
}

/** A rule as OPA prints it, `else` included. */
export function printRule(rule: Rule, version: "v0" | "v1" = "v1"): string {
  if (rule.isDefault) return `default ${printHead(rule.head, version)}`;
  const opening = version === "v0" ? " { " : " if { ";
  let text = `${printHead(rule.head, version)}${opening}${printBody(rule.body)} }`;
  for (let next = rule.else; next !== undefined; next = next.else) {
    const value = next.head.value === undefined ? "" : `= ${printTerm(next.head.value)}`;
    text += ` else ${value}${opening}${printBody(next.body)} }`;
  }
  return text;
}

/** A module as OPA prints it, without comments. */
export function printModule(module: Module): string {
  const version = module.version === "v0" ? "v0" : "v1";
  let text = `package ${printRef(packagePath(module))}\n`;
  if (module.imports.length > 0) text += `\n${module.imports.map(printImport).join("\n")}\n`;
  for (const rule of module.rules) text += `\n${printRule(rule, version)}`;
  return text;
}

/** A package's path is printed without the `data` before it, and so its first name is no string. */
function packagePath(module: Module): readonly Term[] {
  return module.package.path.terms.slice(1);
}

/** An import as OPA prints it. */
export function printImport(imported: Import): string {
  const path = `import ${printTerm(imported.path)}`;
  return imported.alias === undefined ? path : `${path} as ${imported.alias}`;
}
