const kinds = {
  illegal: 0,
  endOfFile: 1,
  whitespace: 2,
  identifier: 3,
  comment: 4,
  package: 5,
  import: 6,
  as: 7,
  default: 8,
  else: 9,
  not: 10,
  some: 11,
  with: 12,
  null: 13,
  true: 14,
  false: 15,
  number: 16,
  string: 17,
  templatePart: 18,
  templateEnd: 19,
  rawTemplatePart: 20,
  rawTemplateEnd: 21,
  leftBracket: 22,
  rightBracket: 23,
  leftBrace: 24,
  rightBrace: 25,
  leftParenthesis: 26,
  rightParenthesis: 27,
  comma: 28,
  colon: 29,
  plus: 30,
  minus: 31,
  multiply: 32,
  divide: 33,
  remainder: 34,
  ampersand: 35,
  bar: 36,
  unify: 37,
  equal: 38,
  assign: 39,
  in: 40,
  notEqual: 41,
  greater: 42,
  less: 43,
  greaterOrEqual: 44,
  lessOrEqual: 45,
  dot: 46,
  semicolon: 47,
  every: 48,
  contains: 49,
  if: 50,
  logicalAnd: 51,
  logicalOr: 52,
} as const;

/** One of the values of `token`; no union, since the parser's current one changes behind the compiler's back. */
export type Token = number;

/** The kinds of tokens, as small numbers. */
export const token: { readonly [Kind in keyof typeof kinds]: Token } = kinds;

/** How OPA's error texts call each kind of token; for operators these are the names of their built-in functions too. */
export const tokenNames: readonly string[] = [
  "illegal",
  "eof",
  "whitespace",
  "identifier",
  "comment",
  "package",
  "import",
  "as",
  "default",
  "else",
  "not",
  "some",
  "with",
  "null",
  "true",
  "false",
  "number",
  "string",
  "template-string-part",
  "template-string-end",
  "raw-template-string-part",
  "raw-template-string-end",
  "[",
  "]",
  "{",
  "}",
  "(",
  ")",
  ",",
  ":",
  "plus",
  "minus",
  "mul",
  "div",
  "rem",
  "and",
  "or",
  "eq",
  "equal",
  "assign",
  "in",
  "neq",
  "gt",
  "lt",
  "gte",
  "lte",
  ".",
  ";",
  "every",
  "contains",
  "if",
  "and",
  "or",
];

/** OPA's name of a kind of token. */
export function tokenName(kind: Token): string {
  return tokenNames[kind] ?? "unknown";
}

/** The words that are keywords in every version. */
export const baseKeywords: ReadonlyMap<string, Token> = new Map<string, Token>([
  ["package", token.package],
  ["import", token.import],
  ["as", token.as],
  ["default", token.default],
  ["else", token.else],
  ["not", token.not],
  ["some", token.some],
  ["with", token.with],
  ["null", token.null],
  ["true", token.true],
  ["false", token.false],
]);

/** The words that v0 has to import and that v1 knows. */
export const futureKeywordsOfV0: ReadonlyMap<string, Token> = new Map<string, Token>([
  ["in", token.in],
  ["every", token.every],
  ["contains", token.contains],
  ["if", token.if],
]);

/** The words that v1 has to import; `not` is a keyword before, its import gives it bodies. */
export const futureKeywordsOfV1: ReadonlyMap<string, Token> = new Map<string, Token>([
  ["not", token.not],
  ["and", token.logicalAnd],
  ["or", token.logicalOr],
]);

/** Every word that some version has to import. */
export const futureKeywords: ReadonlyMap<string, Token> = new Map<string, Token>([
  ...futureKeywordsOfV1,
  ...futureKeywordsOfV0,
]);

const keywordsOfV0: ReadonlySet<string> = new Set(baseKeywords.keys());
const keywordsOfV1: ReadonlySet<string> = new Set([...baseKeywords.keys(), ...futureKeywordsOfV0.keys()]);

/** Whether a word is reserved in a version without any import. */
export function isKeyword(word: string, version: "v0" | "v1" | "v0v1"): boolean {
  return (version === "v0" ? keywordsOfV0 : keywordsOfV1).has(word);
}

/** Whether a kind of token is a keyword of a version or a future one: error texts then say "keyword" in place of "token". */
export function isKeywordToken(kind: Token): boolean {
  const name = tokenName(kind);
  if (baseKeywords.has(name)) return true;
  return futureKeywords.get(name) === kind;
}
