/** Tokens to nodes, document by document, with what is wrong said in Go's words. */
import { fail } from "../failure.ts";
import { failParse, type Mark } from "./cursor.ts";
import type { YAMLNode } from "./node.ts";
import { Scanner } from "./scanner.ts";
import type { Token } from "./token.ts";

/** The documents of a text; all of them must be well formed. */
export function composeYAML(text: string): readonly YAMLNode[] {
  return new Composer(text).stream();
}

const DEFAULT_TAGS: readonly (readonly [handle: string, prefix: string])[] = [
  ["!", "!"],
  ["!!", "tag:yaml.org,2002:"],
];

/** What stands before a node. */
interface Properties {
  readonly start: Mark;
  readonly anchor: string | undefined;
  readonly tag: string;
}

class Composer {
  readonly #scanner: Scanner;
  readonly #anchors: Map<string, YAMLNode> = new Map();
  #tags: Map<string, string> = new Map();

  constructor(text: string) {
    this.#scanner = new Scanner(text);
    this.#scanner.take();
  }

  #is(...kinds: readonly Token["kind"][]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  stream(): readonly YAMLNode[] {
    const documents: YAMLNode[] = [];
    if (!this.#is("version", "tag directive", "document start", "stream end")) {
      this.#directives();
      documents.push(this.#document(this.#node(true, false)));
    }
    for (;;) {
      while (this.#is("document end")) this.#scanner.take();
      if (this.#is("stream end")) return documents;
      this.#directives();
      const { start } = this.#scanner.peek();
      if (!this.#is("document start")) failParse(undefined, start, "did not find expected <document start>");
      this.#scanner.take();
      const isEmpty = this.#is("version", "tag directive", "document start", "document end", "stream end");
      documents.push(this.#document(isEmpty ? empty(this.#scanner.peek().start) : this.#node(true, false)));
    }
  }

  /** Ends a document. */
  #document(root: YAMLNode): YAMLNode {
    if (this.#is("document end")) this.#scanner.take();
    this.#tags.clear();
    return root;
  }

  #directives(): void {
    let hasVersion = false;
    for (;;) {
      const token = this.#scanner.peek();
      if (token.kind === "version") {
        if (hasVersion) failParse(undefined, token.start, "found duplicate %YAML directive");
        if (token.major !== 1 || token.minor !== 1) {
          failParse(undefined, token.start, "found incompatible YAML document");
        }
        hasVersion = true;
      } else if (token.kind === "tag directive") {
        if (this.#tags.has(token.handle)) failParse(undefined, token.start, "found duplicate %TAG directive");
        this.#tags.set(token.handle, token.prefix);
      } else break;
      this.#scanner.take();
    }
    for (const [handle, prefix] of DEFAULT_TAGS) if (!this.#tags.has(handle)) this.#tags.set(handle, prefix);
  }

  /** A node. In a mapping of blocks a sequence may stand without being further in. */
  #node(inBlock: boolean, mayBeIndentless: boolean): YAMLNode {
    const token = this.#scanner.peek();
    if (token.kind === "alias") {
      this.#scanner.take();
      const target = this.#anchors.get(token.name) ?? fail(`yaml: unknown anchor '${token.name}' referenced`);
      return { kind: "alias", name: token.name, target, start: token.start };
    }
    const properties = this.#properties();
    const next = this.#scanner.peek();
    if (mayBeIndentless && next.kind === "block entry") return this.#indentless(properties);
    switch (next.kind) {
      case "scalar":
        this.#scanner.take();
        return this.#scalar(properties, next.value, next.plain);
      case "flow sequence start":
        return this.#flowSequence(properties);
      case "flow mapping start":
        return this.#flowMapping(properties);
      case "block sequence start":
        if (inBlock) return this.#blockSequence(properties);
        break;
      case "block mapping start":
        if (inBlock) return this.#blockMapping(properties);
        break;
      default:
        break;
    }
    if (properties.anchor !== undefined || properties.tag !== "") return this.#scalar(properties, "", true);
    return failParse(properties.start, next.start, "did not find expected node content");
  }

  /** An anchor and a tag, in any order. */
  #properties(): Properties {
    const { start } = this.#scanner.peek();
    let anchor: string | undefined;
    let tag: (Token & { kind: "tag" }) | undefined;
    for (;;) {
      const token = this.#scanner.peek();
      if (token.kind === "anchor" && anchor === undefined) anchor = token.name;
      else if (token.kind === "tag" && tag === undefined) tag = token;
      else break;
      this.#scanner.take();
    }
    return { start, anchor, tag: tag === undefined ? "" : this.#tagOf(tag, start) };
  }

  #tagOf({ handle, suffix, start }: Token & { kind: "tag" }, from: Mark): string {
    if (handle === "") return suffix;
    const prefix = this.#tags.get(handle);
    return prefix === undefined ? failParse(from, start, "found undefined tag handle") : prefix + suffix;
  }

  /** A node is known by its anchor before all of it is there: an alias within it refers to it. */
  #anchored<N extends YAMLNode>(node: N, anchor: string | undefined): N {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #scalar({ start, anchor, tag }: Properties, value: string, plain: boolean): YAMLNode {
    return this.#anchored({ kind: "scalar", value, plain, tag, start }, anchor);
  }

  #newSequence({ start, anchor }: Properties): YAMLNode & { kind: "sequence" } {
    return this.#anchored({ kind: "sequence", items: [], start }, anchor);
  }

  #newMapping({ start, anchor }: Properties): YAMLNode & { kind: "mapping" } {
    return this.#anchored({ kind: "mapping", entries: [], start }, anchor);
  }

