/**
 * A pattern as re2js has to get it so that it answers as Go does: Go reads the names of Unicode classes without regard to
 * case and marks, knows no others than its own, and lets groups share a name.
 */
import { categories, categoryAliases, scripts } from "./class-names-data.ts";

/** The pattern for re2js. */
export interface Dialect {
  readonly pattern: string;
  /** The numbers of the groups of each name. */
  readonly names: ReadonlyMap<string, readonly number[]>;
  /** A message of re2js with the parts of the pattern as they were written. */
  message(text: string): string;
}

/** Translates a pattern; what is wrong with it stays wrong. */
export function forRe2js(pattern: string): Dialect {
  const names = new Map<string, number[]>();
  const changes: (readonly [written: string, given: string])[] = [];
  let groups = 0;
  let inClass = false;
  const given = pattern.replaceAll(patternPart, (part: string, name: string | undefined) => {
    if (part.length > 2 && /^\\[pP]/.test(part)) {
      const changed = unicodeClass(part, inClass);
      if (changed !== part) changes.push([part, changed]);
      return changed;
    }
    if (part === "[" || part.startsWith("[^")) inClass = true;
    else if (part === "]") inClass = false;
    if (inClass || !part.startsWith("(")) return part;
    if (part === "(?") return part;
    groups++;
    if (name === undefined) return part;
    const known = names.get(name);
    if (known === undefined) names.set(name, [groups]);
    else known.push(groups);
    return known === undefined ? part : "(";
  });
  return {
    pattern: given,
    names,
    message: (text) => changes.reduce((worded, [written, other]) => worded.replaceAll(other, written), text),
  };
}

/**
 * What is looked at: quoted texts and escapes, to get past them, Unicode classes, brackets, and groups. No class has so
 * long a name, and without a limit a pattern of many that are left open would be looked through for each.
 */
const patternPart =
  /\\Q[^]*?(?:\\E|$)|\\[pP]\{[^}]{0,100}\}|\\[^]|\[\^?\]?|\[:\^?[a-z]+:\]|\]|\(\?P?<([A-Za-z0-9_]+)>|\(\?|\(/g;

const classNames: ReadonlyMap<string, string> = new Map([
  ...[...categories, ...scripts, "Any", "Assigned"].map((name): [string, string] => [canonical(name), name]),
  ...categoryAliases.map(([name, category]): [string, string] => [canonical(name), category]),
]);

/** A name as Go looks it up. */
function canonical(name: string): string {
  return name.replaceAll(/[-_ ]/g, "").replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function unicodeClass(part: string, inClass: boolean): string {
  const isNegated = part.startsWith("\\P") !== part.startsWith("{^", 2);
  const name = part.slice(part.startsWith("{^", 2) ? 4 : 3, -1);
  if (canonical(name) === "ascii") {
    const ranges = isNegated ? "\\x{80}-\\x{10FFFF}" : "\\x00-\\x7F";
    return inClass ? ranges : `[${ranges}]`;
  }
  const known = classNames.get(canonical(name));
  // re2js knows more names than Go: one with a mark of ours is surely wrong to it.
  return known === undefined ? `${part.slice(0, -1)}!}` : `\\${isNegated ? "P" : "p"}{${known}}`;
}
