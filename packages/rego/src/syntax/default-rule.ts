import type { Expression, Term } from "./ast.ts";
import { termKindName } from "./build.ts";
import { error, type Parser } from "./parser.ts";

/** Whether a default rule's value and arguments may be what they are; records an error for each thing that may not. */
export function checkDefaultRule(
  parser: Parser,
  offset: number,
  value: Term | undefined,
  args: readonly Term[],
): boolean {
  if (value === undefined) {
    error(parser, offset, "illegal default rule (must have a value)");
    return false;
  }
  const refused = openTerms(value);
  for (const kind of refused) error(parser, offset, `illegal default rule (value cannot contain ${kind})`);
  return refused.length === 0 && checkArguments(parser, offset, args);
}

/** The kinds of the references, variables and calls in a value, those inside comprehensions apart. */
function openTerms(term: Term): readonly string[] {
  switch (term.kind) {
    case "ref":
    case "var":
    case "call":
      return [term.kind];
    case "array":
    case "set":
      return term.items.flatMap(openTerms);
    case "object":
      return term.entries.flatMap(([key, value]) => [...openTerms(key), ...openTerms(value)]);
    case "templateString":
      return term.parts.flatMap((part) => (typeof part === "string" ? [] : openTermsOf(part)));
    default:
      return [];
  }
}

function openTermsOf(expression: Expression): readonly string[] {
  if (expression.kind === "term") return openTerms(expression.term);
  if (expression.kind === "call") return [expression.operator, ...expression.args].flatMap(openTerms);
  return [];
}

function checkArguments(parser: Parser, offset: number, args: readonly Term[]): boolean {
  const names = new Set<string>();
  let valid = true;
  for (const argument of args) {
    if (argument.kind !== "var") {
      error(parser, offset, `illegal default rule (arguments cannot contain ${termKindName(argument)})`);
      valid = false;
    } else if (names.has(argument.name)) {
      error(parser, offset, `illegal default rule (arguments cannot be repeated ${argument.name})`);
      valid = false;
    } else {
      names.add(argument.name);
    }
  }
  return valid;
}
