/**
 * What stands in a METADATA block: YAML, field by field, with OPA's error texts. (The texts of YAML's own syntax
 * errors are our YAML library's, behind the line that OPA names.)
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { Annotation, Comment, RefTerm, Term } from "./ast.ts";

/** The fields of an annotation; the scope is as written, if it was. */
export interface AnnotationFields extends Pick<
  Annotation,
  | "value"
  | "title"
  | "description"
  | "entrypoint"
  | "organizations"
  | "relatedResources"
  | "authors"
  | "schemas"
  | "compile"
  | "custom"
  | "labels"
> {
  readonly scope?: string;
}

/** Why a block cannot be read, and the comment to blame if it is not the first. */
export interface AnnotationFault {
  readonly message: string;
  readonly comment?: Comment;
}

/** Reads a term written in an annotation; a text instead of one says why it is none. */
export type TermReader = (text: string) => Term | string;

/** A fault on its way out of the fields below. */
class Fault extends Error {}

/** Reads the lines below `# METADATA`. */
export function decodeAnnotation(
  comments: readonly Comment[],
  readTerm: TermReader,
): AnnotationFields | AnnotationFault {
  const text = comments.map((comment) => `${comment.text.replace(/^ /, "")}\n`).join("");
  if (text.trim() === "") return { message: "expected METADATA block, found whitespace" };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    intAsBigInt: true,
    uniqueKeys: false,
    merge: true,
    logLevel: "silent",
  });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const line = lines.linePos(syntax.pos[0]).line;
    const [reason = ""] = syntax.message.split("\n");
    return faultAt(comments, line, `yaml: line ${line}: ${reason.replace(/ at line \d+, column \d+:?$/, "")}`);
  }
  const contents = document.contents;
  if (contents === null || (isScalar(contents) && contents.value === null)) return { value: {} };
  const reader = new FieldReader(document, lines);
  if (!isMap(contents)) {
    const line = reader.lineOf(contents);
    const what = reader.describe(contents);
    return faultAt(
      comments,
      line,
      `yaml: unmarshal errors:\n  line ${line}: cannot unmarshal ${what} into ast.rawAnnotation`,
    );
  }
  try {
    const fields = reader.fields(contents, readTerm);
    const [mismatch] = reader.mismatches;
    if (mismatch === undefined) return fields;
    const all = reader.mismatches.map(({ line, reason }) => `  line ${line}: ${reason}`).join("\n");
    return faultAt(comments, mismatch.line, `yaml: unmarshal errors:\n${all}`);
  } catch (error) {
    if (error instanceof Fault) return { message: error.message };
    throw error;
  }
}

/** OPA takes YAML's line, which counts from one, for an index that counts from nought. */
function faultAt(comments: readonly Comment[], line: number, message: string): AnnotationFault {
  const comment = comments[Math.min(line, comments.length - 1)];
  return { message: message + spaceHints(comments), ...(comment !== undefined && { comment }) };
}

function spaceHints(comments: readonly Comment[]): string {
  let hints = "";
  for (const comment of comments) {
    const parts = comment.text.split(":").slice(1);
    const wrong: string[] = [];
    for (const [position, part] of parts.entries()) {
      if (part === "" && position === parts.length - 1) break;
      if (part.startsWith(" ") || part.startsWith("\t")) break;
      wrong.push(quoteRune(part));
    }
    if (wrong.length === 0) continue;
    const row = comment.span.source.text.slice(0, comment.span.start).split("\n").length;
    hints +=
      `\n  Hint: on line ${row}, symbol(s) [${wrong.join(" ")}] immediately following a` +
      " key/value separator ':' is not a legal yaml space character";
  }
  return hints;
}

function quoteRune(text: string): string {
  const code = text.codePointAt(0) ?? 0xfffd;
  if (code === 0x27) return "'\\''";
  if (code >= 0x20 && code < 0x7f) return `'${String.fromCodePoint(code)}'`;
  if (code < 0x10000) return `'\\u${code.toString(16).padStart(4, "0")}'`;
  return `'\\U${code.toString(16).padStart(8, "0")}'`;
}

interface Mismatch {
  readonly line: number;
  readonly reason: string;
}

