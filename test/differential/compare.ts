import { agree, type Answer, ourAnswer, type Question } from "./answer.ts";
import { program } from "./generate.ts";
import type { OpaServer } from "./opa-server.ts";

/** A program that both sides answer differently, as small as it could be made. */
export interface Difference {
  readonly seed: number;
  readonly strict: boolean;
  readonly path: readonly string[];
  readonly text: string;
  readonly theirs: Answer;
  readonly ours: Answer;
}

/** What became of some programs. */
export interface Tally {
  /** How many programs opa answered in which way. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly differences: readonly Difference[];
}

/** Asks both sides for the programs of these seeds; every fourth is asked in strict mode. */
export async function compareAll(
  opa: OpaServer,
  seeds: { readonly from: number; readonly count: number },
  told: (difference: Difference) => void,
): Promise<Tally> {
  const kinds = new Map<string, number>();
  const differences: Difference[] = [];
  for (let seed = seeds.from; seed < seeds.from + seeds.count; seed += 1) {
    const strict = seed % 4 === 0;
    const { text, path } = program(seed);
    const question = { path, strict };
    const pair = await ask(opa, text, question);
    kinds.set(pair?.theirs.kind ?? "no answer", (kinds.get(pair?.theirs.kind ?? "no answer") ?? 0) + 1);
    if (pair === undefined || agree(pair.theirs, pair.ours)) continue;
    const small = await shrink(opa, text, question, pair);
    const difference = { seed, ...question, ...small };
    differences.push(difference);
    told(difference);
  }
  return { kinds, differences };
}

interface Pair {
  readonly theirs: Answer;
  readonly ours: Answer;
}

/** Both answers, or undefined where opa has none: it ends over some programs ("operand that requires evaluation"). */
async function ask(opa: OpaServer, text: string, question: Question): Promise<Pair | undefined> {
  const theirs = await opa.ask(text, question);
  if (theirs === undefined || theirs.text.startsWith("eval_internal_error")) return undefined;
  return { theirs, ours: await ourAnswer(text, question) };
}

/** Leaves out lines as long as the answers differ in the same way. */
async function shrink(opa: OpaServer, text: string, question: Question, first: Pair): Promise<Pair & { text: string }> {
  let lines = text.split("\n");
  let pair = first;
  for (let size = Math.max(1, lines.length >> 1); ; size = Math.max(1, size >> 1)) {
    let isSmaller = false;
    for (let at = 1; at + size <= lines.length;) {
      const fewer = [...lines.slice(0, at), ...lines.slice(at + size)];
      const found = await ask(opa, fewer.join("\n"), question);
      const isSame =
        found !== undefined &&
        found.theirs.kind === first.theirs.kind &&
        found.ours.kind === first.ours.kind &&
        !agree(found.theirs, found.ours);
      if (isSame) {
        [lines, pair, isSmaller] = [fewer, found, true];
      } else at += 1;
    }
    if (size === 1 && !isSmaller) return { text: lines.join("\n"), ...pair };
  }
}
