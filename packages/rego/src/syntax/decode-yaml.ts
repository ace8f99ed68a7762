/**
 * YAML to data of a wanted shape, as Go's library decodes into a type. What does not fit is left out and told of at
 * the end, all of it together.
 */
import type { Moment } from "../yaml/moment.ts";
import { YAMLFault, type YAMLMapping, type YAMLNode, type YAMLScalar } from "../yaml/node.ts";
import { parseFirstYAML } from "../yaml/parse.ts";
import { isMergeKey, resolveScalar, scalarTag, type ScalarValue } from "../yaml/resolve.ts";
import { quote } from "./quote.ts";

/** What is wanted, under the name that Go has for it. */
export type Shape =
  | { readonly kind: "string" | "bool" | "any"; readonly name: string }
  | { readonly kind: "list"; readonly name: string; readonly items: Shape }
  | { readonly kind: "map"; readonly name: string }
  | { readonly kind: "struct"; readonly name: string; readonly fields: ReadonlyMap<string, Shape> };

/** Data: plain objects where all keys are texts, else maps. */
export type Data = Exclude<ScalarValue, Moment> | Date | readonly Data[] | DataObject | ReadonlyMap<Data, Data>;

/** An object with own properties for keys. */
export interface DataObject {
  readonly [key: string]: Data;
}

/** Decoded data, or why there are none: all that did not fit, with the line of the first, or one fault. */
export type Decoded = { readonly value: Data | undefined } | { readonly error: string; readonly line?: number };

/** Whether data are an object. */
export function isDataObject(value: Data): value is DataObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Map || value instanceof Date)
  );
}

const text: Shape = { kind: "string", name: "string" };
const anything: Shape = { kind: "any", name: "interface {}" };

/** Decodes the first document of a text; a text without a document has no data. */
export function decodeYAML(yaml: string, shape: Shape): Decoded {
  const decoder = new Decoder();
  try {
    const node = parseFirstYAML(yaml);
    if (node === undefined) return { value: undefined };
    const value = decoder.decode(node, shape);
    const [first] = decoder.mismatches;
    if (first === undefined) return { value };
    const lines = decoder.mismatches.map(({ line, problem }) => `\n  line ${line}: ${problem}`);
    return { error: `yaml: unmarshal errors:${lines.join("")}`, line: first.line };
  } catch (fault) {
    if (fault instanceof YAMLFault) return { error: `yaml: ${fault.message}` };
    throw fault;
  }
}

interface Mismatch {
  readonly line: number;
  readonly problem: string;
}

/** Keys that a map had before those are looked at that it merges. */
type Known = Set<Data>;

class Decoder {
  readonly mismatches: Mismatch[] = [];
  readonly #open = new Set<YAMLNode>();
  #decoded = 0;
  #aliased = 0;
  #aliasDepth = 0;

