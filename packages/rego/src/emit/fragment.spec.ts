import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Code, comment, identifier, js, property } from "./fragment.ts";
import { Names } from "./names.ts";

/** The value that a fragment has as JavaScript, read by JSON since literals are all that is asked here. */
function literal(code: Code): unknown {
  return JSON.parse(code.text);
}

test("a text in a fragment is a literal of that text, whatever it says", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.equal(literal(js`${text}`), text);
    }),
  );
});

test("a literal holds nothing that could end it, a line or a script element", () => {
  const nasty = '"; alert(1); //\u2028\u2029</script>`${1}*/\\';
  const { text } = js`${nasty}`;
  assert.equal(JSON.parse(text), nasty);
  assert.doesNotMatch(text.slice(1, -1).replaceAll(/\\./g, ""), /["\u2028\u2029\n]|<[/!]/);
});

test("code is spliced, everything else is quoted", () => {
  assert.equal(js`${identifier("x")} === ${"x"}`.text, 'x === "x"');
  assert.equal(js`f(${1}, ${null}, ${true}, ${-0})`.text, "f(1, null, true, -0)");
});

test("an identifier that is none is a fault", () => {
  for (const name of ["a b", "1a", "a;b", "", "a-b", "é", "x\n"]) assert.throws(() => identifier(name));
});

test("code cannot be made around the tag", () => {
  // as: what a caller that goes around the types would try
  assert.throws(() => new Code("alert(1)", undefined as never));
});

test("a comment stays on its line", () => {
  assert.equal(comment("a\nb\u2028c\r\n*/").text, "// a b c */");
});

test("a property that is no identifier is in brackets", () => {
  assert.equal(property(identifier("o"), "a").text, "o.a");
  assert.equal(property(identifier("o"), "a b").text, 'o["a b"]');
});

test("names are identifiers, unique, and none of JavaScript's own", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 20 }), (hints) => {
      const names = new Names();
      const given = hints.concat("var", "await", "constructor", "eval", "c").map((hint) => names.fresh(hint).text);
      assert.equal(new Set(given).size, given.length);
      for (const name of given) {
        assert.match(name, /^[A-Za-z_$][A-Za-z0-9_$]*$/);
        assert.ok(!["var", "await", "constructor", "eval", "c"].includes(name));
      }
    }),
  );
});

test("an inner name does not hide an outer one", () => {
  const outer = new Names();
  assert.equal(outer.fresh("x").text, "x");
  assert.equal(outer.inner().fresh("x").text, "x2");
});
