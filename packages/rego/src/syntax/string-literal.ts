/** The text that a string literal's inside stands for (JSON's escapes), or undefined where JSON would refuse it. */
export function unquote(inner: string): string | undefined {
  // Without escapes OPA takes the text as it is, control characters included.
  if (!inner.includes("\\")) return inner;
  let value = "";
  let from = 0;
  for (let at = 0; at < inner.length; at += 1) {
    const unit = inner.charCodeAt(at);
    if (unit < 0x20 || unit === 0x22) return undefined;
    if (unit !== 0x5c) continue;
    value += inner.slice(from, at);
    at += 1;
    const letter = inner.charAt(at);
    if (letter === "u") {
      const code = hexadecimal(inner, at + 1);
      if (code === undefined) return undefined;
      value += String.fromCharCode(code);
      at += 4;
    } else {
      const plain = escapes.get(letter);
      if (plain === undefined) return undefined;
      value += plain;
    }
    from = at + 1;
  }
  return (value + inner.slice(from)).toWellFormed();
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ['"', '"'],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function hexadecimal(text: string, from: number): number | undefined {
  const digits = text.slice(from, from + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}
