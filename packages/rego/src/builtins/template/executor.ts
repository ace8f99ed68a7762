import { encodeUtf8, quote } from "../../runtime/text.ts";
import type { BuiltinContext } from "../builtin.ts";
import { printed } from "./format-value.ts";
import { callFunction, callValue } from "./functions.ts";
import {
  entryOf,
  type GoValue,
  invalidValue,
  integerValue,
  isTrue,
  itemsOf,
  keysOf,
  nilItem,
  stringValue,
  typeName,
  unboxed,
} from "./go-value.ts";
import {
  type Command,
  type Identifier,
  type Invocation,
  type Node,
  nodeText,
  type Operand,
  type Pipe,
  type Statement,
  type Variable,
} from "./node.ts";
import type { NumberLiteral } from "./number-literal.ts";
import type { Templates } from "./parser.ts";
import { type Parameter, signatureOf } from "./signatures.ts";
import { TemplateError } from "./template-error.ts";

/** A template ready to be run. */
export interface Template {
  readonly name: string;
  readonly text: string;
  readonly templates: Templates;
}

/** Runs a template and gives what it writes, or fails in Go's words. */
export function execute(context: BuiltinContext, template: Template, data: GoValue): string {
  const output: string[] = [];
  const statements = template.templates.get(template.name) ?? [];
  new Executor(context, template, output, template.name, data, 0).run(statements, data);
  return output.join("");
}

/** How deep templates may call templates: what Go's limit says, but our stack is smaller. */
const deepest = 1000;

/** A jump out of the statements of a loop. */
type Jump = "break" | "continue" | undefined;

/** Runs one template; those that it calls are run by others, since they see none of its variables. */
class Executor {
  readonly #context: BuiltinContext;
  readonly #template: Template;
  readonly #output: string[];
  readonly #name: string;
  readonly #depth: number;
  readonly #variables: { readonly name: string; value: GoValue }[];
  /** Where we are, for messages. */
  #node: Node | undefined;

  constructor(
    context: BuiltinContext,
    template: Template,
    output: string[],
    name: string,
    dot: GoValue,
    depth: number,
  ) {
    this.#context = context;
    this.#template = template;
    this.#output = output;
    this.#name = name;
    this.#depth = depth;
    this.#variables = [{ name: "$", value: dot }];
  }

  run(statements: readonly Statement[], dot: GoValue): Jump {
    for (const statement of statements) {
      const jump = this.#statement(statement, dot);
      if (jump !== undefined) return jump;
    }
    return undefined;
  }

  #fail(message: string): never {
    const { name, text } = this.#template;
    if (this.#node === undefined) throw new TemplateError(`template: ${this.#name}: ${message}`);
    const before = text.slice(0, this.#node.at);
    const line = before.split("\n").length;
    const column = encodeUtf8(before.slice(before.lastIndexOf("\n") + 1)).length;
    const place = `${name}:${line}:${column}: executing ${quote(this.#name)} at <${nodeText(this.#node)}>`;
    throw new TemplateError(`template: ${place}: ${message}`);
  }

  #write(text: string): void {
    this.#context.charge(text.length >> 4);
    this.#output.push(text);
  }