/** Reads the fields of one block, collecting what has the wrong type as Go's YAML does. */
class FieldReader {
  readonly mismatches: Mismatch[] = [];
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(document: Document.Parsed, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  fields(map: YAMLMap, readTerm: TermReader): AnnotationFields {
    const scope = this.#text(map, "scope");
    const entrypoint = this.#flag(map, "entrypoint");
    const title = this.#text(map, "title");
    const description = this.#text(map, "description");
    const organizations = this.#list(map, "organizations", "[]string")?.map((node) => this.#textOf(node) ?? "");
    const related = this.#list(map, "related_resources", "[]interface {}")?.map((node) =>
      relatedResource(this.#data(node)),
    );
    const compile = this.#map(map, "compile");
    const schemas = this.#list(map, "schemas", "[]map[string]interface {}")?.flatMap((node) => {
      const declared = this.#resolve(node);
      if (declared !== undefined && !isMap(declared)) this.#mismatch(declared, "map[string]interface {}");
      return this.mismatches.length > 0 ? [] : [schemaOf(this.#data(node), readTerm)];
    });
    const authors = this.#list(map, "authors", "[]interface {}")?.map((node) => authorOf(this.#data(node)));
    const custom = this.#map(map, "custom");
    const labels = this.#map(map, "labels");
    this.#refuseDuplicates(map);
    return {
      value: Object.fromEntries(map.items.map(({ key, value }) => [keyText(key), this.#data(value, [], true)])),
      ...(scope !== undefined && scope !== "" && { scope }),
      ...(title !== undefined && title !== "" && { title }),
      ...(description !== undefined && description !== "" && { description }),
      ...(entrypoint === true && { entrypoint }),
      ...(organizations !== undefined && organizations.length > 0 && { organizations }),
      ...(related !== undefined && related.length > 0 && { relatedResources: related }),
      ...(authors !== undefined && authors.length > 0 && { authors }),
      ...(schemas !== undefined && schemas.length > 0 && { schemas }),
      ...(compile !== undefined && { compile: compileOf(compile, readTerm) }),
      ...(custom !== undefined && Object.keys(custom).length > 0 && { custom }),
      ...(labels !== undefined && Object.keys(labels).length > 0 && { labels }),
    };
  }

  lineOf(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line;
  }

  /** A value as Go's YAML names it in its errors. */
  describe(node: Node): string {
    if (isMap(node)) return "!!map";
    if (isSeq(node)) return "!!seq";
    if (!isScalar(node)) return "!!str";
    const source = node.source ?? String(node.value);
    const short = source.length > 10 ? `${source.slice(0, 7)}...` : source;
    return `${tagOf(node.value)} \`${short}\``;
  }

  #get(map: YAMLMap, key: string): Node | undefined {
    const node: unknown = map.get(key, true);
    return this.#resolve(node);
  }

  #resolve(node: unknown): Node | undefined {
    if (isAlias(node)) return node.resolve(this.#document);
    if (isScalar(node)) return node.value === null ? undefined : node;
    return isMap(node) || isSeq(node) ? node : undefined;
  }

  #mismatch(node: Node, wanted: string): undefined {
    this.mismatches.push({ line: this.lineOf(node), reason: `cannot unmarshal ${this.describe(node)} into ${wanted}` });
  }

  #text(map: YAMLMap, key: string): string | undefined {
    return this.#textOf(this.#get(map, key));
  }

  #textOf(node: unknown): string | undefined {
    const resolved = this.#resolve(node);
    if (resolved === undefined) return undefined;
    if (!isScalar(resolved)) return this.#mismatch(resolved, "string");
    return typeof resolved.value === "string" ? resolved.value : (resolved.source ?? String(resolved.value));
  }

