/** URLs as Go's net/url reads and escapes them, over texts whose characters are bytes. */
import { decodeUtf8, quote } from "../runtime/text.ts";
import { fail } from "./failure.ts";
import { isIPv4, readAddress } from "./ip.ts";

/** What part of a URL a text is, which decides what is escaped in it. */
export type UrlPart = "path" | "host" | "zone" | "user" | "query" | "fragment";

const UNRESERVED = "-_.~";

/** The punctuation that each part shows as it is. */
const PLAIN: Readonly<Record<UrlPart, string>> = {
  path: `${UNRESERVED}$&+,/:;=@`,
  host: `${UNRESERVED}!$&'()*+,;=:[]<>"`,
  zone: `${UNRESERVED}!$&'()*+,;=:[]<>"`,
  user: `${UNRESERVED}$&+,;=`,
  query: UNRESERVED,
  fragment: `${UNRESERVED}$&+,/:;=?@!()*`,
};

function isPlain(character: string, part: UrlPart): boolean {
  return /^[A-Za-z0-9]$/.test(character) || PLAIN[part].includes(character);
}

/** Escapes bytes for a part; a space is `+` in queries. */
export function escapeUrl(bytes: string, part: UrlPart): string {
  let escaped = "";
  for (const byte of bytes) {
    if (isPlain(byte, part)) escaped += byte;
    else if (byte === " " && part === "query") escaped += "+";
    else escaped += `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}

/** Takes the escapes of a part back. */
export function unescapeUrl(text: string, part: UrlPart): string {
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
        fail(`invalid character ${shown(character)} in host name`);
      }
      plain += character;
    }
  }
  return plain;
}

function unescapeByte(text: string, at: number, part: UrlPart): string {
  const escape = text.slice(at, at + 3);
  if (!/^%[0-9a-fA-F]{2}$/.test(escape)) fail(`invalid URL escape ${shown(escape)}`);
  const byte = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  if (part === "host" && byte < "\x80" && escape !== "%25") fail(`invalid URL escape ${shown(escape)}`);
  if (part === "zone" && escape !== "%25" && byte !== " " && !isPlain(byte, "host")) {
    fail(`invalid URL escape ${shown(escape)}`);
  }
  return byte;
}

/** The parts of a URL that a policy can ask for, unescaped but for the raw ones. */
export interface Url {
  readonly scheme: string;
  /** Host and port. */
  readonly host: string;
  readonly path: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
}

/** Bytes as Go quotes the text that they are. */
function shown(bytes: string): string {
  return quote(decodeUtf8(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))));
}

function cut(text: string, mark: string): readonly [before: string, after: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Reads a URL or a reference relative to one. */
export function parseUrl(raw: string): Url {
  const [text, fragment] = cut(raw, "#");
  const url = parseWithoutFragment(text);
  return { ...url, fragment: unescapeUrl(fragment, "fragment") };
}

const EMPTY: Url = { scheme: "", host: "", path: "", rawPath: "", rawQuery: "", fragment: "" };

function parseWithoutFragment(text: string): Url {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\0-\x1f\x7f]/.test(text)) fail("net/url: invalid control character in URL");
  if (text === "*") return { ...EMPTY, path: "*", rawPath: "*" };
  if (text.startsWith(":")) fail("missing protocol scheme");
  const given = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? "";
  const scheme = given.toLowerCase();
  const [beforeQuery, rawQuery] = cut(given === "" ? text : text.slice(given.length + 1), "?");
  if (!beforeQuery.startsWith("/")) {
    // Without a slash what follows a scheme is opaque.
    if (scheme !== "") return { ...EMPTY, scheme, rawQuery };
    if (cut(beforeQuery, "/")[0].includes(":")) fail("first path segment in URL cannot contain colon");
  }
  let [host, path] = ["", beforeQuery];
  if (beforeQuery.startsWith("//") && (scheme !== "" || !beforeQuery.startsWith("///"))) {
    const slash = beforeQuery.indexOf("/", 2);
    const end = slash < 0 ? beforeQuery.length : slash;
    host = parseAuthority(scheme, beforeQuery.slice(2, end));
    path = beforeQuery.slice(end);
  }
  const plainPath = unescapeUrl(path, "path");
  return { scheme, host, path: plainPath, rawPath: path, rawQuery, fragment: "" };
}

function parseAuthority(scheme: string, authority: string): string {
  const at = authority.lastIndexOf("@");
  const host = parseHost(scheme, authority.slice(at + 1));
  if (at >= 0) {
    const user = authority.slice(0, at);
    if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) fail("net/url: invalid userinfo");
    unescapeUrl(user, "user");
  }
  return host;
}

function checkPort(port: string): void {
  if (port !== "" && !/^:[0-9]*$/.test(port)) fail(`invalid port ${shown(port)} after host`);
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
  if ("error" in address) fail(`invalid host: ParseAddr(${shown(plain)}): ${address.error}`);
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
