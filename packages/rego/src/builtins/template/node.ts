/** The tree of a template, as Go's text/template/parse makes it. Positions are in the text's UTF-16 units. */
import { quote } from "../../runtime/text.ts";
import type { NumberLiteral } from "./number-literal.ts";
import type { FunctionName } from "./signatures.ts";

export interface Pipe {
  readonly kind: "pipe";
  readonly at: number;
  readonly isAssignment: boolean;
  readonly declared: readonly Variable[];
  readonly commands: readonly Command[];
}

export interface Command {
  readonly kind: "command";
  readonly at: number;
  /** At least one. */
  readonly words: readonly [Operand, ...Operand[]];
}

export interface Variable {
  readonly kind: "variable";
  readonly at: number;
  /** Name with its dollar sign, then fields. */
  readonly names: readonly [string, ...string[]];
}

export interface Field {
  readonly kind: "field";
  readonly at: number;
  readonly names: readonly string[];
}

/** Fields of what is no field or variable itself. */
export interface Chain {
  readonly kind: "chain";
  readonly at: number;
  readonly of: Operand;
  readonly names: readonly string[];
}

export interface Identifier {
  readonly kind: "identifier";
  readonly at: number;
  readonly name: FunctionName;
}

export type Literal =
  | { readonly kind: "dot" | "nil"; readonly at: number }
  | { readonly kind: "boolean"; readonly at: number; readonly value: boolean }
  | { readonly kind: "number"; readonly at: number; readonly text: string; readonly value: NumberLiteral }
  | { readonly kind: "string"; readonly at: number; readonly quoted: string; readonly text: string };

export type Operand = Pipe | Variable | Field | Chain | Identifier | Literal;

export interface Invocation {
  readonly kind: "template";
  readonly at: number;
  readonly name: string;
  readonly pipe: Pipe | undefined;
}

export type Statement =
  | { readonly kind: "text"; readonly at: number; readonly text: string }
  | { readonly kind: "action"; readonly at: number; readonly pipe: Pipe }
  | { readonly kind: "break" | "continue"; readonly at: number }
  | (Branch & { readonly kind: "if" | "with" })
  | (Branch & { readonly kind: "range" })
  | Invocation;

/** What all statements with a body have. */
export interface Branch {
  readonly at: number;
  readonly pipe: Pipe;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[] | undefined;
}

/** What evaluation can be at when something goes wrong. */
export type Node = Operand | Command | Invocation;

/** A node's text, written anew from the tree. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case "pipe": {
      const names = node.declared.map(nodeText).join(", ");
      const declared = names === "" ? "" : `${names} ${node.isAssignment ? "=" : ":="} `;
      return declared + node.commands.map(nodeText).join(" | ");
    }
    case "command":
      return node.words.map(inParentheses).join(" ");
    case "variable":
      return node.names.join(".");
    case "field":
      return node.names.map((name) => `.${name}`).join("");
    case "chain":
      return inParentheses(node.of) + node.names.map((name) => `.${name}`).join("");
    case "identifier":
      return node.name;
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "boolean":
      return String(node.value);
    case "number":
      return node.text;
    case "string":
      return node.quoted;
    case "template":
      return `{{template ${quote(node.name)}${node.pipe === undefined ? "" : ` ${nodeText(node.pipe)}`}}}`;
  }
}

function inParentheses(operand: Operand): string {
  return operand.kind === "pipe" ? `(${nodeText(operand)})` : nodeText(operand);
}

/** Whether nothing but white space would be written. */
export function isBlank(statements: readonly Statement[]): boolean {
  return statements.every((statement) => statement.kind === "text" && statement.text.trim() === "");
}
