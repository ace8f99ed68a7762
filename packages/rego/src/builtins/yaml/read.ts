/** YAML to values, by way of the parser's nodes. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { decodeBase64 } from "../../runtime/base64.ts";
import { define } from "../../runtime/json-reader.ts";
import { type Numeric, toDouble } from "../../runtime/number.ts";
import { isNumber } from "../../runtime/order.ts";
import { decodeUtf8 } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinContext } from "../builtin.ts";
import { fail } from "../failure.ts";
import { formatFloat } from "../format-float.ts";
import { resolvePlain } from "./scalar.ts";

/** Who pays for the work. */
type Charged = Pick<BuiltinContext, "charge">;

/** The first document of a text; all of them must be well formed. */
export function readYAML(context: Charged, text: string): Value {
  context.charge(text.length >> 3);
  const documents = parseAllDocuments(text, {
    // Every scalar stays a string: what it means is decided here.
    schema: "failsafe",
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  // A stream without documents has what is wrong with it itself.
  for (const document of "empty" in documents ? [documents] : documents) {
    const error = document.errors[0] ?? document.warnings.find(({ code }) => code === "BAD_DIRECTIVE");
    if (error !== undefined) fail(`yaml: ${describe(text, error)}`);
  }
  const [first] = documents;
  // Where there are no documents the library gives an empty list with properties of its own.
  if (first === undefined) return null;
  return new Reader(context, first).read();
}

/** Go's words for what most often is wrong; for the rest the parser's own. Go does not name the first line. */
function describe(text: string, { code, message, pos }: YAMLError): string {
  const line = text.slice(0, pos[0]).split("\n").length - 1;
  const scanned = line === 0 ? "" : `line ${line + 1}: `;
  const parsed = pos[0] >= text.trimEnd().length ? `line ${line + 1}: ` : line === 0 ? "" : `line ${line}: `;
  if (code === "BLOCK_AS_IMPLICIT_KEY") return `${scanned}mapping values are not allowed in this context`;
  if (code === "TAB_AS_INDENT" || code === "BAD_SCALAR_START") {
    return `${scanned}found character that cannot start any token`;
  }
  if (code === "BAD_ALIAS") return `${scanned}did not find expected alphabetic or numeric character`;
  if (code === "BAD_DIRECTIVE") return `${scanned}found unknown directive name`;
  if (/closing.*quote/i.test(message)) return `${scanned}found unexpected end of stream`;
  const closing = /end with a ([\]}])/.exec(message)?.[1];
  return closing === undefined ? scanned + message : `${parsed}did not find expected ',' or '${closing}'`;
}

class Reader {
  readonly #context: Charged;
  readonly #document: Document;
  readonly #open: Set<Node> = new Set();
  #decoded = 0;
  #aliased = 0;
  #aliasDepth = 0;

  constructor(context: Charged, document: Document) {
    this.#context = context;
    this.#document = document;
  }

  read(): Value {
    return this.#value(this.#document.contents);
  }

  #count(): void {
    this.#context.charge(1);
    this.#decoded++;
    if (this.#aliasDepth > 0) this.#aliased++;
    if (this.#aliased <= 100 || this.#decoded <= 1000) return;
    // The share of a document that aliases may make up falls as it grows.
    const scale = Math.min(Math.max((this.#decoded - 400_000) / 3_600_000, 0), 1);
    if (this.#aliased / this.#decoded > 0.99 - 0.89 * scale) fail("yaml: document contains excessive aliasing");
  }

  #value(node: unknown): Value {
    this.#count();
    if (isAlias(node)) return this.#alias(node.source, (target) => this.#value(target));
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) return node.items.map((item) => this.#value(item));
    if (isMap(node)) return this.#map(node);
    return null;
  }

  #alias<T>(name: string, use: (target: Node) => T): T {
    const target = this.#anchored(name);
    if (this.#open.has(target)) fail(`yaml: anchor '${name}' value contains itself`);
    this.#open.add(target);
    this.#aliasDepth++;
    const value = use(target);
    this.#aliasDepth--;
    this.#open.delete(target);
    return value;
  }

  #anchored(name: string): Node {
    let found: Node | undefined;
    const visit = (node: unknown): void => {
      if (isScalar(node) || isSeq(node) || isMap(node)) {
        if (node.anchor === name) found = node;
        if (isSeq(node)) node.items.forEach(visit);
        if (isMap(node)) {
          for (const { key, value } of node.items) {
            visit(key);
            visit(value);
          }
        }
      }
    };
    visit(this.#document.contents);
    return found ?? fail(`yaml: unknown anchor '${name}' referenced`);
  }

  #map(node: YAMLMap): Value {
    const object: Record<string, Value> = {};
    const merged: unknown[] = [];
    for (const { key, value } of node.items) {
      if (isMergeKey(key)) merged.push(value);
      else define(object, this.#key(key), this.#value(value));
    }
    for (const each of merged) this.#mergeInto(object, each);
    return object;
  }

  /** Adds what is not there yet; of several maps the first that has a key gives its value. */
  #mergeInto(object: Record<string, Value>, node: unknown): void {
    if (isSeq(node)) {
      for (const item of node.items) this.#mergeMap(object, item);
    } else {
      this.#mergeMap(object, node);
    }
  }

  #mergeMap(object: Record<string, Value>, node: unknown): void {
    const isMapping = isMap(node) || (isAlias(node) && isMap(this.#anchored(node.source)));
    if (!isMapping) fail("yaml: map merge requires map or sequence of maps as the value");
    const source = this.#value(node);
    for (const [key, value] of Object.entries(source as Record<string, Value>)) {
      if (!Object.hasOwn(object, key)) define(object, key, value);
    }
  }

  #key(node: unknown): string {
    const key = this.#value(node);
    if (typeof key === "string") return key;
    if (typeof key === "boolean") return String(key);
    if (isNumber(key)) return numberKey(key);
    return fail("yaml: invalid map key");
  }
}

function numberKey(key: Numeric): string {
  if (typeof key === "bigint" || (typeof key === "number" && Number.isInteger(key))) return String(key);
  return formatFloat(toDouble(key), "g", -1);
}

function isMergeKey(node: unknown): boolean {
  if (!isScalar(node) || node.value !== "<<") return false;
  return node.tag === "tag:yaml.org,2002:merge" || (node.type === "PLAIN" && (node.tag ?? "!") === "!");
}

const PREFIX = "tag:yaml.org,2002:";

function scalarValue(node: Scalar): Value {
  // The text as it is written: some tags have changed the value already.
  const text = node.source ?? (node.value === null ? "" : String(node.value));
  const given = node.tag ?? "";
  const tag = given.startsWith(PREFIX) ? `!!${given.slice(PREFIX.length)}` : given;
  if (tag === "!!binary") {
    const result = decodeBase64(text, "standard");
    return "bytes" in result ? decodeUtf8(result.bytes) : fail("yaml: !!binary value contains invalid base64 data");
  }
  const isPlain = node.type === "PLAIN" || node.type === undefined;
  if (tag === "" || tag === "!") return isPlain ? resolvePlain(text).value : text;
  // A tag of one's own leaves the text as it is.
  if (!["!!bool", "!!int", "!!float", "!!null", "!!timestamp"].includes(tag)) return text;
  const resolved = resolvePlain(text);
  const fits = resolved.tag === tag || (tag === "!!float" && resolved.tag === "!!int");
  return fits ? resolved.value : fail(`yaml: cannot decode ${resolved.tag} \`${text}\` as a ${tag}`);
}