  #blockSequence(properties: Properties): YAMLNode {
    const sequence = this.#newSequence(properties);
    const { start } = this.#scanner.take();
    while (this.#is("block entry")) {
      const { end } = this.#scanner.take();
      sequence.items.push(this.#is("block entry", "block end") ? empty(end) : this.#node(true, false));
    }
    if (!this.#is("block end")) failParse(start, this.#scanner.peek().start, "did not find expected '-' indicator");
    this.#scanner.take();
    return sequence;
  }

  #indentless(properties: Properties): YAMLNode {
    const sequence = this.#newSequence(properties);
    while (this.#is("block entry")) {
      const { end } = this.#scanner.take();
      const isEmpty = this.#is("block entry", "key", "value", "block end");
      sequence.items.push(isEmpty ? empty(end) : this.#node(true, false));
    }
    return sequence;
  }

  #blockMapping(properties: Properties): YAMLNode {
    const mapping = this.#newMapping(properties);
    const { start } = this.#scanner.take();
    while (this.#is("key")) {
      const { end } = this.#scanner.take();
      const key = this.#is("key", "value", "block end") ? empty(end) : this.#node(true, true);
      mapping.entries.push([key, this.#blockValue()]);
    }
    if (!this.#is("block end")) failParse(start, this.#scanner.peek().start, "did not find expected key");
    this.#scanner.take();
    return mapping;
  }

  #blockValue(): YAMLNode {
    const { start } = this.#scanner.peek();
    if (!this.#is("value")) return empty(start);
    const { end } = this.#scanner.take();
    return this.#is("key", "value", "block end") ? empty(end) : this.#node(true, true);
  }

  #flowSequence(properties: Properties): YAMLNode {
    const sequence = this.#newSequence(properties);
    const { start } = this.#scanner.take();
    for (let isFirst = true; !this.#is("flow sequence end"); isFirst = false) {
      if (!isFirst) this.#flowEntry(start, "]");
      if (this.#is("flow sequence end")) break;
      sequence.items.push(this.#is("key") ? this.#pair() : this.#node(false, false));
    }
    this.#scanner.take();
    return sequence;
  }

  #flowEntry(start: Mark, close: string): void {
    if (!this.#is("flow entry")) {
      failParse(start, this.#scanner.peek().start, `did not find expected ',' or '${close}'`);
    }
    this.#scanner.take();
  }

  /** A mapping of one entry without braces. */
  #pair(): YAMLNode {
    const { start } = this.#scanner.take();
    const mapping = this.#newMapping({ start, anchor: undefined, tag: "" });
    // Where there is no key, what stands in its place is passed over.
    const hasKey = !this.#is("value", "flow entry", "flow sequence end");
    const key = hasKey ? this.#node(false, false) : empty(this.#scanner.take().end);
    mapping.entries.push([key, this.#flowValue("flow sequence end")]);
    return mapping;
  }

  #flowValue(close: "flow sequence end" | "flow mapping end"): YAMLNode {
    if (!this.#is("value")) return empty(this.#scanner.peek().start);
    this.#scanner.take();
    return this.#is("flow entry", close) ? empty(this.#scanner.peek().start) : this.#node(false, false);
  }

  #flowMapping(properties: Properties): YAMLNode {
    const mapping = this.#newMapping(properties);
    const { start } = this.#scanner.take();
    for (let isFirst = true; !this.#is("flow mapping end"); isFirst = false) {
      if (!isFirst) this.#flowEntry(start, "}");
      if (this.#is("flow mapping end")) break;
      if (this.#is("key")) {
        this.#scanner.take();
        const hasKey = !this.#is("value", "flow entry", "flow mapping end");
        const key = hasKey ? this.#node(false, false) : empty(this.#scanner.peek().start);
        mapping.entries.push([key, this.#flowValue("flow mapping end")]);
      } else {
        const key = this.#node(false, false);
        mapping.entries.push([key, empty(this.#scanner.peek().start)]);
      }
    }
    this.#scanner.take();
    return mapping;
  }
}

/** A node where nothing is written. */
function empty(start: Mark): YAMLNode {
  return { kind: "scalar", value: "", plain: true, tag: "", start };
}