  /** A value; undefined where there is none that fits. */
  decode(node: YAMLNode, shape: Shape, known?: Known): Data | undefined {
    this.#count();
    switch (node.kind) {
      case "alias": {
        if (this.#open.has(node)) throw new YAMLFault(`anchor '${node.name}' value contains itself`);
        this.#open.add(node);
        this.#aliasDepth += 1;
        const value = this.decode(node.target, shape, known);
        this.#aliasDepth -= 1;
        this.#open.delete(node);
        return value;
      }
      case "scalar":
        return this.#scalar(node, shape);
      case "sequence": {
        if (shape.kind !== "any" && shape.kind !== "list") return this.#mismatch(node, shape);
        const items = shape.kind === "list" ? shape.items : anything;
        return node.items.flatMap((item) => {
          const value = this.decode(item, items);
          return value === undefined ? [] : [value];
        });
      }
      case "mapping":
        return this.#mapping(node, shape, known);
    }
  }

  /** Aliases may make up a share of a document that falls as it grows. */
  #count(): void {
    this.#decoded += 1;
    if (this.#aliasDepth > 0) this.#aliased += 1;
    if (this.#aliased <= 100 || this.#decoded <= 1000) return;
    const scale = Math.min(Math.max((this.#decoded - 400_000) / 3_600_000, 0), 1);
    if (this.#aliased / this.#decoded > 0.99 - 0.89 * scale) {
      throw new YAMLFault("document contains excessive aliasing");
    }
  }

  #mismatch(node: YAMLNode, shape: Shape): undefined {
    this.mismatches.push({ line: node.line, problem: `cannot unmarshal ${describe(node)} into ${shape.name}` });
  }

  #scalar(node: YAMLScalar, shape: Shape): Data | undefined {
    const { value: meaning, tag } = resolveScalar(node);
    const value = typeof meaning === "object" && meaning !== null ? dateOf(meaning) : meaning;
    if (value === null) return shape.kind === "any" || shape.kind === "list" || shape.kind === "map" ? null : undefined;
    switch (shape.kind) {
      case "any":
        return value;
      case "string":
        return tag === "!!binary" ? value : node.value;
      case "bool":
        if (typeof value === "boolean") return value;
        // What was true in YAML 1.1 is, where truth is asked for.
        if (typeof value === "string" && /^(?:y|Y|yes|Yes|YES|on|On|ON)$/.test(value)) return true;
        if (typeof value === "string" && /^(?:n|N|no|No|NO|off|Off|OFF)$/.test(value)) return false;
        return this.#mismatch(node, shape);
      case "list":
      case "map":
      case "struct":
        return this.#mismatch(node, shape);
    }
  }

  #mapping(node: YAMLMapping, shape: Shape, known: Known | undefined): Data | undefined {
    if (this.#hasRepeatedKey(node)) return undefined;
    switch (shape.kind) {
      case "string":
      case "bool":
      case "list":
        return this.#mismatch(node, shape);
      case "struct":
        return Object.fromEntries(this.#pairs<string>(node, text, (key) => fieldShape(shape, key), known));
      case "map":
        return Object.fromEntries(this.#pairs<string>(node, text, () => anything, known));
      case "any": {
        const onlyTexts = node.pairs.every(([key]) => key.kind === "scalar" && isTextKey(key));
        if (onlyTexts) return Object.fromEntries(this.#pairs<string>(node, text, () => anything, known));
        return new Map(this.#pairs<Data>(node, anything, () => anything, known));
      }
    }
  }

  #hasRepeatedKey({ pairs }: YAMLMapping): boolean {
    let found = false;
    const earlier = new Map<string, YAMLNode[]>();
    const repeated: (readonly [first: YAMLNode, second: YAMLNode, order: number])[] = [];
    pairs.forEach(([key]) => {
      const name = `${key.kind} ${valueOf(key)}`;
      const same = earlier.get(name) ?? [];
      for (const [order, first] of same.entries()) repeated.push([first, key, order]);
      earlier.set(name, [...same, key]);
      found ||= same.length > 0;
    });
    const place = new Map(pairs.map(([key], index) => [key, index]));
    const order = (key: YAMLNode): number => place.get(key) ?? 0;
    repeated.sort((a, b) => order(a[0]) - order(b[0]) || order(a[1]) - order(b[1]));
    for (const [first, second] of repeated) {
      const problem = `mapping key ${quote(valueOf(second))} already defined at line ${first.line}`;
      this.mismatches.push({ line: second.line, problem });
    }
    return found;
  }

  /** The pairs of a map and of those that it merges; what a map has itself goes before. */
  #pairs<K extends Data = string>(
    node: YAMLMapping,
    keys: Shape,
    shapeOf: (key: K) => Shape | undefined,
    known: Known | undefined,
  ): (readonly [K, Data])[] {
    const result: (readonly [K, Data])[] = [];
    let merge: YAMLNode | undefined;
    for (const [key, value] of node.pairs) {
      if (isMergeKey(key)) {
        merge = value;
        continue;
      }
      // as: the shape of the keys says what they are
      const name = this.decode(key, keys) as K | undefined;
      if (name === undefined || known?.has(name) === true) continue;
      known?.add(name);
      if (typeof name === "object" && name !== null && !(name instanceof Date)) {
        throw new YAMLFault(`invalid map key: ${goSyntax(name)}`);
      }
      const shape = shapeOf(name);
      const decoded = shape === undefined ? undefined : this.decode(value, shape);
      if (decoded !== undefined) result.push([name, decoded]);
    }
    if (merge !== undefined) result.push(...this.#merged(node, merge, keys, shapeOf, known));
    return result;
  }

  #merged<K extends Data>(
    node: YAMLMapping,
    merge: YAMLNode,
    keys: Shape,
    shapeOf: (key: K) => Shape | undefined,
    known: Known | undefined,
  ): (readonly [K, Data])[] {
    const seen: Known = known ?? new Set(node.pairs.flatMap(([key]) => this.decode(key, anything) ?? []));
    const sources = merge.kind === "sequence" ? merge.items : [merge];
    return sources.flatMap((source) => {
      const target = source.kind === "alias" ? source.target : source;
      if (target.kind !== "mapping") {
        throw new YAMLFault("map merge requires map or sequence of maps as the value");
      }
      this.#count();
      return this.#hasRepeatedKey(target) ? [] : this.#pairs(target, keys, shapeOf, seen);
    });
  }
}

function fieldShape({ fields }: Shape & { readonly kind: "struct" }, key: string): Shape | undefined {
  return fields.get(key);
}

function isTextKey(key: YAMLScalar): boolean {
  const tag = scalarTag(key);
  return tag === "!!str" || tag === "!!merge";
}

function dateOf({ year, month, day, hour, minute, second, fraction, offset }: Moment): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute - offset, second, Number(fraction.slice(0, 3).padEnd(3, "0")));
  return date;
}

/** What the library has for a node's text: that of collections is empty. */
function valueOf(node: YAMLNode): string {
  return node.kind === "scalar" ? node.value : node.kind === "alias" ? node.name : "";
}

/** A node as errors name it. */
function describe(node: YAMLNode): string {
  const standard = node.kind === "sequence" ? "!!seq" : node.kind === "mapping" ? "!!map" : "";
  const own = node.tag === undefined || node.tag === "!" ? standard : node.tag;
  const tag = node.kind === "scalar" ? scalarTag(node) : own;
  if (tag === "!!seq" || tag === "!!map") return tag;
  return `${tag} \`${shortened(valueOf(node))}\``;
}

/** A text that is longer than ten bytes, cut behind seven: in the midst of a character perhaps. */
function shortened(value: string): string {
  let bytes = 0;
  let kept = "";
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    const width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes < 7) kept += bytes + width <= 7 ? character : "\ufffd".repeat(7 - bytes);
    bytes += width;
  }
  return bytes > 10 ? `${kept}...` : value;
}

/** Data as Go's syntax has them, as far as keys that are no keys show it. */
function goSyntax(value: Data): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (value instanceof Map) {
    return `map[interface {}]interface {}{${[...value].map(([key, item]) => `${goSyntax(key)}:${goSyntax(item)}`).join(", ")}}`;
  }
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" && value !== null) {
    return `map[string]interface {}{${Object.entries(value)
      .map(([key, item]) => `${quote(key)}:${goSyntax(item)}`)
      .join(", ")}}`;
  }
  return typeof value === "string" ? quote(value) : String(value ?? "interface {}(nil)");
}
