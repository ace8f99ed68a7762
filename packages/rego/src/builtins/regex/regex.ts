import type { Value } from "../../runtime/value.ts";
import { encodeUtf8, joined, quote } from "../../runtime/text.ts";
import type { BuiltinContext, BuiltinFunction } from "../builtin.ts";
import { BuiltinFailure, fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { countOperand, stringOperand } from "../operand.ts";
import { bounded } from "../bounded.ts";
import { allMatches, compileRegex, type Match, type Regex } from "./engine.ts";
import { globsIntersect } from "./globs.ts";

/** How many compiled patterns are kept. */
const mostPatterns = 100;

/** regex.*: each family keeps the patterns that it has compiled. */
export function regexFamily(): Family {
  const compile = bounded(mostPatterns, compileRegex);
  const compileTemplate = bounded(mostPatterns, (key) => compileRegex(templatePattern(key)));
  const compiled = (context: BuiltinContext, pattern: string, text: string): Regex => {
    context.charge(text.length >> 6);
    return compile(pattern);
  };
  const match: BuiltinFunction = (context, pattern: Value, text: Value) => {
    const [source, subject] = [stringOperand(pattern, 1), stringOperand(text, 2)];
    return compiled(context, source, subject).matches(subject);
  };
  return new Map<string, BuiltinFunction>([
    ["regex.match", match],
    ["re_match", match],
    ["regex.is_valid", (_context, pattern: Value) => typeof pattern === "string" && isValid(pattern, compile)],
    [
      "regex.split",
      (context, pattern: Value, text: Value) => {
        const [source, subject] = [stringOperand(pattern, 1), stringOperand(text, 2)];
        return split(context, compiled(context, source, subject), source, subject);
      },
    ],
    [
      "regex.find_n",
      (context, pattern: Value, text: Value, count: Value) => {
        const [source, subject] = [stringOperand(pattern, 1), stringOperand(text, 2)];
        const most = countOperand(count, 3);
        return take(context, compiled(context, source, subject), subject, most).map(({ groups }) => groups[0] ?? "");
      },
    ],
    [
      "regex.find_all_string_submatch_n",
      (context, pattern: Value, text: Value, count: Value) => {
        const [source, subject] = [stringOperand(pattern, 1), stringOperand(text, 2)];
        const most = countOperand(count, 3);
        return take(context, compiled(context, source, subject), subject, most).map(({ groups }) => groups);
      },
    ],
    [
      "regex.replace",
      (context, text: Value, pattern: Value, template: Value) => {
        const [subject, source] = [stringOperand(text, 1), stringOperand(pattern, 2)];
        const replacement = stringOperand(template, 3);
        return replace(context, compiled(context, source, subject), subject, replacement);
      },
    ],
    [
      "regex.template_match",
      (context, pattern: Value, text: Value, start: Value, end: Value) => {
        const [source, subject] = [stringOperand(pattern, 1), stringOperand(text, 2)];
        const [open, close] = [stringOperand(start, 3), stringOperand(end, 4)];
        // The length of the first is told of both.
        const length = encodeUtf8(open).length;
        if (length !== 1) fail(`start delimiter has to be exactly one character long but is ${length} long`);
        if (encodeUtf8(close).length !== 1) fail("end delimiter has to be exactly one character long but is 1 long");
        context.charge(subject.length >> 6);
        return compileTemplate(open + close + source).matches(subject);
      },
    ],
    [
      "regex.globs_match",
      (context, a: Value, b: Value) => globsIntersect(context, stringOperand(a, 1), stringOperand(b, 2)),
    ],
  ]);
}

function isValid(pattern: string, compile: (pattern: string) => Regex): boolean {
  try {
    compile(pattern);
    return true;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return false;
    throw failure;
  }
}

/** The first matches, or all where the count is negative. */
function take(context: BuiltinContext, regex: Regex, text: string, most: number): Match[] {
  const matches: Match[] = [];
  if (most === 0) return matches;
  for (const match of allMatches(context, regex, text)) {
    matches.push(match);
    if (matches.length === most) break;
  }
  return matches;
}

function split(context: BuiltinContext, regex: Regex, pattern: string, text: string): Value {
  if (pattern !== "" && text === "") return [""];
  const parts: string[] = [];
  let [begin, end] = [0, 0];
  for (const match of allMatches(context, regex, text)) {
    end = match.start;
    // An empty match at the very beginning parts nothing.
    if (match.end !== 0) parts.push(text.slice(begin, end));
    begin = match.end;
  }
  if (end !== text.length) parts.push(text.slice(begin));
  return parts;
}

function replace(context: BuiltinContext, regex: Regex, text: string, template: string): string {
  const parts = templateParts(template, regex);
  let replaced = "";
  let last = 0;
  for (const match of allMatches(context, regex, text)) {
    const piece = parts.map((part) => (typeof part === "string" ? part : held(match, part))).join("");
    context.charge(piece.length >> 4);
    replaced += text.slice(last, match.start) + piece;
    last = match.end;
  }
  return joined(replaced + text.slice(last));
}

/** What the first of these groups that holds something holds. */
function held({ groups }: Match, numbers: readonly number[]): string {
  return groups[numbers.find((number) => (groups[number] ?? "") !== "") ?? -1] ?? "";
}

/** A replacement's literal parts, and the numbers of the groups between them. */
function templateParts(template: string, regex: Regex): readonly (string | readonly number[])[] {
  const parts: (string | readonly number[])[] = [];
  const reference = /\$(?:(\$)|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;
  let last = 0;
  for (const found of template.matchAll(reference)) {
    const [whole, dollar, braced, bare] = found;
    parts.push(template.slice(last, found.index), dollar ?? groupsOf(braced ?? bare ?? "", regex));
    last = found.index + whole.length;
  }
  return [...parts, template.slice(last)];
}

/** The groups of a number or name. */
function groupsOf(name: string, regex: Regex): readonly number[] {
  return /^(?:0|[1-9][0-9]{0,8})$/.test(name) ? [Number(name)] : regex.groupNumbers(name);
}

/** The pattern of a template: what is between delimiters is a pattern itself, all else is literal. */
function templatePattern(key: string): string {
  const [open, close, template] = [key.charAt(0), key.charAt(1), key.slice(2)];
  let [level, start, last] = [0, 0, 0];
  let pattern = "^";
  for (let at = 0; at < template.length; at++) {
    const character = template.charAt(at);
    if (character === open) {
      level++;
      if (level === 1) start = at;
    } else if (character === close) {
      level--;
      if (level < 0) fail(`unbalanced braces in ${quote(template)}`);
      if (level > 0) continue;
      const inner = template.slice(start + 1, at);
      compileRegex(`^${inner}$`);
      pattern += `${quoteMeta(template.slice(last, start))}(${inner})`;
      last = at + 1;
    }
  }
  if (level !== 0) fail(`unbalanced braces in ${quote(template)}`);
  return `${pattern}${quoteMeta(template.slice(last))}$`;
}

/** A text that a pattern matches literally. */
function quoteMeta(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
