import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { BuiltinFailure } from "../failure.ts";
import { automatonOf } from "./automaton.ts";
import { includes } from "./character-class.ts";
import { allMatches, compileRegex } from "./engine.ts";
import { type Linearity, linearity } from "./linear.ts";
import { type Pattern, parsePattern } from "./pattern.ts";

const atoms = fc.constantFrom(
  ..."a b c x 1 é 😀 . ^ $ \\b \\d \\w \\s \\W [ab] [^a] [a-c] [^b-x] [é-ü] \\. \\n [[:digit:]] (?:) ab K k".split(" "),
  " ",
  "(?i:k)",
  "(?s:.)",
  "\\z",
  "\\A",
);
const counts = fc.constantFrom("", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}", "{2,}", "{0}");
const patterns = fc.letrec<{ pattern: string; item: string }>((tie) => ({
  pattern: fc
    .array(
      fc.array(tie("item"), { maxLength: 4 }).map((items) => items.join("")),
      { minLength: 1, maxLength: 2 },
    )
    .map((sides) => sides.join("|")),
  item: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(atoms, counts).map((parts) => parts.join("")),
    fc
      .tuple(fc.constantFrom("(", "(?:", "(?P<n>"), tie("pattern"), counts)
      .map(([open, inner, count]) => `${open}${inner})${count}`),
  ),
})).pattern;
const texts = fc.string({ unit: fc.constantFrom(...("aabbcx1é😀Kk \n.".match(/./gsu) ?? [])), maxLength: 12 });

function proofOf(pattern: string): Linearity | undefined {
  const parsed = parsePattern(pattern);
  const automaton = parsed === undefined ? undefined : automatonOf(parsed.root);
  return automaton === undefined ? undefined : linearity(automaton);
}

/** All matches with their groups by re2js alone. */
function matchesByRe2(regex: RE2JS, text: string): string[][] {
  const found: string[][] = [];
  let [at, previousEnd] = [0, -1];
  while (at <= text.length) {
    const matcher = regex.matcher(text);
    if (!matcher.find(at)) break;
    const [start, end] = [matcher.start(), matcher.end()];
    if (start !== end || start !== previousEnd) {
      found.push(Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? ""));
    }
    previousEnd = end;
    at = end > at ? end : at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
  }
  return found;
}

describe("any pattern", () => {
  it("finds in any text what re2js finds there", () => {
    let translated = 0;
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 1, maxLength: 4 }), (pattern, subjects) => {
        const regex = compiled(() => compileRegex(pattern));
        const byRe2 = compiled(() => RE2JS.compile(pattern));
        // Groups may share a name here, as in Go; re2js takes that for a mistake.
        if (regex === undefined || byRe2 === undefined) return assert.ok(byRe2 === undefined || regex === undefined);
        if (proofOf(pattern)?.all === true) translated += 1;
        for (const text of subjects) {
          const shown = `${JSON.stringify(pattern)} in ${JSON.stringify(text)}`;
          assert.equal(regex.matches(text), byRe2.matcher(text).find(), shown);
          assert.deepEqual(
            Array.from(allMatches(free, regex, text), ({ groups }) => groups),
            matchesByRe2(byRe2, text),
            shown,
          );
        }
      }),
      { numRuns: 250 },
    );
    assert.ok(translated > 25, `only ${translated} patterns were JavaScript's own`);
  });

  it("is refused with a text, or runs, whatever it is", () => {
    const soup = fc
      .array(
        fc.constantFrom(
          ..."a ( ) [ ] { } * + ? | ^ $ . \\ , - 1 (? (?P< > : ! = \\Q \\E \\p { Greek \\x [: :] é".split(" "),
        ),
        {
          maxLength: 12,
        },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(soup, texts, (pattern, text) => {
        const regex = compiled(() => compileRegex(pattern));
        if (regex !== undefined) Array.from(allMatches(free, regex, text));
      }),
      { numRuns: 600 },
    );
  });
});

const free = { charge: () => {} };

