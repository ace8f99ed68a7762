/** Sets of code points as sorted ranges that neither touch nor overlap. */
export type CharacterClass = readonly (readonly [low: number, high: number])[];

const largest = 0x10ffff;

/** The union of ranges in any order. */
export function unite(ranges: CharacterClass): CharacterClass {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

/** Every code point that is in none of the ranges. */
export function complement(ranges: CharacterClass): CharacterClass {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [low, high] of unite(ranges)) {
    if (low > next) rest.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= largest) rest.push([next, largest]);
  return rest;
}

/** Whether a code point is in the class. */
export function includes(ranges: CharacterClass, code: number): boolean {
  return ranges.some(([low, high]) => low <= code && code <= high);
}

/** The class with the other case of its ASCII letters, and the two signs that fold to them; undefined past ASCII. */
export function fold(ranges: CharacterClass): CharacterClass | undefined {
  const all: (readonly [number, number])[] = [...ranges];
  for (const [low, high] of ranges) {
    if (high > 0x7f) return undefined;
    for (let code = low; code <= high; code++) {
      const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
      if (isLetter) all.push([code ^ 0x20, code ^ 0x20]);
      if ((code | 0x20) === 0x6b) all.push([0x212a, 0x212a]);
      if ((code | 0x20) === 0x73) all.push([0x17f, 0x17f]);
    }
  }
  return unite(all);
}

function range(low: string, high: string = low): readonly [number, number] {
  return [low.charCodeAt(0), high.charCodeAt(0)];
}

export const digitForms: CharacterClass = [range("0", "9")];
export const words: CharacterClass = [range("0", "9"), range("A", "Z"), range("_"), range("a", "z")];
export const spaces: CharacterClass = [
  [9, 10],
  [12, 13],
  [32, 32],
];
export const notNewline: CharacterClass = complement([[10, 10]]);
export const anything: CharacterClass = complement([]);

/** The classes that are named between brackets and colons. */
export const byName: ReadonlyMap<string, CharacterClass> = new Map([
  ["alnum", [range("0", "9"), range("A", "Z"), range("a", "z")]],
  ["alpha", [range("A", "Z"), range("a", "z")]],
  ["ascii", [[0, 0x7f]]],
  ["blank", [range("\t"), range(" ")]],
  ["cntrl", [[0, 0x1f], range("\x7f")]],
  ["digit", digitForms],
  ["graph", [range("!", "~")]],
  ["lower", [range("a", "z")]],
  ["print", [range(" ", "~")]],
  ["punct", [range("!", "/"), range(":", "@"), range("[", "`"), range("{", "~")]],
  ["space", [[9, 13], range(" ")]],
  ["upper", [range("A", "Z")]],
  ["word", words],
  ["xdigit", [range("0", "9"), range("A", "F"), range("a", "f")]],
]);
