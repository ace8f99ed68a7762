/** Go's templates as trees. */
import { fail } from "../failure.ts";
import { type Token, tokensOf } from "./lexer.ts";

/** What a template is made of. */
export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | { readonly kind: "if" | "with" | "range"; readonly pipe: Pipe; readonly body: Nodes; readonly otherwise: Nodes }
  | { readonly kind: "break" | "continue" }
  | { readonly kind: "template"; readonly name: string; readonly pipe: Pipe | undefined; readonly place: Place };

/** Where something stands, and how it is written: for the errors of a template that is carried out. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

export type Nodes = readonly Node[];

/** Commands whose answers go from one to the next, perhaps into variables. */
export interface Pipe {
  readonly variables: readonly string[];
  /** Whether the variables are there already. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** An operand, or a function and its arguments. */
export type Command = readonly Operand[];

/** One word of a command. */
export type Operand = OperandForm & { readonly place: Place };

type OperandForm =
  | { readonly kind: "dot" | "nil" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "function"; readonly name: string }
  | { readonly kind: "variable"; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: "field"; readonly fields: readonly string[] }
  | { readonly kind: "pipe"; readonly pipe: Pipe; readonly fields: readonly string[] };

/** A template and those that it defines. */
export interface Template {
  readonly root: Nodes;
  readonly defined: ReadonlyMap<string, Nodes>;
}

/** Reads a template, or fails in Go's words. */
export function parseTemplate(text: string, functions: ReadonlySet<string>): Template {
  const parser = new Parser(tokensOf(text), functions);
  const root = parser.root();
  return { root, defined: parser.defined };
}

const KEYWORDS: ReadonlySet<string> = new Set([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);

class Parser {
  readonly defined: Map<string, Nodes> = new Map();
  readonly #tokens: readonly Token[];
  readonly #functions: ReadonlySet<string>;
  #at = 0;
  #variables: string[] = ["$"];
  #loops = 0;

  constructor(tokens: readonly Token[], functions: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#functions = functions;
  }

  #peek(): Token {
    // INVARIANT: the last token is the end, and nothing reads past it.
    return this.#tokens[this.#at] ?? { kind: "end", text: "", line: 0, column: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== "end") this.#at++;
    return token;
  }

  #fail(message: string): never {
    return fail(`template: template:${this.#peek().line}: ${message}`);
  }

