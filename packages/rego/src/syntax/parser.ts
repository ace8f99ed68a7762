/**
 * The parser's state, and the small moves that every part of the grammar makes: reading on, going back, complaining.
 *
 * The grammar is OPA's, decision for decision, since its error texts are contract and follow from the order in which
 * things are tried. A failed part returns undefined after having recorded an error; going back to a saved state drops
 * the errors recorded since. Terms are kept by offset, so that trying something else does not read them again.
 */
import type { Body, Comment, Expression, RegoVersion, Term } from "./ast.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Source, Span } from "../source.ts";
import { findIllegalOffsets, firstOffset, scanTemplateRest, scanToken, type Cursor } from "./lexer.ts";
import { baseKeywords, futureKeywords, isKeyword, isKeywordToken, token, tokenName, type Token } from "./token.ts";

/** An error as it is recorded while reading: where it stands, and OPA's words. */
export interface ParseError {
  readonly offset: number;
  readonly message: string;
}

interface CommentList {
  readonly comment: Comment;
  readonly before: CommentList | undefined;
}

/** Everything that going back restores. */
export interface SavedState {
  readonly token: Token;
  readonly start: number;
  readonly end: number;
  readonly lastEnd: number;
  readonly skippedNewline: boolean;
  readonly wildcards: number;
  readonly comments: CommentList | undefined;
  readonly errors: readonly ParseError[];
  readonly hints: readonly string[];
}

interface ParsedTerm {
  readonly offset: number;
  readonly term: Term | undefined;
  readonly after: SavedState;
  readonly next: ParsedTerm | undefined;
}

/** The parts of the grammar that call one another in circles. */
export interface Grammar {
  /** A term with infix operators; `keyValue` where `k, v in xs` may stand (not in lists). */
  readonly infix: (parser: Parser, keyValue: boolean) => Term | undefined;
  readonly term: (parser: Parser) => Term | undefined;
  readonly literal: (parser: Parser) => Expression | undefined;
  /** Expressions up to a closing token, which stays the current one. */
  readonly body: (parser: Parser, end: Token) => Body | undefined;
}

/** One reading of one text. */
export interface Parser extends Cursor {
  readonly source: Source;
  readonly version: RegoVersion;
  readonly capabilities: Capabilities;
  readonly grammar: Grammar;
  /** Whether `not` takes bodies (`future.keywords.not`). */
  notBodies: boolean;
  /** Where the last token but whitespace ended. */
  lastEnd: number;
  skippedNewline: boolean;
  wildcards: number;
  comments: CommentList | undefined;
  errors: readonly ParseError[];
  hints: readonly string[];
  parsedTerms: ParsedTerm | undefined;
  depth: number;
  /** How many tokens may still be read: a bound on what going back can cost. */
  tokensLeft: number;
  /** Infix operators read so far: an upper bound of how much deeper than the nesting the tree can be. */
  chained: number;
  /** The braces that close before an `and` or `or`, for one set of keywords; made when first asked. */
  logicalFollowers:
    | { readonly keywords: ReadonlyMap<string, Token>; readonly offsets: ReadonlySet<number> }
    | undefined;
}

/**
 * How deeply a policy may nest. OPA counts its calls up to 100,000, which makes some 11,000 brackets; JavaScript's
 * stack is smaller, and the phases behind the parser descend too.
 */
export const maxDepth = 1000;

/** A parser at the first token of a text. */
export function createParser(
  source: Source,
  version: RegoVersion,
  capabilities: Capabilities,
  grammar: Grammar,
): Parser {
  const { text } = source;
  return {
    source,
    text,
    version,
    capabilities,
    grammar,
    illegalOffsets: findIllegalOffsets(text),
    keywords: baseKeywords,
    token: token.whitespace,
    start: 0,
    end: firstOffset(text),
    notBodies: false,
    lastEnd: 0,
    skippedNewline: false,
    wildcards: 0,
    comments: undefined,
    errors: [],
    hints: [],
    parsedTerms: undefined,
    depth: 0,
    tokensLeft: 50_000 + 20 * text.length,
    chained: 0,
    logicalFollowers: undefined,
  };
}

