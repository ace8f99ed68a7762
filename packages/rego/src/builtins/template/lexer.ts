/** The tokens of Go's templates: text between actions, and what is in them. */
import { encodeUtf8 } from "../../runtime/text.ts";
import { fail } from "../failure.ts";

/** A token and where it is: its line from 1, and how many bytes of the line are before it. */
export interface Token {
  readonly kind:
    | "text"
    | "open"
    | "close"
    | "identifier"
    | "field"
    | "variable"
    | "string"
    | "number"
    | "character"
    | "space"
    | "mark"
    | "end";
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What may stand in an action, tried in this order. */
const RULES: readonly (readonly [kind: Token["kind"], pattern: RegExp])[] = [
  ["space", /[ \t\r\n]+/y],
  ["string", /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ["character", /'(?:[^'\\\n]|\\.)+'/y],
  [
    "number",
    /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)/y,
  ],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["field", /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["identifier", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["mark", /:=|[=|(),.]/y],
];

/** The tokens of a template. */
export function tokensOf(template: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  const push = (kind: Token["kind"], text: string, at: number, raw: string = text): void => {
    const column = encodeUtf8(template.slice(template.lastIndexOf("\n", at - 1) + 1, at)).length;
    tokens.push({ kind, text, line, column: at === 0 ? 0 : column });
    line += raw.split("\n").length - 1;
  };
  let at = 0;
  let trimsStart = false;
  for (;;) {
    const open = template.indexOf("{{", at);
    const raw = template.slice(at, open < 0 ? undefined : open);
    const trimsEnd = open >= 0 && /^\{\{-[ \t\r\n]/.test(template.slice(open, open + 4));
    let text = trimsStart ? raw.trimStart() : raw;
    if (trimsEnd) text = text.trimEnd();
    push("text", text, at, raw);
    if (open < 0) break;
    at = open + (trimsEnd ? 3 : 2);
    const comment = commentAt(template, at, line);
    if (comment !== undefined) {
      [at, trimsStart] = [comment.end, comment.trims];
      line += comment.lines;
      continue;
    }
    push("open", "{{", at);
    [at, trimsStart] = readAction(template, at, push, () => line);
  }
  push("end", "", template.length);
  return tokens;
}

function commentAt(
  template: string,
  at: number,
  line: number,
): { readonly end: number; readonly trims: boolean; readonly lines: number } | undefined {
  const begin = /^\s*\/\*/.exec(template.slice(at));
  if (begin === null) return undefined;
  const stop = template.indexOf("*/", at + begin[0].length);
  if (stop < 0) return fail(`template: template:${line}: unclosed comment`);
  const close = /^(?:[ \t\r\n]-)?\}\}/.exec(template.slice(stop + 2));
  if (close === null) return fail(`template: template:${line}: comment ends before closing delimiter`);
  const end = stop + 2 + close[0].length;
  return { end, trims: close[0].length > 2, lines: template.slice(at, end).split("\n").length - 1 };
}

/** Reads up to the closing braces: where the text goes on, and whether its space is trimmed. */
function readAction(
  template: string,
  start: number,
  push: (kind: Token["kind"], text: string, at: number) => void,
  line: () => number,
): [at: number, trims: boolean] {
  for (let at = start; ;) {
    const trimmed = /^[ \t\r\n]+-\}\}/.exec(template.slice(at))?.[0];
    if (trimmed !== undefined || template.startsWith("}}", at)) {
      push("close", "}}", at);
      return [at + (trimmed?.length ?? 2), trimmed !== undefined];
    }
    if (at >= template.length) fail(`template: template:${line()}: unclosed action`);
    const found = tokenAt(template, at);
    if (found === undefined) {
      fail(`template: template:${line()}: ${badCharacter(template, start, at)}`);
    }
    push(found[0], found[1], at);
    at += found[1].length;
  }
}

function badCharacter(template: string, start: number, at: number): string {
  const code = template.codePointAt(at) ?? 0;
  const character = String.fromCodePoint(code);
  const shown = `U+${code.toString(16).toUpperCase().padStart(4, "0")} '${character}'`;
  // Right behind a word it is the word that is wrong.
  if (at > start && /[\p{L}\p{Nd}_]$/u.test(template.slice(0, at))) return `bad character ${shown}`;
  if (/^[!-~]$/.test(character)) return `unexpected "${character}" in command`;
  return `unrecognized character in action: ${shown}`;
}

function tokenAt(template: string, at: number): readonly [Token["kind"], string] | undefined {
  for (const [kind, pattern] of RULES) {
    pattern.lastIndex = at;
    const text = pattern.exec(template)?.[0];
    if (text !== undefined) return [kind, text];
  }
  return undefined;
}
