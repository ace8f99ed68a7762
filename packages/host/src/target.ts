/** Where a request goes, read from its URL as Go reads it: the path stays as it was written. */
export interface Target {
  readonly scheme: "http" | "https";
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** What the header `Host` says: host and port as written. */
  readonly authority: string;
  /** `user:password`, not escaped; empty where there is none. */
  readonly credentials: string;
  /** The same as it was written, with its `@`. */
  readonly userinfo: string;
  /** Path and query as they are sent, an octet past ASCII as its Latin-1 character. */
  readonly path: string;
  /** The socket's path, for requests that go to one. */
  readonly socket: string | undefined;
  /** The URL as errors show it: without the password. */
  readonly shown: string;
}

const uriParts = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/?#]*)@)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s;

/** The target of a URL, or what is wrong with it, in Go's words. */
export function targetOf(url: string): Target | { readonly error: string } {
  const parts = uriParts.exec(url);
  const scheme = parts?.[1]?.toLowerCase() ?? "";
  if (parts === null || (scheme !== "http" && scheme !== "https" && scheme !== "unix")) {
    return { error: `unsupported protocol scheme "${scheme}"` };
  }
  const [, , user, authority = "", path = "", query = "", fragment = ""] = parts;
  if (scheme === "unix") return socketTarget(user, authority, path, query, fragment);
  const address = /^(?:\[([^\]]*)\]|([^:]*))(?::([0-9]*))?$/.exec(authority);
  if (authority === "" || address === null) return { error: "http: no Host in request URL" };
  const written = address[3] ?? "";
  const port = written === "" ? (scheme === "https" ? 443 : 80) : Number(written);
  if (port > 65_535) return { error: `dial tcp: address ${written}: invalid port` };
  return {
    scheme,
    host: unescaped(address[1] ?? address[2] ?? ""),
    port,
    authority,
    credentials: user === undefined ? "" : unescaped(user.includes(":") ? user : `${user}:`),
    userinfo: user === undefined ? "" : `${user}@`,
    path: `${escapedPath(path) || "/"}${escapedQuery(query)}`,
    socket: undefined,
    shown: shownUrl(scheme, user, authority, path, query, fragment),
  };
}

/** `unix://localhost/end/point?socket=%2Ftmp%2Fhttp.sock` asks over that socket. */
function socketTarget(
  user: string | undefined,
  authority: string,
  path: string,
  query: string,
  fragment: string,
): Target | { readonly error: string } {
  const parameters = new URLSearchParams(query);
  const socket = parameters.get("socket");
  if (query.length < 2) return { error: 'unsupported protocol scheme "unix"' };
  parameters.delete("socket");
  parameters.sort();
  const rest = parameters.size === 0 ? "" : `?${parameters.toString()}`;
  return {
    scheme: "http",
    host: authority.replace(/:[0-9]*$/, ""),
    port: 80,
    authority,
    credentials: user === undefined ? "" : unescaped(user.includes(":") ? user : `${user}:`),
    userinfo: user === undefined ? "" : `${user}@`,
    path: `${escapedPath(path) || "/"}${rest}`,
    socket: socket ?? "",
    shown: shownUrl("http", user, authority, path, rest, fragment),
  };
}

/** The target of a redirection from another one. */
export function redirected(from: Target, location: string): { readonly url: string } | { readonly error: string } {
  try {
    return { url: new URL(location, `${from.scheme}://${from.userinfo}${from.authority}${from.path}`).href };
  } catch {
    return { error: `failed to parse Location header ${JSON.stringify(location)}` };
  }
}

function shownUrl(
  scheme: string,
  user: string | undefined,
  authority: string,
  path: string,
  query: string,
  fragment: string,
): string {
  const who = user === undefined ? "" : `${user.includes(":") ? `${user.replace(/:.*$/s, "")}:***` : user}@`;
  return `${scheme}://${who}${authority}${escapedPath(path)}${query}${fragment}`;
}

const validPath = /^[\w\-.~$&+,/:;=@!'()*[\]%]*$/;

/** A path as it was written where that is a path; else decoded and written anew, as Go does. */
function escapedPath(path: string): string {
  if (validPath.test(path)) return path;
  const octets = Buffer.from(path, "utf8").toString("latin1");
  const plain = octets.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return plain.replaceAll(/[^\w\-.~$&+,/:;=@]/g, (octet) => {
    return `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

/** A query goes out as it was written, but for the white space that no request line may hold. */
function escapedQuery(query: string): string {
  const octets = Buffer.from(query, "utf8").toString("latin1");
  return octets.replaceAll(/[^!-~\u0080-\u00ff]/g, (character) => encodeURIComponent(character));
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
