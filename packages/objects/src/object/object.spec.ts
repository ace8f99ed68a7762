import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hasCondition } from "./conditions.ts";
import { formatFieldErrors, invalid, notSupported, required, tooLong, tooMany } from "./field-error.ts";
import { matchesFields, parseFieldSelector } from "./field-selector.ts";
import { formatApiVersion, groupVersionKindOf, parseApiVersion } from "./group-version-kind.ts";
import { parseLabelSelector } from "./label-selector-text.ts";
import { checkLabelSelector, compileLabelSelector, matchesLabels } from "./label-selector.ts";
import { labelsOf, nameOf } from "./metadata.ts";
import { byteLength, checkConfigMapKey, checkDns1123Label, checkDns1123Subdomain, checkLabelKey } from "./names.ts";
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, type Quantity } from "./quantity.ts";

describe("objects", () => {
  it("say what they are", () => {
    assert.deepEqual(groupVersionKindOf({ apiVersion: "apps/v1", kind: "Deployment" }), {
      group: "apps",
      version: "v1",
      kind: "Deployment",
    });
    assert.deepEqual(groupVersionKindOf({ kind: 5 }), { group: "", version: "", kind: "" });
    assert.equal(parseApiVersion("a/b/c"), undefined);
    for (const text of ["v1", "apps/v1"]) {
      const parsed = parseApiVersion(text);
      assert.ok(parsed !== undefined && formatApiVersion(parsed) === text);
    }
  });

  it("have the labels that Kubernetes sees: null is empty, and one that is no text spoils all", () => {
    const labels = (of: unknown): unknown => labelsOf({ metadata: { labels: of } });
    assert.deepEqual(labels({ a: "x", b: null }), { a: "x", b: "" });
    for (const value of [1, true, [], {}]) assert.deepEqual(labels({ a: "x", b: value }), {});
    assert.equal(Object.hasOwn(labels({ b: null, ["__proto__"]: "x" }) as object, "__proto__"), true);
  });

  it("have metadata of their own only", () => {
    assert.equal(nameOf({ metadata: Object.create({ name: "inherited" }) as object }), "");
    assert.deepEqual(labelsOf({ metadata: { labels: [] } }), {});
    assert.equal(nameOf(null), "");
  });
});

describe("conditions", () => {
  it("hold where the status says True, and nowhere else", () => {
    const conditions = [
      { type: "Established", status: "True" },
      { type: "Terminating", status: "False" },
    ];
    assert.equal(hasCondition({ status: { conditions } }, "Established"), true);
    assert.equal(hasCondition({ status: { conditions } }, "Terminating"), false);
    assert.equal(hasCondition({ status: { conditions } }, "Ready"), false);
    assert.equal(hasCondition({ conditions, status: { conditions: {} } }, "Established"), false);
  });
});

describe("names", () => {
  it("are checked in Kubernetes' words", () => {
    assert.deepEqual(checkDns1123Label("my-name"), []);
    assert.deepEqual(checkDns1123Label("a.b"), ["must not contain dots"]);
    assert.deepEqual(checkDns1123Label("-a"), [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    assert.deepEqual(checkDns1123Subdomain("a".repeat(254)), ["must be no more than 253 characters"]);
    assert.deepEqual(checkLabelKey("a/"), [
      "name part must be non-empty",
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ]);
    assert.deepEqual(checkConfigMapKey("..a"), ["must not start with '..'"]);
    assert.deepEqual(checkDns1123Label("a\n").length, 1);
  });

  it("are measured in bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.equal(byteLength(text), Buffer.byteLength(text));
      }),
    );
  });
});

describe("field errors", () => {
  it("are printed as Kubernetes prints them", () => {
    assert.equal(formatFieldErrors([required("a.b", "why")]), "a.b: Required value: why");
    assert.equal(
      formatFieldErrors([invalid("a", { b: "<" }, "no"), tooLong("c", 1), tooLong("c", 1), tooMany("d", 3, 2)]),
      '[a: Invalid value: {"b":"\\u003c"}: no, c: Too long: may not be more than 1 byte, d: Too many: 3: must have at most 2 items]',
    );
    assert.equal(
      formatFieldErrors([notSupported("", "c", ["a", "b"])]),
      '<nil>: Unsupported value: "c": supported values: "a", "b"',
    );
  });
});

