/** The first document of a YAML text as a tree, or why it is none in the words of Go's library. */
import { faultAt, YAMLFault, type YAMLMapping, type YAMLNode, type YAMLScalar, type YAMLSequence } from "./node.ts";
import { Scanner } from "./scanner.ts";
import type { Token, TokenKind } from "./token.ts";

/** Reads a text; a text without a document has none. Of further documents nothing is read. */
export function parseYAML(text: string): { readonly node: YAMLNode | undefined } | { readonly error: string } {
  try {
    return { node: new Parser(text).document() };
  } catch (fault) {
    if (fault instanceof YAMLFault) return { error: `yaml: ${fault.message}` };
    throw fault;
  }
}

const standardTags = "tag:yaml.org,2002:";

/** What may stand before a node. */
interface Properties {
  readonly token: Token;
  readonly anchor?: string;
  readonly tag?: string;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

class Parser {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, YAMLNode>();
  readonly #handles = new Map<string, string>();

  constructor(text: string) {
    this.#scanner = new Scanner(text);
  }

  document(): YAMLNode | undefined {
    this.#scanner.next();
    const first = this.#scanner.peek();
    switch (first.kind) {
      case "streamEnd":
        return undefined;
      case "version":
      case "tagDirective":
      case "documentStart":
        return this.#explicitDocument();
      default:
        this.#standardHandles();
        return this.#root(this.#node(true, false));
    }
  }

  #explicitDocument(): YAMLNode {
    let version = false;
    for (let token = this.#scanner.peek(); ; token = this.#scanner.peek()) {
      if (token.kind === "version") {
        if (version) throw this.#fault(token, "found duplicate %YAML directive");
        if (token.text !== "1.1") throw this.#fault(token, "found incompatible YAML document");
        version = true;
      } else if (token.kind === "tagDirective") {
        const handle = token.text ?? "";
        if (this.#handles.has(handle)) throw this.#fault(token, "found duplicate %TAG directive");
        this.#handles.set(handle, token.suffix ?? "");
      } else {
        break;
      }
      this.#scanner.next();
    }
    this.#standardHandles();
    const start = this.#scanner.peek();
    if (start.kind !== "documentStart") throw this.#fault(start, "did not find expected <document start>");
    this.#scanner.next();
    const content = this.#scanner.peek();
    const isEmpty = this.#is("version", "tagDirective", "documentStart", "documentEnd", "streamEnd");
    return this.#root(isEmpty ? this.#nothing(content) : this.#node(true, false));
  }

  #standardHandles(): void {
    if (!this.#handles.has("!")) this.#handles.set("!", "!");
    if (!this.#handles.has("!!")) this.#handles.set("!!", standardTags);
  }

  /** A root is whole when the token behind it was read, whatever that is. */
  #root(node: YAMLNode): YAMLNode {
    this.#scanner.peek();
    return node;
  }

  #is(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.#scanner.peek().kind);
  }

