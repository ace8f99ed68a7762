/**
 * Which patterns a backtracking search runs in time linear in the text. The search is simulated over every text at
 * once: how many ways are open after each character is a small number or it grows without bound, and all the states it
 * goes through can be listed.
 */
import type { Automaton } from "./automaton.ts";
import { includes } from "./character-class.ts";

/** How many ways may be open at once, and how many states are looked at before we give up. */
const wayLimit = 16;
const mostSteps = 6000;
const mostStates = 400;

/** What is proven linear: finding the first match, and finding all of them. */
export interface Linearity {
  readonly first: boolean;
  readonly all: boolean;
}

/** How many ways lead to each position; the key says the same as text. */
interface State {
  readonly ways: ReadonlyMap<number, number>;
  readonly key: string;
  readonly total: number;
  readonly accepts: boolean;
}

/** What can be proven of a pattern. */
export function linearity(automaton: Automaton): Linearity {
  const letters = lettersOf(automaton);
  const budget = { steps: mostSteps };
  const single = exploreAttempt(automaton, letters, budget);
  if (single === undefined) return { first: false, all: false };
  const first = automaton.anchored || automaton.acceptsEmpty || restartsAreBounded(automaton, letters, budget);
  const isOneWay = single.mostWays <= 1 && !automaton.lazy && single.looksAheadBoundedly;
  return { first, all: first && (!automaton.loops || isOneWay) };
}

/** One character for every set of characters that the pattern cannot tell apart. */
function lettersOf({ classes }: Automaton): readonly number[] {
  const bounds = new Set([0]);
  for (const ranges of classes) {
    for (const [low, high] of ranges) bounds.add(low).add(high + 1);
  }
  return [...bounds].filter((code) => code <= 0x10ffff);
}

function stateOf(ways: ReadonlyMap<number, number>, automaton: Automaton): State {
  const entries = [...ways].sort(([a], [b]) => a - b);
  return {
    ways,
    key: entries.map(([position, count]) => `${position}:${count}`).join(),
    total: entries.reduce((sum, [, count]) => sum + count, 0),
    accepts: entries.some(([position]) => automaton.accepting.has(position)),
  };
}

function advance(automaton: Automaton, from: State | undefined, letter: number): State {
  const ways = new Map<number, number>();
  const add = (position: number, count: number): void => {
    const ranges = automaton.classes[position];
    if (ranges === undefined || !includes(ranges, letter)) return;
    ways.set(position, Math.min((ways.get(position) ?? 0) + count, wayLimit + 1));
  };
  if (from === undefined) for (const position of automaton.first) add(position, 1);
  else for (const [position, count] of from.ways) for (const next of automaton.follow[position] ?? []) add(next, count);
  return stateOf(ways, automaton);
}

interface Attempt {
  readonly mostWays: number;
  /** Whether, once it has matched, only so many characters can be read before it matches again or ends. */
  readonly looksAheadBoundedly: boolean;
}

/** Goes through all states of an attempt at one place; undefined where there are too many or too many ways. */
function exploreAttempt(
  automaton: Automaton,
  letters: readonly number[],
  budget: { steps: number },
): Attempt | undefined {
  const seen = new Map<string, { readonly state: State; readonly after: Set<string> }>();
  const queue: (State | undefined)[] = [undefined];
  let mostWays = 0;
  for (let from = queue.pop(), started = false; !started || from !== undefined; from = queue.pop()) {
    started = true;
    for (const letter of letters) {
      if (budget.steps-- <= 0) return undefined;
      const next = advance(automaton, from, letter);
      if (next.total === 0) continue;
      if (next.total > wayLimit) return undefined;
      mostWays = Math.max(mostWays, next.total);
      if (from !== undefined) seen.get(from.key)?.after.add(next.key);
      if (seen.has(next.key)) continue;
      if (seen.size >= mostStates) return undefined;
      seen.set(next.key, { state: next, after: new Set() });
      queue.push(next);
    }
  }
  return { mostWays, looksAheadBoundedly: !hasLoopAfterMatch(automaton, seen) };
}

/** Whether states that have not matched, but come after one that has, form a loop. */
function hasLoopAfterMatch(
  automaton: Automaton,
  states: ReadonlyMap<string, { readonly state: State; readonly after: ReadonlySet<string> }>,
): boolean {
  const done = new Set<string>();
  const open = new Set<string>();
  const visit = (key: string): boolean => {
    if (open.has(key)) return true;
    if (done.has(key)) return false;
    open.add(key);
    for (const next of states.get(key)?.after ?? []) {
      if (states.get(next)?.state.accepts === false && visit(next)) return true;
    }
    open.delete(key);
    done.add(key);
    return false;
  };
  // A pattern that matches nothing has matched before its first character.
  const roots = [...states].filter(([, { state }]) => automaton.acceptsEmpty || state.accepts);
  return roots.some(([, { after }]) =>
    [...after].some((next) => states.get(next)?.state.accepts === false && visit(next)),
  );
}

/**
 * Whether the attempts that begin at every place, but for those that have matched (the search ends with them), have but
 * so many ways open together.
 */
function restartsAreBounded(automaton: Automaton, letters: readonly number[], budget: { steps: number }): boolean {
  const seen = new Set([""]);
  const queue: (readonly State[])[] = [[]];
  for (let attempts = queue.pop(); attempts !== undefined; attempts = queue.pop()) {
    for (const letter of letters) {
      if (budget.steps-- <= 0) return false;
      const next = [...attempts, undefined]
        .map((attempt) => advance(automaton, attempt, letter))
        .filter((state) => state.total > 0 && !state.accepts);
      if (next.reduce((sum, state) => sum + state.total, 0) > wayLimit) return false;
      const key = next
        .map((state) => state.key)
        .sort()
        .join(" ");
      if (seen.has(key)) continue;
      if (seen.size >= mostStates) return false;
      seen.add(key);
      queue.push(next);
    }
  }
  return true;
}
