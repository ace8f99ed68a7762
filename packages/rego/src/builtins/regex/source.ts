/** A pattern as text again: as JavaScript's RegExp reads it under the flag u, or as RE2 does. */
import type { CharacterClass } from "./character-class.ts";
import type { Pattern } from "./pattern.ts";

/** Who is to read it. */
export type Dialect = "javascript" | "re2";

/** The source. */
export function sourceOf(pattern: Pattern, dialect: Dialect = "javascript"): string {
  switch (pattern.kind) {
    case "class":
      return classSource(pattern.class, dialect);
    case "assertion":
      return { start: "^", end: "$", boundary: "\\b", "no boundary": "\\B" }[pattern.at];
    case "capture":
      return `(${sourceOf(pattern.item, dialect)})`;
    case "sequence":
      return pattern.items.map((item) => itemSource(item, dialect)).join("");
    case "choice":
      return pattern.items.map((item) => sourceOf(item, dialect)).join("|");
    case "repeat":
      return itemSource(pattern.item, dialect) + countSource(pattern.min, pattern.max) + (pattern.lazy ? "?" : "");
  }
}

function itemSource(item: Pattern, dialect: Dialect): string {
  switch (item.kind) {
    case "sequence":
    case "choice":
    case "repeat":
      return `(?:${sourceOf(item, dialect)})`;
    case "assertion":
      return `(?:${sourceOf(item, dialect)})`;
    default:
      return sourceOf(item, dialect);
  }
}

function countSource(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function classSource(ranges: CharacterClass, dialect: Dialect): string {
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined && only[0] === only[1]) return characterSource(only[0], dialect);
  const shown = ranges.map(([low, high]) =>
    low === high ? characterSource(low, dialect) : `${characterSource(low, dialect)}-${characterSource(high, dialect)}`,
  );
  return `[${shown.join("")}]`;
}

function characterSource(code: number, dialect: Dialect): string {
  const isPlain = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  if (isPlain) return String.fromCharCode(code);
  return dialect === "re2" ? `\\x{${code.toString(16)}}` : `\\u{${code.toString(16)}}`;
}