/** Reads on to the next token that is neither whitespace nor a comment. */
export function scan(parser: Parser): void {
  advance(parser, true);
}

/** Reads on to the next token that is no comment: whitespace counts, so that `a .b` and `a.b` differ. */
export function scanWhitespace(parser: Parser): void {
  advance(parser, false);
}

/** Reads on in a template string behind the `}` of an expression. */
export function scanTemplate(parser: Parser, raw: boolean): void {
  parser.lastEnd = parser.end;
  parser.skippedNewline = false;
  report(parser, scanTemplateRest(parser, raw));
}

function advance(parser: Parser, skipWhitespace: boolean): void {
  if (parser.token !== token.whitespace) {
    parser.lastEnd = parser.end;
    parser.skippedNewline = false;
  }
  for (;;) {
    const errors = scanToken(parser);
    if (errors !== undefined) report(parser, errors);
    parser.tokensLeft -= 1;
    if (parser.token === token.whitespace) {
      if (parser.text.charCodeAt(parser.start) === 0x0a) parser.skippedNewline = true;
      if (!skipWhitespace) return;
    } else if (parser.token === token.comment) {
      keepComment(parser);
    } else {
      return;
    }
  }
}

function report(parser: Parser, errors: readonly string[] | undefined): void {
  if (errors === undefined) return;
  for (const message of errors) error(parser, parser.start, message);
  parser.token = token.illegal;
}

function keepComment(parser: Parser): void {
  let text = parser.text.slice(parser.start + 1, parser.end);
  if (text === "\r") text = "";
  while (text.length > 1 && text.endsWith("\r")) text = text.slice(0, -1);
  const comment: Comment = { kind: "comment", span: spanOf(parser, parser.start, parser.end), text };
  parser.comments = { comment, before: parser.comments };
}

/** The comments read so far, in order. */
export function commentsOf(parser: Parser): readonly Comment[] {
  const comments: Comment[] = [];
  for (let at = parser.comments; at !== undefined; at = at.before) comments.push(at.comment);
  return comments.toReversed();
}

/** The text of the current token. A name keeps a trace of the letter outside ASCII that broke it off, as in OPA. */
export function tokenText(parser: Parser): string {
  const text = parser.text.slice(parser.start, parser.end);
  if (parser.token !== token.identifier || !(parser.text.charCodeAt(parser.end) >= 0x80)) return text;
  return `${text}\ufffd`;
}

/** A span of the text that is being read. */
export function spanOf(parser: Parser, start: number, end: number): Span {
  return { source: parser.source, start, end };
}

/** A state to go back to. */
export function save(parser: Parser): SavedState {
  return {
    token: parser.token,
    start: parser.start,
    end: parser.end,
    lastEnd: parser.lastEnd,
    skippedNewline: parser.skippedNewline,
    wildcards: parser.wildcards,
    comments: parser.comments,
    errors: parser.errors,
    hints: parser.hints,
  };
}

/** Goes back to a saved state; words that became keywords since stay keywords. */
export function restore(parser: Parser, state: SavedState): void {
  parser.token = state.token;
  parser.start = state.start;
  parser.end = state.end;
  parser.lastEnd = state.lastEnd;
  parser.skippedNewline = state.skippedNewline;
  parser.wildcards = state.wildcards;
  parser.comments = state.comments;
  parser.errors = state.errors;
  parser.hints = state.hints;
}

/** The token that follows the current one, without moving. */
export function peek(parser: Parser, whitespaceCounts: boolean): Token {
  const state = save(parser);
  advance(parser, !whitespaceCounts);
  const next = parser.token;
  restore(parser, state);
  return next;
}

