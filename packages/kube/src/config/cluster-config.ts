/** Where a cluster is and how to show who one is; all material read, nothing left as a path. */
export interface ClusterConfig {
  /** URL of the API server. */
  readonly server: string;
  /** PEM; the system's authorities where absent. */
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** The value of the header Authorization, asked for anew with every request since tokens change. */
  readonly authorization?: () => Promise<string | undefined>;
  /** The context's namespace. */
  readonly namespace: string;
}
