import type { Clock, ClusterConfig } from "@portcullis/kube";
import type { DenialForm } from "@portcullis/policy";
import type { Log } from "./log/log.ts";
import type { Reporter } from "./status/reports.ts";
import type { ExemptNamespaces } from "./webhook/admit-label.ts";

/** Everything the server must be told; nothing is read from the process it runs in. */
export interface ControllerConfig {
  readonly cluster: ClusterConfig;
  readonly log: Log;
  readonly clock: Clock;
  /** Who reports in the pod-status objects; its namespace is Gatekeeper's own. */
  readonly reporter: Reporter;
  readonly denialForm: DenialForm;
  readonly exemptNamespaces: ExemptNamespaces;
  /** How long what was admitted may be in force before it must have been written; some seconds where absent. */
  readonly provisionalMilliseconds?: number;
  readonly webhook: {
    readonly host: string;
    /** 0 for any. */
    readonly port: number;
    readonly failurePolicy: "Fail" | "Ignore";
    readonly timeoutSeconds: number;
  };
}
