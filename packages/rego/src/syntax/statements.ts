/** The statements of a text in order: packages, imports, rules, and queries where nothing else fits. */
import type { Body, Comment, Import, Package, RegoVersion } from "./ast.ts";
import type { Capabilities } from "./capabilities.ts";
import { heightOf } from "./height.ts";
import { applyImport, parseImport, parsePackage } from "./import.ts";
import { parseBody, parseLiteral, parseQuery } from "./literal.ts";
import {
  addKeywords,
  commentsOf,
  createParser,
  illegal,
  maxDepth,
  restore,
  save,
  scan,
  type Grammar,
  type ParseError,
  type Parser,
} from "./parser.ts";
import { parseRules, refuseKeywordName, type ParsedRule } from "./rule.ts";
import { parseInfix, parseTerm } from "./term.ts";
import { futureKeywords, futureKeywordsOfV0, futureKeywordsOfV1, token, type Token } from "./token.ts";
import type { Source } from "../source.ts";

/** One statement as it stands in the text. */
export type Statement = Package | Import | ParsedRule | { readonly query: Body };

/** What a text consists of, with the errors found while reading it. */
export interface Statements {
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly errors: readonly ParseError[];
}

/** How statements are read. */
export interface StatementOptions {
  readonly version: RegoVersion;
  readonly capabilities: Capabilities;
  /** Read everything as queries: there are no rules in the text. */
  readonly queriesOnly: boolean;
  /** Future keywords that are on without an import; `all` for as many as are allowed. */
  readonly futureKeywords: readonly string[] | "all";
}

const grammar: Grammar = { infix: parseInfix, term: parseTerm, literal: parseLiteral, body: parseBody };

/** Reads all statements of a text. */
export function parseStatements(source: Source, options: StatementOptions): Statements {
  const parser = createParser(source, options.version, options.capabilities, grammar);
  const allowed = allowedKeywords(options.version, options.capabilities);
  for (const word of options.futureKeywords === "all" ? [] : options.futureKeywords) {
    if (!allowed.has(word)) return failed(`unknown future keyword: ${word}`);
  }
  for (const word of options.capabilities.futureKeywords) {
    if (!futureKeywords.has(word)) return failed(`illegal capabilities: unknown keyword: ${word}`);
  }
  if (options.version === "v1" && !options.capabilities.features.has("rego_v1")) {
    return failed("illegal capabilities: rego_v1 feature required for parsing v1 Rego");
  }
  addKeywords(parser, selectedKeywords(options, allowed));
  parser.notBodies = options.futureKeywords === "all" ? allowed.has("not") : options.futureKeywords.includes("not");
  scan(parser);
  const statements: Statement[] = [];
  while (parser.token !== token.endOfFile) {
    const found = parseStatement(parser, options.queriesOnly, allowed);
    if (found === undefined) break;
    statements.push(...found);
  }
  // Operators in a row nest the tree as brackets do, but no call of the parser.
  const deep = parser.chained < maxDepth ? undefined : statements.find((statement) => heightOf(statement) > maxHeight);
  if (deep !== undefined) return failed("max parsing recursion depth exceeded", startOf(deep));
  return { statements, comments: commentsOf(parser), errors: parser.errors };
}

/** Deeper than what brackets alone can make, and not too deep for the phases that follow. */
const maxHeight = maxDepth + maxDepth / 2;

/** Where a statement begins. */
export function startOf(statement: Statement): number {
  if ("query" in statement) return statement.query[0]?.span.start ?? 0;
  return "rule" in statement ? statement.rule.span.start : statement.span.start;
}

/** What is wrong before the text is looked at has no place in it. */
function failed(message: string, offset = -1): Statements {
  return { statements: [], comments: [], errors: [{ offset, message }] };
}

function allowedKeywords(version: RegoVersion, capabilities: Capabilities): ReadonlyMap<string, Token> {
  const allowed = new Map<string, Token>();
  const rego1 = version === "v1" || capabilities.features.has("rego_v1");
  if (rego1) for (const [word, kind] of futureKeywordsOfV0) allowed.set(word, kind);
  const importable = version === "v1" ? futureKeywordsOfV1 : futureKeywords;
  for (const word of capabilities.futureKeywords) {
    const kind = importable.get(word);
    if (kind !== undefined) allowed.set(word, kind);
  }
  return allowed;
}

function selectedKeywords(
  options: StatementOptions,
  allowed: ReadonlyMap<string, Token>,
): Iterable<readonly [string, Token]> {
  if (options.futureKeywords === "all") return allowed;
  const selected = new Map<string, Token>(options.version === "v1" ? futureKeywordsOfV0 : []);
  for (const word of options.futureKeywords) {
    const kind = allowed.get(word);
    if (kind !== undefined) selected.set(word, kind);
  }
  return selected;
}

/**
 * The next statement, or the rules of the next one. Each kind is tried in turn; where one fails without an error the
 * next is tried from the same place. Undefined ends the reading.
 */
function parseStatement(
  parser: Parser,
  queriesOnly: boolean,
  allowed: ReadonlyMap<string, Token>,
): readonly Statement[] | undefined {
  if (!queriesOnly && refuseKeywordName(parser, false)) return undefined;
  if (parser.token === token.package || parser.token === token.import) {
    const state = save(parser);
    const statement = parser.token === token.package ? parsePackage(parser) : parseImport(parser);
    if (statement !== undefined) {
      if (parser.token === token.minus) {
        // It would be read as a unary minus of the next statement.
        illegal(parser);
        return undefined;
      }
      if (statement.kind === "import") applyImport(parser, statement, allowed);
      return [statement];
    }
    if (parser.errors.length > 0) return undefined;
    restore(parser, state);
  }
  if (!queriesOnly) {
    const state = save(parser);
    const rules = parseRules(parser);
    if (rules !== undefined) return rules;
    if (parser.errors.length > 0) return undefined;
    restore(parser, state);
  }
  const query = parseQuery(parser, true, token.endOfFile);
  return query === undefined ? undefined : [{ query }];
}
