const milliseconds: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  // The micro sign, and the Greek letter that looks like it.
  ["\u00B5s", 1e-3],
  ["\u03BCs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

// No two ways to read the same digits, so that a long text takes no longer than it is long.
const parts = String.raw`(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00B5s|\u03BCs|ms|s|m|h)`;
const whole = new RegExp(`^[-+]?(?:0|(?:${parts})+)$`);
const each = new RegExp(parts, "g");

/** Milliseconds of a duration as Go reads it (`90s`, `1m30s`, `-.5h`, `0`); undefined where it is none. */
export function readGoDuration(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit = ""] of text.matchAll(each)) total += Number(amount) * (milliseconds.get(unit) ?? 0);
  return text.startsWith("-") ? -total : total;
}
