import {
  groupVersionKindOf,
  isJsonObject,
  nameOf,
  own,
  ownPath,
  ownString,
  type JsonObject,
} from "@portcullis/objects";
import {
  checkEnforcementAction,
  checkOwnResource,
  Client,
  decide,
  describeMisspeltField,
  describeStrayField,
  errored,
  isConstraint,
  RegoDriver,
  reviewOfAdmission,
  targetName,
  verdictOf,
  whyNotExpandable,
  type AdmissionRequest,
  type Decision,
  type DenialForm,
  type InventoryRead,
  type Problem,
  type Refusal,
  type ReviewOptions,
  type ReviewOutcome,
} from "@portcullis/policy";
import { NodeHost } from "@portcullis/host";
import type { Clock } from "@portcullis/kube";
import { describeNeed, resolveNeeds, type Host } from "@portcullis/rego/host";
import type { Policies, PolicyProblem, Reviewed } from "./policies.ts";

/** How the policies decide. */
export interface EnginePoliciesOptions {
  readonly denialForm: DenialForm;
  readonly clock: Clock;
  /** Builtins that templates may not use. */
  readonly disabledBuiltins?: readonly string[];
  /** Whether templates may read the inventory; true when absent. */
  readonly referentialRules?: boolean;
  /** Whether constraints with any enforcement action are admitted, to be refused in their status. */
  readonly anyEnforcementAction?: boolean;
  /** Who answers what policies ask of the outside; Node's network when absent. */
  readonly host?: Host;
}

const noDecisions: readonly Decision[] = [];
const noWarnings: readonly string[] = [];
const noReads: readonly InventoryRead[] = [];

/** The policies in force, decided by the engine. */
export function enginePolicies(options: EnginePoliciesOptions): Policies {
  const { denialForm, clock, disabledBuiltins, referentialRules, anyEnforcementAction } = options;
  const client = new Client({
    drivers: [new RegoDriver({ disabledBuiltins, referentialRules })],
    strayFields: "ignored",
  });
  const host = options.host ?? new NodeHost();
  const nowOf = (): number => clock.now();
  const failed = (code: number, message: string): Reviewed => ({
    verdict: errored(code, message),
    decisions: noDecisions,
  });
  const concluded = ({ name }: AdmissionRequest, outcome: ReviewOutcome): Reviewed => {
    switch (outcome.kind) {
      case "results": {
        const decisions = decide(outcome.results);
        return { verdict: verdictOf(decisions, denialForm), decisions };
      }
      case "error":
        return failed(500, `error reviewing resource ${name}: ${outcome.message}`);
      case "needs": {
        const asked = outcome.needs.map(describeNeed).join(", ");
        return failed(500, `error reviewing resource ${name}: no answer came in time to ${asked}`);
      }
    }
  };
  const kindOf = (template: JsonObject): string =>
    ownString(ownPath(template, "spec", "crd", "spec", "names"), "kind") ?? "";
  return {
    async checkOwnResource(request) {
      await client.loadPatterns(request.object ?? null);
      const refusal = checkOwnResource(client, request, { anyEnforcementAction });
      return refusal === undefined ? undefined : refusalOf(refusal);
    },
    warningsOf(object) {
      if (!isConstraint(object)) return noWarnings;
      return [
        ...client.strayFieldsOf(object).map(describeStrayField),
        ...client.misspeltFieldsOf(object).map(describeMisspeltField),
      ];
    },
    constraintCrd(template) {
      const crd = client.constraintCrdOf(template);
      // Only templates that were checked come here.
      if (!crd.ok) throw new Error(crd.problem.message);
      return crd.value.object;
    },
    constraintKind: kindOf,
    async addTemplate(template) {
      const added = await client.addTemplate(template);
      if (added.ok) return undefined;
      const { problem } = added;
      const isCode = problem.kind === "code";
      return problemOf(problem, 422, isCode ? `Could not ingest Rego: ${problem.message}` : problem.message);
    },
    removeTemplate(template) {
      client.removeTemplate(nameOf(template));
    },
    hasTemplate: (kind) => client.templates.has(kind.toLowerCase()),
    addConstraint(constraint) {
      const action = actionProblem(constraint);
      if (action !== undefined)
        return problemOf(action, 500, `could not validate enforcement actions: ${action.message}`);
      const added = client.addConstraint(constraint);
      if (added.ok) return undefined;
      return problemOf(added.problem, 422, `could not cache constraint: ${added.problem.message}`);
    },
    removeConstraint(constraint) {
      client.removeConstraint(groupVersionKindOf(constraint).kind, nameOf(constraint));
    },
    inventoryOf: (name) => client.templates.get(name)?.compiled.inventory ?? noReads,
    putData(object) {
      const added = client.addData(object);
      if (!added.ok) throw new Error(added.problem.message);
    },
    removeData(object) {
      client.removeData(object);
    },
    review(request, namespace, deadline) {
      const unreadable = whyNotExpandable(request);
      if (unreadable !== undefined) return failed(500, unreadable);
      const review = reviewOfAdmission(request, { source: "Original", namespace });
      if (!review.ok) {
        const where = `target.HandleReview failed for target "${targetName}"`;
        const message = `${targetName}: ${where}: ${review.problem.message}\n`;
        return failed(500, `error reviewing resource ${request.name}: ${message}`);
      }
      const now = BigInt(clock.now()) * 1_000_000n;
      const answered = (facts: ReviewOptions["facts"]): ReviewOutcome =>
        client.review(review.value, {
          enforcementPoint: "validation.gatekeeper.sh",
          now,
          facts,
          hasPlainNumbers: request.hasPlainNumbers,
          ...(deadline === undefined ? {} : { deadline: { at: deadline, now: nowOf } }),
        });
      const first = answered(undefined);
      if (first.kind !== "needs") return concluded(request, first);
      const signal = deadline === undefined ? undefined : AbortSignal.timeout(Math.max(deadline - clock.now(), 0));
      return resolveNeeds(first, answered, host, { signal }).then((outcome) => concluded(request, outcome));
    },
  };
}

function actionProblem(constraint: JsonObject): Problem | undefined {
  const spec = own(constraint, "spec");
  const action = isJsonObject(spec) ? own(spec, "enforcementAction") : undefined;
  return checkEnforcementAction(typeof action === "string" ? action : "deny", constraint);
}

/**
 * A problem as whoever applies the object is told it: what, where and what to do. Gatekeeper does not look at code then,
 * so a message about it is ours as a whole; where the message is Gatekeeper's, what to do is said beside it.
 */
function refusalOf({ problem, code }: Refusal): PolicyProblem {
  const { location, help, message } = problem;
  const told = problemOf(problem, code, message);
  if (problem.kind !== "code")
    return help === undefined || told.message !== message ? told : { ...told, advice: [help] };
  const lines = [message];
  if (location !== undefined)
    lines.push(`at line ${location.row}, column ${location.column} of the Rego (${location.source})`);
  if (help !== undefined) lines.push(help);
  return { ...told, message: lines.join("\n") };
}

/** A problem as a status tells it, which has a field of its own for the place. */
function problemOf(problem: Problem, code: number, what: string): PolicyProblem {
  const { location, help } = problem;
  // What is not here yet has no text of Gatekeeper's.
  const isOurs = problem.kind === "unsupported";
  return {
    code,
    message: isOurs && help !== undefined ? `${what}\n${help}` : what,
    statusCode: problem.kind === "code" ? "ingest_error" : "create_error",
    ...(location === undefined ? {} : { location: `${location.source}:${location.row}:${location.column}` }),
  };
}
