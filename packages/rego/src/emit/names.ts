import { type Code, identifier } from "./fragment.ts";

/** Words that JavaScript keeps for itself, in strict code and modules, and globals that generated code must not hide. */
const reserved: readonly string[] = [
  ..."await break case catch class const continue debugger default delete do else enum export extends".split(" "),
  ..."false finally for function if implements import in instanceof interface let new null package".split(" "),
  ..."private protected public return static super switch this throw true try typeof var void while".split(" "),
  ..."with yield arguments eval async of undefined NaN Infinity globalThis Object Array Map Set".split(" "),
  ..."Symbol Number String Boolean BigInt Math JSON Function Error constructor __proto__ c s".split(" "),
];

/** Gives out names that are unique where they are seen. What was written is a hint. */
export class Names {
  readonly #taken: Set<string>;
  readonly #outer: Names | undefined;

  constructor(outer?: Names) {
    this.#outer = outer;
    this.#taken = new Set(outer === undefined ? reserved : []);
  }

  /** Names of a function, which must not hide those around it. */
  inner(): Names {
    return new Names(this);
  }

  /** Keeps a name from being given out. */
  reserve(name: string): void {
    this.#taken.add(name);
  }

  /** A name like the hint. */
  fresh(hint: string): Code {
    const base = clean(hint);
    let name = base;
    for (let number = 2; this.#isTaken(name); number += 1) name = `${base}${number}`;
    this.#taken.add(name);
    return identifier(name);
  }

  #isTaken(name: string): boolean {
    if (this.#taken.has(name)) return true;
    return this.#outer !== undefined && this.#outer.#isTaken(name);
  }
}

/** What of a hint can stand in an identifier. All capitals are for constants, so a hint of such gets a line below it. */
function clean(hint: string): string {
  if (/^(__local|\$)/.test(hint)) return "value";
  const word = hint.replaceAll(/[^A-Za-z0-9_]+/g, "_").slice(0, 40);
  if (word === "" || word === "_") return "value";
  if (/^[0-9]/.test(word)) return `_${word}`;
  return /^[A-Z0-9_]+$/.test(word) ? `${word}_` : word;
}
