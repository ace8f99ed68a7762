import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { BuiltinFailure } from "../failure.ts";
import { globFamily } from "./glob.ts";

/** A glob in parts, and its own meaning in as few words as there can be. */
type Glob =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "star" | "stars" | "one" }
  | { readonly kind: "class"; readonly letters: string; readonly isNegated: boolean }
  | { readonly kind: "choice"; readonly sides: readonly (readonly Glob[])[] };

const letterPool = ["a", "b", "c", ".", "/", "é", "😀", "*", "{"];

const globs: fc.Arbitrary<readonly Glob[]> = fc.letrec<{ glob: readonly Glob[]; part: Glob }>((tie) => ({
  glob: fc.array(tie("part"), { maxLength: 4 }).map(withoutStarsInARow),
  part: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...letterPool).map((text): Glob => ({ kind: "text", text })),
    fc.constantFrom("star", "stars", "one").map((kind): Glob => ({ kind })),
    fc
      .tuple(fc.uniqueArray(fc.constantFrom("a", "b", "c", ".", "é"), { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([letters, isNegated]): Glob => ({ kind: "class", letters: letters.join(""), isNegated })),
    fc.array(tie("glob"), { minLength: 1, maxLength: 3 }).map((sides): Glob => ({ kind: "choice", sides })),
  ),
})).glob;

/** Stars side by side are one that nothing stops. */
function withoutStarsInARow(parts: readonly Glob[]): readonly Glob[] {
  const isStar = (part: Glob | undefined): boolean => part?.kind === "star" || part?.kind === "stars";
  return parts.reduce<readonly Glob[]>(
    (before, part) =>
      isStar(part) && isStar(before.at(-1)) ? [...before.slice(0, -1), { kind: "stars" }] : [...before, part],
    [],
  );
}

function textOf(glob: readonly Glob[]): string {
  return glob
    .map((part) => {
      switch (part.kind) {
        case "text":
          return part.text.replace(/[*?\\[\]{},]/, "\\$&");
        case "star":
          return "*";
        case "stars":
          return "**";
        case "one":
          return "?";
        case "class":
          return `[${part.isNegated ? "!" : ""}${part.letters}]`;
        case "choice":
          return `{${part.sides.map(textOf).join(",")}}`;
      }
    })
    .join("");
}

/** The places in a text where a match that began at one of some places may end. */
function ends(
  glob: readonly Glob[],
  runes: readonly string[],
  from: ReadonlySet<number>,
  marks: readonly string[],
): Set<number> {
  let places = new Set(from);
  for (const part of glob) {
    const next = new Set<number>();
    const passes = (rune: string | undefined): boolean => {
      if (rune === undefined) return false;
      if (part.kind === "text") return rune === part.text;
      if (part.kind === "class") return part.letters.includes(rune) !== part.isNegated;
      return part.kind === "stars" || !marks.includes(rune);
    };
    for (const place of places) {
      if (part.kind === "choice") {
        for (const side of part.sides) for (const end of ends(side, runes, new Set([place]), marks)) next.add(end);
      } else if (part.kind === "star" || part.kind === "stars") {
        next.add(place);
        for (let at = place; passes(runes[at]); at += 1) next.add(at + 1);
      } else if (passes(runes[place])) {
        next.add(place + 1);
      }
    }
    places = next;
  }
  return places;
}

const family = globFamily();

function answer(pattern: string, marks: Value, text: string): Value | undefined {
  const match = family.get("glob.match");
  assert.ok(match !== undefined);
  // as: a glob asks for nothing else of an evaluation
  const context = { charge: () => {} } as unknown as BuiltinContext;
  return match(context, pattern, marks, text);
}

const texts = fc.array(fc.constantFrom(...letterPool), { maxLength: 7 });

describe("a glob", () => {
  it("matches what its parts match one after the other", () => {
    let matched = 0;
    fc.assert(
      fc.property(
        globs,
        fc.array(texts, { minLength: 1, maxLength: 4 }),
        fc.constantFrom([], ["."], ["/", "."]),
        (glob, subjects, marks) => {
          const pattern = textOf(glob);
          for (const runes of subjects) {
            const expected = ends(glob, runes, new Set([0]), marks).has(runes.length);
            if (expected) matched += 1;
            const given = marks.length === 0 ? null : marks;
            assert.equal(answer(pattern, given, runes.join("")), expected, `${pattern} of ${runes.join("")}`);
          }
        },
      ),
      { numRuns: 400 },
    );
    assert.ok(matched > 20, `only ${matched} texts matched`);
  });

  it("that is quoted matches its text alone", () => {
    const quote = family.get("glob.quote_meta");
    assert.ok(quote !== undefined);
    const context = {} as BuiltinContext; // as: quoting asks for nothing
    const strings = fc.string({ unit: fc.constantFrom(...Array.from("ab*?[]{}\\,!-^é")), maxLength: 8 });
    fc.assert(
      fc.property(strings, strings, (text, other) => {
        const pattern = quote(context, text);
        assert.ok(typeof pattern === "string");
        assert.equal(answer(pattern, null, text), true);
        assert.equal(answer(pattern, null, other), text === other);
      }),
      { numRuns: 300 },
    );
  });

  it("is refused with a text, or answers, whatever it is", () => {
    const soup = fc.string({ unit: fc.constantFrom(...Array.from("ab*?[]{}\\,!-^é😀./")), maxLength: 14 });
    fc.assert(
      fc.property(soup, soup, (pattern, text) => {
        try {
          assert.equal(typeof answer(pattern, ["/"], text), "boolean");
        } catch (failure) {
          if (!(failure instanceof BuiltinFailure)) throw failure;
          assert.ok(failure.message.length > 0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
