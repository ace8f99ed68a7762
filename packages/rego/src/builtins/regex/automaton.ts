/** The positions of a pattern and which may follow which, each way counted: what a backtracking search goes through. */
import type { CharacterClass } from "./character-class.ts";
import type { Pattern } from "./pattern.ts";

/** Positions are numbers from 0; a position matches one character. */
export interface Automaton {
  readonly classes: readonly CharacterClass[];
  /** The positions that may come first. */
  readonly first: readonly number[];
  /** The positions after each; one that can be reached in two ways stands twice. */
  readonly follow: readonly (readonly number[])[];
  /** Positions after which the pattern has matched for sure, whatever the text. */
  readonly accepting: ReadonlySet<number>;
  /** Whether the empty text always matches. */
  readonly acceptsEmpty: boolean;
  /** Whether a match can only begin where the text does. */
  readonly anchored: boolean;
  readonly lazy: boolean;
  readonly loops: boolean;
}

const mostPositions = 160;

class TooMuch extends Error {}

interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** Whether nothing can match it, in just one way; `unsure` where only an assertion may let that be. */
  readonly empty: "no" | "sure" | "unsure";
  /** The last positions after which it has matched for sure. */
  readonly sureLast: readonly number[];
}

/** The automaton, or undefined where it is too large or a text can match nothing in two ways. */
export function automatonOf(root: Pattern): Automaton | undefined {
  const builder = new Builder();
  try {
    const { first, empty, sureLast } = builder.build(root);
    return {
      classes: builder.classes,
      first,
      follow: builder.follow,
      accepting: new Set(sureLast),
      acceptsEmpty: empty === "sure",
      anchored: isAnchored(root),
      lazy: builder.lazy,
      loops: builder.loops,
    };
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
}

const nothing: Fragment = { first: [], last: [], empty: "sure", sureLast: [] };

class Builder {
  readonly classes: CharacterClass[] = [];
  readonly follow: number[][] = [];
  lazy = false;
  loops = false;

  build(pattern: Pattern): Fragment {
    switch (pattern.kind) {
      case "class": {
        const position = this.classes.push(pattern.class) - 1;
        this.follow.push([]);
        if (position >= mostPositions) throw new TooMuch();
        return { first: [position], last: [position], empty: "no", sureLast: [position] };
      }
      case "assertion":
        return { ...nothing, empty: "unsure" };
      case "capture":
        return this.build(pattern.item);
      case "sequence":
        return pattern.items.reduce<Fragment>((before, item) => this.#join(before, this.build(item)), nothing);
      case "choice":
        return pattern.items.map((item) => this.build(item)).reduce(either);
      case "repeat":
        return this.#repeat(pattern);
    }
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) this.follow[position]?.push(...to);
  }

  #join(a: Fragment, b: Fragment): Fragment {
    this.#connect(a.last, b.first);
    return {
      first: a.empty === "no" ? a.first : [...a.first, ...b.first],
      last: b.empty === "no" ? b.last : [...b.last, ...a.last],
      empty: a.empty === "no" || b.empty === "no" ? "no" : a.empty === "sure" && b.empty === "sure" ? "sure" : "unsure",
      sureLast: b.empty === "sure" ? [...b.sureLast, ...a.sureLast] : b.sureLast,
    };
  }

  #repeat({ item, min, max, lazy }: Pattern & { readonly kind: "repeat" }): Fragment {
    this.lazy ||= lazy;
    if (max === 0) return nothing;
    let whole: Fragment = nothing;
    for (let count = 0; count < min - (max === Infinity ? 1 : 0); count++) whole = this.#join(whole, this.build(item));
    if (max === Infinity) {
      const body = this.#solid(item);
      this.loops = true;
      this.#connect(body.last, body.first);
      return this.#join(whole, min === 0 ? { ...body, empty: "sure" } : body);
    }
    // x{0,2} is (x(x)?)?: so there is one way to match any number of them.
    let rest: Fragment = nothing;
    for (let count = min; count < max; count++) rest = { ...this.#join(this.#solid(item), rest), empty: "sure" };
    return this.#join(whole, rest);
  }

  /** The body of a loop, which must take something. */
  #solid(item: Pattern): Fragment {
    const body = this.build(item);
    if (body.empty !== "no") throw new TooMuch();
    return body;
  }
}

function either(a: Fragment, b: Fragment): Fragment {
  if (a.empty !== "no" && b.empty !== "no") throw new TooMuch();
  return {
    first: [...a.first, ...b.first],
    last: [...a.last, ...b.last],
    empty: a.empty === "no" ? b.empty : a.empty,
    sureLast: [...a.sureLast, ...b.sureLast],
  };
}

function isAnchored(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case "assertion":
      return pattern.at === "start";
    case "capture":
      return isAnchored(pattern.item);
    case "choice":
      return pattern.items.every(isAnchored);
    case "sequence": {
      const [first] = pattern.items;
      return first !== undefined && isAnchored(first);
    }
    default:
      return false;
  }
}
