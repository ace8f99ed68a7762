import type { Expression, TemplateString, Term } from "./ast.ts";

/** The constant that a template string has as a part of its text: one in braces of its own, without a comment before it. */
export function constantPart(part: Expression): Term | undefined {
  if (part.kind !== "term" || part.negated || part.with.length > 0) return undefined;
  const { term } = part;
  if (term.kind !== "string" && term.kind !== "number" && term.kind !== "boolean" && term.kind !== "null") {
    return undefined;
  }
  const { source, start } = part.span;
  let at = start - 1;
  while (/\s/.test(source.text.charAt(at))) at -= 1;
  return source.text.charAt(at) === "{" ? term : undefined;
}

/** Where the text behind a template string's expression begins: behind the closing brace. */
export function offsetBehindPart({ span }: Expression): number {
  const { text } = span.source;
  let at = span.end;
  for (;;) {
    const character = text.charAt(at);
    if (character === "#") at = text.indexOf("\n", at);
    else if (!/\s/.test(character)) return at + 1;
    at += 1;
  }
}

/** Where a text in a template string ends: behind the brace of the next expression, or behind the closing quote. */
export function endOfText({ span, multiline }: TemplateString, offset: number): number {
  const { text } = span.source;
  const quote = multiline ? "`" : '"';
  for (let at = offset === span.start ? offset + 2 : offset; at < span.end; at += 1) {
    const character = text.charAt(at);
    if (character === "{" || character === quote) return at + 1;
    if (character === "\\" && (!multiline || text.charAt(at + 1) === "{")) at += 1;
  }
  return span.end;
}
