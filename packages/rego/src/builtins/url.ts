/** URLs as Go's net/url reads and escapes them. */
import { decodeUtf8, encodeUtf8, quote } from "../runtime/text.ts";
import { BuiltinFailure, fail } from "./failure.ts";
import { isIPv4 } from "./ip.ts";
import { readAddress } from "./read-address.ts";

/** What part of a URL a text is, which decides what is escaped in it. */
export type UrlPart = "path" | "host" | "zone" | "user" | "query" | "fragment";

const unreserved = "-_.~";

/** The punctuation that each part shows as it is. */
const plainSigns: Readonly<Record<UrlPart, string>> = {
  path: `${unreserved}$&+,/:;=@`,
  host: `${unreserved}!$&'()*+,;=:[]<>"`,
  zone: `${unreserved}!$&'()*+,;=:[]<>"`,
  user: `${unreserved}$&+,;=`,
  query: unreserved,
  fragment: `${unreserved}$&+,/:;=?@!()*`,
};

function isPlain(character: string, part: UrlPart): boolean {
  return /^[A-Za-z0-9]$/.test(character) || plainSigns[part].includes(character);
}

/** A text whose characters are the bytes of another. */
function bytesOf(text: string): string {
  let bytes = "";
  for (const byte of encodeUtf8(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

function textOf(bytes: string): string {
  return decodeUtf8(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

/** Escapes a text for a part; a space is `+` in queries. */
export function escapeUrl(text: string, part: UrlPart): string {
  let escaped = "";
  for (const byte of bytesOf(text)) {
    if (isPlain(byte, part)) escaped += byte;
    else if (byte === " " && part === "query") escaped += "+";
    else escaped += `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}

/** Takes the escapes of a part back. */
export function unescapeUrl(text: string, part: UrlPart): string {
  return textOf(unescapeBytes(bytesOf(text), part));
}

function unescapeBytes(text: string, part: UrlPart): string {
  const isHost = part === "host" || part === "zone";
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "%") {
      plain += unescapeByte(text, at, part);
      at += 2;
    } else if (character === "+") {
      plain += part === "query" ? " " : "+";
    } else {
      if (isHost && character < "\x80" && !isPlain(character, part)) {
        fail(`invalid character ${quote(character)} in host name`);
      }
      plain += character;
    }
  }
  return plain;
}

function unescapeByte(text: string, at: number, part: UrlPart): string {
  const escape = text.slice(at, at + 3);
  const refuse = (): never => fail(`invalid URL escape ${quote(textOf(escape))}`);
  if (!/^%[0-9a-fA-F]{2}$/.test(escape)) refuse();
  const byte = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  if (part === "host" && byte < "\x80" && escape !== "%25") refuse();
  if (part === "zone" && escape !== "%25" && byte !== " " && !isPlain(byte, "host")) refuse();
  return byte;
}

/** A URL's parts, unescaped but for the raw ones, which are as they were written. */
export interface Url {
  readonly scheme: string;
  /** What follows a scheme without a slash. */
  readonly opaque: string;
  readonly user: { readonly name: string; readonly password?: string } | undefined;
  /** Host and port. */
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  /** Whether there is a scheme and a path, but no `//` before it. */
  readonly omitHost: boolean;
  /** Whether it ends with a question mark, and with no query. */
  readonly forceQuery: boolean;
  readonly rawQuery: string;
  readonly fragment: string;
  readonly rawFragment: string;
}

function cut(text: string, mark: string): readonly [before: string, after: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Reads a URL or a reference relative to one; what is wrong with it is told as Go does, with the text. */
export function parseUrl(raw: string): Url {
  const [text, rawFragment] = cut(raw, "#");
  const url = about(text, () => parseWithoutFragment(text));
  return { ...url, fragment: about(raw, () => unescapeUrl(rawFragment, "fragment")), rawFragment };
}

function about<T>(text: string, read: () => T): T {
  try {
    return read();
  } catch (failure) {
    if (!(failure instanceof BuiltinFailure)) throw failure;
    return fail(`parse ${quote(text)}: ${failure.message}`);
  }
}

const empty: Url = {
  scheme: "",
  opaque: "",
  user: undefined,
  host: "",
  path: "",
  rawPath: "",
  omitHost: false,
  forceQuery: false,
  rawQuery: "",
  fragment: "",
  rawFragment: "",
};

function parseWithoutFragment(text: string): Url {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\0-\x1f\x7f]/.test(text)) fail("net/url: invalid control character in URL");
  if (text === "*") return { ...empty, path: "*", rawPath: "*" };
  if (text.startsWith(":")) fail("missing protocol scheme");
  const given = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? "";
  const scheme = given.toLowerCase();
  const afterScheme = given === "" ? text : text.slice(given.length + 1);
  const [beforeQuery, rawQuery] = cut(afterScheme, "?");
  const url = { ...empty, scheme, forceQuery: rawQuery === "" && afterScheme.endsWith("?"), rawQuery };
  if (!beforeQuery.startsWith("/")) {
    // Without a slash what follows a scheme is opaque.
    if (scheme !== "") return { ...url, opaque: beforeQuery };
    if (cut(beforeQuery, "/")[0].includes(":")) fail("first path segment in URL cannot contain colon");
  }
  if (!beforeQuery.startsWith("//") || (scheme === "" && beforeQuery.startsWith("///"))) {
    return { ...url, omitHost: scheme !== "", path: unescapeUrl(beforeQuery, "path"), rawPath: beforeQuery };
  }
  const slash = beforeQuery.indexOf("/", 2);
  const end = slash < 0 ? beforeQuery.length : slash;
  const authority = parseAuthority(scheme, beforeQuery.slice(2, end));
  const path = beforeQuery.slice(end);
  return { ...url, ...authority, path: unescapeUrl(path, "path"), rawPath: path };
}

function parseAuthority(scheme: string, authority: string): Pick<Url, "host" | "user"> {
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at < 0) return { host, user: undefined };
  const user = authority.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) fail("net/url: invalid userinfo");
  const [name, password] = cut(user, ":").map((part) => unescapeUrl(part, "user"));
  return { host, user: { name: name ?? "", ...(user.includes(":") ? { password: password ?? "" } : {}) } };
}

function checkPort(port: string): void {
  if (port !== "" && !/^:[0-9]*$/.test(port)) fail(`invalid port ${quote(port)} after host`);
}

function parseHost(scheme: string, host: string): string {
  const open = host.lastIndexOf("[");
  if (open > 0) fail("invalid IP-literal");
  if (open === 0) return parseLiteral(host);
  const first = host.indexOf(":");
  if (first >= 0) {
    const isStrict = scheme === "http" || scheme === "https";
    checkPort(host.slice(isStrict ? first : host.lastIndexOf(":")));
  }
  return unescapeUrl(host, "host");
}

/** An IPv6 address in brackets, whose zone may hold nearly anything. */
function parseLiteral(host: string): string {
  const close = host.lastIndexOf("]");
  if (close < 0) fail("missing ']' in host");
  const port = host.slice(close + 1);
  checkPort(port);
  const name = host.slice(1, close);
  const zone = name.indexOf("%25");
  const plain =
    zone < 0
      ? unescapeUrl(name, "host")
      : unescapeUrl(name.slice(0, zone), "host") + unescapeUrl(name.slice(zone), "zone");
  const address = readAddress(plain);
  if ("error" in address) {
    const { error, at } = address;
    fail(`invalid host: ParseAddr(${quote(plain)}): ${error}${at === undefined ? "" : ` (at ${quote(at)})`}`);
  }
  if (address.width === 32 && isIPv4(address.address)) fail("invalid IP-literal");
  return `[${plain}]${port}`;
}

/** Host and port apart; brackets are taken off the host. */
export function splitHost(host: string): readonly [name: string, port: string] {
  const colon = host.lastIndexOf(":");
  const hasPort = colon >= 0 && /^:[0-9]*$/.test(host.slice(colon));
  const name = hasPort ? host.slice(0, colon) : host;
  const port = hasPort ? host.slice(colon + 1) : "";
  return [name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name, port];
}
