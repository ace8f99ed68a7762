import { makeKeyPair, type KeyAlgorithm } from "./key-pair.ts";
import type { KeyedCertificate } from "./keyed-certificate.ts";
import { signCertificate, type LeafUsage } from "./sign-certificate.ts";

/** What a leaf certificate is to be for. */
export interface LeafRequest {
  readonly commonName: string;
  readonly organization?: string;
  /** DNS names and IP addresses the holder is reached under; an address is recognised by its form. */
  readonly names: readonly string[];
  /** `["server"]` unless told. */
  readonly usages?: readonly LeafUsage[];
  readonly algorithm?: KeyAlgorithm;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A new key and its certificate, signed by the authority. */
export async function issueCertificate(authority: KeyedCertificate, request: LeafRequest): Promise<KeyedCertificate> {
  const keys = await makeKeyPair(request.algorithm ?? "ec-p256");
  const certificate = await signCertificate({
    subject: {
      commonName: request.commonName,
      ...(request.organization === undefined ? {} : { organization: request.organization }),
    },
    publicKey: keys.publicKey,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    role: { kind: "leaf", names: request.names, usages: request.usages ?? ["server"] },
    signer: { kind: "authority", authority },
  });
  return { certificate, privateKey: keys.privateKeyPem };
}
