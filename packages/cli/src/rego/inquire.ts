/** One evaluation of a question on the command line, with what it needs from outside. */
import { NodeHost } from "@portcullis/host";
import type { Evaluation, Value } from "@portcullis/rego";
import { describeNeed, replayed, resolveNeeds, type KeyedNeed } from "@portcullis/rego/host";
import type { Answer, Question } from "@portcullis/rego/tools";
import type { Terminal } from "../terminal.ts";
import type { Listening } from "./insight.ts";
import { evaluationProblem, plainProblem, type Problem } from "./report.ts";

/** What came of an evaluation. */
export type Inquired = { readonly answers: readonly Answer[] } | { readonly problem: Problem };

/** Steps between two looks at the clock. */
const slice = 1_000_000;

/** Asks questions of one evaluation: chance falls alike in each of them. */
export class Inquiry {
  readonly #evaluation: Evaluation;
  readonly #terminal: Terminal;
  readonly #timeout: number | undefined;
  readonly #chance: ReturnType<typeof replayed>;

  /** The time is in milliseconds; without one an evaluation has its steps. */
  constructor(evaluation: Evaluation, timeout: number | undefined, terminal: Terminal) {
    this.#evaluation = evaluation;
    this.#terminal = terminal;
    this.#timeout = timeout;
    this.#chance = replayed(evaluation.random);
  }

  /** The answers, and what was printed on the way. */
  async ask(
    question: Question,
    { forget, note }: Listening,
  ): Promise<{ readonly inquired: Inquired; readonly printed: readonly string[] }> {
    const printed: string[] = [];
    const limits = limitsOf(this.#timeout);
    const answered = (facts: ReadonlyMap<string, Value>): ReturnType<Question["answers"]> => {
      // What was told on the way to a need is told again.
      forget();
      printed.length = 0;
      const print = (line: string): void => {
        printed.push(line);
      };
      return question.answers({ ...this.#evaluation, ...limits, random: this.#chance(), facts, print, note });
    };
    const answer = await resolveNeeds<ReturnType<Question["answers"]>>(
      answered(new Map()),
      answered,
      new NodeHost({ environment: this.#terminal.environment }),
      { signal: this.#terminal.interrupted },
    );
    return { inquired: inquiredOf(answer), printed };
  }
}

/** The limits of an evaluation that has time in place of steps. */
export function limitsOf(timeout: number | undefined): Pick<Evaluation, "budget" | "furtherSteps"> {
  if (timeout === undefined) return {};
  const end = performance.now() + timeout;
  return { budget: slice, furtherSteps: () => (performance.now() < end ? slice : 0) };
}

function inquiredOf(answer: ReturnType<Question["answers"]>): Inquired {
  switch (answer.kind) {
    case "answers":
      return { answers: answer.answers };
    case "error":
      return { problem: evaluationProblem(answer) };
    case "needs":
      return { problem: plainProblem(outsideNeeded(answer.needs)) };
  }
}

function outsideNeeded(needs: readonly KeyedNeed[]): string {
  return `the policy needs an answer from outside, and none came: ${needs.map(describeNeed).join(", ")}`;
}
