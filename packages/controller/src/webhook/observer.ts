import type { Decision, AdmissionRequest } from "@portcullis/policy";

/** How `/v1/admit` answered, in the words of Gatekeeper's metrics. */
export type AdmissionStatus = "allow" | "deny" | "error";

/**
 * Who wants to know what the webhook does: metrics, the log of denials, events. Nothing here may throw or take long: it
 * is called before the answer is sent.
 */
export interface AdmissionObserver {
  /** An answer to a request that is neither our own account's nor refused as a bad object of Gatekeeper's. */
  answered(status: AdmissionStatus, isDryRun: boolean, seconds: number): void;
  /** The violations of a request whose action somebody knows; called only where there is one. */
  violated(request: AdmissionRequest, decisions: readonly Decision[]): void;
}

/** An observer that keeps nothing. */
export const silentAdmissionObserver: AdmissionObserver = { answered: () => {}, violated: () => {} };

/** All of them as one. */
export function observeAll(observers: readonly AdmissionObserver[]): AdmissionObserver {
  return {
    answered(status, isDryRun, seconds) {
      for (const each of observers) each.answered(status, isDryRun, seconds);
    },
    violated(request, decisions) {
      for (const each of observers) each.violated(request, decisions);
    },
  };
}
