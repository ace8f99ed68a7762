/** Hexadecimal, octal, binary and decimal literals; an underscore may stand before any digit but the first. */
const forms: readonly (readonly [form: RegExp, prefix: string])[] = [
  [/^0[xX]((?:_?[0-9a-fA-F])+)$/, "0x"],
  [/^0[oO]((?:_?[0-7])+)$/, "0o"],
  [/^0[bB]((?:_?[01])+)$/, "0b"],
  [/^0((?:_?[0-7])+)$/, "0o"],
  [/^(0|[1-9](?:_?\d)*)$/, ""],
];

/** An integer as Go's flags read it: with the base that its prefix tells. */
export function readGoInteger(text: string): bigint | undefined {
  const isNegative = text.startsWith("-");
  const literal = /^[-+]/.test(text) ? text.slice(1) : text;
  for (const [form, prefix] of forms) {
    const digits = form.exec(literal)?.[1];
    if (digits === undefined) continue;
    const value = BigInt(prefix + digits.replaceAll("_", ""));
    return isNegative ? -value : value;
  }
  return undefined;
}
