/**
 * The part of RE2's syntax that we translate ourselves. Whatever else a pattern has, wrong syntax included, makes the
 * parser give up, and re2js takes over: so nothing here need be complete, but all of it must be right.
 */
import {
  anything,
  type CharacterClass,
  complement,
  digitForms,
  fold,
  byName,
  notNewline,
  spaces,
  unite,
  words,
} from "./character-class.ts";

/** A pattern as a tree. Loops are written out: `x{2,3}` is two of x and perhaps a third. */
export type Pattern =
  | { readonly kind: "class"; readonly class: CharacterClass }
  | { readonly kind: "sequence"; readonly items: readonly Pattern[] }
  | { readonly kind: "choice"; readonly items: readonly Pattern[] }
  | {
      readonly kind: "repeat";
      readonly item: Pattern;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly kind: "capture"; readonly item: Pattern }
  | { readonly kind: "assertion"; readonly at: "start" | "end" | "boundary" | "no boundary" };

/** A parsed pattern. */
export interface ParsedPattern {
  readonly root: Pattern;
  /** The names of the groups from the first; undefined where one has none. */
  readonly groups: readonly (string | undefined)[];
}

/** Gives up. */
class Unsupported extends Error {}

/** The pattern's tree; undefined where re2js has to judge it. */
export function parsePattern(text: string): ParsedPattern | undefined {
  try {
    return new Parser(text).parse();
  } catch (error) {
    if (error instanceof Unsupported) return undefined;
    throw error;
  }
}

interface Modes {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly ungreedy: boolean;
}

const largestRepeat = 255;
const deepest = 40;

const escapes: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["f", 12],
  ["t", 9],
  ["n", 10],
  ["r", 13],
  ["v", 11],
]);

const classEscapes: ReadonlyMap<string, CharacterClass> = new Map([
  ["d", digitForms],
  ["D", complement(digitForms)],
  ["w", words],
  ["W", complement(words)],
  ["s", spaces],
  ["S", complement(spaces)],
]);

