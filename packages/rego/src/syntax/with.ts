import type { Expression, With } from "./ast.ts";
import { illegal, scan, spanOf, type Parser } from "./parser.ts";
import { token } from "./token.ts";

/** One or more `with target as value`, from the first `with` on. */
export function parseWith(parser: Parser): readonly With[] | undefined {
  const modifiers: With[] = [];
  do {
    const { start } = parser;
    scan(parser);
    if (parser.token !== token.identifier) {
      illegal(parser, "expected ident");
      return undefined;
    }
    const target = parser.grammar.term(parser);
    if (target === undefined) return undefined;
    const isPath = target.kind === "ref" || target.kind === "var";
    if (!isPath) illegal(parser, "expected with target path");
    if (parser.token !== token.as) {
      illegal(parser, "expected as keyword");
      return undefined;
    }
    scan(parser);
    const value = parser.grammar.infix(parser, true);
    if (value === undefined) return undefined;
    if (isPath) modifiers.push({ kind: "with", target, value, span: spanOf(parser, start, parser.lastEnd) });
  } while (parser.token === token.with);
  return modifiers;
}

/** An expression with the modifiers that follow it, if any do. */
export function attachWith(parser: Parser, expression: Expression): Expression | undefined {
  if (parser.token !== token.with) return expression;
  const modifiers = parseWith(parser);
  return modifiers === undefined ? undefined : { ...expression, with: modifiers };
}
