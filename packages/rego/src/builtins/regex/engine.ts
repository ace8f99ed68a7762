/** A compiled pattern: JavaScript's own engine where that is proven linear, else re2js. */
import { RE2JS, RE2JSException } from "re2js";
import type { BuiltinContext } from "../builtin.ts";
import { fail } from "../failure.ts";
import { automatonOf } from "./automaton.ts";
import { type Dialect, forRe2js } from "./dialect.ts";
import { linearity } from "./linear.ts";
import { type Pattern, parsePattern } from "./pattern.ts";
import { sourceOf } from "./source.ts";

/** One match. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** What the groups hold, the whole match first. */
  readonly groups: readonly string[];
}

/** A search for the next match from an offset into one text; it sees what is before the offset. */
export type Search = (from: number) => Match | undefined;

/** A compiled pattern. */
export interface Regex {
  matches(text: string): boolean;
  /** What is to be known of a text as a whole is found out once, and not for each match in it. */
  searchIn(text: string): Search;
  /** The numbers of the groups of a name. */
  groupNumbers(name: string): readonly number[];
}

/** Past this many characters JavaScript's engine might run out of the stack that it backtracks on. */
const longest = 200_000;

/** Compiles a pattern of RE2's syntax, or fails in Go's words. */
export function compileRegex(pattern: string): Regex {
  const { index } = /[\ud800-\udfff]/u.exec(pattern) ?? {};
  if (index !== undefined) return fail(`error parsing regexp: invalid UTF-8: \`${pattern.slice(index)}\``);
  const fast = translate(pattern);
  if (fast === undefined) return slowRegex(pattern);
  if (fast.all) return fastRegex(fast, pattern);
  return halfFastRegex(fast, pattern);
}

/** Compiles a pattern that is there as a tree: for whether it matches alone. */
export function compileTree(root: Pattern): (text: string) => boolean {
  const automaton = automatonOf(root);
  const slow = lazily(() => slowRegex(`(?s:${sourceOf(root, "re2")})`));
  if (automaton === undefined || !linearity(automaton).first) return (text) => slow().matches(text);
  const tester = new RegExp(sourceOf(root), "u");
  return (text) => (text.length > longest ? slow().matches(text) : tester.test(text));
}

interface Translation {
  readonly source: string;
  readonly groups: readonly (string | undefined)[];
  /** Whether finding all matches with their groups is proven too. */
  readonly all: boolean;
}

function translate(pattern: string): Translation | undefined {
  const parsed = parsePattern(pattern);
  const automaton = parsed === undefined ? undefined : automatonOf(parsed.root);
  if (parsed === undefined || automaton === undefined) return undefined;
  const proven = linearity(automaton);
  if (!proven.first) return undefined;
  return {
    source: sourceOf(parsed.root),
    groups: parsed.groups,
    all: proven.all && !hasLoopedCapture(parsed.root, false),
  };
}

/** Whether a group stands in a loop: what it holds then differs between the engines. */
function hasLoopedCapture(pattern: Pattern, inLoop: boolean): boolean {
  switch (pattern.kind) {
    case "capture":
      return inLoop || hasLoopedCapture(pattern.item, inLoop);
    case "repeat":
      return hasLoopedCapture(pattern.item, inLoop || pattern.max > 1);
    case "sequence":
    case "choice":
      return pattern.items.some((item) => hasLoopedCapture(item, inLoop));
    default:
      return false;
  }
}

function fastRegex({ source, groups }: Translation, pattern: string): Regex {
  const tester = new RegExp(source, "u");
  const finder = new RegExp(source, "gu");
  const slow = lazily(() => slowRegex(pattern));
  return {
    matches: (text) => (text.length > longest ? slow().matches(text) : tester.test(text.toWellFormed())),
    searchIn: (text) => {
      if (text.length > longest || !text.isWellFormed()) return slow().searchIn(text);
      return (from) => {
        finder.lastIndex = from;
        const found = finder.exec(text);
        if (found === null) return undefined;
        const [whole] = found;
        return { start: found.index, end: found.index + whole.length, groups: found.map((group) => group ?? "") };
      };
    },
    groupNumbers: (name) => groups.flatMap((group, index) => (group === name ? [index + 1] : [])),
  };
}

/** Whether there is a match by the one engine, all else by the other. */
function halfFastRegex({ source }: Translation, pattern: string): Regex {
  const tester = new RegExp(source, "u");
  const slow = lazily(() => slowRegex(pattern));
  return {
    matches: (text) => (text.length > longest ? slow().matches(text) : tester.test(text.toWellFormed())),
    searchIn: (text) => slow().searchIn(text),
    groupNumbers: (name) => slow().groupNumbers(name),
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function slowRegex(pattern: string): Regex {
  const dialect = forRe2js(pattern);
  const compiled = compileSlowly(dialect);
  return {
    matches: (text) => compiled.matcher(text.toWellFormed()).find(),
    searchIn: (text) => {
      const matcher = compiled.matcher(text.toWellFormed());
      return (from) => {
        if (!matcher.find(from)) return undefined;
        const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => {
          const start = matcher.start(index);
          return start < 0 ? "" : text.slice(start, matcher.end(index));
        });
        return { start: matcher.start(), end: matcher.end(), groups };
      };
    },
    groupNumbers: (name) => dialect.names.get(name) ?? [],
  };
}

function compileSlowly(dialect: Dialect): RE2JS {
  try {
    return RE2JS.compile(dialect.pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return fail(inGoWords(dialect.message(error.message)));
  }
}

/** Where re2js words a mistake otherwise than Go. */
function inGoWords(message: string): string {
  if (message.endsWith("trailing backslash at end of expression")) return `${message}: \`\``;
  return message.replace(/invalid named capture: `(\(\?P?)<`$/, (_, start: string) => {
    return `invalid or unsupported Perl syntax: \`${start === "(?" ? "(?<" : start}\``;
  });
}

/** Every match from the left, each charged for: none that is empty right behind another. */
export function* allMatches(context: Pick<BuiltinContext, "charge">, regex: Regex, text: string): Generator<Match> {
  const search = regex.searchIn(text);
  let previousEnd = -1;
  for (let at = 0; at <= text.length;) {
    const match = search(at);
    if (match === undefined) return;
    context.charge(1);
    const isEmpty = match.start === match.end;
    if (!(isEmpty && match.start === previousEnd)) yield match;
    previousEnd = match.end;
    at = match.end > at ? match.end : at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
  }
}
