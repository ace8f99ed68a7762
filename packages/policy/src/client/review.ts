/** One review under the constraints in force. */
import type { JsonValue } from "@portcullis/objects";
import type { EnforcementPoint } from "../constraint/enforcement.ts";
import { evaluateContained, reviewContained } from "../driver/contain.ts";
import type { Answer, Deadline, EvaluationContext, Need, TemplateSession } from "../driver/driver.ts";
import type { Match, Matched } from "../match/match.ts";
import type { NamespaceFacts } from "../match/subject.ts";
import { compareResults, type Result } from "../review/result.ts";
import type { Review } from "../review/review.ts";
import { targetName } from "../template/template.ts";
import type { Candidates, CandidateIndex } from "./candidates.ts";
import type { ConstraintEntry, TemplateEntry } from "./entries.ts";

/** How a review is done. */
export interface ReviewOptions extends EvaluationContext {
  /** Where the review takes place: constraints that are not enforced there are not asked. */
  readonly enforcementPoint: EnforcementPoint;
  /**
   * By when the review must end. Who is not asked until then, or has not ended, counts as violated, so that no slowness
   * lets through.
   */
  readonly deadline?: Deadline | undefined;
}

/** What a review came to. */
export type ReviewOutcome =
  | { readonly kind: "results"; readonly results: readonly Result[] }
  /** Fetch these, and review again with them as facts. */
  | { readonly kind: "needs"; readonly needs: readonly Need[] }
  /** No policy's error, but a failure of the review as a whole. */
  | { readonly kind: "error"; readonly message: string };

interface Running {
  readonly review: Review;
  readonly namespace: NamespaceFacts | undefined;
  readonly options: ReviewOptions;
  readonly results: Result[];
  readonly needs: Map<string, Need>;
  /** Absent where there is no deadline. */
  readonly pace: Pace | undefined;
  /** Whether the index has left only those constraints that match the kind. */
  readonly isOfKind: boolean;
}

const noActions: readonly string[] = [];

/** Reviews under an index of constraints. */
export function runReview(
  index: CandidateIndex,
  namespaces: ReadonlyMap<string, NamespaceFacts>,
  review: Review,
  options: ReviewOptions,
): ReviewOutcome {
  const namespace =
    review.namespace ?? (review.namespaceName === "" ? undefined : namespaces.get(review.namespaceName));
  const isOfKind = isOfOneKind(review);
  const pace = options.deadline === undefined ? undefined : new Pace(options.deadline);
  const running: Running = { review, namespace, options, results: [], needs: new Map(), pace, isOfKind };
  const ofWebhook = options.enforcementPoint === "validation.gatekeeper.sh";
  for (const candidates of candidatesFor(index, review, isOfKind)) {
    if (ofWebhook && !coversOperation(candidates.template, review.operation)) continue;
    const late = pace?.lateness();
    if (late !== undefined) {
      failTemplate(running, running.results.length, candidates.constraints, late);
      continue;
    }
    pace?.begin();
    const fault = reviewTemplate(running, candidates);
    pace?.asked(candidates.template.template.kind);
    if (fault !== undefined) {
      return { kind: "error", message: `${targetName}: ${candidates.template.engine}: ${fault}\n\n` };
    }
  }
  if (running.needs.size > 0) return { kind: "needs", needs: [...running.needs.values()] };
  if (running.results.length > 1) running.results.sort(compareResults);
  return { kind: "results", results: running.results };
}

/** Of the time that is left when a policy is asked it gets this much: the others are asked too, however slow it is. */
const shareOfOne = 3 / 4;

/** Keeps an eye on the deadline, and on who took the time. */
class Pace {
  readonly #deadline: Deadline;
  /** By when the policy that is being asked must have ended. */
  readonly share: { at: number; readonly now: () => number };
  readonly #began: number;
  #last: number;
  #slowest = "";
  #most = -1;

  constructor(deadline: Deadline) {
    this.#deadline = deadline;
    this.#began = deadline.now();
    this.#last = this.#began;
    this.share = { at: deadline.at, now: deadline.now };
  }

  /** The next template is asked from now on. */
  begin(): void {
    this.share.at = this.#last + (this.#deadline.at - this.#last) * shareOfOne;
  }

  /** Why the template that is being asked is asked no further, if its time is over. */
  overdue(kind: string): string | undefined {
    const now = this.#deadline.now();
    if (now < this.share.at) return undefined;
    return `not evaluated to the end: ${kind} took ${now - this.#last} ms, which is its share of the time for this request`;
  }

