/** The options that are near what was typed, nearest first, as gqlparser finds them. */
export function suggestions(typed: string, options: readonly string[]): string[] {
  const limit = Math.max(Math.floor(byteLength(typed) * 0.4) + 1, 1);
  return options
    .map((option) => ({ option, distance: distance(typed, option) }))
    .filter((entry) => entry.distance <= limit)
    .toSorted((a, b) => a.distance - b.distance)
    .map((entry) => entry.option);
}

/** The length of a text in bytes of UTF-8. */
function byteLength(text: string): number {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }).reduce((sum: number, size) => sum + size, 0);
}

/** ` Did you mean "a", "b", or "c"?`, or nothing. */
export function didYouMean(prefix: string, typed: string, options: readonly string[], quoted = true): string {
  const found = suggestions(typed, options);
  if (found.length === 0) return "";
  return ` ${prefix} ${orList(quoted ? found.map((option) => `"${option}"`) : found)}?`;
}

/** `a`, `a or b`, `a, b, or c`; the first five. */
export function orList(items: readonly string[]): string {
  const shown = items.slice(0, 5);
  if (shown.length === 2) return shown.join(" or ");
  return shown.map((item, index) => (index > 0 && index === shown.length - 1 ? `or ${item}` : item)).join(", ");
}

/** How many edits lie between two names; a difference in case alone counts as one. */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [Array.from(a.toLowerCase()), Array.from(b.toLowerCase())];
  if (left.join("") === right.join("")) return 1;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [i, character] of left.entries()) {
    const next = [i + 1];
    for (const [j, other] of right.entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (character === other ? 0 : 1)));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