describe("label selectors", () => {
  const select = (text: string, labels: Record<string, string>): boolean | string => {
    const read = parseLabelSelector(text);
    return read.ok ? matchesLabels(read.selector, labels) : read.message;
  };

  it("are read from text", () => {
    assert.equal(select("a=b,c in (d,e),!f", { a: "b", c: "e" }), true);
    assert.equal(select("a=b,c in (d,e),!f", { a: "b", c: "e", f: "" }), false);
    assert.equal(select("a!=b", {}), true);
    assert.equal(select("a notin (b)", { a: "c" }), true);
    assert.equal(select("n > 5", { n: "6" }), true);
    assert.equal(select("n<5", { n: "x" }), false);
    assert.equal(select("in in (in)", { in: "in" }), true);
    assert.equal(select("a in (,)", { a: "" }), true);
    assert.equal(select("", {}), true);
  });

  it("say where a text goes wrong", () => {
    assert.equal(select("a,", {}), "found '', expected: identifier after ','");
    assert.equal(select("a b", {}), "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
    assert.equal(select("a in (b", {}), "unable to parse requirement: found '', expected: ',' or ')'");
    assert.equal(
      select("a > b", {}),
      "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
    );
  });

  it("are checked and made ready from objects", () => {
    const wrong = { matchExpressions: [{ key: "a", operator: "In" }] };
    assert.equal(
      formatFieldErrors(checkLabelSelector(wrong, "spec.selector")),
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    );
    const read = compileLabelSelector({
      matchLabels: { a: "b" },
      matchExpressions: [{ key: "c", operator: "NotIn", values: ["d"] }],
    });
    assert.ok(read.ok && matchesLabels(read.selector, { a: "b" }) && !matchesLabels(read.selector, { a: "b", c: "d" }));
  });
});

describe("field selectors", () => {
  it("compare fields, with escapes", () => {
    const read = parseFieldSelector("metadata.name=a\\,b,status.phase!=Running,");
    assert.ok(read.ok);
    const fields = new Map([["metadata.name", "a,b"]]);
    assert.equal(
      matchesFields(read.selector, (field) => fields.get(field) ?? ""),
      true,
    );
    assert.deepEqual(parseFieldSelector("name"), {
      ok: false,
      message: "invalid selector: 'name'; can't understand 'name'",
    });
    assert.deepEqual(parseFieldSelector("a=b=c"), {
      ok: false,
      message: "invalid field selector: unescaped character in value: 61",
    });
  });
});

describe("quantities", () => {
  const parsed = (text: string): Quantity => {
    const read = parseQuantity(text);
    assert.ok(read.ok, text);
    return read.quantity;
  };

  it("have one canonical form", () => {
    const forms: readonly (readonly [string, string])[] = [
      ["0.5", "500m"],
      ["1000m", "1"],
      ["1.5Gi", "1536Mi"],
      ["1024", "1024"],
      ["1024Ki", "1Mi"],
      ["0.1Ki", "102400m"],
      ["2e3", "2e3"],
      ["1000k", "1M"],
      ["-3.01n", "-4n"],
      ["00100m", "100m"],
      ["0", "0"],
      ["12E", "12E"],
    ];
    for (const [text, canonical] of forms) assert.equal(formatQuantity(parsed(text)), canonical, text);
  });

  it("keep their amount through the canonical form, and add up", () => {
    const quantity = fc
      .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.constantFrom("", "m", "k", "Ki", "Mi", "e3"))
      .map(([amount, suffix]) => `${amount}${suffix}`);
    fc.assert(
      fc.property(quantity, quantity, (left, right) => {
        const [a, b] = [parsed(left), parsed(right)];
        assert.equal(compareQuantities(parsed(formatQuantity(a)), a), 0);
        assert.equal(addQuantities(a, b).nano, a.nano + b.nano);
      }),
    );
  });

  it("say what is wrong with a text", () => {
    assert.deepEqual(parseQuantity("1x"), {
      ok: false,
      message: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    });
    assert.deepEqual(parseQuantity("1ki"), { ok: false, message: "unable to parse quantity's suffix" });
  });

  it("do not let an exponent eat the memory", () => {
    assert.equal(formatQuantity(parsed("1e999999999999")).length < 300, true);
    assert.equal(parsed("1e-999999999999").nano, 1n);
  });
});
