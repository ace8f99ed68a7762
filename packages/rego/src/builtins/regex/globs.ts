/** Whether two patterns of characters, `.`, sets, `+` and `*` have a text in common: `regex.globs_match`. */
import type { BuiltinContext } from "../builtin.ts";
import { fail } from "../failure.ts";

type Flag = "" | "+" | "*";

/** One token of a pattern; `any` is the dot. */
interface Token {
  readonly accepts: "any" | ReadonlySet<string>;
  readonly isSet: boolean;
  readonly flag: Flag;
}

/** Whether there is a text that both match. */
export function globsIntersect(context: BuiltinContext, a: string, b: string): boolean {
  const [first, second] = [simplify(tokenize(a)), simplify(tokenize(b))];
  const trimmed = trim(first, second);
  return trimmed !== undefined && intersect(context, trimmed[0], trimmed[1]);
}

function tokenize(text: string): Token[] {
  return new Tokenizer(text).tokens();
}

class Tokenizer {
  readonly #runes: readonly string[];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#runes = Array.from(text);
  }

  tokens(): Token[] {
    const tokens: Token[] = [];
    while (this.#at < this.#runes.length) {
      const { rune, escaped } = this.#next();
      const token = escaped ? character(rune) : this.#special(rune);
      tokens.push({ ...token, flag: this.#flag() });
    }
    return tokens;
  }

  #fail(message: string): never {
    return fail(`input:${this.#text}, pos:${this.#at}, ${message}: the input provided is invalid`);
  }

  #next(): { readonly rune: string; readonly escaped: boolean } {
    const rune = this.#runes[this.#at] ?? "";
    if (rune !== "\\") {
      this.#at++;
      return { rune, escaped: false };
    }
    const next = this.#runes[this.#at + 1];
    if (next === undefined) return this.#fail("input ends with a \\ (escape) character");
    this.#at += 2;
    return { rune: next, escaped: true };
  }

  #special(rune: string): Token {
    switch (rune) {
      case ".":
        return { accepts: "any", isSet: false, flag: "" };
      case "[":
        return { accepts: this.#set(), isSet: true, flag: "" };
      case "]":
        return this.#fail("set-close ']' with no preceding '['");
      case "+":
      case "*":
        return this.#fail(`flag '${rune}' must be preceded by a non-flag`);
      default:
        return character(rune);
    }
  }

  #flag(): Flag {
    const rune = this.#runes[this.#at];
    if (rune !== "+" && rune !== "*") return "";
    this.#at++;
    return rune;
  }

  #set(): ReadonlySet<string> {
    const runes = new Set<string>();
    let previous: string | undefined;
    while (this.#at < this.#runes.length) {
      const { rune, escaped } = this.#next();
      if (!escaped && rune === "]") return runes;
      if (!escaped && rune === "-") {
        this.#range(runes, previous);
        previous = undefined;
      } else {
        runes.add(rune);
        previous = rune;
      }
    }
    return this.#fail("found [ without matching ]");
  }

  #range(runes: Set<string>, low: string | undefined): void {
    if (low === undefined) this.#fail("range character '-' must be preceded by a Unicode character");
    if (this.#at >= this.#runes.length - 1) {
      this.#fail("range character '-' must be followed by a Unicode character");
    }
    const { rune, escaped } = this.#next();
    if (!escaped && (rune === "]" || rune === "-")) {
      this.#fail("range character '-' cannot be followed by a special symbol");
    }
    const [from, to] = [low.codePointAt(0) ?? 0, rune.codePointAt(0) ?? 0];
    if (to < from) this.#fail(`range is out of order: '${rune}' comes before '${low}' in Unicode`);
    for (let code = from; code <= to; code++) runes.add(String.fromCodePoint(code));
  }
}

function character(rune: string): Token {
  return { accepts: new Set([rune]), isSet: false, flag: "" };
}

function matches(a: Token, b: Token): boolean {
  if (a.accepts === "any" || b.accepts === "any") return true;
  const { accepts } = b;
  return [...a.accepts].some((rune) => accepts.has(rune));
}

function isSame(a: Token, b: Token): boolean {
  if (a.accepts === "any" || b.accepts === "any") return a.accepts === b.accepts;
  const other = b.accepts;
  return a.isSet === b.isSet && a.accepts.size === b.accepts.size && [...a.accepts].every((rune) => other.has(rune));
}

/** Joins repeated tokens: `t*t+` is `t+`. */
function simplify(tokens: readonly Token[]): Token[] {
  const simple: Token[] = [];
  for (const token of tokens) {
    const last = simple.at(-1);
    if (last !== undefined && token.flag !== "" && last.flag !== "" && isSame(token, last)) {
      simple[simple.length - 1] = { ...last, flag: token.flag === "+" || last.flag === "+" ? "+" : "*" };
    } else {
      simple.push(token);
    }
  }
  return simple;
}

/** Takes plain tokens that match off both ends, but for one each; undefined where two do not match. */
function trim(a: readonly Token[], b: readonly Token[]): readonly [readonly Token[], readonly Token[]] | undefined {
  let left = 0;
  for (; ; left++) {
    const [x, y] = [a[left], b[left]];
    if (x === undefined || y === undefined || x.flag !== "" || y.flag !== "") break;
    if (!matches(x, y)) return undefined;
  }
  if (left > 0) left--;
  let [endA, endB] = [a.length - 1, b.length - 1];
  for (; endA >= left && endB >= left; endA--, endB--) {
    const [x, y] = [a[endA], b[endB]];
    if (x === undefined || y === undefined || x.flag !== "" || y.flag !== "") break;
    if (!matches(x, y)) return undefined;
  }
  if (endA < a.length - 1) {
    endA++;
    endB++;
  }
  return [a.slice(left, endA + 1), b.slice(left, endB + 1)];
}

function intersect(context: BuiltinContext, a: readonly Token[], b: readonly Token[]): boolean {
  for (let at = 0; ; at++) {
    context.charge(1);
    const [x, y] = [a[at], b[at]];
    if (x === undefined || y === undefined) return x === y;
    if (x.flag !== "") return intersectFlagged(context, a.slice(at), b.slice(at), x.flag);
    if (y.flag !== "") return intersectFlagged(context, b.slice(at), a.slice(at), y.flag);
    if (!matches(x, y)) return false;
  }
}

function intersectFlagged(
  context: BuiltinContext,
  flagged: readonly Token[],
  other: readonly Token[],
  flag: "+" | "*",
): boolean {
  if (flag === "*") return intersectStar(context, flagged, other);
  const [first, against] = [flagged[0], other[0]];
  if (first === undefined || against === undefined || !matches(first, against)) return false;
  if (intersectStar(context, flagged, other.slice(1))) return true;
  return against.flag !== "" && intersect(context, flagged.slice(1), other);
}

function intersectStar(context: BuiltinContext, starred: readonly Token[], other: readonly Token[]): boolean {
  const [star, next] = starred;
  if (star === undefined) return false;
  for (const [index, token] of other.entries()) {
    context.charge(1);
    if (next !== undefined && matches(token, next) && intersect(context, starred.slice(1), other.slice(index))) {
      return true;
    }
    if (!matches(token, star)) return false;
  }
  return next === undefined;
}
