/** YAML to values, by way of nodes, as OPA does it by way of Go's library. */
import { fromInteger } from "../../runtime/number.ts";
import { quote } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import type { Moment } from "../../yaml/moment.ts";
import { YAMLFault, type YAMLNode, type YAMLScalar } from "../../yaml/node.ts";
import { parseAllYAML } from "../../yaml/parse.ts";
import { isMergeKey, resolveScalar, scalarTag } from "../../yaml/resolve.ts";
import type { BuiltinContext } from "../builtin.ts";
import { fail } from "../failure.ts";
import { type Decoded, goSyntax, keyOf, toValue, YAMLFloat, YAMLMap } from "./decoded.ts";

/** Who pays for the work. */
type Charged = Pick<BuiltinContext, "charge">;

/** The first document of a text; all of them must be well formed. */
export function readYAML(context: Charged, text: string): Value {
  context.charge(text.length >> 3);
  const decoder = new Decoder(context);
  const decoded = inGoWords(() => {
    const [first] = parseAllYAML(text);
    return first === undefined ? null : decoder.decode(first);
  });
  if (decoder.faults.length > 0) fail(`yaml: unmarshal errors:\n  ${decoder.faults.join("\n  ")}`);
  return toValue(decoded ?? null);
}

function inGoWords<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof YAMLFault) fail(`yaml: ${fault.message}`);
    throw fault;
  }
}

type Entry = readonly [key: YAMLNode, value: YAMLNode];

class Decoder {
  readonly #context: Charged;
  readonly #open: Set<YAMLNode> = new Set();
  readonly faults: string[] = [];
  #decoded = 0;
  #aliased = 0;
  #aliasDepth = 0;

  constructor(context: Charged) {
    this.#context = context;
  }

