import type { Expression, Term } from "./ast.ts";
import { operatorName } from "./build.ts";
import { error, scan, scanTemplate, spanOf, tokenText, type Parser } from "./parser.ts";
import { unquote } from "./string-literal.ts";
import { token } from "./token.ts";

/** A template string from its first part on; its last part stays the current token. */
export function parseTemplateString(parser: Parser, raw: boolean): Term | undefined {
  const { start } = parser;
  if (!parser.capabilities.features.has("template_strings")) {
    error(parser, start, "template strings are not supported by current capabilities");
    return undefined;
  }
  const parts: (string | Expression)[] = [];
  // The first part opens with `$` and a quote; the later ones start right behind a brace.
  for (let opening = 2; ; opening = 0) {
    const text = partText(parser, raw, opening);
    if (text === undefined) return undefined;
    if (text !== "") parts.push(text);
    if (parser.token === token.templateEnd || parser.token === token.rawTemplateEnd) break;
    scan(parser);
    const expression = parser.grammar.literal(parser);
    if (expression === undefined) {
      error(parser, parser.start, "invalid template-string expression");
      return undefined;
    }
    const reason = whyRefused(expression);
    if (reason !== undefined) {
      error(parser, expression.span.start, `unexpected ${reason} in template-string expression`);
      return undefined;
    }
    parts.push(expression);
    if (parser.token !== token.rightBrace) {
      error(parser, parser.start, "expected } to end template string expression");
      return undefined;
    }
    scanTemplate(parser, raw);
  }
  return { kind: "templateString", parts, multiline: raw, span: spanOf(parser, start, parser.end) };
}

function partText(parser: Parser, raw: boolean, opening: number): string | undefined {
  switch (parser.token) {
    case token.templatePart:
    case token.templateEnd:
    case token.rawTemplatePart:
    case token.rawTemplateEnd:
      break;
    default:
      error(parser, parser.start, "expected template-string part");
      return undefined;
  }
  const literal = tokenText(parser);
  const inner = unescapeBraces(literal.slice(opening, -1), raw);
  if (raw) return inner;
  const text = unquote(inner);
  if (text === undefined) {
    const quote = opening > 0 ? '"' : "}";
    error(parser, parser.start, `illegal template-string part: ${quote}${inner}${literal.slice(-1)}`);
  }
  return text;
}

function unescapeBraces(text: string, raw: boolean): string {
  if (!text.includes("\\{")) return text;
  if (raw) return text.replaceAll("\\{", "{");
  // Here a backslash may itself be escaped.
  return text.replace(/\\(.)/gsu, (escape, letter: string) => (letter === "{" ? "{" : escape));
}

function whyRefused(expression: Expression): string | undefined {
  if (expression.negated) return "negation ('not')";
  switch (expression.kind) {
    case "call": {
      // Written out as calls these are what they are as operators.
      const name = operatorName(expression.operator);
      if (name === "eq") return "unification ('=')";
      return name === "assign" ? "assignment (':=')" : undefined;
    }
    case "every":
      return "'every'";
    case "some":
    case "someIn":
      return "'some'";
    default:
      return undefined;
  }
}
