/** What stands in a METADATA block: YAML, field by field, with the error texts of OPA and of its YAML library. */
import type { Annotation, Comment, RefTerm, Term } from "./ast.ts";
import { BuiltinFailure } from "../builtins/failure.ts";
import { parseUrl } from "../builtins/url.ts";
import { type Data, type DataObject, decodeYAML, isDataObject, type Shape } from "./decode-yaml.ts";
import { quote } from "./quote.ts";

/** The fields of an annotation; the scope is as written, if it was. */
export interface AnnotationFields extends Pick<
  Annotation,
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

const text: Shape = { kind: "string", name: "string" };
const anyMap: Shape = { kind: "map", name: "map[string]interface {}" };
const anyList: Shape = { kind: "list", name: "[]interface {}", items: { kind: "any", name: "interface {}" } };

const annotation: Shape = {
  kind: "struct",
  name: "ast.rawAnnotation",
  fields: new Map<string, Shape>([
    ["scope", text],
    ["title", text],
    ["entrypoint", { kind: "bool", name: "bool" }],
    ["description", text],
    ["organizations", { kind: "list", name: "[]string", items: text }],
    ["related_resources", anyList],
    ["authors", anyList],
    ["schemas", { kind: "list", name: "[]map[string]interface {}", items: anyMap }],
    ["compile", anyMap],
    ["custom", anyMap],
    ["labels", anyMap],
  ]),
};

/** Reads the lines below `# METADATA`. */
export function decodeAnnotation(
  comments: readonly Comment[],
  readTerm: TermReader,
): AnnotationFields | AnnotationFault {
  const yaml = comments.map((comment) => `${comment.text.replace(/^ /, "")}\n`).join("");
  if (yaml.trim() === "") return { message: "expected METADATA block, found whitespace" };
  const decoded = decodeYAML(yaml, annotation);
  if ("error" in decoded) return yamlFault(comments, decoded.error);
  const { value } = decoded;
  if (value === undefined || !isDataObject(value)) return {};
  try {
    return fieldsOf(value, readTerm);
  } catch (error) {
    if (error instanceof Fault) return { message: error.message };
    throw error;
  }
}

/** OPA takes YAML's line, which counts from one, for an index that counts from nought. */
function yamlFault(comments: readonly Comment[], error: string): AnnotationFault {
  const line = Number(/^yaml:(?: unmarshal errors:\s*)? line (\d+):/.exec(error)?.[1] ?? 0);
  const comment = comments[Math.min(line, comments.length - 1)];
  return { message: error + spaceHints(comments), ...(comment !== undefined && { comment }) };
}

/** The fields as OPA looks at them, one after the other: the first that is wrong is told of alone. */
function fieldsOf(raw: DataObject, readTerm: TermReader): AnnotationFields {
  const [scope, title, description] = [textField(raw, "scope"), textField(raw, "title"), textField(raw, "description")];
  const organizations = listField(raw, "organizations").map(String);
  const relatedResources = listField(raw, "related_resources").map(relatedResource);
  const compile = objectField(raw, "compile");
  const compiled = compile === undefined ? undefined : compileOf(compile, readTerm);
  const schemas = listField(raw, "schemas").map((pair) => schemaOf(pair, readTerm));
  const authors = listField(raw, "authors").map(authorOf);
  const custom = dataOf(objectField(raw, "custom"));
  const labels = dataOf(objectField(raw, "labels"));
  return {
    ...(scope !== "" && { scope }),
    ...(title !== "" && { title }),
    ...(description !== "" && { description }),
    ...(raw["entrypoint"] === true && { entrypoint: true }),
    ...(organizations.length > 0 && { organizations }),
    ...(relatedResources.length > 0 && { relatedResources }),
    ...(authors.length > 0 && { authors }),
    ...(schemas.length > 0 && { schemas }),
    ...(compiled !== undefined && { compile: compiled }),
    ...(custom !== undefined && { custom }),
    ...(labels !== undefined && { labels }),
  };
}

function field(raw: DataObject, name: string): Data | undefined {
  return Object.hasOwn(raw, name) ? raw[name] : undefined;
}

