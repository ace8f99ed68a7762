/** Carries out a template over data. */
import type { BuiltinContext } from "../builtin.ts";
import { fail } from "../failure.ts";
import { type Datum, int, isTrue, textOf, typeOf } from "./datum.ts";
import { FunctionFailure, FUNCTIONS, type TemplateFunction } from "./functions.ts";
import type { Command, Node, Nodes, Operand, Pipe, Place, Template } from "./tree.ts";

/** The text that a template makes of data. */
export function executeTemplate(context: BuiltinContext, template: Template, data: Datum): string {
  const execution = new Execution(context, template);
  execution.body(template.root, data, [["$", data]], 0);
  return execution.text;
}

type Variables = [name: string, value: Datum][];

/** How a list of nodes ended: at its end, or by leaving the loop around it. */
type Ending = "end" | "break" | "continue";

const DEEPEST = 100_000;

class Execution {
  readonly #context: BuiltinContext;
  readonly #template: Template;
  text = "";

  constructor(context: BuiltinContext, template: Template) {
    this.#context = context;
    this.#template = template;
  }

  #fail({ line, column, text }: Place, message: string): never {
    const shown = text.length > 20 ? `${text.slice(0, 20)}...` : text;
    return fail(`template: template:${line}:${column}: executing "template" at <${shown}>: ${message}`);
  }

  #write(text: string): void {
    this.#context.charge(1 + (text.length >> 4));
    this.text += text;
  }

  body(nodes: Nodes, dot: Datum, variables: Variables, depth: number): Ending {
    for (const node of nodes) {
      const ending = this.#node(node, dot, variables, depth);
      if (ending !== "end") return ending;
    }
    return "end";
  }

  /** A body whose variables end with it. */
  #scoped(nodes: Nodes, dot: Datum, variables: Variables, depth: number, known: number): Ending {
    const ending = this.body(nodes, dot, variables, depth);
    variables.length = known;
    return ending;
  }

  #node(node: Node, dot: Datum, variables: Variables, depth: number): Ending {
    switch (node.kind) {
      case "text":
        this.#write(node.text);
        return "end";
      case "action": {
        const value = this.#pipe(node.pipe, dot, variables);
        if (node.pipe.variables.length === 0) this.#write(textOf(value ?? undefined));
        return "end";
      }
      case "if":
      case "with": {
        const known = variables.length;
        const value = this.#pipe(node.pipe, dot, variables);
        if (!isTrue(value)) return this.#scoped(node.otherwise, dot, variables, depth, known);
        return this.#scoped(node.body, node.kind === "with" ? value : dot, variables, depth, known);
      }
      case "range":
        return this.#range(node, dot, variables, depth);
      case "template":
        this.#call(node, dot, variables, depth);
        return "end";
      case "break":
      case "continue":
        return node.kind;
    }
  }

  #call(node: Node & { readonly kind: "template" }, dot: Datum, variables: Variables, depth: number): void {
    const body = this.#template.defined.get(node.name);
    if (body === undefined) this.#fail(node.place, `template "${node.name}" not defined`);
    if (depth >= DEEPEST) this.#fail(node.place, `exceeded maximum template depth (${DEEPEST})`);
    const data = node.pipe === undefined ? undefined : this.#pipe(node.pipe, dot, variables);
    this.#context.charge(1);
    this.body(body, data, [["$", data]], depth + 1);
  }

  #range(
    node: Node & { readonly kind: "if" | "with" | "range" },
    dot: Datum,
    variables: Variables,
    depth: number,
  ): Ending {
    const known = variables.length;
    const { pipe } = node;
    const value = this.#pipe(pipe, dot, variables);
    const inner = variables.length;
    const items = this.#items(value, pipe);
    for (const [index, item] of items) {
      this.#context.charge(1);
      this.#bind(pipe, variables, index, item);
      const ending = this.body(node.body, item, variables, depth);
      variables.length = inner;
      if (ending === "break") break;
    }
    variables.length = known;
    return items.length > 0 ? "end" : this.#scoped(node.otherwise, dot, variables, depth, known);
  }

  #items(value: Datum, pipe: Pipe): readonly (readonly [index: Datum, item: Datum])[] {
    if (value === undefined || value === null) return [];
    if (typeof value === "object" && value.kind === "list") return value.items.map((item, at) => [int(at), item]);
    if (typeof value === "object" && value.kind === "map") return [...value.entries];
    if (typeof value === "object" && value.kind === "int") {
      if (pipe.variables.length > 1) {
        this.#fail(placeOf(pipe), `can't use ${value.value} to iterate over more than one variable`);
      }
      const count = value.value > 0n ? Number(value.value) : 0;
      this.#context.charge(count);
      return Array.from({ length: count }, (_, at) => [undefined, int(at)]);
    }
    return this.#fail(placeOf(pipe), `range can't iterate over ${textOf(value)}`);
  }

  /** One variable is the element, two are index and element. */
  #bind(pipe: Pipe, variables: Variables, index: Datum, item: Datum): void {
    const [first, second] = pipe.variables;
    if (first === undefined) return;
    this.#set(variables, first, second === undefined ? item : index);
    if (second !== undefined) this.#set(variables, second, item);
  }

  #set(variables: Variables, name: string, value: Datum): void {
    const variable = variables.findLast(([other]) => other === name);
    if (variable !== undefined) variable[1] = value;
  }

  #pipe(pipe: Pipe, dot: Datum, variables: Variables): Datum {
    let value: Datum;
    for (const [index, command] of pipe.commands.entries()) {
      value = this.#command(command, dot, variables, index === 0 ? [] : [value]);
    }
    for (const name of pipe.variables) {
      if (pipe.assigns) this.#set(variables, name, value);
      else variables.push([name, value]);
    }
    return value;
  }

  /** A command; what the one before it answered is its last argument. */
  #command(command: Command, dot: Datum, variables: Variables, final: readonly Datum[]): Datum {
    const [first, ...rest] = command;
    if (first === undefined) return undefined;
    if (first.kind === "function") return this.#function(first.name, command, dot, variables, final);
    if (first.kind === "nil") this.#fail(first.place, "nil is not a command");
    if (rest.length > 0 || final.length > 0) {
      if (first.kind === "field") {
        this.#operand(first, dot, variables);
        this.#fail(first.place, `${first.fields.at(-1) ?? ""} is not a method but has arguments`);
      }
      this.#fail(first.place, `can't give argument to non-function ${first.place.text}`);
    }
    return this.#operand(first, dot, variables);
  }

  #operand(operand: Operand, dot: Datum, variables: Variables): Datum {
    switch (operand.kind) {
      case "dot":
        return dot;
      case "nil":
        return null;
      case "boolean":
      case "string":
        return operand.value;
      case "integer":
        return int(operand.value);
      case "float":
        return { kind: "float", value: operand.value };
      case "function":
        return this.#function(operand.name, [operand], dot, variables, []);
      case "variable":
        return this.#fields(variables.findLast(([name]) => name === operand.name)?.[1], operand.fields, operand.place);
      case "field":
        return this.#fields(dot, operand.fields, operand.place);
      case "pipe": {
        const known = variables.length;
        const value = this.#pipe(operand.pipe, dot, variables);
        variables.length = known;
        return this.#fields(value, operand.fields, operand.place);
      }
    }
  }

  #fields(value: Datum, fields: readonly string[], place: Place): Datum {
    return fields.reduce<Datum>((current, field, index) => {
      if (current === undefined) return undefined;
      if (current === null) return this.#fail(place, `nil pointer evaluating interface {}.${field}`);
      if (typeof current === "object" && current.kind === "map") return current.entries.get(field);
      // What comes out of a map has no type of its own there.
      const type = index === 0 ? typeOf(current) : "interface {}";
      return this.#fail(place, `can't evaluate field ${field} in type ${type}`);
    }, value);
  }

  #function(name: string, command: Command, dot: Datum, variables: Variables, final: readonly Datum[]): Datum {
    const [word, ...operands] = command;
    const place = word?.place ?? { line: 0, column: 0, text: name };
    const whole = { ...place, text: command.map((each) => each.place.text).join(" ") };
    const known = FUNCTIONS.get(name);
    if (known === undefined) return this.#fail(place, `"${name}" is not a defined function`);
    this.#checkCount(name, known, operands.length + final.length, operands.length, place);
    const args: Datum[] = [];
    for (const operand of operands) {
      const value = this.#operand(operand, dot, variables);
      if ((name === "and" || name === "or") && isTrue(value) === (name === "or")) return value;
      args.push(value);
    }
    try {
      return known.call([...args, ...final]);
    } catch (failure) {
      if (failure instanceof FunctionFailure) this.#fail(whole, `error calling ${name}: ${failure.message}`);
      throw failure;
    }
  }

  #checkCount(name: string, { least, most }: TemplateFunction, count: number, given: number, place: Place): void {
    if (count >= least && count <= most) return;
    const wanted = most === Infinity ? `want at least ${least} got ${given}` : `want ${least} got ${count}`;
    this.#fail(place, `wrong number of args for ${name}: ${wanted}`);
  }
}

/** Where a pipe's answer comes from. */
function placeOf(pipe: Pipe): Place {
  return pipe.commands.at(-1)?.[0]?.place ?? { line: 0, column: 0, text: "" };
}
