/** Where a cluster is and how to show who one is; all material read, or asked for by a function where it may change. */
export interface ClusterConfig {
  /** URL of the API server. */
  readonly server: string;
  /** PEM; the system's authorities where absent. */
  readonly certificateAuthority?: string;
  /** Whom to trust now, asked for with every request, where that may change; `certificateAuthority` is how it began. */
  readonly authorityNow?: () => Promise<string>;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** The value of the header Authorization, asked for anew with every request since tokens change. */
  readonly authorization?: () => Promise<string | undefined>;
  /** The context's namespace. */
  readonly namespace: string;
}
