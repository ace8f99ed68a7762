/**
 * go-yaml accepts a quoted scalar whose next lines stand no deeper than the key they belong to; YAML's grammar does
 * not, and templates with such text are in use. This pass moves those lines to the right. The line breaks stay, and
 * leading white space of a continuation line is no part of the scalar, so the value does not change.
 */

/** The text with every continuation line of a quoted scalar indented deeper than where its scalar began. */
export function indentQuotedContinuations(text: string): string {
  const lines = text.split("\n");
  let open: { readonly quote: string; readonly column: number } | undefined;
  let blockIndent: number | undefined;
  const out = lines.map((line) => {
    if (open !== undefined) {
      const { quote, column } = open;
      const close = closingQuote(line, 0, quote);
      const moved = line.trim() === "" ? line : " ".repeat(column + 1) + line.trimStart();
      open = close === -1 ? open : quoteLeftOpen(line, close + 1);
      return moved;
    }
    const indent = line.length - line.trimStart().length;
    if (blockIndent !== undefined) {
      if (line.trim() === "" || indent > blockIndent) return line;
      blockIndent = undefined;
    }
    if (/(?:^|[\s:-])[|>][-+0-9]*\s*(?:#.*)?$/.test(line)) {
      blockIndent = indent;
      return line;
    }
    open = quoteLeftOpen(line, 0);
    return line;
  });
  return out.join("\n");
}

/** The quoted scalar that begins in the line at or after an offset and does not end in it. */
function quoteLeftOpen(line: string, from: number): { quote: string; column: number } | undefined {
  let at = from;
  while (at < line.length) {
    const character = line.charAt(at);
    const before = at === 0 ? " " : line.charAt(at - 1);
    if (character === "#" && /\s/.test(before)) return undefined;
    // A quote opens a scalar only where a scalar may begin; in the middle of a plain one it is a character.
    if ((character === '"' || character === "'") && /[\s[{,]/.test(before)) {
      if (!mayBeginScalar(line.slice(0, at))) return undefined;
      const close = closingQuote(line, at + 1, character);
      if (close === -1) return { quote: character, column: at };
      at = close;
    }
    at += 1;
  }
  return undefined;
}

function mayBeginScalar(before: string): boolean {
  return /(?:^|[:\-?[{,]|![^\s]*|&[^\s]+)\s*$/.test(before);
}

function closingQuote(line: string, from: number, quote: string): number {
  for (let at = from; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote === '"' && character === "\\") at += 1;
    else if (character === quote) {
      if (quote === "'" && line.charAt(at + 1) === "'") at += 1;
      else return at;
    }
  }
  return -1;
}