  #count(): void {
    this.#context.charge(1);
    this.#decoded++;
    if (this.#aliasDepth > 0) this.#aliased++;
    if (this.#aliased <= 100 || this.#decoded <= 1000) return;
    // The share of a document that aliases may make up falls as it grows.
    const scale = Math.min(Math.max((this.#decoded - 400_000) / 3_600_000, 0), 1);
    if (this.#aliased / this.#decoded > 0.99 - 0.89 * scale)
      throw new YAMLFault("document contains excessive aliasing");
  }

  /** What a node is; undefined where it has a fault. */
  decode(node: YAMLNode): Decoded | undefined {
    this.#count();
    switch (node.kind) {
      case "scalar":
        return scalarValue(node);
      case "sequence":
        return node.items.map((item) => this.decode(item)).filter((item) => item !== undefined);
      case "mapping":
        return this.#mapping(node.pairs);
      case "alias":
        return this.#alias(node, () => this.decode(node.target));
    }
  }

  #alias<T>(node: YAMLNode & { kind: "alias" }, use: () => T): T {
    if (this.#open.has(node)) throw new YAMLFault(`anchor '${node.name}' value contains itself`);
    this.#open.add(node);
    this.#aliasDepth++;
    const result = use();
    this.#aliasDepth--;
    this.#open.delete(node);
    return result;
  }

  #mapping(given: readonly Entry[]): YAMLMap | undefined {
    const merges = given.filter(([key]) => isMergeKey(key)).map(([, value]) => value);
    const entries = withoutRepeated(given.filter(([key]) => !isMergeKey(key)));
    if (this.#hasRepeated(entries)) return undefined;
    const map = new YAMLMap(entries.every(([key]) => isString(key)));
    for (const [key, value] of entries) this.#put(map, key, value);
    const isRepeated = merges.length > 1;
    for (const merge of merges) this.#merge(map, merge, isRepeated);
    return map;
  }

  #put(map: YAMLMap, keyNode: YAMLNode, valueNode: YAMLNode): void {
    const key = this.decode(keyNode);
    if (key === undefined) return;
    if (Array.isArray(key) || key instanceof YAMLMap) {
      throw new YAMLFault(`invalid map key: ${goSyntax(key)}`);
    }
    const value = this.decode(valueNode);
    if (value !== undefined) map.set(key, value);
  }

  /** Keys that mean the same are the last of them already; others must not be written alike. */
  #hasRepeated(entries: readonly Entry[]): boolean {
    const before = this.faults.length;
    const seen = new Map<string, YAMLNode>();
    for (const [key] of entries) {
      const written = `${key.kind} ${textOf(key)}`;
      const first = seen.get(written);
      if (first === undefined) {
        seen.set(written, key);
      } else {
        const [line, other] = [key.line, first.line];
        this.faults.push(`line ${line}: mapping key ${quote(textOf(key))} already defined at line ${other}`);
      }
    }
    return this.faults.length > before;
  }

  /** Adds what is not there yet; of several maps the first that has a key gives its value. */
  #merge(map: YAMLMap, node: YAMLNode, isRepeated: boolean): void {
    if (node.kind === "sequence") for (const item of node.items) this.#mergeMap(map, item);
    else if (node.kind === "alias" && node.target.kind === "sequence" && isRepeated) failMerge();
    else this.#mergeMap(map, node);
  }

  #mergeMap(map: YAMLMap, node: YAMLNode): void {
    this.#count();
    if (node.kind === "alias") {
      if (node.target.kind !== "mapping") failMerge();
      const { target } = node;
      this.#alias(node, () => this.#mergeMap(map, target));
      return;
    }
    if (node.kind !== "mapping") failMerge();
    const entries = withoutRepeated(node.pairs.filter(([key]) => !isMergeKey(key)));
    for (const [keyNode, valueNode] of entries) {
      // Into a map of strings a key goes as it is written.
      const isWritten = map.ofStrings && keyNode.kind === "scalar" && scalarTag(keyNode) !== "!!null";
      const key = isWritten ? textOf(keyNode) : this.decode(keyNode);
      const name = key === undefined ? undefined : keyOf(key);
      if (name === undefined || map.entries.has(name)) continue;
      const value = this.decode(valueNode);
      if (value !== undefined) map.entries.set(name, [key ?? null, value]);
    }
    for (const [key, value] of node.pairs) if (isMergeKey(key)) this.#merge(map, value, false);
  }
}

function failMerge(): never {
  throw new YAMLFault("map merge requires map or sequence of maps as the value");
}

/** What a node's text is where keys are told apart. */
function textOf(node: YAMLNode): string {
  return node.kind === "scalar" ? node.value : node.kind === "alias" ? node.name : "";
}

/** Of scalar keys that mean the same the first with the value of the last. */
function withoutRepeated(entries: readonly Entry[]): readonly Entry[] {
  const places = new Map<string, number>();
  const kept: Entry[] = [];
  for (const [key, value] of entries) {
    const name = key.kind === "scalar" ? nameOf(key) : undefined;
    const place = name === undefined ? undefined : places.get(name);
    const first = place === undefined ? undefined : kept[place];
    if (place !== undefined && first !== undefined) {
      kept[place] = [first[0], value];
      continue;
    }
    if (name !== undefined) places.set(name, kept.length);
    kept.push([key, value]);
  }
  return kept;
}

/** What a scalar is as a key; undefined where it can be none. Dates are none before they are taken for strings. */
function nameOf(node: YAMLScalar): string | undefined {
  try {
    return scalarTag(node) === "!!timestamp" ? undefined : keyOf(scalarValue(node));
  } catch (fault) {
    if (fault instanceof YAMLFault) return undefined;
    throw fault;
  }
}

/** Whether a key is a string. Dates are, unless they are said to be dates. */
function isString(key: YAMLNode): boolean {
  if (key.kind === "alias") return isString(key.target);
  if (key.kind !== "scalar") return false;
  const tag = scalarTag(key);
  return tag === "!!str" || (tag === "!!timestamp" && key.tag !== tag);
}

function scalarValue(node: YAMLScalar): Decoded {
  const { value } = resolveScalar(node);
  if (typeof value === "number") return new YAMLFloat(value);
  if (typeof value === "bigint") return fromInteger(value);
  if (typeof value !== "object" || value === null) return value;
  return node.tag === "!!timestamp" ? momentText(value) : node.value;
}

/** A moment as JSON has it. */
function momentText({ year, month, day, hour, minute, second, fraction, offset }: Moment): string {
  const pad = (part: number, width = 2): string => String(part).padStart(width, "0");
  const digits = fraction.slice(0, 9).replace(/0+$/, "");
  const distance = Math.abs(offset);
  const zone = offset === 0 ? "Z" : `${offset < 0 ? "-" : "+"}${pad(Math.trunc(distance / 60))}:${pad(distance % 60)}`;
  const time = `${pad(hour)}:${pad(minute)}:${pad(second)}${digits === "" ? "" : `.${digits}`}`;
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${time}${zone}`;
}
