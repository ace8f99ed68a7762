/** YAML texts as trees, or why they are none in the words of Go's library. */
import { faultAt, YAMLFault, type YAMLMapping, type YAMLNode, type YAMLScalar, type YAMLSequence } from "./node.ts";
import { shortTag, standardTags } from "./resolve.ts";
import { Scanner } from "./scanner.ts";
import type { Token, TokenKind } from "./token.ts";

/** The first document of a text, if there is one; of further documents nothing is read. Throws a `YAMLFault`. */
export function parseFirstYAML(text: string): YAMLNode | undefined {
  return new Parser(text).next();
}

/** The documents of a text, all of which must be well formed. Throws a `YAMLFault`. */
export function parseAllYAML(text: string): readonly YAMLNode[] {
  const parser = new Parser(text);
  const documents: YAMLNode[] = [];
  for (let node = parser.next(); node !== undefined; node = parser.next()) documents.push(node);
  return documents;
}

/** What may stand before a node. */
interface Properties {
  readonly line: number;
  readonly anchor?: string | undefined;
  readonly tag?: string | undefined;
}

class Parser {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, YAMLNode>();
  readonly #handles = new Map<string, string>();
  #isFirst = true;

  constructor(text: string) {
    this.#scanner = new Scanner(text);
    this.#scanner.next();
  }

  /** The next document. */
  next(): YAMLNode | undefined {
    const mayBeBare = this.#isFirst;
    this.#isFirst = false;
    if (mayBeBare && !this.#is("version", "tagDirective", "documentStart", "streamEnd")) {
      this.#directives();
      return this.#root(this.#node(true, false));
    }
    while (this.#is("documentEnd")) this.#scanner.next();
    if (this.#is("streamEnd")) return undefined;
    this.#directives();
    const start = this.#scanner.peek();
    if (start.kind !== "documentStart") throw this.#fault("did not find expected <document start>");
    this.#scanner.next();
    const isEmpty = this.#is("version", "tagDirective", "documentStart", "documentEnd", "streamEnd");
    return this.#root(isEmpty ? nothing(this.#scanner.peek()) : this.#node(true, false));
  }

  #directives(): void {
    let hasVersion = false;
    for (let token = this.#scanner.peek(); ; token = this.#scanner.peek()) {
      if (token.kind === "version") {
        if (hasVersion) throw this.#fault("found duplicate %YAML directive");
        if (token.text !== "1.1") throw this.#fault("found incompatible YAML document");
        hasVersion = true;
      } else if (token.kind === "tagDirective") {
        const handle = token.text ?? "";
        if (this.#handles.has(handle)) throw this.#fault("found duplicate %TAG directive");
        this.#handles.set(handle, token.suffix ?? "");
      } else {
        break;
      }
      this.#scanner.next();
    }
    if (!this.#handles.has("!")) this.#handles.set("!", "!");
    if (!this.#handles.has("!!")) this.#handles.set("!!", standardTags);
  }

  /** A root is whole when the token behind it was read, whatever that is. */
  #root(node: YAMLNode): YAMLNode {
    if (this.#is("documentEnd")) this.#scanner.next();
    this.#handles.clear();
    return node;
  }

  #is(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  /** A fault at a token, by itself that which comes; `within` is where that begins which the token is wrong in. */
  #fault(problem: string, within?: Token, token: Token = this.#scanner.peek()): YAMLFault {
    // The library counts from nought here, and does not say so.
    const line = within?.mark.line ?? 0;
    return faultAt(line === 0 ? token.mark.line : line, problem);
  }

  /** A node. In a mapping of blocks a sequence may stand without being further in. */
  #node(inBlock: boolean, mayBeIndentless: boolean): YAMLNode {
    const first = this.#scanner.peek();
    if (first.kind === "alias") return this.#alias();
    const properties = this.#properties(first);
    const token = this.#scanner.peek();
    switch (token.kind) {
      case "scalar":
        this.#scanner.next();
        return this.#scalar(properties, token.text ?? "", token.plain ?? false);
      case "blockEntry":
        if (mayBeIndentless) return this.#indentless(properties);
        break;
      case "flowSequence":
        return this.#flowSequence(properties);
      case "flowMapping":
        return this.#flowMapping(properties);
      case "blockSequence":
        if (inBlock) return this.#blockSequence(properties);
        break;
      case "blockMapping":
        if (inBlock) return this.#blockMapping(properties);
        break;
      default:
        break;
    }
    if (properties.anchor !== undefined || properties.tag !== undefined) return this.#scalar(properties, "", true);
    throw this.#fault("did not find expected node content", first);
  }

  #alias(): YAMLNode {
    const { mark, text: name = "" } = this.#scanner.next();
    const target = this.#anchors.get(name);
    if (target === undefined) throw new YAMLFault(`unknown anchor '${name}' referenced`);
    return { kind: "alias", line: mark.line + 1, name, target };
  }

  /** An anchor and a tag, in either order. */
  #properties(first: Token): Properties {
    let anchor: string | undefined;
    let tag: Token | undefined;
    for (let token = first; ; token = this.#scanner.peek()) {
      if (token.kind === "anchor" && anchor === undefined) anchor = token.text;
      else if (token.kind === "tag" && tag === undefined) tag = token;
      else break;
      this.#scanner.next();
    }
    return { line: first.mark.line + 1, anchor, tag: tag === undefined ? undefined : this.#tagName(tag, first) };
  }

  #tagName(tag: Token, first: Token): string {
    const { text: handle = "", suffix = "" } = tag;
    if (handle === "") return shortTag(suffix);
    const prefix = this.#handles.get(handle);
    const name = prefix === undefined ? "" : prefix + suffix;
    if (name === "") throw this.#fault("found undefined tag handle", first, tag);
    return shortTag(name);
  }