  #flag(map: YAMLMap, key: string): boolean | undefined {
    const node = this.#get(map, key);
    if (node === undefined) return undefined;
    if (isScalar(node)) {
      if (typeof node.value === "boolean") return node.value;
      if (typeof node.value === "string") {
        if (/^(?:y|Y|yes|Yes|YES|on|On|ON)$/.test(node.value)) return true;
        if (/^(?:n|N|no|No|NO|off|Off|OFF)$/.test(node.value)) return false;
      }
    }
    return this.#mismatch(node, "bool");
  }

  #list(map: YAMLMap, key: string, wanted: string): readonly unknown[] | undefined {
    const node = this.#get(map, key);
    if (node === undefined) return undefined;
    return isSeq(node) ? node.items : this.#mismatch(node, wanted);
  }

  #map(map: YAMLMap, key: string): Readonly<Record<string, unknown>> | undefined {
    const node = this.#get(map, key);
    if (node === undefined) return undefined;
    if (!isMap(node)) return this.#mismatch(node, "map[string]interface {}");
    this.#refuseDuplicates(node);
    const entries = this.#merged(node).map(([name, value]): [string, unknown] => [keyText(name), this.#data(value)]);
    return Object.fromEntries(entries);
  }

  /** The pairs of a map, those that `<<` brings first. */
  #merged(map: YAMLMap): readonly (readonly [key: unknown, value: unknown])[] {
    const brought: (readonly [unknown, unknown])[] = [];
    const own: (readonly [unknown, unknown])[] = [];
    for (const { key, value } of map.items) {
      if (!isScalar(key) || typeof key.value !== "symbol") {
        own.push([key, value]);
        continue;
      }
      const source = this.#resolve(value);
      for (const item of isSeq(source) ? source.items : [source]) {
        const other = this.#resolve(item);
        if (isMap(other)) brought.push(...this.#merged(other));
      }
    }
    return [...brought, ...own];
  }

  #refuseDuplicates(map: YAMLMap): void {
    const lines = new Map<string, number>();
    for (const { key } of map.items) {
      if (!isScalar(key) || typeof key.value === "symbol") continue;
      const name = keyText(key);
      const line = this.lineOf(key);
      const first = lines.get(name);
      if (first === undefined) lines.set(name, line);
      else this.mismatches.push({ line, reason: `mapping key "${name}" already defined at line ${first}` });
    }
  }

  /** A node as plain data. Keys have to be strings, deep down too, unless any will do. */
  #data(node: unknown, path: readonly string[] = [], anyKey = false): unknown {
    const resolved = this.#resolve(node);
    if (resolved === undefined) return null;
    if (isScalar(resolved)) return scalarData(resolved);
    if (isSeq(resolved)) {
      return resolved.items.map((item, position) => this.#data(item, [...path, String(position)], anyKey));
    }
    if (!isMap(resolved)) return null;
    const entries: [string, unknown][] = [];
    this.#refuseDuplicates(resolved);
    for (const [key, value] of this.#merged(resolved)) {
      const name: unknown = anyKey ? keyText(key) : isScalar(key) ? key.value : undefined;
      if (typeof name !== "string") throw new Fault(`invalid map key type(s): ${path.join("/")}`);
      entries.push([name, this.#data(value, [...path, name], anyKey)]);
    }
    return Object.fromEntries(entries);
  }
}

function keyText(key: unknown): string {
  return isScalar(key) ? (typeof key.value === "string" ? key.value : (key.source ?? String(key.value))) : "";
}

/** A scalar as Go's YAML reads it: a nought before an integer makes it octal, and underscores part its digits. */
function scalarData({ value, source, type }: Scalar): unknown {
  if (type !== "PLAIN" || source === undefined) return value;
  if (/^[-+]?0[0-7]+$/.test(source))
    return BigInt(source.replace(/^[-+]?0+/, "0o0")) * (source.startsWith("-") ? -1n : 1n);
  if (/^[-+]?[1-9][0-9]*(?:_+[0-9]+)+$/.test(source)) return BigInt(source.replaceAll(/[_+]/g, ""));
  return value;
}

function tagOf(value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return "!!bool";
    case "bigint":
      return "!!int";
    case "number":
      return "!!float";
    default:
      return "!!str";
  }
}

function stringField(map: object, key: string): string {
  const value: unknown = Object.hasOwn(map, key) ? Object.entries(map).find(([name]) => name === key)?.[1] : undefined;
  return typeof value === "string" ? value.trim() : "";
}