  /** A template of this kind was asked since the last call. */
  asked(kind: string): void {
    const now = this.#deadline.now();
    const took = now - this.#last;
    this.#last = now;
    if (took <= this.#most) return;
    this.#most = took;
    this.#slowest = kind;
  }

  /** Why nobody can be asked any more, if the time is over. */
  lateness(): string | undefined {
    if (this.#last < this.#deadline.at) return undefined;
    const whole = "not evaluated: the time for this request was over";
    if (this.#slowest === "") return `${whole} before any policy was asked`;
    return `${whole} after ${this.#last - this.#began} ms, of which ${this.#slowest} took ${this.#most} ms`;
  }
}

/** Whether one kind is all that is looked at. What cannot be looked at concerns every constraint that would look. */
function isOfOneKind({ subjects: [first, second], unreadable }: Review): boolean {
  if (unreadable !== undefined || first === undefined) return false;
  return second === undefined || (second.kind === first.kind && second.group === first.group);
}

function candidatesFor(index: CandidateIndex, { subjects: [first] }: Review, isOfKind: boolean): readonly Candidates[] {
  return isOfKind && first !== undefined ? index.of(first.group, first.kind) : index.all;
}

/** Templates may restrict themselves to operations; only the webhook knows any. */
function coversOperation({ template }: TemplateEntry, operation: string): boolean {
  const operations = template.targets[0]?.operations;
  if (operations === undefined || operations.length === 0) return true;
  return operations.includes(operation) || operations.includes("*");
}

/** Adds the results of one template's constraints; answers the fault that ends the review, if there is one. */
function reviewTemplate(running: Running, { template, constraints, shareParameters }: Candidates): string | undefined {
  const { review, options, results } = running;
  // What is printed is printed for each constraint.
  const answers = shareParameters && options.print === undefined ? new Map<JsonValue, Answer>() : undefined;
  let session: TemplateSession | undefined;
  const before = results.length;
  for (const constraint of constraints) {
    const { enforcement, match } = constraint;
    const actions = enforcement.actionsAt(options.enforcementPoint);
    if (actions === undefined) continue;
    const matched = match === undefined ? true : matchReview(match, running);
    if (matched === false) continue;
    if (typeof matched === "string") {
      results.push(resultOf(constraint, options, `unable to match constraints: ${matched}`));
      continue;
    }
    let answer = answers?.get(constraint.parameters);
    if (answer === undefined) {
      // An answer that is there counts, however late it came.
      const overdue = session === undefined ? undefined : running.pace?.overdue(template.template.kind);
      if (overdue !== undefined) return failTemplate(running, before, constraints, overdue);
      session ??= reviewContained(template.compiled, review.document, contextOf(running));
      answer = evaluateContained(session, constraint.parameters);
      answers?.set(constraint.parameters, answer);
    }
    if (answer.kind === "error") return failTemplate(running, before, constraints, answer.message);
    const fault = addAnswer(running, constraint, answer);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** What a policy is told; it has a share of the time. */
function contextOf({ options, pace }: Running): EvaluationContext {
  const { now, facts, print, budget, hasPlainNumbers } = options;
  return { now, facts, print, budget, hasPlainNumbers, deadline: pace?.share };
}

function addAnswer(
  running: Running,
  constraint: ConstraintEntry,
  answer: Exclude<Answer, { kind: "error" }>,
): string | undefined {
  switch (answer.kind) {
    case "violations":
      for (const { message, details, writtenDetails } of answer.violations) {
        const result = resultOf(constraint, running.options, message, details);
        running.results.push(writtenDetails === undefined ? result : { ...result, writtenDetails });
      }
      return undefined;
    case "needs":
      for (const need of answer.needs) running.needs.set(need.key, need);
      return undefined;
    case "fault":
      return answer.message;
  }
}

/**
 * A policy that fails under one constraint fails for all of its kind, as in Gatekeeper, where one evaluation serves
 * them together: whatever they said is replaced by the error.
 */
function failTemplate(
  running: Running,
  before: number,
  constraints: readonly ConstraintEntry[],
  message: string,
): undefined {
  const { options, results } = running;
  results.length = before;
  for (const constraint of constraints) {
    if (constraint.enforcement.actionsAt(options.enforcementPoint) === undefined) continue;
    const matched = constraint.match === undefined ? true : matchReview(constraint.match, running);
    if (matched === false) continue;
    if (typeof matched === "string") {
      results.push(resultOf(constraint, options, `unable to match constraints: ${matched}`));
    } else results.push(resultOf(constraint, options, message, null));
  }
  return undefined;
}

/** Whether the object or the old object matches; the first that cannot be decided decides. */
function matchReview(match: Match, { review, namespace, isOfKind }: Running): Matched {
  if (review.unreadable !== undefined) return review.unreadable;
  const matches = isOfKind ? match.matchesBesideKind : match.matches;
  if (matches === undefined) return true;
  for (const subject of review.subjects) {
    const matched = matches(subject, namespace, review.source);
    if (matched === true) return true;
    if (typeof matched === "string") {
      return `error matching the requested object: ${subject.name} :failed to run Match criteria: ${matched}`;
    }
  }
  return false;
}

function resultOf(
  { constraint, enforcement }: ConstraintEntry,
  options: ReviewOptions,
  message: string,
  details?: JsonValue,
): Result {
  return {
    target: targetName,
    message,
    ...(details === undefined ? {} : { details }),
    constraint,
    enforcementAction: enforcement.action,
    scopedEnforcementActions: enforcement.actionsAt(options.enforcementPoint) ?? noActions,
  };
}