  #unexpected(context: string): never {
    const { kind, text } = this.#peek();
    const shown = kind === "end" ? "EOF" : KEYWORDS.has(text) ? `<${text}>` : `"${text}"`;
    return this.#fail(`unexpected ${shown} in ${context}`);
  }

  #skipSpace(): void {
    while (this.#peek().kind === "space") this.#at++;
  }

  #takeMark(text: string): boolean {
    const token = this.#peek();
    if (token.kind !== "mark" || token.text !== text) return false;
    this.#at++;
    return true;
  }

  root(): Nodes {
    const { nodes, ended } = this.#list();
    if (ended !== "") this.#fail(`unexpected {{${ended}}}`);
    return nodes;
  }

  /** Nodes up to the end, or to the action that ends a block. */
  #list(): { readonly nodes: Nodes; readonly ended: string } {
    const nodes: Node[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === "end") return { nodes, ended: "" };
      if (token.kind === "text") {
        if (token.text !== "") nodes.push({ kind: "text", text: token.text });
        continue;
      }
      this.#skipSpace();
      const word = this.#peek();
      if (word.kind === "identifier" && (word.text === "end" || word.text === "else")) {
        this.#at++;
        return { nodes, ended: word.text };
      }
      nodes.push(...this.#action());
    }
  }

  #close(context: string): void {
    this.#skipSpace();
    if (this.#next().kind !== "close") {
      this.#at--;
      this.#unexpected(context);
    }
  }

  #action(): Nodes {
    const word = this.#peek();
    if (word.kind === "identifier" && KEYWORDS.has(word.text)) {
      this.#at++;
      return this.#keyword(word.text);
    }
    const pipe = this.#pipe("command");
    this.#close("command");
    return [{ kind: "action", pipe }];
  }

  #keyword(word: string): Nodes {
    switch (word) {
      case "if":
      case "with":
      case "range":
        return [this.#control(word)];
      case "break":
      case "continue":
        if (this.#loops === 0) this.#fail(`{{${word}}} outside {{range}}`);
        this.#close(`{{${word}}}`);
        return [{ kind: word }];
      case "define":
        this.#define();
        return [];
      default:
        return [this.#templateOrBlock(word)];
    }
  }

  #control(kind: "if" | "with" | "range"): Node {
    const known = this.#variables.length;
    const pipe = this.#pipe(kind);
    this.#close(kind);
    if (kind === "range") this.#loops++;
    let { nodes: body, ended } = this.#list();
    if (kind === "range") this.#loops--;
    let otherwise: Nodes = [];
    if (ended === "else") {
      this.#skipSpace();
      const word = this.#peek();
      // {{else if}} is a block of its own, and shares the end.
      if (kind !== "range" && word.kind === "identifier" && word.text === kind) {
        this.#at++;
        otherwise = [this.#control(kind)];
        this.#variables.length = known;
        return { kind, pipe, body, otherwise };
      }
      this.#close("else");
      ({ nodes: otherwise, ended } = this.#list());
    }
    if (ended !== "end") this.#fail(ended === "" ? "unexpected EOF" : `expected end; found {{${ended}}}`);
    this.#close("end");
    this.#variables.length = known;
    return { kind, pipe, body, otherwise };
  }

  #name(context: string): string {
    this.#skipSpace();
    const token = this.#next();
    if (token.kind === "string") return unquote(token.text);
    this.#at--;
    return this.#unexpected(context);
  }

  #define(): void {
    const name = this.#name("define clause");
    this.#close("define clause");
    this.defined.set(name, this.#separately("define clause"));
  }

  /** A body that does not see the variables around it. */
  #separately(context: string): Nodes {
    const outer = this.#variables;
    this.#variables = ["$"];
    const { nodes, ended } = this.#list();
    this.#variables = outer;
    if (ended !== "end") this.#fail(ended === "" ? "unexpected EOF" : `unexpected {{${ended}}} in ${context}`);
    this.#close("end");
    return nodes;
  }

  #templateOrBlock(word: string): Node {
    const context = `${word} clause`;
    this.#skipSpace();
    const { line, column, text } = this.#peek();
    const name = this.#name(context);
    this.#skipSpace();
    const pipe = this.#peek().kind === "close" && word === "template" ? undefined : this.#pipe(context);
    this.#close(context);
    if (word === "block") this.defined.set(name, this.#separately(context));
    return { kind: "template", name, pipe, place: { line, column, text: `{{template ${text}}}` } };
  }

  #pipe(context: string): Pipe {
    this.#skipSpace();
    const { variables, assigns } = this.#declaration(context);
    const commands: Command[] = [];
    do {
      this.#skipSpace();
      commands.push(this.#command(context));
      this.#skipSpace();
    } while (this.#takeMark("|"));
    if (commands[0]?.length === 0) this.#fail(`missing value for ${context}`);
    if (!assigns) this.#variables.push(...variables);
    return { variables, assigns, commands };
  }

  #declaration(context: string): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const start = this.#at;
    const variables: string[] = [];
    while (this.#peek().kind === "variable" && variables.length < 2) {
      variables.push(this.#next().text);
      this.#skipSpace();
      if (this.#takeMark(":=")) return { variables, assigns: false };
      if (this.#takeMark("=")) {
        for (const name of variables) this.#known(name);
        return { variables, assigns: true };
      }
      if (context !== "range" || !this.#takeMark(",")) break;
      this.#skipSpace();
    }
    this.#at = start;
    return { variables: [], assigns: false };
  }

  #known(name: string): void {
    if (!this.#variables.includes(name)) this.#fail(`undefined variable "${name}"`);
  }

  #command(context: string): Command {
    const operands: Operand[] = [];
    for (;;) {
      this.#skipSpace();
      const operand = this.#placedOperand();
      if (operand === undefined) break;
      operands.push(operand);
      const { kind, text } = this.#peek();
      if (kind === "space") continue;
      if (kind === "close" || (kind === "mark" && (text === "|" || text === ")"))) break;
      this.#unexpected("operand");
    }
    const { kind, text } = this.#peek();
    const isEnd = kind === "close" || (kind === "mark" && (text === "|" || text === ")"));
    if (!isEnd) this.#unexpected(context === "command" ? "command" : context);
    if (operands.length === 0 && text === "|") this.#fail("empty command");
    return operands;
  }

  #fields(): string[] {
    const fields: string[] = [];
    while (this.#peek().kind === "field") fields.push(this.#next().text.slice(1));
    return fields;
  }

  #placedOperand(): Operand | undefined {
    const start = this.#at;
    const form = this.#operand();
    if (form === undefined) return undefined;
    const tokens = this.#tokens.slice(start, this.#at);
    // A chain of fields is reported at the place where it goes on.
    const [first, second] = tokens;
    const at = (form.kind === "field" || form.kind === "variable") && second !== undefined ? second : first;
    const text = tokens.map((token) => token.text).join("");
    return { ...form, place: { line: at?.line ?? 0, column: at?.column ?? 0, text } };
  }

  #operand(): OperandForm | undefined {
    const token = this.#peek();
    switch (token.kind) {
      case "identifier":
        this.#at++;
        return this.#word(token.text);
      case "variable":
        this.#known(token.text);
        this.#at++;
        return { kind: "variable", name: token.text, fields: this.#fields() };
      case "field":
        return { kind: "field", fields: this.#fields() };
      case "string":
        this.#at++;
        return { kind: "string", value: unquote(token.text) };
      case "character":
        this.#at++;
        return { kind: "integer", value: BigInt(unquote(`"${token.text.slice(1, -1)}"`).codePointAt(0) ?? 0) };
      case "number":
        this.#at++;
        return numberOperand(token.text);
      case "mark":
        return this.#marked(token.text);
      default:
        return undefined;
    }
  }

  #marked(text: string): OperandForm | undefined {
    if (text === ".") {
      this.#at++;
      return { kind: "dot" };
    }
    if (text !== "(") return undefined;
    this.#at++;
    const pipe = this.#pipe("parenthesized pipeline");
    if (!this.#takeMark(")")) this.#fail("unclosed left paren");
    return { kind: "pipe", pipe, fields: this.#fields() };
  }

  #word(text: string): OperandForm {
    if (text === "true" || text === "false") return { kind: "boolean", value: text === "true" };
    if (text === "nil") return { kind: "nil" };
    if (KEYWORDS.has(text)) {
      this.#at--;
      return this.#unexpected("operand");
    }
    if (!this.#functions.has(text)) this.#fail(`function "${text}" not defined`);
    return { kind: "function", name: text };
  }
}

function numberOperand(text: string): OperandForm {
  const plain = text.replaceAll("_", "");
  const [sign, digits] = /^[+-]/.test(plain) ? [plain.charAt(0), plain.slice(1)] : ["", plain];
  if (/^(?:0[xXbBoO][0-9a-fA-F]+|[0-9]+)$/.test(digits)) {
    const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return { kind: "integer", value: sign === "-" ? -magnitude : magnitude };
  }
  return { kind: "float", value: Number(plain) };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

/** The text of a string as Go's source has it. */
function unquote(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith("`")) return inner;
  const escape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;
  return inner.replaceAll(
    escape,
    (_whole, hex?: string, four?: string, eight?: string, octal?: string, one?: string) => {
      const code = hex ?? four ?? eight;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return ESCAPES.get(one ?? "") ?? one ?? "";
    },
  );
}