  /** A fault at a token; `within` is where the collection begins that the token is wrong in. */
  #fault(token: Token, problem: string, within?: Token): YAMLFault {
    // The library counts from nought here, and does not say so.
    const line = within?.mark.line ?? 0;
    return faultAt(line === 0 ? token.mark.line : line, problem);
  }

  #nothing(token: Token, line: number = token.mark.line): YAMLScalar {
    return { kind: "scalar", line: line + 1, value: "", plain: true };
  }

  #node(block: boolean, indentless: boolean): YAMLNode {
    const first = this.#scanner.peek();
    if (first.kind === "alias") return this.#alias();
    const properties = this.#properties(first);
    const token = this.#scanner.peek();
    switch (token.kind) {
      case "scalar":
        this.#scanner.next();
        return this.#scalar(properties, token);
      case "blockEntry":
        if (indentless) return this.#sequence(properties, () => this.#indentlessItem());
        break;
      case "flowSequence":
        return this.#flowSequence(properties);
      case "flowMapping":
        return this.#flowMapping(properties);
      case "blockSequence":
        if (block) return this.#blockSequence(properties);
        break;
      case "blockMapping":
        if (block) return this.#blockMapping(properties);
        break;
      default:
        break;
    }
    if (properties.anchor !== undefined || (properties.tag ?? "") !== "") {
      return this.#scalar(properties, { kind: "scalar", mark: first.mark, text: "", plain: true });
    }
    throw this.#fault(token, "did not find expected node content", first);
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
    for (;;) {
      const token = this.#scanner.peek();
      if (token.kind === "anchor" && anchor === undefined) anchor = token.text;
      else if (token.kind === "tag" && tag === undefined) tag = token;
      else break;
      this.#scanner.next();
    }
    const name = tag === undefined ? undefined : this.#tagName(tag, first);
    return {
      token: first,
      ...(anchor === undefined ? {} : { anchor }),
      ...(name === undefined ? {} : { tag: name }),
    };
  }

  #tagName(tag: Token, first: Token): string {
    const { text: handle = "", suffix = "" } = tag;
    if (handle === "") return suffix;
    const name = (this.#handles.get(handle) ?? "") + (this.#handles.has(handle) ? suffix : "");
    if (name === "") throw this.#fault(tag, "found undefined tag handle", first);
    return name.startsWith(standardTags) ? `!!${name.slice(standardTags.length)}` : name;
  }

  /** A node that its anchor names from now on, and not only when it is whole. */
  #placed<T extends YAMLNode>({ token, anchor, tag }: Properties, node: Omit<T, "line" | "tag">): T {
    // as: the line and the tag are all that was left out
    const placed = { ...node, line: token.mark.line + 1, ...(tag === undefined ? {} : { tag }) } as T;
    if (anchor !== undefined) this.#anchors.set(anchor, placed);
    return placed;
  }

  #scalar(properties: Properties, { text = "", plain = false }: Token): YAMLScalar {
    return this.#placed<YAMLScalar>(properties, { kind: "scalar", value: text, plain });
  }

  #sequence(properties: Properties, item: () => YAMLNode | undefined): YAMLSequence {
    const items: YAMLNode[] = [];
    const sequence = this.#placed<Open<YAMLSequence>>(properties, { kind: "sequence", items });
    for (let next = item(); next !== undefined; next = item()) items.push(next);
    return sequence;
  }

  #mapping(properties: Properties, pair: () => readonly [YAMLNode, YAMLNode] | undefined): YAMLMapping {
    const pairs: (readonly [YAMLNode, YAMLNode])[] = [];
    const mapping = this.#placed<Open<YAMLMapping>>(properties, { kind: "mapping", pairs });
    for (let next = pair(); next !== undefined; next = pair()) pairs.push(next);
    return mapping;
  }

  /** What is behind a dash. */
  #afterDash(dash: Token, ...ends: readonly TokenKind[]): YAMLNode {
    return this.#is("blockEntry", "blockEnd", ...ends) ? this.#nothing(dash) : this.#node(true, false);
  }

  #indentlessItem(): YAMLNode | undefined {
    if (!this.#is("blockEntry")) return undefined;
    return this.#afterDash(this.#scanner.next(), "key", "value");
  }

  #blockSequence(properties: Properties): YAMLSequence {
    const start = this.#scanner.next();
    return this.#sequence(properties, () => {
      const token = this.#scanner.peek();
      if (token.kind !== "blockEntry" && token.kind !== "blockEnd") {
        throw this.#fault(token, "did not find expected '-' indicator", start);
      }
      this.#scanner.next();
      return token.kind === "blockEnd" ? undefined : this.#afterDash(token);
    });
  }

  #blockMapping(properties: Properties): YAMLMapping {
    const start = this.#scanner.next();
    return this.#mapping(properties, () => {
      const token = this.#scanner.peek();
      if (token.kind !== "key" && token.kind !== "blockEnd") {
        throw this.#fault(token, "did not find expected key", start);
      }
      this.#scanner.next();
      if (token.kind === "blockEnd") return undefined;
      const part = (before: Token): YAMLNode =>
        this.#is("key", "value", "blockEnd") ? this.#nothing(before) : this.#node(true, true);
      const key = part(token);
      const separator = this.#scanner.peek();
      return [key, separator.kind === "value" ? part(this.#scanner.next()) : this.#nothing(separator)];
    });
  }

  /** Goes on to the next element in brackets; false at their end. */
  #nextInFlow(start: Token, isFirst: boolean, end: TokenKind, bracket: string): boolean {
    if (!isFirst && !this.#is(end)) {
      const token = this.#scanner.peek();
      if (token.kind !== "flowEntry") throw this.#fault(token, `did not find expected ',' or '${bracket}'`, start);
      this.#scanner.next();
    }
    if (!this.#is(end)) return true;
    this.#scanner.next();
    return false;
  }

  #flowSequence(properties: Properties): YAMLSequence {
    const start = this.#scanner.next();
    let isFirst = true;
    return this.#sequence(properties, () => {
      if (!this.#nextInFlow(start, isFirst, "flowSequenceEnd", "]")) return undefined;
      isFirst = false;
      return this.#is("key") ? this.#singlePair() : this.#node(false, false);
    });
  }

  /** `[a: b]`: a map of one pair. */
  #singlePair(): YAMLMapping {
    const token = this.#scanner.next();
    const mapping = this.#placed<Open<YAMLMapping>>({ token }, { kind: "mapping", pairs: [] });
    let key: YAMLNode;
    if (this.#is("value", "flowEntry", "flowSequenceEnd")) {
      // The library takes the token away without a look at it.
      key = this.#nothing(this.#scanner.next());
    } else {
      key = this.#node(false, false);
    }
    mapping.pairs = [[key, this.#flowValue("flowSequenceEnd")]];
    return mapping;
  }

  #flowValue(end: TokenKind): YAMLNode {
    if (this.#is("value")) {
      this.#scanner.next();
      if (!this.#is("flowEntry", end)) return this.#node(false, false);
    }
    return this.#nothing(this.#scanner.peek());
  }

  #flowMapping(properties: Properties): YAMLMapping {
    const start = this.#scanner.next();
    let isFirst = true;
    return this.#mapping(properties, () => {
      if (!this.#nextInFlow(start, isFirst, "flowMappingEnd", "}")) return undefined;
      isFirst = false;
      if (!this.#is("key")) {
        const alone = this.#node(false, false);
        return [alone, this.#nothing(this.#scanner.peek())];
      }
      this.#scanner.next();
      const key = this.#is("value", "flowEntry", "flowMappingEnd")
        ? this.#nothing(this.#scanner.peek())
        : this.#node(false, false);
      return [key, this.#flowValue("flowMappingEnd")];
    });
  }
}
