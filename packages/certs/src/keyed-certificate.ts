/** A certificate and the private key it belongs to, both as PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}
