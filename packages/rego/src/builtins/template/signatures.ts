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

const COMPARISON: Signature = { fixed: ["value", "value"] };
const LEADING: Signature = { fixed: ["value"], more: "value" };
const PRINTING: Signature = { fixed: [], more: "any" };

const SIGNATURES: Readonly<Record<FunctionName, Signature>> = {
  and: LEADING,
  call: LEADING,
  eq: LEADING,
  ge: COMPARISON,
  gt: COMPARISON,
  html: PRINTING,
  index: LEADING,
  js: PRINTING,
  le: COMPARISON,
  len: { fixed: ["value"] },
  lt: COMPARISON,
  ne: COMPARISON,
  not: { fixed: ["value"] },
  or: LEADING,
  print: PRINTING,
  printf: { fixed: ["string"], more: "any" },
  println: PRINTING,
  slice: LEADING,
  urlquery: PRINTING,
};

/** Whether there is a function of this name. */
export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(SIGNATURES, name);
}

/** What a function takes. */
export function signatureOf(name: FunctionName): Signature {
  return SIGNATURES[name];
}
