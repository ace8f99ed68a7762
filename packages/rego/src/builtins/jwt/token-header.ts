import { quote } from "../../runtime/text.ts";

/** What a member of a token's header is: its text, or the name of the type that it is instead. */
export type HeaderMember = { readonly text: string } | { readonly type: string };

/** The members of a header, none where it is no object, or why it cannot be read. */
export type HeaderReading = { readonly members: ReadonlyMap<string, HeaderMember> } | { readonly error: string };

/** Ends a reading; the rest of the text is told along with it. */
class Unreadable extends Error {
  readonly rest: string;

  constructor(message: string, rest: string) {
    super(message);
    this.rest = rest;
  }
}

interface Read {
  readonly member: HeaderMember;
  readonly members?: ReadonlyMap<string, HeaderMember>;
  readonly rest: string;
}

const maxDepth = 300;

/** Reads a header to be signed as fastjson does, which is laxer than JSON and has words of its own. */
export function readTokenHeader(text: string): HeaderReading {
  try {
    const { members, rest } = readValue(skipSpace(text), 0);
    const tail = skipSpace(rest);
    if (tail !== "") return { error: `unexpected tail: ${quote(excerpt(tail))}` };
    return { members: members ?? new Map() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { error: `cannot parse JSON: ${error.message}; unparsed tail: ${quote(excerpt(error.rest))}` };
  }
}

function excerpt(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 40)}...${text.slice(-40)}`;
}

function skipSpace(text: string): string {
  return text.replace(/^[ \n\t\r]+/, "");
}

function within<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) throw new Unreadable(`${what}: ${error.message}`, error.rest);
    throw error;
  }
}

function readValue(text: string, depth: number): Read {
  if (text === "") throw new Unreadable("cannot parse empty string", text);
  if (depth + 1 > maxDepth) {
    throw new Unreadable(`too big depth for the nested JSON; it exceeds ${maxDepth}`, text);
  }
  switch (text[0]) {
    case "{":
      return within("cannot parse object", () => readObject(skipSpace(text.slice(1)), depth + 1));
    case "[":
      return within("cannot parse array", () => readArray(skipSpace(text.slice(1)), depth + 1));
    case '"': {
      const { raw, rest } = within("cannot parse string", () => readString(text.slice(1)));
      return { member: { text: unescape(raw) }, rest };
    }
    case "t":
      return readWord(text, "true");
    case "f":
      return readWord(text, "false");
    case "n":
      return /^nan/i.test(text) ? { member: { type: "number" }, rest: text.slice(3) } : readWord(text, "null");
    default:
      return within("cannot parse number", () => readNumber(text));
  }
}

function readWord(text: string, word: string): Read {
  if (!text.startsWith(word)) throw new Unreadable(`unexpected value found: ${quote(text)}`, text);
  return { member: { type: word }, rest: text.slice(word.length) };
}

function readNumber(text: string): Read {
  const length = /^[0-9.eE+-]*/.exec(text)?.[0].length ?? 0;
  const named = /^[+-]?(inf|nan)/i.exec(text)?.[0];
  if (length < text.length && (length === 0 || (length === 1 && /^[+-]/.test(text)))) {
    if (named === undefined) throw new Unreadable(`unexpected char: ${quote(text.slice(0, 1))}`, text);
    return { member: { type: "number" }, rest: text.slice(named.length) };
  }
  return { member: { type: "number" }, rest: text.slice(length) };
}

/** A string up to a quote that no odd number of backslashes stands before. */
function readString(text: string): { readonly raw: string; readonly rest: string } {
  for (let end = text.indexOf('"'); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return { raw: text.slice(0, end), rest: text.slice(end + 1) };
  }
  throw new Unreadable(`missing closing '"'`, "");
}

/** Escapes as far as they can be read; what is none stays as it is. */
function unescape(raw: string): string {
  const simple: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
  return raw.replaceAll(/\\(u[0-9a-fA-F]{4}|["\\/bfnrt])/g, (_, escape: string) => {
    if (escape.startsWith("u")) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return simple[escape] ?? escape;
  });
}

function readArray(text: string, depth: number): Read {
  const member: HeaderMember = { type: "array" };
  if (text === "") throw new Unreadable("missing ']'", text);
  if (text.startsWith("]")) return { member, rest: text.slice(1) };
  let rest = text;
  for (;;) {
    const item = within("cannot parse array value", () => readValue(skipSpace(rest), depth));
    rest = skipSpace(item.rest);
    if (rest === "") throw new Unreadable("unexpected end of array", rest);
    if (rest.startsWith("]")) return { member, rest: rest.slice(1) };
    if (!rest.startsWith(",")) throw new Unreadable("missing ',' after array value", rest);
    rest = rest.slice(1);
  }
}

function readObject(text: string, depth: number): Read {
  const member: HeaderMember = { type: "object" };
  const members = new Map<string, HeaderMember>();
  if (text === "") throw new Unreadable("missing '}'", text);
  if (text.startsWith("}")) return { member, members, rest: text.slice(1) };
  let rest = text;
  for (;;) {
    rest = skipSpace(rest);
    if (!rest.startsWith('"')) throw new Unreadable(`cannot find opening '"" for object key`, rest);
    const opened = rest.slice(1);
    const key = within("cannot parse object key", () => readString(opened));
    rest = skipSpace(key.rest);
    if (!rest.startsWith(":")) throw new Unreadable("missing ':' after object key", rest);
    const after = skipSpace(rest.slice(1));
    const value = within("cannot parse object value", () => readValue(after, depth));
    const name = unescape(key.raw);
    // Of equal keys the first counts.
    if (!members.has(name)) members.set(name, value.member);
    rest = skipSpace(value.rest);
    if (rest === "") throw new Unreadable("unexpected end of object", rest);
    if (rest.startsWith("}")) return { member, members, rest: rest.slice(1) };
    if (!rest.startsWith(",")) throw new Unreadable("missing ',' after object value", rest);
    rest = rest.slice(1);
  }
}