  /** A node is known by its anchor before all of it is there: an alias within it refers to it. */
  #anchored<N extends YAMLNode>({ anchor }: Properties, node: N): N {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  #scalar(properties: Properties, value: string, plain: boolean): YAMLScalar {
    return this.#anchored(properties, { kind: "scalar", ...placeOf(properties), value, plain });
  }

  #sequence(properties: Properties, items: readonly YAMLNode[]): YAMLSequence {
    return this.#anchored(properties, { kind: "sequence", ...placeOf(properties), items });
  }

  #mapping(properties: Properties, pairs: YAMLMapping["pairs"]): YAMLMapping {
    return this.#anchored(properties, { kind: "mapping", ...placeOf(properties), pairs });
  }

  /** What is behind a dash, if it is not one of these. */
  #item(...ends: readonly TokenKind[]): YAMLNode {
    const dash = this.#scanner.next();
    return this.#is("blockEntry", "blockEnd", ...ends) ? nothing(dash) : this.#node(true, false);
  }

  #blockSequence(properties: Properties): YAMLNode {
    const items: YAMLNode[] = [];
    const sequence = this.#sequence(properties, items);
    const start = this.#scanner.next();
    while (this.#is("blockEntry")) items.push(this.#item());
    if (!this.#is("blockEnd")) throw this.#fault("did not find expected '-' indicator", start);
    this.#scanner.next();
    return sequence;
  }

  #indentless(properties: Properties): YAMLNode {
    const items: YAMLNode[] = [];
    const sequence = this.#sequence(properties, items);
    while (this.#is("blockEntry")) items.push(this.#item("key", "value"));
    return sequence;
  }

  #blockMapping(properties: Properties): YAMLNode {
    const pairs: (readonly [YAMLNode, YAMLNode])[] = [];
    const mapping = this.#mapping(properties, pairs);
    const start = this.#scanner.next();
    while (this.#is("key")) {
      const key = this.#blockPart();
      pairs.push([key, this.#is("value") ? this.#blockPart() : nothing(this.#scanner.peek())]);
    }
    if (!this.#is("blockEnd")) throw this.#fault("did not find expected key", start);
    this.#scanner.next();
    return mapping;
  }

  /** A key or a value, behind the token that says so. */
  #blockPart(): YAMLNode {
    const before = this.#scanner.next();
    return this.#is("key", "value", "blockEnd") ? nothing(before) : this.#node(true, true);
  }

  /** Goes on to the next element in brackets; false at their end, behind which it goes. */
  #nextInFlow(start: Token, isFirst: boolean, end: TokenKind, bracket: string): boolean {
    if (!isFirst && !this.#is(end)) {
      if (!this.#is("flowEntry")) throw this.#fault(`did not find expected ',' or '${bracket}'`, start);
      this.#scanner.next();
    }
    if (!this.#is(end)) return true;
    this.#scanner.next();
    return false;
  }

  #flowSequence(properties: Properties): YAMLNode {
    const items: YAMLNode[] = [];
    const sequence = this.#sequence(properties, items);
    const start = this.#scanner.next();
    for (let isFirst = true; this.#nextInFlow(start, isFirst, "flowSequenceEnd", "]"); isFirst = false) {
      items.push(this.#is("key") ? this.#singlePair() : this.#node(false, false));
    }
    return sequence;
  }

  /** `[a: b]`: a mapping of one pair. */
  #singlePair(): YAMLNode {
    const { mark } = this.#scanner.next();
    // Where there is no key, the library takes away what stands in its place without a look at it.
    const hasKey = !this.#is("value", "flowEntry", "flowSequenceEnd");
    const key = hasKey ? this.#node(false, false) : nothing(this.#scanner.next());
    return this.#mapping({ line: mark.line + 1 }, [[key, this.#flowValue("flowSequenceEnd")]]);
  }

  #flowValue(end: TokenKind): YAMLNode {
    if (this.#is("value")) {
      this.#scanner.next();
      if (!this.#is("flowEntry", end)) return this.#node(false, false);
    }
    return nothing(this.#scanner.peek());
  }

  #flowMapping(properties: Properties): YAMLNode {
    const pairs: (readonly [YAMLNode, YAMLNode])[] = [];
    const mapping = this.#mapping(properties, pairs);
    const start = this.#scanner.next();
    for (let isFirst = true; this.#nextInFlow(start, isFirst, "flowMappingEnd", "}"); isFirst = false) {
      const hasMark = this.#is("key");
      if (hasMark) this.#scanner.next();
      const isEmpty = hasMark && this.#is("value", "flowEntry", "flowMappingEnd");
      const key = isEmpty ? nothing(this.#scanner.peek()) : this.#node(false, false);
      pairs.push([key, hasMark ? this.#flowValue("flowMappingEnd") : nothing(this.#scanner.peek())]);
    }
    return mapping;
  }
}

function placeOf({ line, tag }: Properties): { readonly line: number; readonly tag?: string } {
  return tag === undefined ? { line } : { line, tag };
}

/** A node where nothing is written. */
function nothing({ mark }: Token): YAMLScalar {
  return { kind: "scalar", line: mark.line + 1, value: "", plain: true };
}