/** Moves to what was found at this offset before; undefined when nothing was tried here yet. */
export function recallTerm(parser: Parser): { readonly term: Term | undefined } | undefined {
  const offset = parser.start;
  // Offsets fall along the list.
  for (let at = parser.parsedTerms; at !== undefined && at.offset >= offset; at = at.next) {
    if (at.offset === offset) {
      restore(parser, at.after);
      return at;
    }
  }
  return undefined;
}

/** Remembers what stands at an offset, and forgets the terms inside it. */
export function rememberTerm(parser: Parser, offset: number, term: Term | undefined): void {
  let next = parser.parsedTerms;
  while (next !== undefined && next.offset >= offset) next = next.next;
  parser.parsedTerms = { offset, term, after: save(parser), next };
}

/** Counts one level of nesting; false, with an error, when there are too many. Pairs with `leave`. */
export function enter(parser: Parser): boolean {
  parser.depth += 1;
  if (parser.depth <= maxDepth && parser.tokensLeft > 0) return true;
  error(parser, parser.start, "max parsing recursion depth exceeded");
  parser.depth -= 1;
  return false;
}

/** Leaves a level of nesting. */
export function leave(parser: Parser): void {
  parser.depth -= 1;
}

/** Records an error at an offset, with the hints given before it. */
export function error(parser: Parser, offset: number, message: string): void {
  const { hints } = parser;
  let text = message;
  if (hints.length === 1) text += ` (hint: ${hints[0]})`;
  else if (hints.length > 1) text += ` (hints: ${hints.join(", ")})`;
  // OPA counts a newline as the beginning of the row that it opens.
  const at = parser.text.charCodeAt(offset) === 0x0a ? offset + 1 : offset;
  parser.errors = [...parser.errors, { offset: at, message: text }];
  parser.hints = [];
}

/** Gives a hint for the next error. */
export function hint(parser: Parser, text: string): void {
  parser.hints = [...parser.hints, text];
}

/** Records that the current token may not stand here. */
export function illegal(parser: Parser, note = ""): void {
  if (parser.token === token.illegal) {
    error(parser, parser.start, "illegal token");
    return;
  }
  const kind = isKeywordToken(parser.token) ? "keyword" : "token";
  const suffix = note === "" ? "" : `: ${note}`;
  error(parser, parser.start, `unexpected ${tokenName(parser.token)} ${kind}${suffix}`);
}

/** Makes words keywords from here on; `every` brings `in`. */
export function addKeywords(parser: Parser, words: Iterable<readonly [string, Token]>): void {
  const keywords = new Map(parser.keywords);
  for (const [word, kind] of words) {
    keywords.set(word, kind);
    if (kind === token.every) keywords.set("in", token.in);
  }
  parser.keywords = keywords;
}

/** Runs a part of the grammar as though every future keyword were on, and goes back: for hints. */
export function withFutureKeywords<T>(parser: Parser, part: () => T): T {
  const state = save(parser);
  const { keywords, parsedTerms } = parser;
  addKeywords(parser, futureKeywords);
  parser.parsedTerms = undefined;
  const result = part();
  parser.keywords = keywords;
  parser.parsedTerms = parsedTerms;
  restore(parser, state);
  return result;
}

/** A fresh name for a `_`. */
export function freshWildcard(parser: Parser): string {
  const name = `$${parser.wildcards}`;
  parser.wildcards += 1;
  return name;
}

/** Whether a keyword may be a part of a reference here (`keywords_in_refs`). */
export function isAllowedInRef(parser: Parser, kind: Token): boolean {
  if (!parser.capabilities.features.has("keywords_in_refs")) return false;
  const name = tokenName(kind);
  return isKeyword(name, parser.version) || parser.keywords.has(name);
}

/** Turns a keyword that begins a reference (`not.x`, `if["y"]`) into a name. */
export function takeRefKeyword(parser: Parser): boolean {
  if (!isAllowedInRef(parser, parser.token)) return false;
  const next = peek(parser, true);
  if (next !== token.dot && next !== token.leftBracket) return false;
  parser.token = token.identifier;
  return true;
}
