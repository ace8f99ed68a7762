/**
 * A fault in a driver is a defect of ours, met by one policy's text. It stays with that policy: its template is refused,
 * or its constraints count as violated, while all others go on.
 */
import { failure, type Outcome, type Problem } from "../problem.ts";
import type { ConstraintTemplate } from "../template/template.ts";
import type { Answer, CompiledTemplate, Driver, TemplateSession } from "./driver.ts";

/** What `driver.check` finds, a fault of the driver's own included. */
export function checkContained(driver: Driver, template: ConstraintTemplate): Problem | undefined {
  try {
    return driver.check(template);
  } catch (fault) {
    return faultOf(fault).problem;
  }
}

/** What `driver.compile` makes, or the problem that a fault of the driver's own is. */
export async function compileContained(
  driver: Driver,
  template: ConstraintTemplate,
): Promise<Outcome<CompiledTemplate>> {
  try {
    return await driver.compile(template);
  } catch (fault) {
    return faultOf(fault);
  }
}

/** A session, which answers with the driver's fault where there is none to be had. */
export function reviewContained(
  compiled: CompiledTemplate,
  ...of: Parameters<CompiledTemplate["review"]>
): TemplateSession {
  try {
    return compiled.review(...of);
  } catch (fault) {
    const answer = answerOf(fault);
    return { evaluate: () => answer };
  }
}

/** What a session answers; a fault of the driver's own is the policy's error, which nothing passes. */
export function evaluateContained(
  session: TemplateSession,
  parameters: Parameters<TemplateSession["evaluate"]>[0],
): Answer {
  try {
    return session.evaluate(parameters);
  } catch (fault) {
    return answerOf(fault);
  }
}

function answerOf(fault: unknown): Answer {
  return { kind: "error", message: `internal error: ${textOf(fault)}` };
}

function faultOf(fault: unknown): { readonly ok: false; readonly problem: Problem } {
  return failure("code", `unable to compile modules: internal error: ${textOf(fault)}`, {
    help: "this is a defect of portcullis, not of the template; please report it with the template's text",
  });
}

function textOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
