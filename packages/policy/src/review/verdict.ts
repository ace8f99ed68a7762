/** What the API server is answered: the results of a review, made into an admission response. */
import { nameOf, type JsonObject, type JsonValue } from "@portcullis/objects";
import { checkEnforcementAction } from "../constraint/enforcement.ts";
import type { Result } from "./result.ts";

/**
 * How a denial is worded. `classic` is Gatekeeper's form up to 3.3, `[denied by NAME] text`, which stands in the status'
 * reason as well; `current` is today's, `[NAME] text` with the reason Forbidden.
 */
export type DenialForm = "classic" | "current";

/** An admission response without the identity of its request. */
export interface Verdict {
  readonly allowed: boolean;
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly warnings: readonly string[];
}

/** A result and the actions that it leads to at this place: what is logged, counted and turned into lines. */
export interface Decision {
  readonly result: Result;
  readonly actions: readonly string[];
}

/** The actions that results lead to; those whose action nobody knows lead to nothing and are left out. */
export function decide(results: readonly Result[]): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const result of results) {
    const { enforcementAction, scopedEnforcementActions, constraint } = result;
    const actions = (enforcementAction === "scoped" ? scopedEnforcementActions : [enforcementAction]).filter(
      (action) => checkEnforcementAction(action, constraint) === undefined,
    );
    if (actions.length > 0) decisions.push({ result, actions });
  }
  return decisions;
}

/** As many characters as all that is said to one request may have, but for what a single violation says. */
const mostText = 1024 * 1024;
const noWarnings: readonly string[] = [];
const allow: Verdict = Object.freeze({ allowed: true, code: 200, warnings: noWarnings });

/** The verdict on an admission request. */
export function verdictOf(decisions: readonly Decision[], form: DenialForm): Verdict {
  if (decisions.length === 0) return allow;
  const denials: string[] = [];
  const warnings: string[] = [];
  for (const { result, actions } of decisions) {
    const name = nameOf(result.constraint);
    for (const action of actions) {
      if (action === "deny") denials.push(`[${form === "classic" ? "denied by " : ""}${name}] ${result.message}`);
      if (action === "warn") warnings.push(`[${name}] ${result.message}`);
    }
  }
  if (denials.length === 0)
    return { allowed: true, code: warnings.length > 0 ? 299 : 200, warnings: bounded(warnings) };
  const message = bounded(denials).join("\n");
  return {
    allowed: false,
    code: 403,
    reason: form === "classic" ? message : "Forbidden",
    message,
    warnings: bounded(warnings),
  };
}

/** What is left of lines of which there are more than anybody reads: some constraint may be violated by each of many items. */
function bounded(lines: readonly string[]): readonly string[] {
  let length = 0;
  for (let at = 0; at < lines.length; at += 1) {
    length += lines[at]?.length ?? 0;
    if (length > mostText && at > 0) return [...lines.slice(0, at), `… and ${lines.length - at} more`];
  }
  return lines;
}

/** Allowed, with a word about why nothing was reviewed. */
export function allowedBecause(message: string): Verdict {
  return { allowed: true, code: 200, message, warnings: noWarnings };
}

/** Not allowed because something went wrong, or because the request cannot be reviewed. */
export function errored(code: number, message: string): Verdict {
  return { allowed: false, code, message, warnings: noWarnings };
}

/** The `response` of an AdmissionReview. */
export function admissionResponse(uid: string, verdict: Verdict): JsonObject {
  const { allowed, code, reason, message, warnings } = verdict;
  const status: { [key: string]: JsonValue } = { metadata: {} };
  if (message !== undefined && message !== "") status["message"] = message;
  if (reason !== undefined && reason !== "") status["reason"] = reason;
  status["code"] = code;
  return { uid, allowed, status, ...(warnings.length > 0 ? { warnings: [...warnings] } : {}) };
}