class Parser {
  readonly #text: string;
  readonly #groups: (string | undefined)[] = [];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ParsedPattern {
    const root = this.#choice({ ignoreCase: false, dotAll: false, ungreedy: false });
    if (this.#at < this.#text.length) throw new Unsupported();
    return { root, groups: this.#groups };
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  #choice(given: Modes): Pattern {
    if (++this.#depth > deepest) throw new Unsupported();
    let modes = given;
    const items: Pattern[] = [];
    let sequence: Pattern[] = [];
    for (;;) {
      const next = this.#peek();
      if (next === "" || next === ")") break;
      if (this.#take("|")) {
        items.push({ kind: "sequence", items: sequence });
        sequence = [];
        continue;
      }
      const flags = this.#match(/\(\?([imsU-]+)\)/y);
      if (flags === undefined) sequence.push(this.#repeated(modes));
      else modes = changed(modes, flags[1] ?? "");
    }
    this.#depth--;
    const last: Pattern = { kind: "sequence", items: sequence };
    return items.length === 0 ? last : { kind: "choice", items: [...items, last] };
  }

  #repeated(modes: Modes): Pattern {
    const item = this.#atom(modes);
    const count = this.#match(/[*+?]|\{([0-9]+)(,([0-9]*))?\}/y);
    if (count === undefined) return item;
    const lazy = this.#take("?") !== modes.ungreedy;
    // A repetition of a repetition is an error, and a brace that starts none a letter: both are re2js's.
    if (/[*+?{]/.test(this.#peek()) && this.#peek() !== "") throw new Unsupported();
    const [min, max] = boundsOf(count);
    if (min > largestRepeat || (max !== Infinity && (max > largestRepeat || max < min))) throw new Unsupported();
    return { kind: "repeat", item, min, max, lazy };
  }

  #atom(modes: Modes): Pattern {
    if (this.#take("(")) return this.#group(modes);
    if (this.#peek() === "[") return classOf(this.#bracketed(modes), modes, true);
    if (this.#take(".")) return { kind: "class", class: modes.dotAll ? anything : notNewline };
    if (this.#take("^")) return { kind: "assertion", at: "start" };
    if (this.#take("$")) return { kind: "assertion", at: "end" };
    if (this.#peek() === "\\") return this.#escape(modes);
    if (/[*+?{}\])]/.test(this.#peek())) throw new Unsupported();
    return classOf(single(this.#character()), modes, false);
  }

  #character(): number {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined || (code >= 0xd800 && code < 0xe000)) throw new Unsupported();
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  #group(modes: Modes): Pattern {
    const named = this.#match(/\?P?<([A-Za-z_][A-Za-z0-9_]*)>/y);
    const flags = named === undefined ? this.#match(/\?([imsU]*(?:-[imsU]+)?):/y) : undefined;
    if (named === undefined && flags === undefined && this.#peek() === "?") throw new Unsupported();
    const isCapture = flags === undefined;
    if (isCapture) {
      const name = named?.[1];
      if (name !== undefined && this.#groups.includes(name)) throw new Unsupported();
      this.#groups.push(name);
    }
    const item = this.#choice(flags === undefined ? modes : changed(modes, flags[1] ?? ""));
    if (!this.#take(")")) throw new Unsupported();
    return isCapture ? { kind: "capture", item } : item;
  }

  #escape(modes: Modes): Pattern {
    const letter = this.#text.charAt(this.#at + 1);
    const assertion = assertions.get(letter);
    if (assertion !== undefined) {
      // JavaScript sees a place between the halves of a surrogate pair there.
      if (assertion === "no boundary") throw new Unsupported();
      this.#at += 2;
      return { kind: "assertion", at: assertion };
    }
    const named = classEscapes.get(letter);
    if (named !== undefined) {
      this.#at += 2;
      return { kind: "class", class: modes.ignoreCase && letter.toLowerCase() === "w" ? giveUp() : named };
    }
    return classOf(single(this.#escapedCharacter()), modes, false);
  }

  #escapedCharacter(): number {
    this.#at++;
    const hex = this.#match(/x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\})/y);
    if (hex !== undefined) {
      const code = Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
      return code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? code : giveUp();
    }
    const letter = this.#peek();
    const named = escapes.get(letter);
    // Punctuation stands for itself; any other letter or digit means something that is not ours.
    if (named === undefined && !/^[!-/:-@[-`{-~]$/.test(letter)) throw new Unsupported();
    this.#at++;
    return named ?? letter.charCodeAt(0);
  }

  #bracketed(modes: Modes): CharacterClass {
    this.#at++;
    const isNegated = this.#take("^");
    const ranges: (readonly [number, number])[] = [];
    for (let isFirst = true; isFirst || !this.#take("]"); isFirst = false) {
      const named = this.#match(/\[:(\^?)([a-z]+):\]/y);
      const letter = this.#text.charAt(this.#at + 1);
      const shorthand = this.#peek() === "\\" ? classEscapes.get(letter) : undefined;
      if (named !== undefined) {
        const found = byName.get(named[2] ?? "") ?? giveUp();
        ranges.push(...(named[1] === "^" ? complement(found) : found));
      } else if (shorthand !== undefined) {
        this.#at += 2;
        ranges.push(...shorthand);
      } else {
        ranges.push(this.#range(isFirst));
      }
    }
    const folded = modes.ignoreCase ? (fold(ranges) ?? giveUp()) : unite(ranges);
    return isNegated ? complement(folded) : folded;
  }

  #range(isFirst: boolean): readonly [number, number] {
    // A hyphen is itself only at the ends; a bracket that opens may be the start of a name that is wrong.
    if (this.#peek() === "" || this.#peek() === "[") throw new Unsupported();
    if (this.#peek() === "-" && !isFirst && this.#text.charAt(this.#at + 1) !== "]") throw new Unsupported();
    const low = this.#classCharacter();
    if (this.#peek() !== "-" || this.#text.charAt(this.#at + 1) === "]") return [low, low];
    this.#at++;
    if (this.#peek() === "" || this.#peek() === "[") throw new Unsupported();
    const high = this.#classCharacter();
    return high < low ? giveUp() : [low, high];
  }

  #classCharacter(): number {
    return this.#peek() === "\\" ? this.#escapedCharacter() : this.#character();
  }
}

const assertions: ReadonlyMap<string, "start" | "end" | "boundary" | "no boundary"> = new Map([
  ["A", "start"],
  ["z", "end"],
  ["b", "boundary"],
  ["B", "no boundary"],
]);

function giveUp(): never {
  throw new Unsupported();
}

function single(code: number): CharacterClass {
  return [[code, code]];
}

function classOf(ranges: CharacterClass, modes: Modes, isFolded: boolean): Pattern {
  if (ranges.length === 0) throw new Unsupported();
  return { kind: "class", class: modes.ignoreCase && !isFolded ? (fold(ranges) ?? giveUp()) : ranges };
}

function boundsOf(count: RegExpExecArray): readonly [min: number, max: number] {
  switch (count[0]) {
    case "*":
      return [0, Infinity];
    case "+":
      return [1, Infinity];
    case "?":
      return [0, 1];
    default: {
      const min = Number(count[1]);
      if (count[2] === undefined) return [min, min];
      return [min, count[3] === "" ? Infinity : Number(count[3])];
    }
  }
}

function changed(modes: Modes, flags: string): Modes {
  const [on = "", off = "", ...rest] = flags.split("-");
  if (rest.length > 0 || (flags.includes("-") && off === "") || (on + off).includes("m")) throw new Unsupported();
  const value = (flag: string, before: boolean): boolean =>
    on.includes(flag) ? true : off.includes(flag) ? false : before;
  return {
    ignoreCase: value("i", modes.ignoreCase),
    dotAll: value("s", modes.dotAll),
    ungreedy: value("U", modes.ungreedy),
  };
}
