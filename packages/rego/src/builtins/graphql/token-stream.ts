import { quote } from "../../runtime/text.ts";
import type { CommentGroup, Place } from "./document.ts";
import { GraphqlError } from "./graphql-error.ts";
import { Lexer, type Token, type TokenKind } from "./lexer.ts";

/**
 * Tokens with one of look-ahead. Comments are collected on the way; `comment` is the group that stands before the token
 * last looked at. The first error ends everything: it is thrown.
 */
export class TokenStream {
  readonly #lexer: Lexer;
  #next: Token | undefined;
  comment: CommentGroup | undefined;
  previous: Token | undefined;

  constructor(text: string) {
    this.#lexer = new Lexer(text);
  }

  peek(): Token {
    if (this.#next !== undefined) return this.#next;
    let token = this.#lexer.read();
    if (token.kind === "Comment") {
      const group: CommentGroup = { List: [] };
      while (token.kind === "Comment") {
        group.List.push({ Value: token.value });
        token = this.#lexer.read();
      }
      this.comment = group;
    }
    this.#next = token;
    return token;
  }

  next(): Token {
    const token = this.peek();
    if (token.error !== undefined) throw token.error;
    this.#next = undefined;
    this.comment = undefined;
    this.previous = token;
    return token;
  }

  get place(): Place {
    return this.peek().place;
  }

  skip(kind: TokenKind): boolean {
    if (this.peek().kind !== kind) return false;
    this.next();
    return true;
  }

  expect(kind: TokenKind): Token {
    const token = this.peek();
    if (token.kind !== kind) throw new GraphqlError(`Expected ${kind}, found ${token.kind}`, token.place);
    return this.next();
  }

  expectKeyword(word: string): void {
    const token = this.peek();
    if (token.kind !== "Name" || token.value !== word) {
      throw new GraphqlError(`Expected "${word}", found ${tokenText(token)}`, token.place);
    }
    this.next();
  }

  unexpected(token: Token = this.peek()): never {
    throw new GraphqlError(`Unexpected ${tokenText(token)}`, token.place);
  }

  name(): string {
    return this.expect("Name").value;
  }

  /** What stands between two brackets, nothing included; where the first is missing there is nothing. */
  many(open: TokenKind, close: TokenKind, read: () => void): void {
    if (!this.skip(open)) return;
    while (this.peek().kind !== close) read();
    this.next();
  }

  /** Like `many`, of at least one. Answers the comment before the closing bracket. */
  some(open: TokenKind, close: TokenKind, read: () => void): CommentGroup | undefined {
    if (!this.skip(open)) return undefined;
    if (this.peek().kind === close) {
      throw new GraphqlError(`expected at least one definition, found ${close}`, this.place);
    }
    while (this.peek().kind !== close) read();
    const { comment } = this;
    this.next();
    return comment;
  }
}

function tokenText(token: Token): string {
  return token.value === "" ? token.kind : `${token.kind} ${quote(token.value)}`;
}
