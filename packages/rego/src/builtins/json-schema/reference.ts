/** URIs as schemas name one another by them, read and resolved as Go's net/url does. */
import { escapeUrl, parseUrl, unescapeUrl } from "../url.ts";

/** A URI in its parts, each escaped as it is written out. */
export interface Reference {
  readonly scheme: string;
  /** What follows a scheme without a slash. */
  readonly opaque: string;
  /** User, host and port after two slashes; undefined where there are no slashes. */
  readonly authority: string | undefined;
  readonly path: string;
  /** With its question mark. */
  readonly query: string;
  readonly fragment: string;
}

/** The reference of a document that has no name. */
export const here: Reference = {
  scheme: "",
  opaque: "",
  authority: undefined,
  path: "",
  query: "",
  fragment: "",
};

/** Reads a reference, or fails in Go's words. */
export function parseReference(text: string): Reference {
  // What is wrong with it is found there; the parts are kept here as they are written.
  parseUrl(text);
  const [beforeFragment, fragment] = cut(text, "#");
  const given = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(beforeFragment)?.[1] ?? "";
  const rest = given === "" ? beforeFragment : beforeFragment.slice(given.length + 1);
  const questionMark = rest.indexOf("?");
  const hierarchy = questionMark < 0 ? rest : rest.slice(0, questionMark);
  const common = {
    scheme: given.toLowerCase(),
    query: questionMark < 0 ? "" : rest.slice(questionMark),
    fragment: escaped(fragment, "fragment"),
  };
  if (given !== "" && !hierarchy.startsWith("/")) {
    return { ...common, opaque: hierarchy, authority: undefined, path: "" };
  }
  if (!hierarchy.startsWith("//") || (given === "" && hierarchy.startsWith("///"))) {
    return { ...common, opaque: "", authority: undefined, path: escaped(hierarchy, "path") };
  }
  const slash = hierarchy.indexOf("/", 2);
  const end = slash < 0 ? hierarchy.length : slash;
  return { ...common, opaque: "", authority: hierarchy.slice(2, end), path: escaped(hierarchy.slice(end), "path") };
}

function cut(text: string, mark: string): readonly [before: string, after: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** As it is written where that is a valid way to write it, else escaped as Go would. */
function escaped(text: string, part: "path" | "fragment"): string {
  if (/^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]%/]*$/.test(text)) return text;
  if (part === "fragment" && /^[A-Za-z0-9\-_.~!$&'()*+,;=:@[\]%/?]*$/.test(text)) return text;
  return escapeUrl(unescapeUrl(text, part), part);
}

/** The reference's text, by which documents are found. */
export function referenceText(reference: Reference): string {
  const { scheme, opaque, authority, path, query, fragment } = reference;
  let text = scheme === "" ? "" : `${scheme}:`;
  if (opaque !== "") {
    text += opaque;
  } else {
    if (authority !== undefined && (authority !== "" || path !== "")) text += `//${escapedAuthority(authority)}`;
    if (path !== "" && !path.startsWith("/") && (authority ?? "") !== "") text += "/";
    if (text === "" && (path.split("/")[0] ?? "").includes(":")) text += "./";
    text += path;
  }
  return text + query + (fragment === "" ? "" : `#${fragment}`);
}

/** The host escaped as Go would; the user before it stays as it is written. */
function escapedAuthority(authority: string): string {
  const at = authority.lastIndexOf("@") + 1;
  return authority.slice(0, at) + escapeUrl(unescapeUrl(authority.slice(at), "host"), "host");
}

/** The document that a reference points into. */
export function withoutFragment(reference: Reference): Reference {
  return { ...reference, fragment: "" };
}

/** Whether a reference says by itself where its document is. */
export function isCanonical({ scheme, authority, path }: Reference): boolean {
  if (scheme === "file") return path.startsWith("/");
  return scheme !== "" && (authority ?? "") !== "";
}

/** What a reference means in a document. */
export function resolve(base: Reference, child: Reference): Reference {
  const scheme = child.scheme === "" ? base.scheme : child.scheme;
  if (child.scheme !== "" || (child.authority ?? "") !== "") {
    return { ...child, scheme, path: resolvePath(child.path, "") };
  }
  const isEmpty = child.path === "" && child.query === "";
  const query = isEmpty ? base.query : child.query;
  if (child.path === "" && base.opaque !== "") {
    return { ...child, scheme, query, opaque: base.opaque, authority: undefined };
  }
  return { ...child, scheme, query, authority: base.authority, path: resolvePath(base.path, child.path) };
}

function resolvePath(base: string, path: string): string {
  let full = path;
  if (path === "") full = base;
  else if (!path.startsWith("/")) full = base.slice(0, base.lastIndexOf("/") + 1) + path;
  if (full === "") return "";
  const kept: string[] = [];
  const segments = full.split("/");
  for (const segment of segments) {
    if (segment === "..") kept.pop();
    else if (segment !== ".") kept.push(segment);
  }
  const last = segments.at(-1);
  const joined = `/${kept.join("/")}${last === "." || last === ".." ? "/" : ""}`;
  return joined.startsWith("//") ? joined.slice(1) : joined;
}

/** The steps of the JSON pointer in a fragment; none where it is empty or no pointer. */
export function pointerOf({ fragment }: Reference): readonly string[] {
  const plain = unescapeUrl(fragment, "fragment");
  return plain.startsWith("/") ? plain.slice(1).split("/") : [];
}
