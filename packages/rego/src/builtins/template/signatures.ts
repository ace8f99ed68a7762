/** What a parameter takes: a text, anything as printing sees it, or anything as it stands. */
export type Parameter = "string" | "any" | "value";

/** A function of templates. */
export interface Signature {
  readonly fixed: readonly Parameter[];
  /** What more arguments there may be. */
  readonly more?: Parameter;
}

/** The functions there are. */
export type FunctionName =
  | "and"
  | "call"
  | "eq"
  | "ge"
  | "gt"
  | "html"
  | "index"
  | "js"
  | "le"
  | "len"
  | "lt"
  | "ne"
  | "not"
  | "or"
  | "print"
  | "printf"
  | "println"
  | "slice"
  | "urlquery";

const comparison: Signature = { fixed: ["value", "value"] };
const leading: Signature = { fixed: ["value"], more: "value" };
const printing: Signature = { fixed: [], more: "any" };

const signatures: Readonly<Record<FunctionName, Signature>> = {
  and: leading,
  call: leading,
  eq: leading,
  ge: comparison,
  gt: comparison,
  html: printing,
  index: leading,
  js: printing,
  le: comparison,
  len: { fixed: ["value"] },
  lt: comparison,
  ne: comparison,
  not: { fixed: ["value"] },
  or: leading,
  print: printing,
  printf: { fixed: ["string"], more: "any" },
  println: printing,
  slice: leading,
  urlquery: printing,
};

/** Whether there is a function of this name. */
export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(signatures, name);
}

/** What a function takes. */
export function signatureOf(name: FunctionName): Signature {
  return signatures[name];
}
