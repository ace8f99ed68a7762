import { quote } from "../../runtime/text.ts";
import { type FunctionName, isFunctionName } from "./signatures.ts";
import { Lexer, type Token, type TokenKind, tokenText } from "./lexer.ts";
import { type Command, isBlank, nodeText, type Operand, type Pipe, type Statement, type Variable } from "./node.ts";
import { numberLiteral } from "./number-literal.ts";
import { TemplateError } from "./template-error.ts";
import { unquote } from "./unquote.ts";

/** The templates of a text by their names: the text itself and all that it defines. */
export type Templates = ReadonlyMap<string, readonly Statement[]>;

/** Reads a template, or fails in Go's words. */
export function parseTemplates(name: string, text: string): Templates {
  const templates = new Map<string, readonly Statement[]>();
  new Parser({ text: name, lexer: new Lexer(text), templates }, name).parse();
  return templates;
}

/** What a text's parsers have in common. */
interface Shared {
  /** The name of the text, for messages. */
  readonly text: string;
  readonly lexer: Lexer;
  readonly templates: Map<string, readonly Statement[]>;
}

/** Parentheses past this are not followed. */
const deepest = 1000;

const operandStarts: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "boolean",
  "characterConstant",
  "complex",
  "dot",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParenthesis",
]);

/** How a list of statements ended. */
type End = "end" | "else";

/** Parses one template; what it defines is parsed by others on the same tokens. */
class Parser {
  readonly #shared: Shared;
  #name: string;
  /** Tokens put back, the next one last; and the latest that was read, whose line messages name. */
  #pending: Token[] = [];
  #latest: Token | undefined;
  #variables = ["$"];
  #actionLine = 0;
  #ranges = 0;
  #depth = 0;

  constructor(shared: Shared, name: string) {
    this.#shared = shared;
    this.#name = name;
  }

  /** The whole text: statements and definitions. */
  parse(): void {
    const statements: Statement[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === "eof") break;
      if (token.kind === "leftDelimiter") {
        const word = this.#nextNonSpace();
        if (word.kind === "define") {
          new Parser(this.#shared, "definition").define();
          continue;
        }
        this.#pending.push(word);
      }
      this.#pending.push(token);
      const statement = this.#statement();
      if (isEnd(statement)) this.#fail(`unexpected {{${statement}}}`);
      statements.push(statement);
    }
    this.#add(statements);
  }

  /** A definition, whose first word is behind us. */
  define(): void {
    const context = "define clause";
    const token = this.#nextNonSpace();
    this.#name = this.#templateName(token, context);
    this.#expect("rightDelimiter", context);
    this.#body(context);
  }

