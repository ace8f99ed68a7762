/**
 * The seam between policies and the language that they are written in.
 *
 * A driver compiles a template's code; the compiled template opens a session for each review, and the session is asked
 * once for each constraint that matched. Nothing here does I/O: what an evaluation lacks it hands back as needs.
 */
import type { JsonObject, JsonValue } from "@portcullis/objects";
import type { Value } from "@portcullis/rego";
import type { Outcome, Problem } from "../problem.ts";
import type { ConstraintTemplate } from "../template/template.ts";
import type { WrittenJson } from "./written-json.ts";

/** What an evaluation may use beside the review. */
export interface EvaluationContext {
  /** Nanoseconds since 1970. */
  readonly now: bigint;
  /** Facts from outside, by the key of their need. */
  readonly facts?: ReadonlyMap<string, Value> | undefined;
  /** Where `print` goes. */
  readonly print?: ((line: string) => void) | undefined;
  /** Steps that one evaluation may take. */
  readonly budget?: number | undefined;
  /** Whether all numbers of the review, its namespace aside, are small and plain; looked for where absent. */
  readonly hasPlainNumbers?: boolean | undefined;
  /** By when an evaluation must have ended, whatever steps it has left. */
  readonly deadline?: Deadline | undefined;
}

/** A moment, and the clock that tells whether it has come; milliseconds. */
export interface Deadline {
  readonly at: number;
  readonly now: () => number;
}

/** Something to be known from outside before the evaluation can end. */
export interface Need {
  readonly key: string;
  readonly need: Value;
}

/** What a policy says of one review under one constraint's parameters. */
export type Answer =
  | { readonly kind: "violations"; readonly violations: readonly Violation[] }
  /** The policy failed while it ran: its constraints are violated, with this text. */
  | { readonly kind: "error"; readonly message: string }
  /** The policy answered something that is no violation: the whole review fails, with this text. */
  | { readonly kind: "fault"; readonly message: string }
  | { readonly kind: "needs"; readonly needs: readonly Need[] };

/** One thing that a policy finds wrong. */
export interface Violation {
  readonly message: string;
  /** What the policy says beside the message; an empty object where it says nothing. */
  readonly details: JsonValue;
  /** The same with its numbers as the policy's language writes them; absent where the driver was not asked for it. */
  readonly writtenDetails?: WrittenJson | undefined;
}

/** One review under one template. */
export interface TemplateSession {
  /** Asks the policy, with the parameters of one constraint. */
  evaluate(parameters: JsonValue): Answer;
}

/** What a policy reads of the inventory, as far as its text tells: an absent field may be anything. */
export interface InventoryRead {
  /** `v1`, `apps/v1`. */
  readonly groupVersion?: string;
  readonly kind?: string;
}

/** A template's code made ready. */
export interface CompiledTemplate {
  /** The objects that the policy asks the inventory for; absent where it asks for none. */
  readonly inventory?: readonly InventoryRead[];
  /** Begins a review: `input.review` is the document. */
  review(document: JsonObject, context: EvaluationContext): TemplateSession;
}

/** A language that templates may be written in. */
export interface Driver {
  /** The name that templates give in `code[].engine`. */
  readonly engine: string;
  /** What is wrong with a template's code; nothing of it is run or linked. */
  check(template: ConstraintTemplate): Problem | undefined;
  /** Makes a template's code ready. */
  compile(template: ConstraintTemplate): Promise<Outcome<CompiledTemplate>>;
  /** Puts an object into the data that referential policies read, below `data.inventory`. */
  putData(path: readonly string[], object: JsonObject): void;
  /** Takes it away again. */
  removeData(path: readonly string[]): void;
  /** Takes all of it away. */
  clearData(): void;
}

/** The code of a template for one engine, or undefined. */
export function codeFor(template: ConstraintTemplate, engine: string): JsonValue | undefined {
  return template.targets[0]?.code.find((code) => code.engine === engine)?.source;
}