/** What compiling gives; undefined where the pattern is refused. */
function compiled<T>(compile: () => T): T | undefined {
  try {
    return compile();
  } catch (error) {
    if (error instanceof BuiltinFailure) return assert.match(error.message, /^error parsing regexp: /) as undefined;
    if (error instanceof Error && error.message.startsWith("error parsing regexp")) return undefined;
    throw error;
  }
}

/**
 * How many characters a backtracking search looks at until its first match, all its beginnings included; past a limit it
 * is given up.
 */
function stepsOf(root: Pattern, text: string): number {
  const codes = Array.from(text, (rune) => rune.codePointAt(0) ?? 0);
  let steps = 0;
  const isWord = (at: number): boolean => /^\w$/.test(String.fromCodePoint(codes[at] ?? 32));
  const matches = (pattern: Pattern, at: number, then: (at: number) => boolean): boolean => {
    switch (pattern.kind) {
      case "class": {
        steps += 1;
        if (steps > mostSteps) return true;
        const code = codes[at];
        return code !== undefined && includes(pattern.class, code) && then(at + 1);
      }
      case "assertion": {
        const holds = {
          start: at === 0,
          end: at === codes.length,
          boundary: isWord(at - 1) !== isWord(at),
          "no boundary": isWord(at - 1) === isWord(at),
        };
        return holds[pattern.at] && then(at);
      }
      case "capture":
        return matches(pattern.item, at, then);
      case "sequence": {
        const from = (index: number, place: number): boolean => {
          const item = pattern.items[index];
          return item === undefined ? then(place) : matches(item, place, (next) => from(index + 1, next));
        };
        return from(0, at);
      }
      case "choice":
        return pattern.items.some((item) => matches(item, at, then));
      case "repeat": {
        const again = (count: number, place: number): boolean => {
          const more = (): boolean =>
            count < pattern.max &&
            matches(pattern.item, place, (next) => (next > place || count < pattern.min) && again(count + 1, next));
          const enough = (): boolean => count >= pattern.min && then(place);
          return pattern.lazy ? enough() || more() : more() || enough();
        };
        return again(0, at);
      }
    }
  };
  for (let start = 0; start <= codes.length; start += 1) if (matches(root, start, () => true)) break;
  return steps;
}

const mostSteps = 100_000;

/** Whether twice the text takes much more than twice the steps. */
function growsBeyondLinear(root: Pattern, [head, pump, tail]: readonly [string, string, string]): boolean {
  const [once, twice] = [60, 120].map((count) => stepsOf(root, head + pump.repeat(count) + tail));
  return (twice ?? 0) > Math.min(3 * (once ?? 0) + 500, mostSteps);
}

const pumped = fc.tuple(
  fc.string({ unit: fc.constantFrom(...Array.from("abcx1 ")), maxLength: 2 }),
  fc.string({ unit: fc.constantFrom(...Array.from("abcx1 ")), minLength: 1, maxLength: 3 }),
  fc.constantFrom("", "!", "b!", "\n"),
);

describe("a pattern that is proven linear", () => {
  it("is not when it is known to be quadratic, or worse", () => {
    for (const [pattern, word] of [
      ["a*b", "a"],
      ["(?:a|b)*c", "ab"],
      ["a*a*b", "a"],
      ["\\w+@", "a"],
      ["(a+)+b", "a"],
    ] as const) {
      assert.notEqual(proofOf(pattern)?.first, true, pattern);
      const root = parsePattern(pattern)?.root;
      assert.ok(root !== undefined);
      assert.ok(growsBeyondLinear(root, ["", word, "!"]), pattern);
    }
  });

  it("takes a backtracking search steps in proportion to any text", () => {
    let proven = 0;
    fc.assert(
      fc.property(patterns, fc.array(pumped, { minLength: 1, maxLength: 3 }), (pattern, subjects) => {
        const parsed = parsePattern(pattern);
        if (parsed === undefined || proofOf(pattern)?.first !== true) return;
        proven += 1;
        for (const text of subjects) {
          assert.ok(!growsBeyondLinear(parsed.root, text), `${JSON.stringify(pattern)} in ${JSON.stringify(text)}`);
        }
      }),
      { numRuns: 600 },
    );
    assert.ok(proven > 60, `only ${proven} patterns were proven linear`);
  });
});
