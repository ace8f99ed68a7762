/** A text cut at any of the signs, except where one is written after a backslash. */
export function partsOf(text: string, signs: string): readonly string[] {
  const delimiters = new Set(signs);
  const parts: string[] = [];
  let part = "";
  let isEscaped = false;
  for (const sign of text) {
    if (sign === "\\" || isEscaped) {
      isEscaped = !isEscaped;
      part += sign;
    } else if (delimiters.has(sign)) {
      parts.push(part);
      part = "";
    } else part += sign;
  }
  return [...parts, part];
}
