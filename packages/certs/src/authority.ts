import { makeKeyPair, type KeyAlgorithm } from "./key-pair.ts";
import type { KeyedCertificate } from "./keyed-certificate.ts";
import { signCertificate } from "./sign-certificate.ts";

/** What a new certificate authority is to be. */
export interface AuthorityRequest {
  readonly commonName: string;
  readonly organization?: string;
  /** EC P-256 unless told: it is made in a millisecond, RSA takes a hundred. */
  readonly algorithm?: KeyAlgorithm;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A new self-signed authority that may sign leaf certificates and no further authorities. */
export async function createAuthority(request: AuthorityRequest): Promise<KeyedCertificate> {
  const keys = await makeKeyPair(request.algorithm ?? "ec-p256");
  const certificate = await signCertificate({
    subject: {
      commonName: request.commonName,
      ...(request.organization === undefined ? {} : { organization: request.organization }),
    },
    publicKey: keys.publicKey,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    role: { kind: "authority" },
    signer: { kind: "self", privateKey: keys.privateKey },
  });
  return { certificate, privateKey: keys.privateKeyPem };
}
