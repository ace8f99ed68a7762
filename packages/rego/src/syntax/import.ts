/** `package` and `import`, and the keywords that imports turn on. */
import type { Import, Package, RefTerm, StringTerm, Term } from "./ast.ts";
import { stringTerm, termKindName, varTerm } from "./build.ts";
import {
  addKeywords,
  error,
  hint,
  illegal,
  isAllowedInRef,
  restore,
  save,
  scan,
  scanWhitespace,
  spanOf,
  tokenText,
  type Parser,
} from "./parser.ts";
import { printRef, printTerm } from "./print.ts";
import { futureKeywords, futureKeywordsOfV0, futureKeywordsOfV1, isKeyword, token, type Token } from "./token.ts";
import type { Span } from "../source.ts";

/** `package a.b`; undefined without an error where `package` begins a reference. */
export function parsePackage(parser: Parser): Package | undefined {
  const { start, end } = parser;
  if (!beginsPath(parser)) return undefined;
  const term = parser.grammar.term(parser);
  const path = term === undefined ? undefined : packagePath(parser, term);
  if (path === undefined) {
    if (parser.errors.length === 0) error(parser, parser.start, "expected path");
    return undefined;
  }
  return { kind: "package", path, span: spanOf(parser, start, end) };
}

/** Moves to the path behind `package` or `import`; false if none follows. */
function beginsPath(parser: Parser): boolean {
  scanWhitespace(parser);
  // `import.x` is a reference and no import.
  if (parser.token === token.dot || parser.token === token.leftBracket) return false;
  if (parser.token === token.whitespace) scan(parser);
  if (parser.token === token.identifier) return true;
  if (isAllowedInRef(parser, parser.token)) {
    parser.token = token.identifier;
    return true;
  }
  illegal(parser);
  return false;
}

function packagePath(parser: Parser, term: Term): RefTerm | undefined {
  if (term.kind === "var") {
    const { span } = term;
    return { kind: "ref", terms: [varTerm("data", span), stringTerm(term.name, span)], span };
  }
  if (term.kind !== "ref") {
    illegal(parser);
    return undefined;
  }
  const [first, ...rest] = term.terms;
  if (first === undefined) return undefined;
  if (first.kind !== "var") {
    error(parser, first.span.start, `unexpected ${termKindName(first)} token: expecting var`);
    return undefined;
  }
  const names = stringsOf(parser, rest);
  if (names === undefined) return undefined;
  return {
    kind: "ref",
    terms: [varTerm("data", first.span), stringTerm(first.name, first.span), ...names],
    span: term.span,
  };
}

function stringsOf(parser: Parser, terms: readonly Term[]): readonly StringTerm[] | undefined {
  const strings: StringTerm[] = [];
  for (const term of terms) {
    if (term.kind !== "string") {
      error(parser, term.span.start, `unexpected ${termKindName(term)} token: expecting string`);
      return undefined;
    }
    strings.push(term);
  }
  return strings;
}

/** `import path`, `import path as name`; undefined without an error where `import` begins a reference. */
export function parseImport(parser: Parser): Import | undefined {
  const { start, end } = parser;
  if (!beginsPath(parser)) return undefined;
  const path = parseImportPath(parser);
  if (path === undefined) return undefined;
  const [root] = path.terms;
  if (root?.kind !== "var" || !roots.has(root.name)) {
    hint(parser, "if this is unexpected, try updating OPA");
    const got = root === undefined ? "" : printTerm(root);
    error(
      parser,
      path.span.start,
      `unexpected import path, must begin with one of: {data, future, input, rego}, got: ${got}`,
    );
    return undefined;
  }
  const span = spanOf(parser, start, end);
  if (parser.token === token.as) return parseAlias(parser, path, span);
  const last = path.terms.at(-1);
  const name = last === root ? root.name : last?.kind === "string" && root.name !== "future" ? last.value : undefined;
  if (last !== undefined && name !== undefined && isKeyword(name, parser.version)) {
    hint(parser, "import a different path or use an alias");
    error(parser, last.span.start, `unexpected import path, must not end with a keyword, got: ${name}`);
  }
  return { kind: "import", path, span };
}

const roots: ReadonlySet<string> = new Set(["data", "input", "future", "rego"]);

