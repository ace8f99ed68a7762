import { nameOf, type JsonObject } from "@portcullis/objects";
import { allowedBecause, errored, type AdmissionRequest, type Verdict } from "@portcullis/policy";
import type { AdmissionObserver, AdmissionStatus } from "./observer.ts";
import type { PolicyProblem, Reviewed } from "../policies.ts";

/** What the validating webhook needs to answer. */
export interface AdmitOptions {
  /** Waits until the template of a constraint's kind is in force, which is a moment after it was written. */
  readonly waitForTemplate: (kind: string, deadline: number) => Promise<void>;
  readonly checkOwnResource: (request: AdmissionRequest) => Promise<PolicyProblem | undefined>;
  /** What the author of an own object should know of it, though it is admitted. */
  readonly warningsOf: (object: JsonObject) => readonly string[];
  /** Users whose writes are not reviewed: the server itself, and a Gatekeeper beside it. */
  readonly ownUsers: ReadonlySet<string>;
  /** Whether every policy that was there at the start is in force. */
  readonly isReady: () => boolean;
  /** The namespace as the cluster has it; undefined where there is none of the name. */
  readonly findNamespace: (name: string, deadline: number) => Promise<JsonObject | undefined>;
  /** The same from memory alone: undefined also where it was never asked for. */
  readonly knownNamespace: (name: string) => JsonObject | undefined;
  /** Whether the webhook leaves a namespace alone. The name is empty for what is in none. */
  readonly isExcluded: (namespace: string) => boolean;
  /** A promise only where policies ask for something outside of the cluster. */
  readonly review: (
    request: AdmissionRequest,
    namespace: JsonObject | undefined,
    deadline: number,
  ) => Reviewed | Promise<Reviewed>;
  /** Makes what must be there before the author's command returns. Only for what is really created. */
  readonly takeEffect: (object: JsonObject, deadline: number) => Promise<void>;
  /** Sees to it that the API server asks about what a constraint matches, before it counts in the place of an older one. */
  readonly widen: (constraint: JsonObject, old: JsonObject | undefined) => Promise<void>;
  readonly observer: AdmissionObserver;
  /** Seconds, for durations only. */
  readonly seconds: () => number;
}

/**
 * Answers `/v1/admit`, in Gatekeeper's order. A promise is made only where something has to be waited for, which is
 * seldom.
 */
export function admit(request: AdmissionRequest, deadline: number, options: AdmitOptions): Verdict | Promise<Verdict> {
  if (options.ownUsers.has(request.username)) {
    return allowedBecause("Gatekeeper does not self-manage");
  }
  if (!options.isReady()) {
    // The kinds of constraints are made before we are ready; everything else waits for the policies.
    if (isConstraintCrd(request)) return allowedBecause("the kind of a constraint");
    return errored(
      500,
      "Portcullis is starting: not every policy is in force yet, so nothing is let through; try again",
    );
  }
  if (request.kind.group.endsWith("gatekeeper.sh")) return admitOwn(request, deadline, options);
  return admitChecked(request, deadline, options);
}

/** Checks what may be one of Gatekeeper's own objects, and goes on. */
async function admitOwn(request: AdmissionRequest, deadline: number, options: AdmitOptions): Promise<Verdict> {
  if (request.kind.group === "constraints.gatekeeper.sh" && request.operation !== "DELETE") {
    await options.waitForTemplate(request.kind.kind, deadline);
  }
  const refusal = await options.checkOwnResource(request);
  if (refusal !== undefined) return { ...errored(refusal.code, refusal.message), warnings: refusal.advice ?? [] };
  const verdict = await admitChecked(request, deadline, options);
  const isWritten = verdict.allowed && request.dryRun !== true && request.operation !== "DELETE";
  if (isWritten && request.kind.group === "constraints.gatekeeper.sh" && request.object !== undefined) {
    await options.widen(request.object, request.oldObject);
  }
  if (verdict.allowed && request.operation === "CREATE" && request.dryRun !== true && request.object !== undefined) {
    await options.takeEffect(request.object, deadline);
  }
  if (!verdict.allowed || request.object === undefined) return verdict;
  const warnings = options.warningsOf(request.object);
  return warnings.length === 0 ? verdict : { ...verdict, warnings: [...verdict.warnings, ...warnings] };
}

function admitChecked(request: AdmissionRequest, deadline: number, options: AdmitOptions): Verdict | Promise<Verdict> {
  const from = options.seconds();
  const isNamespace = request.kind.group === "" && request.kind.kind === "Namespace";
  // The request of a Namespace whose name is being generated has none.
  if (options.isExcluded(isNamespace ? nameOf(request.object ?? request.oldObject) : request.namespace)) {
    return answer(request, from, allowedBecause("Namespace is set to be ignored by Gatekeeper config"), options);
  }
  if (isNamespace || request.namespace === "") return reviewIn(request, undefined, from, deadline, options);
  const known = options.knownNamespace(request.namespace);
  if (known !== undefined) return reviewIn(request, known, from, deadline, options);
  return askNamespace(request, from, deadline, options);
}

/** Asks the cluster for a namespace that no watch has shown yet: it may be a moment old. */
async function askNamespace(
  request: AdmissionRequest,
  from: number,
  deadline: number,
  options: AdmitOptions,
): Promise<Verdict> {
  let why: string;
  try {
    const found = await options.findNamespace(request.namespace, deadline);
    if (found !== undefined) return reviewIn(request, found, from, deadline, options);
    // The API server's own words, which Gatekeeper hands on.
    why = `namespaces "${request.namespace}" not found`;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  return answer(request, from, errored(500, `failed to create augmentedReview: ${why}`), options);
}

function reviewIn(
  request: AdmissionRequest,
  namespace: JsonObject | undefined,
  from: number,
  deadline: number,
  options: AdmitOptions,
): Verdict | Promise<Verdict> {
  const reviewed = options.review(request, namespace, deadline);
  if (reviewed instanceof Promise) return reviewed.then((later) => conclude(request, from, later, options));
  return conclude(request, from, reviewed, options);
}

function conclude(
  request: AdmissionRequest,
  from: number,
  { verdict, decisions }: Reviewed,
  options: AdmitOptions,
): Verdict {
  if (decisions.length > 0) options.observer.violated(request, decisions);
  return answer(request, from, verdict, options);
}

function answer(request: AdmissionRequest, from: number, verdict: Verdict, options: AdmitOptions): Verdict {
  options.observer.answered(statusOf(verdict), request.dryRun === true, options.seconds() - from);
  return verdict;
}

function statusOf({ allowed, code }: Verdict): AdmissionStatus {
  if (allowed) return "allow";
  return code === 403 ? "deny" : "error";
}

function isConstraintCrd(request: AdmissionRequest): boolean {
  return (
    request.kind.group === "apiextensions.k8s.io" &&
    request.kind.kind === "CustomResourceDefinition" &&
    request.name.endsWith(".constraints.gatekeeper.sh")
  );
}