  #statement(statement: Statement, dot: GoValue): Jump {
    this.#context.charge(1);
    switch (statement.kind) {
      case "text":
        this.#write(statement.text);
        return undefined;
      case "action": {
        const value = this.#pipe(statement.pipe, dot);
        if (statement.pipe.declared.length > 0) return undefined;
        this.#write(unboxed(value).kind === "invalid" ? "<no value>" : printed(value));
        return undefined;
      }
      case "break":
      case "continue":
        return statement.kind;
      case "template":
        this.#invoke(statement, dot);
        return undefined;
      case "range":
        return this.#scoped(() => this.#range(statement, dot));
      default:
        return this.#scoped(() => {
          const value = this.#pipe(statement.pipe, dot);
          if (isTrue(value)) return this.run(statement.body, statement.kind === "with" ? value : dot);
          return this.run(statement.otherwise ?? [], dot);
        });
    }
  }

  /** Forgets the variables that were declared inside. */
  #scoped<T>(inner: () => T): T {
    const { length } = this.#variables;
    const result = inner();
    this.#variables.length = length;
    return result;
  }

  #invoke(node: Invocation, dot: GoValue): void {
    this.#node = node;
    const statements = this.#template.templates.get(node.name);
    if (statements === undefined) this.#fail(`template ${quote(node.name)} not defined`);
    if (this.#depth >= deepest) this.#fail("exceeded maximum template depth (100000)");
    const inner = node.pipe === undefined ? invalidValue : this.#pipe(node.pipe, dot);
    const executor = new Executor(this.#context, this.#template, this.#output, node.name, inner, this.#depth + 1);
    executor.run(statements, inner);
  }

  #range(statement: Statement & { readonly kind: "range" }, dot: GoValue): Jump {
    const { pipe, body, otherwise } = statement;
    const value = unboxed(this.#pipe(pipe, dot));
    let isEmpty = true;
    for (const [key, item] of this.#entries(pipe, value)) {
      isEmpty = false;
      this.#context.charge(1);
      this.#bind(pipe, key, item);
      if (this.#scoped(() => this.run(body, item)) === "break") return undefined;
    }
    if (!isEmpty || otherwise === undefined) return undefined;
    // What is run instead of the loop can be left like the loop, but to go on is to go on with the loop outside.
    return this.run(otherwise, dot) === "continue" ? "continue" : undefined;
  }

  *#entries(pipe: Pipe, value: ReturnType<typeof unboxed>): Generator<readonly [key: GoValue, item: GoValue]> {
    switch (value.kind) {
      case "invalid":
        return;
      case "int":
      case "uint8":
        if (pipe.declared.length > 1) {
          this.#fail(`can't use ${value.value} to iterate over more than one variable`);
        }
        for (let at = 0n; at < value.value; at++) yield [invalidValue, { kind: value.kind, value: at }];
        return;
      case "list":
        for (const [index, item] of itemsOf(value).entries()) yield [integerValue(index), item];
        return;
      case "map":
        for (const key of keysOf(value.value)) yield [stringValue(key), entryOf(value.value, key) ?? nilItem];
        return;
      default:
        this.#fail(`range can't iterate over ${printed(value)}`);
    }
  }

  /** Sets a loop's variables: the item, or key and item. */
  #bind({ declared, isAssignment }: Pipe, key: GoValue, item: GoValue): void {
    const [first, second] = declared;
    if (first === undefined) return;
    const [name, named] = second === undefined ? [first, item] : [first, key];
    if (isAssignment) {
      this.#assign(name, named);
      if (second !== undefined) this.#assign(second, item);
      return;
    }
    this.#setTop(1, item);
    if (second !== undefined) this.#setTop(2, key);
  }

  /** Sets the variable that is so many from the top. */
  #setTop(count: number, value: GoValue): void {
    const variable = this.#variables.at(-count);
    if (variable !== undefined) variable.value = value;
  }

  #assign({ names: [name] }: Variable, value: GoValue): void {
    const variable = this.#variables.findLast((one) => one.name === name);
    if (variable === undefined) this.#fail(`undefined variable: ${name}`);
    variable.value = value;
  }

  #pipe(pipe: Pipe, dot: GoValue): GoValue {
    this.#node = pipe;
    this.#context.charge(1);
    let value: GoValue | undefined;
    for (const command of pipe.commands) value = unboxed(this.#command(command, dot, value));
    const result = value ?? invalidValue;
    for (const variable of pipe.declared) {
      if (pipe.isAssignment) this.#assign(variable, result);
      else this.#variables.push({ name: variable.names[0], value: result });
    }
    return result;
  }

  /** A command; what the command before it gave is its last argument. */
  #command(command: Command, dot: GoValue, last: GoValue | undefined): GoValue {
    const { words } = command;
    const [word] = words;
    const hasArguments = words.length > 1 || last !== undefined;
    switch (word.kind) {
      case "field":
      case "chain":
      case "variable":
        return this.#fields(word, dot, hasArguments);
      case "identifier":
        return this.#call(word, command, words.slice(1), dot, last);
      case "pipe":
        if (hasArguments) this.#notAFunction(word);
        return this.#pipe(word, dot);
      default:
        this.#node = word;
        if (hasArguments) this.#notAFunction(word);
        return word.kind === "nil" ? this.#fail("nil is not a command") : this.#literal(word, dot);
    }
  }

  #notAFunction(word: Operand): never {
    return this.#fail(`can't give argument to non-function ${nodeText(word)}`);
  }

  /** A literal, but nil. */
  #literal(word: Operand, dot: GoValue): GoValue {
    this.#node = word;
    switch (word.kind) {
      case "dot":
        return dot;
      case "boolean":
        return { kind: "bool", value: word.value };
      case "string":
        return stringValue(word.text);
      case "number":
        return this.#number(word.value, word.text);
      default:
        return invalidValue;
    }
  }

  #number(literal: NumberLiteral, text: string): GoValue {
    return literal.kind === "overflow" ? this.#fail(`${text} overflows int`) : literal;
  }

  #fields(
    word: Operand & { readonly kind: "field" | "chain" | "variable" },
    dot: GoValue,
    hasArguments: boolean,
  ): GoValue {
    this.#node = word;
    let value = dot;
    let names = word.names;
    if (word.kind === "variable") {
      const [name] = word.names;
      value = this.#variables.findLast((one) => one.name === name)?.value ?? this.#fail(`undefined variable: ${name}`);
      names = word.names.slice(1);
      if (names.length === 0 && hasArguments) this.#notAFunction(word);
    } else if (word.kind === "chain") {
      value = this.#argument(word.of, dot, "value");
    }
    for (const [at, name] of names.entries()) {
      value = this.#field(value, name, hasArguments && at === names.length - 1);
    }
    return value;
  }

  #field(receiver: GoValue, name: string, hasArguments: boolean): GoValue {
    if (receiver.kind === "invalid") return invalidValue;
    const value = unboxed(receiver);
    if (value.kind === "invalid") return this.#fail(`nil pointer evaluating ${typeName(receiver)}.${name}`);
    if (value.kind !== "map") return this.#fail(`can't evaluate field ${name} in type ${typeName(receiver)}`);
    if (hasArguments) this.#fail(`${name} is not a method but has arguments`);
    return entryOf(value.value, name) ?? invalidValue;
  }

  /** Calls a function. `whole` is what messages show. */
  #call(
    word: Identifier,
    whole: Command | Identifier,
    words: readonly Operand[],
    dot: GoValue,
    last: GoValue | undefined,
  ): GoValue {
    this.#node = word;
    const { name } = word;
    const { fixed, more } = signatureOf(name);
    const count = words.length + (last === undefined ? 0 : 1);
    if (more !== undefined && count < fixed.length) {
      this.#fail(`wrong number of args for ${name}: want at least ${fixed.length} got ${words.length}`);
    }
    if (more === undefined && count !== fixed.length) {
      this.#fail(`wrong number of args for ${name}: want ${fixed.length} got ${count}`);
    }
    if (name === "and" || name === "or") return this.#choose(name === "or", words, dot, last);
    const parameter = (at: number): Parameter => fixed[at] ?? more ?? "any";
    const args = words.map((argument, at) => this.#argument(argument, dot, parameter(at)));
    if (last !== undefined) args.push(this.#fitting(last, parameter(words.length)));
    try {
      if (name !== "call") return callFunction(this.#context, name, args);
      return callValue(
        words[0] === undefined ? shownName(last ?? invalidValue) : nodeText(words[0]),
        args[0] ?? invalidValue,
      );
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.#node = whole;
      return this.#fail(`error calling ${name}: ${error.message}`);
    }
  }

  /** `and` and `or`: the first argument that decides, else the last. */
  #choose(stopsAt: boolean, words: readonly Operand[], dot: GoValue, last: GoValue | undefined): GoValue {
    let value: GoValue = invalidValue;
    for (const word of words) {
      value = this.#argument(word, dot, "value");
      if (isTrue(value) === stopsAt) return value;
    }
    return last ?? value;
  }

  #argument(word: Operand, dot: GoValue, parameter: Parameter): GoValue {
    this.#node = word;
    switch (word.kind) {
      case "nil":
        return parameter === "string" ? this.#fail("cannot assign nil to string") : invalidValue;
      case "dot":
        return this.#fitting(dot, parameter);
      case "field":
      case "variable":
      case "chain":
        return this.#fitting(this.#fields(word, dot, false), parameter);
      case "pipe":
        return this.#fitting(this.#pipe(word, dot), parameter);
      case "identifier":
        return this.#fitting(this.#call(word, word, [], dot, undefined), parameter);
      default:
        if (parameter === "string" && word.kind !== "string") {
          this.#fail(`expected string; found ${nodeText(word)}`);
        }
        return this.#literal(word, dot);
    }
  }

  /** A value as an argument; only texts are taken where a text is wanted. */
  #fitting(value: GoValue, parameter: Parameter): GoValue {
    if (parameter !== "string") return value;
    if (value.kind === "invalid") return this.#fail("invalid value; expected string");
    const inner = unboxed(value);
    if (inner.kind === "string") return inner;
    const type = typeName(inner.kind === "invalid" ? value : inner);
    return this.#fail(`wrong type for value; expected string; got ${type}`);
  }
}

/** How Go's reflection names a value that is called. */
function shownName(value: GoValue): string {
  if (value.kind === "invalid") return "<invalid Value>";
  return value.kind === "string" || value.kind === "json.Number" ? value.value : `<${typeName(value)} Value>`;
}