/** The path is read without the future keywords, so that `import future.keywords.in` works where `in` is one. */
function parseImportPath(parser: Parser): RefTerm | undefined {
  const state = save(parser);
  const { keywords } = parser;
  parser.keywords = new Map([...keywords].filter(([word]) => !futureKeywords.has(word)));
  parser.parsedTerms = undefined;
  const term = parser.grammar.term(parser);
  parser.keywords = keywords;
  parser.parsedTerms = undefined;
  if (term?.kind === "var") return { kind: "ref", terms: [term], span: term.span };
  if (term?.kind === "ref") {
    const bad = term.terms.find((part, position) => position > 0 && part.kind !== "string");
    if (bad === undefined) return term;
    restore(parser, state);
    error(parser, bad.span.start, `unexpected ${termKindName(bad)} token: expecting string`);
    return undefined;
  }
  error(parser, parser.start, "expected path");
  return undefined;
}

function parseAlias(parser: Parser, path: RefTerm, span: Span): Import | undefined {
  scan(parser);
  if (parser.token !== token.identifier) {
    illegal(parser, "expected var");
    return undefined;
  }
  const alias = parser.grammar.term(parser);
  if (alias?.kind === "var") return { kind: "import", path, alias: alias.name, aliasSpan: alias.span, span };
  const only = alias?.kind === "ref" && alias.terms.length === 1 ? alias.terms[0] : undefined;
  if (alias !== undefined && only?.kind === "var") {
    error(parser, alias.span.start, `unexpected import alias, must not be a reserved name, got: ${only.name}`);
    return undefined;
  }
  illegal(parser, "expected var");
  return undefined;
}

/** Turns on what an import of `rego` or `future` brings. */
export function applyImport(parser: Parser, imported: Import, allowed: ReadonlyMap<string, Token>): void {
  const [root] = imported.path.terms;
  if (root?.kind !== "var") return;
  if (root.name === "rego") applyRegoImport(parser, imported);
  else if (root.name === "future") applyFutureImport(parser, imported, allowed);
  else return;
  // The token behind the import was read before its word was a keyword.
  if (parser.token !== token.identifier) return;
  const word = tokenText(parser);
  const kind = futureKeywords.get(word);
  if (kind !== undefined && parser.keywords.has(word)) parser.token = kind;
}

function applyRegoImport(parser: Parser, imported: Import): void {
  const { path } = imported;
  const version = isPath(path, "v1") ? "v1" : isPath(path, "v2") ? "v2" : undefined;
  if (version === undefined) {
    const got = printRef(path.terms);
    error(parser, path.span.start, `invalid import \`${got}\`, must be one of: \`rego.v1\`, \`rego.v2\``);
    return;
  }
  const features = version === "v1" ? ["rego_v1_import", "rego_v1", "rego_v2"] : ["rego_v2_import", "rego_v2"];
  if (!features.some((feature) => parser.capabilities.features.has(feature))) {
    error(parser, path.span.start, `invalid import, \`rego.${version}\` is not supported by current capabilities`);
    return;
  }
  if (imported.aliasSpan !== undefined) {
    error(parser, imported.aliasSpan.start, "`rego` imports cannot be aliased");
    return;
  }
  if (version === "v1" && parser.version === "v1") return;
  addKeywords(parser, futureKeywordsOfV0);
  if (version === "v1") return;
  addKeywords(parser, futureKeywordsOfV1);
  parser.notBodies = true;
}

function isPath(path: RefTerm, name: string): boolean {
  const [, second] = path.terms;
  return path.terms.length === 2 && second?.kind === "string" && second.value === name;
}

/** Whether a module says `import rego.v1` or `import rego.v2`. */
export function raisesVersion({ path }: Import): boolean {
  const [root] = path.terms;
  return root?.kind === "var" && root.name === "rego" && (isPath(path, "v1") || isPath(path, "v2"));
}

function applyFutureImport(parser: Parser, imported: Import, allowed: ReadonlyMap<string, Token>): void {
  const { path, aliasSpan } = imported;
  const [, group, word, ...others] = path.terms;
  if (group?.kind !== "string" || group.value !== "keywords") {
    error(parser, path.span.start, "invalid import, must be `future.keywords`");
    return;
  }
  if (aliasSpan !== undefined) {
    error(parser, aliasSpan.start, "`future` imports cannot be aliased");
    return;
  }
  let words: ReadonlyMap<string, Token> = allowed;
  if (word?.kind === "string" && others.length === 0) {
    const kind = allowed.get(word.value);
    if (kind === undefined) {
      const known = [...allowed.keys()].toSorted().join(" ");
      error(parser, path.span.start, `unexpected keyword, must be one of [${known}]`);
      return;
    }
    words = new Map([[word.value, kind]]);
  }
  if (words.has("not")) parser.notBodies = true;
  addKeywords(parser, words);
}
