/** Statements and their nesting, and how they are laid out. */
import { type Code, js } from "./fragment.ts";

/** A place to leave or to go on with. It is printed only where something jumps to it. */
export class Label {
  readonly name: Code;
  used = false;

  constructor(name: Code) {
    this.name = name;
  }

  /** Leaves the block. */
  break(): Code {
    this.used = true;
    return js`break ${this.name};`;
  }

  /** Goes on with the loop's next round. */
  continue(): Code {
    this.used = true;
    return js`continue ${this.name};`;
  }
}

/** A block of statements, with what stands before its brace. */
export interface Block {
  readonly kind: "block";
  /** `for (…)`, `if (…)`; absent for a block that is only there to be left. */
  readonly head?: Code;
  readonly label?: Label;
  /** Whether it is printed even where nobody leaves it: its names are used again beside it. */
  readonly scoped?: boolean;
  readonly body: Statement[];
}

/** Lines further in than those around them: the entries of an object. */
export interface Indented {
  readonly kind: "indented";
  readonly body: readonly Code[];
}

export type Statement = Code | Block | Indented;

/** Statements as lines, indented. */
export function print(statements: readonly Statement[], indent = ""): string {
  let text = "";
  for (const statement of statements) text += printStatement(statement, indent);
  return text;
}

function printStatement(statement: Statement, indent: string): string {
  if (!("kind" in statement)) return `${indent}${statement.text}\n`;
  if (statement.kind === "indented") return print(statement.body, `${indent}  `);
  const { head, label, body } = statement;
  const labelled = label?.used === true ? `${label.name.text}: ` : "";
  // A block that nobody leaves is no block: names are unique, so its statements can stand where it stood.
  if (head === undefined && labelled === "" && statement.scoped !== true) return print(body, indent);
  const before = head === undefined ? "" : `${head.text} `;
  return `${indent}${labelled}${before}{\n${print(body, `${indent}  `)}${indent}}\n`;
}
