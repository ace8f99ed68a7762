/**
 * Pieces of generated JavaScript. Text gets into the output in one way only: through the tag `js`, whose literal parts
 * are ours and whose values are quoted unless they are code already. So nothing that a policy says can become code.
 */

/** JavaScript that this package wrote. Only `js` and its kin make it. */
export class Code {
  readonly text: string;

  /** Not for use outside this file: it would let text through unquoted. */
  constructor(text: string, door: typeof doorKey) {
    if (door !== doorKey) throw new Error("code is made by its tag");
    this.text = text;
  }
}

const doorKey: unique symbol = Symbol("fragment");

/** What may stand in a fragment: code as it is, and everything else as a literal. */
export type Part = Code | string | number | boolean | null;

/** Code with values in it: ``js`${local}.size === ${3}` ``. */
export function js(strings: TemplateStringsArray, ...parts: readonly Part[]): Code {
  let text = strings[0] ?? "";
  for (const [at, part] of parts.entries()) text += textOf(part) + (strings[at + 1] ?? "");
  return new Code(text, doorKey);
}

function textOf(part: Part): string {
  if (part instanceof Code) return part.text;
  if (typeof part === "string") return quote(part);
  if (Object.is(part, -0)) return "-0";
  return String(part);
}

/** Text that is its own literal. */
const simple = /^[A-Za-z0-9 _.,:;/*+(){}=%?@#$&|~^'`>[\]-]*$/;

/** A string literal that is harmless wherever the code may be put, in a script element too. */
function quote(text: string): string {
  if (simple.test(text)) return `"${text}"`;
  return JSON.stringify(text)
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029")
    .replaceAll(/<(?=[/!])/g, "\\u003c");
}

/** Fragments with a separator between them. */
export function join(fragments: readonly Code[], separator: ", " | "; " | " && " | " || " | " + "): Code {
  return new Code(fragments.map((fragment) => fragment.text).join(separator), doorKey);
}

/** Fragments added up. */
export function plus(fragments: readonly Code[]): Code {
  return new Code(fragments.map((fragment) => fragment.text).join(" + "), doorKey);
}

const identifierForm = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** An identifier. Faults on anything else, so that a name cannot smuggle code. */
export function identifier(name: string): Code {
  if (!identifierForm.test(name)) throw new Error(`not an identifier: ${JSON.stringify(name)}`);
  return new Code(name, doorKey);
}

/** A comment of one line; what could end it is taken out. */
export function comment(text: string): Code {
  return new Code(`// ${text.replaceAll(/[\r\n\u2028\u2029]+/g, " ")}`, doorKey);
}

/** Reads a property that has the given name: `a.b` where that is an identifier, else `a["b"]`. */
export function property(of: Code, name: string): Code {
  return identifierForm.test(name) ? new Code(`${of.text}.${name}`, doorKey) : js`${of}[${name}]`;
}

/** The same, undefined where `of` is null or undefined. */
export function optionalProperty(of: Code, name: string): Code {
  return identifierForm.test(name) ? new Code(`${of.text}?.${name}`, doorKey) : js`${of}?.[${name}]`;
}