  /** What a block or a definition holds. */
  #body(context: string): void {
    const [statements, end] = this.#list();
    if (end !== "end") this.#fail(`unexpected {{${end}}} in ${context}`);
    this.#add(statements);
  }

  #add(statements: readonly Statement[]): void {
    const before = this.#shared.templates.get(this.#name);
    if (before === undefined || isBlank(before)) this.#shared.templates.set(this.#name, statements);
    else if (!isBlank(statements)) {
      this.#fail(`template: multiple definition of template ${quote(this.#name)}`);
    }
  }

  #next(): Token {
    return this.#pending.pop() ?? (this.#latest = this.#shared.lexer.next());
  }

  #peek(): Token {
    const token = this.#next();
    this.#pending.push(token);
    return token;
  }

  #nextNonSpace(): Token {
    for (;;) {
      const token = this.#next();
      if (token.kind !== "space") return token;
    }
  }

  #peekNonSpace(): Token {
    const token = this.#nextNonSpace();
    this.#pending.push(token);
    return token;
  }

  #fail(message: string): never {
    throw new TemplateError(`template: ${this.#shared.text}:${this.#latest?.line ?? 0}: ${message}`);
  }

  /** Words errors of literals as the parser's own. */
  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof TemplateError) this.#fail(error.message);
      throw error;
    }
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#nextNonSpace();
    return token.kind === kind ? token : this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind !== "error") this.#fail(`unexpected ${tokenText(token)} in ${context}`);
    const isElsewhere = this.#actionLine !== 0 && this.#actionLine !== token.line;
    const started = ` started at ${this.#shared.text}:${this.#actionLine}`;
    const inAction = token.text.endsWith(" action") ? started : ` in action${started}`;
    return this.#fail(token.text + (isElsewhere ? inAction : ""));
  }

  /** Statements up to an end or an else. */
  #list(): readonly [statements: readonly Statement[], end: End] {
    const statements: Statement[] = [];
    while (this.#peekNonSpace().kind !== "eof") {
      const statement = this.#statement();
      if (isEnd(statement)) return [statements, statement];
      statements.push(statement);
    }
    return this.#fail("unexpected EOF");
  }

  #statement(): Statement | End {
    const token = this.#nextNonSpace();
    if (token.kind === "text") return { kind: "text", at: token.at, text: token.text };
    if (token.kind !== "leftDelimiter") return this.#unexpected(token, "input");
    this.#actionLine = token.line;
    const statement = this.#action();
    this.#actionLine = 0;
    return statement;
  }

  #action(): Statement | End {
    const token = this.#nextNonSpace();
    switch (token.kind) {
      case "block":
        return this.#block();
      case "break":
      case "continue":
        return this.#jump(token.kind, token.at);
      case "else":
        return this.#else();
      case "end":
        this.#expect("rightDelimiter", "end");
        return "end";
      case "if":
      case "range":
      case "with":
        return this.#control(token.kind);
      case "template":
        return this.#invocation();
      default:
        this.#pending.push(token);
        return { kind: "action", at: token.at, pipe: this.#pipeline("command", "rightDelimiter") };
    }
  }

  #jump(kind: "break" | "continue", at: number): Statement {
    this.#expect("rightDelimiter", `{{${kind}}}`);
    if (this.#ranges === 0) this.#fail(`{{${kind}}} outside {{range}}`);
    return { kind, at };
  }

  #else(): End {
    const { kind } = this.#peekNonSpace();
    // What follows is read as if it stood in the else.
    if (kind !== "if" && kind !== "with") this.#expect("rightDelimiter", "else");
    return "else";
  }

  #control(kind: "if" | "range" | "with"): Statement {
    const visible = this.#variables.length;
    const pipe = this.#pipeline(kind, "rightDelimiter");
    if (kind === "range") this.#ranges++;
    const [body, end] = this.#list();
    if (kind === "range") this.#ranges--;
    let otherwise: readonly Statement[] | undefined;
    if (end === "else") {
      if (kind !== "range" && this.#peek().kind === kind) {
        this.#next();
        otherwise = [this.#control(kind)];
      } else {
        let last: End;
        [otherwise, last] = this.#list();
        if (last !== "end") this.#fail(`expected end; found {{${last}}}`);
      }
    }
    this.#variables.length = visible;
    return { kind, at: pipe.at, pipe, body, otherwise };
  }

  #block(): Statement {
    const context = "block clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, "rightDelimiter");
    new Parser(this.#shared, name).#body(context);
    return { kind: "template", at: token.at, name, pipe };
  }

  #invocation(): Statement {
    const context = "template clause";
    const token = this.#nextNonSpace();
    const name = this.#templateName(token, context);
    const next = this.#nextNonSpace();
    if (next.kind === "rightDelimiter") return { kind: "template", at: token.at, name, pipe: undefined };
    this.#pending.push(next);
    return { kind: "template", at: token.at, name, pipe: this.#pipeline(context, "rightDelimiter") };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== "string" && token.kind !== "rawString") return this.#unexpected(token, context);
    return this.#read(() => unquote(token.text));
  }

  #pipeline(context: string, end: "rightDelimiter" | "rightParenthesis"): Pipe {
    const { at } = this.#peekNonSpace();
    const declared: Variable[] = [];
    const isAssignment = this.#declarations(context, declared);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#nextNonSpace();
      if (token.kind === end) break;
      if (!operandStarts.has(token.kind)) this.#unexpected(token, context);
      this.#pending.push(token);
      commands.push(this.#command());
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    for (const [stage, { words }] of commands.entries()) {
      const isExecutable = !["boolean", "dot", "nil", "number", "string"].includes(words[0].kind);
      if (stage > 0 && !isExecutable) this.#fail(`non executable command in pipeline stage ${stage + 1}`);
    }
    return { kind: "pipe", at, isAssignment, declared, commands };
  }

  /** The variables that a pipeline sets; whether it assigns to those that are there. */
  #declarations(context: string, declared: Variable[]): boolean {
    const name = this.#peekNonSpace();
    if (name.kind !== "variable") return false;
    this.#next();
    const after = this.#peek();
    const next = this.#peekNonSpace();
    const declare = (): void => {
      this.#nextNonSpace();
      declared.push({ kind: "variable", at: name.at, names: [name.text] });
      this.#variables.push(name.text);
    };
    if (next.kind === "assign" || next.kind === "declare") {
      declare();
      return next.kind === "assign";
    }
    if (next.kind === "character" && next.text === ",") {
      declare();
      if (context === "range" && declared.length < 2) {
        const { kind } = this.#peekNonSpace();
        if (kind !== "variable" && kind !== "rightDelimiter" && kind !== "rightParenthesis") {
          this.#fail("range can only initialize variables");
        }
        return this.#declarations(context, declared);
      }
      this.#fail(`too many declarations in ${context}`);
    }
    if (after.kind === "space") this.#pending.push(after);
    this.#pending.push(name);
    return false;
  }

  /** Operands up to a pipe, which is taken, or the end of the pipeline, which is not. */
  #command(): Command {
    const { at } = this.#peekNonSpace();
    const words: Operand[] = [];
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) words.push(operand);
      const token = this.#next();
      if (token.kind === "space") continue;
      if (token.kind === "rightDelimiter" || token.kind === "rightParenthesis") this.#pending.push(token);
      else if (token.kind !== "pipe") this.#unexpected(token, "operand");
      break;
    }
    const [first, ...rest] = words;
    return first === undefined ? this.#fail("empty command") : { kind: "command", at, words: [first, ...rest] };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    if (term === undefined || this.#peek().kind !== "field") return term;
    const { at } = this.#peek();
    const names: string[] = [];
    while (this.#peek().kind === "field") names.push(this.#next().text.slice(1));
    switch (term.kind) {
      case "field":
        return { kind: "field", at, names: [...term.names, ...names] };
      case "variable":
        return { kind: "variable", at, names: [...term.names, ...names] };
      case "boolean":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.#fail(`unexpected . after term ${quote(nodeText(term))}`);
      default:
        return { kind: "chain", at, of: term, names };
    }
  }

  #term(): Operand | undefined {
    const token = this.#nextNonSpace();
    const { at, text } = token;
    switch (token.kind) {
      case "identifier":
        return { kind: "identifier", at, name: this.#functionName(text) };
      case "dot":
      case "nil":
        return { kind: token.kind, at };
      case "variable":
        if (!this.#variables.includes(text)) this.#fail(`undefined variable ${quote(text)}`);
        return { kind: "variable", at, names: [text] };
      case "field":
        return { kind: "field", at, names: [text.slice(1)] };
      case "boolean":
        return { kind: "boolean", at, value: text === "true" };
      case "characterConstant":
      case "complex":
      case "number": {
        const kind = token.kind === "characterConstant" ? "character" : token.kind;
        return { kind: "number", at, text, value: this.#read(() => numberLiteral(text, kind)) };
      }
      case "leftParenthesis":
        return this.#parenthesized();
      case "string":
      case "rawString":
        return { kind: "string", at, quoted: text, text: this.#read(() => unquote(text)) };
      default:
        this.#pending.push(token);
        return undefined;
    }
  }

  #functionName(name: string): FunctionName {
    return isFunctionName(name) ? name : this.#fail(`function ${quote(name)} not defined`);
  }

  #parenthesized(): Pipe {
    if (this.#depth >= deepest) this.#fail("max expression depth exceeded");
    this.#depth++;
    const pipe = this.#pipeline("parenthesized pipeline", "rightParenthesis");
    this.#depth--;
    return pipe;
  }
}

function isEnd(statement: Statement | End): statement is End {
  return typeof statement === "string";
}
