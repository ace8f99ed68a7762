/** Documents whose keys are names that JavaScript knows, through everything that Rego does with objects. */
import { compile, Store, toDocument, type PlainObject } from "@portcullis/rego";
import { readJSON, valueToText } from "@portcullis/rego/testing";

/** Keys that an object of JavaScript answers to without having them, and those that it orders by itself. */
export const hostileKeys: readonly string[] = [
  "__proto__",
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "length",
  "0",
  "-0",
  "10",
  "",
  "prototype",
  "__defineGetter__",
];

const literals = hostileKeys.flatMap((key, index) => {
  const name = JSON.stringify(key);
  return [
    `read_${index} := input.doc[${name}]`,
    `below_${index} := {k: v | some k; v := input.doc[k][${name}]}`,
    `made_${index} := {${name}: {${name}: input.doc}}`,
    `back_${index} := made_${index}[${name}][${name}]`,
    `known_${index} if not input.doc[${name}]`,
    `data_${index} := data.base[${name}]`,
  ];
});

/** Everything at once; each rule is a key of the answer. */
export const program: string = `package keys

whole := input.doc
same := input.doc == input.other
order := sort([input.doc, input.other, {}, {"": 0}])
text := sprintf("%v", [input.doc])
marshalled := json.marshal(input.doc)
again := json.unmarshal(json.marshal(input.doc))
walked := {[path, value] | walk(input.doc, [path, value])}
names := {k | some k, _ in input.doc}
counted := count(input.doc)
got := {k: v | some k in input.keys; v := object.get(input.doc, k, "absent")}
deep := {[k, l, v] | some k in input.keys; some l in input.keys; v := object.get(input.doc, [k, l], "absent")}
referred := {k: input.doc[k] | some k in input.keys}
nested := {[a, b] | input.doc[a][b]}
built := {k: {k: v} | some k, v in input.doc}
removed := object.remove(input.doc, input.some)
filtered := object.filter(input.doc, input.some)
unioned := object.union(input.doc, input.other)
merged := object.union_n([input.doc, input.other, {"constructor": {"length": 1}}])
within := object.subset(input.doc, input.other)
keys := object.keys(input.doc)
patched := {k: p | some k in input.some; p := json.patch(input.doc, [{"op": "add", "path": [k], "value": {k: 1}}])}
cut := json.remove(input.doc, [concat("/", [k, l]) | some k in ["constructor", "0"]; some l in input.some])
kept := json.filter(input.doc, [k | some k in input.some; k != ""])
together := {input.doc, input.other}
found if "toString" in object.keys(input.doc)
stored := data.base
both := {k: v | some k in input.keys; v := data.base[k]}
mixed := object.union(data.base, input.doc)
${literals.join("\n")}
`;

/** Base data that has all of the keys but two. */
export const baseText: string = `{"base": {${hostileKeys
  .filter((key) => key !== "valueOf" && key !== "10")
  .map((key) => `${JSON.stringify(key)}: {${JSON.stringify(key)}: [${JSON.stringify(key)}]}`)
  .join(", ")}}}`;

/** An input of this number: always the same. */
export function hostileInput(seed: number): string {
  let state = seed * 2_654_435_761 + 12_345;
  const draw = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return (state >>> 8) % below;
  };
  const key = (): string => JSON.stringify(hostileKeys[draw(hostileKeys.length)]);
  const leaf = (): string =>
    ["null", "true", "0", "-0", "1.0", "9007199254740993", '"__proto__"', '""', "[]", "{}"][draw(10)] ?? "null";
  const value = (depth: number): string => {
    if (depth === 0 || draw(4) === 0) return leaf();
    if (draw(4) === 0) return `[${Array.from({ length: draw(3) }, () => value(depth - 1)).join(", ")}]`;
    return object(depth);
  };
  // A key may come twice: then the last counts.
  const object = (depth: number, least = 0): string =>
    `{${Array.from({ length: least + draw(6) }, () => `${key()}: ${value(depth - 1)}`).join(", ")}}`;
  const some = Array.from({ length: 1 + draw(3) }, key);
  return `{"doc": ${object(3, 3)}, "other": ${object(2, 1)}, "keys": ${JSON.stringify(hostileKeys)}, "some": [${some.join(", ")}]}`;
}

/** Our answers to inputs, as canonical text. */
export async function answersToHostile(): Promise<(input: string) => string> {
  const compiled = await compile({
    modules: [{ name: "keys.rego", text: program }],
    entrypoints: { main: "data.keys" },
    hasData: () => false,
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const data = new Store(readJSON(baseText) as PlainObject); // as: the text above is an object
  return (input) => {
    const outcome = compiled.value.value("main", { input: readJSON(input), data });
    if (outcome.kind !== "value") return outcome.kind;
    return outcome.value === undefined ? "undefined" : valueToText(toDocument(outcome.value));
  };
}

/** Where two answers part, with what stands around. */
export function firstDifference(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 80), at + 80);
  return `ours: …${around(one)}…\nopa:  …${around(other)}…`;
}
