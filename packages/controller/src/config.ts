import type { Clock, ClusterConfig } from "@portcullis/kube";
import type { DenialForm } from "@portcullis/policy";
import type { Host } from "@portcullis/rego/host";
import type { GapObserver } from "./gaps/gap.ts";
import type { Log } from "./log/log.ts";
import type { Reporter } from "./status/reports.ts";
import type { SyncObserver } from "./sync/observer.ts";
import type { ExemptNamespaces } from "./webhook/admit-label.ts";
import type { AdmissionObserver } from "./webhook/observer.ts";
import type { ServerObserver } from "./webhook/server-observer.ts";

/** Everything the server must be told; nothing is read from the process it runs in. */
export interface ControllerConfig {
  readonly cluster: ClusterConfig;
  readonly log: Log;
  readonly clock: Clock;
  /** Who reports in the pod-status objects; its namespace is Gatekeeper's own. */
  readonly reporter: Reporter;
  readonly denialForm: DenialForm;
  /** The account in the reporter's namespace that the server runs as; Gatekeeper's where absent. */
  readonly serviceAccount?: string;
  readonly exemptNamespaces: ExemptNamespaces;
  /** How long what was admitted may be in force before it must have been written; some seconds where absent. */
  readonly provisionalMilliseconds?: number;
  /** Who wants to know what happens. */
  readonly observers?: {
    readonly admission?: AdmissionObserver;
    readonly server?: ServerObserver;
    readonly sync?: SyncObserver;
    readonly gaps?: GapObserver;
  };
  /** Whether the namespace and the CRDs are made where they are missing; true when absent. */
  readonly installs?: boolean;
  /** Where the server's certificate comes from; made anew for this process where absent. */
  readonly certificates?: CertificateSource;
  /** Builtins that templates may not use. */
  readonly disabledBuiltins?: readonly string[];
  /** Whether templates may read the inventory; true when absent. */
  readonly referentialRules?: boolean;
  /** Whether constraints with any enforcement action are admitted, to be refused in their status. */
  readonly anyEnforcementAction?: boolean;
  /** Who answers what policies ask of the outside (`http.send`, names); Node's network where absent. */
  readonly host?: Host;
  readonly webhook: {
    readonly host: string;
    /** 0 for any. */
    readonly port: number;
    readonly failurePolicy: "Fail" | "Ignore";
    readonly timeoutSeconds: number;
    /** How the API server comes to ask; the configuration is installed where absent. */
    readonly registration?: Registration;
    /** Requests that may be in work at once; more are answered with 429. */
    readonly maxServing?: number;
    /** Who may call: holders of a certificate of this authority (PEM) with this common name. Anybody where absent. */
    readonly callers?: { readonly authority: string; readonly commonName: string };
    readonly minTlsVersion?: "TLSv1.2" | "TLSv1.3";
  };
}

/** Where the server's certificate comes from. */
export type CertificateSource =
  /** Made for this process, and gone with it. For a server that alone is called, by its address. */
  | { readonly kind: "memory" }
  /** Made once and kept in a Secret that all replicas read; renewed in time. */
  | {
      readonly kind: "secret";
      readonly secret: string;
      readonly service: string;
      /** Names and addresses beside the Service's. */
      readonly names?: readonly string[];
    }
  /** Somebody else's: `tls.crt` and `tls.key` in a folder, never written, read anew when they change. */
  | { readonly kind: "files"; readonly directory: string };

/** How the API server comes to ask. */
export type Registration =
  /** We write the configuration, with the server's own address. */
  | { readonly kind: "install" }
  /** Others (the chart) write it; we keep the certificate authorities in it, where the certificates are ours. */
  | {
      readonly kind: "adopt";
      readonly validating: readonly string[];
      readonly mutating: readonly string[];
      /** Whether the webhook is narrowed to the kinds that some constraint matches. */
      readonly narrow?: boolean;
      /** How long nothing must have changed before it is narrowed; half a minute where absent. */
      readonly quietMilliseconds?: number;
      /** How long a constraint may take from its admission until every list shows it; two minutes where absent. */
      readonly holdMilliseconds?: number;
    };