function textField(raw: DataObject, name: string): string {
  const value = field(raw, name);
  return typeof value === "string" ? value : "";
}

function listField(raw: DataObject, name: string): readonly Data[] {
  const value = field(raw, name);
  return Array.isArray(value) ? (value as readonly Data[]) : []; // as: what is a list among the data
}

function objectField(raw: DataObject, name: string): DataObject | undefined {
  const value = field(raw, name);
  return value !== undefined && isDataObject(value) ? value : undefined;
}

/** The entries of a map whose keys may be any at the top and in lists, and have to be texts all the same. */
function dataOf(map: DataObject | undefined): Readonly<Record<string, unknown>> | undefined {
  const entries = Object.entries(map ?? {}).map(([key, value]): [string, unknown] => [key, plain(withTextKeys(value))]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Data with objects in the place of maps, as far as OPA goes: it does not look into what is an object already. */
function withTextKeys(value: Data, path: readonly string[] = []): Data {
  if (value instanceof Map) {
    const entries: [string, Data][] = [];
    for (const [key, item] of value as ReadonlyMap<Data, Data>) {
      // as: what is a map among the data
      if (typeof key !== "string") throw new Fault(`invalid map key type(s): ${path.join("/")}`);
      entries.push([key, withTextKeys(item, [...path, key])]);
    }
    return Object.fromEntries(entries);
  }
  if (!Array.isArray(value)) return value;
  return (value as readonly Data[]).map((item, position) => withTextKeys(item, [...path, String(position)])); // as: a list
}

/** Data as JSON has them: moments as texts, keys as texts. */
function plain(value: Data): unknown {
  if (value instanceof Date) return value.toISOString().replace(/\.?0*Z$/, "Z");
  if (value instanceof Map) {
    return Object.fromEntries([...(value as ReadonlyMap<Data, Data>)].map(([key, item]) => [String(key), plain(item)])); // as: a map
  }
  if (Array.isArray(value)) return (value as readonly Data[]).map(plain); // as: a list
  return isDataObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
    : value;
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
  if (code === 0x22) return `'"'`;
  if (code < 0x80) return `'${quote(String.fromCodePoint(code)).slice(1, -1)}'`;
  if (code < 0x10000) return `'\\u${code.toString(16).padStart(4, "0")}'`;
  return `'\\U${code.toString(16).padStart(8, "0")}'`;
}

function stringField(map: DataObject, key: string): string {
  return textField(map, key).trim();
}

/** Data as Go's verb for texts prints them: it says what else it got. */
function describeData(value: Data): string {
  return value === null ? "%!s(<nil>)" : describeItem(value);
}

function describeItem(value: Data): string {
  if (value instanceof Date)
    return value
      .toISOString()
      .replace("T", " ")
      .replace(/\.?0*Z$/, " +0000 UTC");
  if (value instanceof Map) return describePairs([...(value as ReadonlyMap<Data, Data>)]); // as: a map among the data
  if (Array.isArray(value)) return `[${(value as readonly Data[]).map(describeItem).join(" ")}]`; // as: a list
  if (isDataObject(value)) return describePairs(Object.entries(value));
  switch (typeof value) {
    case "bigint":
      return `%!s(int=${value})`;
    case "number":
      return `%!s(float64=${value})`;
    case "boolean":
      return `%!s(bool=${value})`;
    default:
      return value === null ? "<nil>" : String(value);
  }
}

function describePairs(pairs: readonly (readonly [key: Data, value: Data])[]): string {
  const texts = pairs.map(([key, value]) => [describeItem(key), describeItem(value)] as const);
  return `map[${texts
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}:${value}`)
    .join(" ")}]`;
}

/** Throws for a definition that cannot be read. */
function refusal(what: string, value: Data): (reason: string) => never {
  return (reason) => {
    throw new Fault(`invalid ${what} definition ${describeData(value)}: ${reason}`);
  };
}

function withTextKeysOr(value: Data, refuse: (reason: string) => never): Data {
  try {
    return withTextKeys(value);
  } catch (fault) {
    return refuse(fault instanceof Fault ? fault.message : String(fault));
  }
}

function relatedResource(written: Data): { readonly ref: string; readonly description?: string } {
  const refuse: (reason: string) => never = refusal("related-resource", written);
  const value = withTextKeysOr(written, refuse);
  if (typeof value === "string") {
    if (value === "") refuse("ref URL may not be empty string");
    checkURL(value, refuse);
    return { ref: value };
  }
  if (!isDataObject(value)) return refuse("invalid value type, must be string or map");
  const ref = stringField(value, "ref");
  const description = stringField(value, "description");
  if (ref === "") return refuse("'ref' value required in object");
  checkURL(ref, refuse);
  return description === "" ? { ref } : { ref, description };
}

function checkURL(text: string, refuse: (reason: string) => never): void {
  try {
    parseUrl(text);
  } catch (failure) {
    if (!(failure instanceof BuiltinFailure)) throw failure;
    refuse(failure.message);
  }
}

function authorOf(written: Data): { readonly name: string; readonly email?: string } {
  const refuse: (reason: string) => never = refusal("author", written);
  const value = withTextKeysOr(written, refuse);
  if (typeof value === "string") {
    const words = value.split(/\s+/).filter((word) => word !== "");
    const last = words.at(-1);
    if (last === undefined) return refuse("author is an empty string");
    if (!last.startsWith("<") || !last.endsWith(">") || last.length < 2) return { name: words.join(" ") };
    const name = words.slice(0, -1).join(" ");
    return last.length === 2 ? { name } : { name, email: last.slice(1, -1) };
  }
  if (!isDataObject(value)) return refuse("invalid value type, must be string or map");
  const name = stringField(value, "name");
  const email = stringField(value, "email");
  if (name === "" && email === "") return refuse("'name' and/or 'email' values required in object");
  return email === "" ? { name } : { name, email };
}

function schemaOf(pair: Data, readTerm: TermReader): NonNullable<Annotation["schemas"]>[number] {
  const [first] = isDataObject(pair) ? Object.entries(pair) : [];
  const [key, declared]: readonly [string, Data] = first ?? ["", null];
  const path = readTerm(key);
  if (typeof path === "string" || path.kind !== "ref") throw new Fault("invalid document reference");
  if (typeof declared === "string") return { path, schema: schemaRef(declared, readTerm) };
  if (isDataObject(declared)) return { path, definition: plain(declared) };
  throw new Fault(`invalid schema declaration for path ${quote(key)}`);
}

function schemaRef(text: string, readTerm: TermReader): RefTerm {
  const term = readTerm(text);
  if (typeof term !== "string") {
    if (term.kind === "var" && term.name === "schema") return { kind: "ref", terms: [term], span: term.span };
    const root = term.kind === "ref" ? term.terms[0] : undefined;
    if (term.kind === "ref" && root?.kind === "var" && root.name === "schema") return term;
  }
  throw new Fault("invalid schema reference");
}

function compileOf(map: DataObject, readTerm: TermReader): NonNullable<Annotation["compile"]> {
  const unknowns = field(map, "unknowns");
  const mask = field(map, "mask_rule");
  return {
    ...(Array.isArray(unknowns) && {
      unknowns: (unknowns as readonly Data[]).flatMap((item) =>
        // as: a list among the data
        typeof item === "string" ? [unknownOf(item, readTerm)] : [],
      ),
    }),
    ...(typeof mask === "string" && { maskRule: maskOf(mask, readTerm) }),
  };
}

function unknownOf(text: string, readTerm: TermReader): RefTerm {
  const term = readTerm(text);
  if (typeof term === "string") {
    throw new Fault(`invalid unknowns element ${quote(text)}: failed to parse ref: ${term}`);
  }
  if (term.kind === "ref") return term;
  throw new Fault(`invalid unknowns element ${quote(text)}: expected ref but got ${text}`);
}

function maskOf(text: string, readTerm: TermReader): RefTerm {
  const term = readTerm(text);
  if (typeof term === "string") throw new Fault(`invalid mask_rule annotation ${quote(text)}: ${term}`);
  if (term.kind === "ref") return term;
  if (term.kind === "var" || term.kind === "string") return { kind: "ref", terms: [term], span: term.span };
  throw new Fault(`invalid mask_rule annotation type ${quote(text)}: string`);
}