function describeData(value: unknown): string {
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value)
      ? `[${value.map(describeData).join(" ")}]`
      : `map[${Object.entries(value)
          .map(([key, item]) => `${key}:${describeData(item)}`)
          .join(" ")}]`;
  }
  // Go's verb for texts says what else it got.
  switch (typeof value) {
    case "bigint":
      return `%!s(int=${value})`;
    case "number":
      return `%!s(float64=${value})`;
    case "boolean":
      return `%!s(bool=${value})`;
    default:
      return value === null ? "%!s(<nil>)" : String(value);
  }
}

function relatedResource(value: unknown): { readonly ref: string; readonly description?: string } {
  const refuse = (reason: string): never => {
    throw new Fault(`invalid related-resource definition ${describeData(value)}: ${reason}`);
  };
  if (typeof value === "string") return value === "" ? refuse("ref URL may not be empty string") : { ref: value };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse("invalid value type, must be string or map");
  }
  const ref = stringField(value, "ref");
  const description = stringField(value, "description");
  if (ref === "") return refuse("'ref' value required in object");
  return description === "" ? { ref } : { ref, description };
}

function authorOf(value: unknown): { readonly name: string; readonly email?: string } {
  const refuse = (reason: string): never => {
    throw new Fault(`invalid author definition ${describeData(value)}: ${reason}`);
  };
  if (typeof value === "string") {
    const words = value.split(/\s+/).filter((word) => word !== "");
    const last = words.at(-1);
    if (last === undefined) return refuse("author is an empty string");
    if (!last.startsWith("<") || !last.endsWith(">") || last.length < 2) return { name: words.join(" ") };
    const name = words.slice(0, -1).join(" ");
    return last.length === 2 ? { name } : { name, email: last.slice(1, -1) };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse("invalid value type, must be string or map");
  }
  const name = stringField(value, "name");
  const email = stringField(value, "email");
  if (name === "" && email === "") return refuse("'name' and/or 'email' values required in object");
  return email === "" ? { name } : { name, email };
}

function schemaOf(value: unknown, readTerm: TermReader): NonNullable<Annotation["schemas"]>[number] {
  const [pair] = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const [key, declared]: readonly [string, unknown] = pair ?? ["", undefined];
  const path = readTerm(key);
  if (typeof path === "string" || path.kind !== "ref") throw new Fault("invalid document reference");
  if (typeof declared === "string") {
    const schema = readTerm(declared);
    if (typeof schema !== "string") {
      if (schema.kind === "var" && schema.name === "schema") {
        return { path, schema: { kind: "ref", terms: [schema], span: schema.span } };
      }
      const root = schema.kind === "ref" ? schema.terms[0] : undefined;
      if (schema.kind === "ref" && root?.kind === "var" && root.name === "schema") return { path, schema };
    }
    throw new Fault("invalid schema reference");
  }
  if (typeof declared === "object" && declared !== null && !Array.isArray(declared)) {
    return { path, definition: declared };
  }
  throw new Fault(`invalid schema declaration for path "${key}"`);
}

function compileOf(map: Readonly<Record<string, unknown>>, readTerm: TermReader): NonNullable<Annotation["compile"]> {
  const unknowns = Object.hasOwn(map, "unknowns") ? map["unknowns"] : undefined;
  const mask = Object.hasOwn(map, "mask_rule") ? map["mask_rule"] : undefined;
  return {
    ...(Array.isArray(unknowns) && { unknowns: unknowns.map((item) => unknownOf(item, readTerm)) }),
    ...(typeof mask === "string" && { maskRule: maskOf(mask, readTerm) }),
  };
}

function unknownOf(item: unknown, readTerm: TermReader): RefTerm {
  const text = typeof item === "string" ? item : "";
  const term = readTerm(text);
  if (typeof term === "string") throw new Fault(`invalid unknowns element "${text}": failed to parse ref: ${term}`);
  if (term.kind === "ref") return term;
  throw new Fault(`invalid unknowns element "${text}": expected ref but got ${text}`);
}

function maskOf(text: string, readTerm: TermReader): RefTerm {
  const term = readTerm(text);
  if (typeof term === "string") throw new Fault(`invalid mask_rule annotation "${text}": ${term}`);
  if (term.kind === "ref") return term;
  if (term.kind === "var" || term.kind === "string") return { kind: "ref", terms: [term], span: term.span };
  throw new Fault(`invalid mask_rule annotation type "${text}": string`);
}
