/** Label selectors as people type them: `a=b,c in (d,e),!f`. */
import { compareBytes } from "../json/go.ts";
import { formatFieldErrors, invalid } from "./field-error.ts";
import {
  checkRequirementValues,
  type LabelOperator,
  type LabelRequirement,
  type LabelSelector,
  type SelectorReading,
} from "./label-selector.ts";
import { checkLabelKey } from "./names.ts";

type Token = { readonly kind: "word" | "symbol" | "end" | "error"; readonly text: string };

interface State {
  readonly tokens: readonly Token[];
  at: number;
}

/** The texts of Kubernetes' parser travel by exception within this file, and leave it as values. */
class SelectorError extends Error {}

const binaryOperators = ["in", "notin", "=", "==", "!=", "gt", "lt"];
const symbols = new Set(["(", ")", ",", "!", "=", "==", "!=", "<", ">"]);

/** Reads a selector as the API server reads `labelSelector=`. */
export function parseLabelSelector(text: string): SelectorReading<LabelSelector> {
  try {
    const requirements = parse({ tokens: scan(text), at: 0 });
    return { ok: true, selector: requirements.toSorted((a, b) => compareBytes(a.key, b.key)) };
  } catch (error) {
    if (error instanceof SelectorError) return { ok: false, message: error.message };
    throw error;
  }
}

function scan(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /[ \t\r\n]+|([=!(),<>]+)|([^=!(),<> \t\r\n]+)/g;
  for (const [, special, word] of text.matchAll(pattern)) {
    if (word !== undefined) tokens.push({ kind: "word", text: word });
    if (special !== undefined) tokens.push(...scanSymbols(special));
  }
  tokens.push({ kind: "end", text: "" });
  return tokens;
}

/** Splits a run of special characters, the longest symbol first. */
function scanSymbols(run: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < run.length;) {
    const two = run.slice(at, at + 2);
    const text = two.length === 2 && symbols.has(two) ? two : run.slice(at, at + 1);
    tokens.push({ kind: "symbol", text });
    at += text.length;
  }
  return tokens;
}

function peek(state: State): Token {
  return state.tokens[state.at] ?? { kind: "end", text: "" };
}

function next(state: State): Token {
  const token = peek(state);
  state.at += 1;
  return token;
}

function isSymbol(token: Token, text: string): boolean {
  return token.kind === "symbol" && token.text === text;
}

function parse(state: State): LabelRequirement[] {
  const requirements: LabelRequirement[] = [];
  for (;;) {
    const token = peek(state);
    if (token.kind === "end") return requirements;
    if (token.kind !== "word" && !isSymbol(token, "!")) {
      throw new SelectorError(`found '${token.text}', expected: !, identifier, or 'end of string'`);
    }
    try {
      requirements.push(parseRequirement(state));
    } catch (error) {
      if (error instanceof SelectorError) throw new SelectorError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
    const after = next(state);
    if (after.kind === "end") return requirements;
    if (!isSymbol(after, ",")) throw new SelectorError(`found '${after.text}', expected: ',' or 'end of string'`);
    const following = peek(state);
    if (following.kind !== "word" && !isSymbol(following, "!")) {
      throw new SelectorError(`found '${following.text}', expected: identifier after ','`);
    }
  }
}

function parseRequirement(state: State): LabelRequirement {
  let token = next(state);
  const negated = isSymbol(token, "!");
  if (negated) token = next(state);
  if (token.kind !== "word") throw new SelectorError(`found '${token.text}', expected: identifier`);
  const key = token.text;
  const keyErrors = checkLabelKey(key);
  if (keyErrors.length > 0) throw new SelectorError(formatFieldErrors([invalid("", key, keyErrors.join("; "))]));
  const after = peek(state);
  if (negated || after.kind === "end" || isSymbol(after, ",")) {
    return checked({ key, operator: negated ? "DoesNotExist" : "Exists", values: [] });
  }
  const operator = parseOperator(next(state));
  const values = operator.list ? parseValues(state) : [parseExactValue(state)];
  return checked({ key, operator: operator.operator, values: [...new Set(values)].toSorted(compareBytes) });
}

function checked(requirement: LabelRequirement): LabelRequirement {
  const errors = checkRequirementValues(requirement, requirement.operator);
  if (errors.length > 0) throw new SelectorError(formatFieldErrors(errors));
  return requirement;
}

function parseOperator(token: Token): { readonly operator: LabelOperator; readonly list: boolean } {
  switch (token.text) {
    case "in":
      return { operator: "In", list: true };
    case "notin":
      return { operator: "NotIn", list: true };
    case "=":
    case "==":
      return { operator: "In", list: false };
    case "!=":
      return { operator: "NotIn", list: false };
    case ">":
      return { operator: "Gt", list: false };
    case "<":
      return { operator: "Lt", list: false };
    default:
      throw new SelectorError(`found '${token.text}', expected: ${binaryOperators.join(", ")}`);
  }
}

function parseValues(state: State): readonly string[] {
  const open = next(state);
  if (!isSymbol(open, "(")) throw new SelectorError(`found '${open.text}' expected: '('`);
  const values: string[] = [];
  let expectValue = true;
  let wasComma = false;
  for (;;) {
    const token = next(state);
    if (token.kind === "word" && expectValue) {
      values.push(token.text);
      expectValue = false;
    } else if (isSymbol(token, ",")) {
      // `(,` and `,,` and `,)` each name the empty value.
      if (expectValue) values.push("");
      expectValue = true;
      wasComma = true;
    } else if (isSymbol(token, ")")) {
      if (expectValue) values.push("");
      return values;
    } else if (expectValue) {
      const first = values.length === 0 && !wasComma;
      throw new SelectorError(`found '${token.text}', expected: ',', ${first ? "')' " : ""}or identifier`);
    } else throw new SelectorError(`found '${token.text}', expected: ',' or ')'`);
  }
}

function parseExactValue(state: State): string {
  const token = peek(state);
  if (token.kind === "end" || isSymbol(token, ",")) return "";
  if (token.kind !== "word") throw new SelectorError(`found '${token.text}', expected: identifier`);
  state.at += 1;
  return token.text;
}
