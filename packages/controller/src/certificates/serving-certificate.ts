import type { Unfollowed } from "../gaps/stale-policies.ts";

/** What the server presents, and whom its callers must trust for it. */
export interface ServingCertificate {
  /** PEM, the leaf first. */
  readonly certificate: string;
  readonly privateKey: string;
  /** PEM of the authorities that the API server is to be told; absent where somebody else tells it. */
  readonly trust?: string;
}

/** A source of certificates over the life of a server. */
export interface Certificates {
  /** Begins to read, make and renew; whatever is new is handed on as it comes. */
  start(): void;
  /** Resolves when there is a first one. */
  ready(): Promise<void>;
  readonly current: ServingCertificate | undefined;
  /** What it follows in the cluster and cannot just now, where it follows anything. */
  unfollowed?(): readonly Unfollowed[];
  stop(): Promise<void>;
}

/** Told of every certificate, the first included. */
export type CertificateListener = (certificate: ServingCertificate) => void;
