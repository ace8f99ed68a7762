import { isArray } from "../../runtime/order.ts";
import { encodeUtf8 } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinFunction } from "../builtin.ts";
import { fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { failElement, failType, stringOperand } from "../operand.ts";
import { bounded } from "../bounded.ts";
import { anything, type CharacterClass, complement, unite } from "./character-class.ts";
import { compileTree } from "./engine.ts";
import type { Pattern } from "./pattern.ts";

/** How many compiled globs are kept. */
const mostGlobs = 100;

/** glob.*: each family keeps the globs that it has compiled. */
export function globFamily(): Family {
  const compile = bounded(mostGlobs, (key) => {
    // No delimiter is a zero character in JSON, and none of these texts needs more than to be told apart.
    const [pattern, delimiters] = JSON.parse(key) as [string, string[]];
    return compileTree(parseGlob(pattern, delimiters));
  });
  return new Map<string, BuiltinFunction>([
    [
      "glob.match",
      (context, pattern: Value, delimiters: Value, text: Value) => {
        const source = stringOperand(pattern, 1);
        const marks = delimitersOperand(delimiters);
        const subject = stringOperand(text, 3);
        context.charge(subject.length >> 6);
        return compile(JSON.stringify([source, marks]))(subject);
      },
    ],
    ["glob.quote_meta", (_context, text: Value) => stringOperand(text, 1).replaceAll(/[*?\\[\]{}]/g, "\\$&")],
  ]);
}

/** Null is no delimiter at all, an empty array the dot. */
function delimitersOperand(value: Value): readonly string[] {
  if (value === null) return [];
  if (!isArray(value)) failType(2, value, "array", "null");
  const marks = value.map((item) => {
    if (typeof item !== "string") failElement(2, value, item, "string");
    if (Array.from(item).length !== 1) failElement(2, value, item, "rune");
    return item;
  });
  return marks.length === 0 ? ["."] : marks;
}

function parseGlob(pattern: string, delimiters: readonly string[]): Pattern {
  const separators: CharacterClass = delimiters.map((mark) => [codeOf(mark), codeOf(mark)]);
  const root = new GlobParser(pattern, complement(separators)).parse();
  return { kind: "sequence", items: [{ kind: "assertion", at: "start" }, root, { kind: "assertion", at: "end" }] };
}

function codeOf(rune: string): number {
  return rune.codePointAt(0) ?? 0;
}

function any(ranges: CharacterClass): Pattern {
  return { kind: "repeat", item: { kind: "class", class: ranges }, min: 0, max: Infinity, lazy: false };
}

class GlobParser {
  readonly #runes: readonly string[];
  readonly #notSeparator: CharacterClass;
  #at = 0;
  #level = 0;

  constructor(pattern: string, notSeparator: CharacterClass) {
    this.#runes = Array.from(pattern);
    this.#notSeparator = notSeparator;
  }

  parse(): Pattern {
    return this.#alternatives();
  }

  #fail(reason: string): never {
    const offset = encodeUtf8(this.#runes.slice(0, this.#at).join("")).length;
    return fail(`glob: syntax error at ${offset}: ${reason}`);
  }

  /** Up to the end, or to the comma or brace that ends an alternative. */
  #alternatives(): Pattern {
    const choices: Pattern[] = [];
    let sequence: Pattern[] = [];
    for (;;) {
      const rune = this.#runes[this.#at];
      if (rune === undefined) {
        if (this.#level > 0) this.#fail("unclosed `{`");
        return { kind: "sequence", items: sequence };
      }
      this.#at++;
      if (this.#level > 0 && (rune === "," || rune === "}")) {
        choices.push({ kind: "sequence", items: sequence });
        sequence = [];
        if (rune === ",") continue;
        this.#level--;
        return { kind: "choice", items: choices };
      }
      sequence.push(this.#term(rune));
    }
  }

  #term(rune: string): Pattern {
    switch (rune) {
      case "{":
        this.#level++;
        return this.#alternatives();
      case "[":
        return { kind: "class", class: this.#class() };
      case "?":
        return { kind: "class", class: this.#notSeparator };
      case "*":
        if (this.#runes[this.#at] !== "*") return any(this.#notSeparator);
        this.#at++;
        return any(anything);
      case "\\": {
        const escaped = this.#runes[this.#at] ?? this.#fail("trailing backslash");
        this.#at++;
        return literal(escaped);
      }
      default:
        return literal(rune);
    }
  }

  #read(): string {
    const rune = this.#runes[this.#at] ?? this.#fail("unexpected end of input");
    this.#at++;
    return rune;
  }

  #class(): CharacterClass {
    let first = this.#read();
    const isNegated = first === "!";
    if (isNegated) first = this.#read();
    const ranges = this.#runes[this.#at] === "-" ? this.#range(first) : this.#members(first);
    return isNegated ? complement(ranges) : unite(ranges);
  }

  #range(low: string): CharacterClass {
    this.#at++;
    const high = this.#read();
    if (this.#read() !== "]") this.#fail("expected close range character");
    if (codeOf(high) < codeOf(low)) this.#fail("range hi character is less than lo");
    return [[codeOf(low), codeOf(high)]];
  }

  #members(first: string): CharacterClass {
    const members: (readonly [number, number])[] = [];
    for (let rune = first; rune !== "]"; rune = this.#read()) {
      const member = rune === "\\" ? (this.#runes[this.#at++] ?? this.#fail("trailing backslash")) : rune;
      members.push([codeOf(member), codeOf(member)]);
    }
    return members.length === 0 ? this.#fail("could not parse range") : members;
  }
}

function literal(rune: string): Pattern {
  return { kind: "class", class: [[codeOf(rune), codeOf(rune)]] };
}
