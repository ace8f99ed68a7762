/**
 * Certificates are assembled from the schema classes of `@peculiar/asn1-x509` and signed with `node:crypto`: no ASN.1
 * is written by hand where security hangs on it. The library takes some 60 ms to load, so it is loaded when the first
 * certificate is made and by nobody who only reads one.
 */
import { createHash, createPublicKey, randomBytes, sign, X509Certificate, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import type { Extension, Name } from "@peculiar/asn1-x509";
import type { KeyedCertificate } from "./keyed-certificate.ts";
import { encodePem } from "./pem.ts";

/** What a leaf may be used for. */
export type LeafUsage = "server" | "client";

interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

type Role =
  | { readonly kind: "authority" }
  | { readonly kind: "leaf"; readonly names: readonly string[]; readonly usages: readonly LeafUsage[] };

type Signer =
  | { readonly kind: "self"; readonly privateKey: KeyObject }
  | { readonly kind: "authority"; readonly authority: KeyedCertificate };

interface CertificateRequest {
  readonly subject: Subject;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly role: Role;
  readonly signer: Signer;
}

interface Asn1 {
  readonly schema: typeof import("@peculiar/asn1-schema");
  readonly x509: typeof import("@peculiar/asn1-x509");
}

/** The certificate that the request describes, as PEM. */
export async function signCertificate(request: CertificateRequest): Promise<string> {
  const asn1: Asn1 = {
    schema: await import("@peculiar/asn1-schema"),
    x509: await import("@peculiar/asn1-x509"),
  };
  const { x509, schema } = asn1;
  const spki = request.publicKey.export({ type: "spki", format: "der" });
  const { issuer, privateKey, issuerKeyIdentifier } = signingSide(asn1, request, spki);
  const algorithm = signatureAlgorithm(asn1, privateKey);
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: arrayBufferOf(serialNumber()),
    signature: algorithm,
    issuer,
    validity: new x509.Validity({ notBefore: request.notBefore, notAfter: request.notAfter }),
    subject: distinguishedName(asn1, request.subject),
    subjectPublicKeyInfo: schema.AsnConvert.parse(spki, x509.SubjectPublicKeyInfo),
    extensions: new x509.Extensions(extensionsOf(asn1, request.role, keyIdentifier(asn1, spki), issuerKeyIdentifier)),
  });
  const signed = Buffer.from(schema.AsnConvert.serialize(tbsCertificate));
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: arrayBufferOf(sign("sha256", signed, privateKey)),
  });
  return encodePem("CERTIFICATE", new Uint8Array(schema.AsnConvert.serialize(certificate)));
}

/** Who signs: the name that stands as issuer, the key, and the identifier that points back to it. */
function signingSide(
  asn1: Asn1,
  request: CertificateRequest,
  spki: Buffer,
): { readonly issuer: Name; readonly privateKey: KeyObject | string; readonly issuerKeyIdentifier: ArrayBuffer } {
  if (request.signer.kind === "self") {
    return {
      issuer: distinguishedName(asn1, request.subject),
      privateKey: request.signer.privateKey,
      issuerKeyIdentifier: keyIdentifier(asn1, spki),
    };
  }
  const { authority } = request.signer;
  const parsed = new X509Certificate(authority.certificate);
  // The issuer is copied as it stands in the authority's certificate: chains are matched byte by byte.
  const issuer = asn1.schema.AsnConvert.parse(parsed.raw, asn1.x509.Certificate).tbsCertificate.subject;
  const authoritySpki = parsed.publicKey.export({ type: "spki", format: "der" });
  return { issuer, privateKey: authority.privateKey, issuerKeyIdentifier: keyIdentifier(asn1, authoritySpki) };
}

function signatureAlgorithm(
  { x509 }: Asn1,
  privateKey: KeyObject | string,
): InstanceType<Asn1["x509"]["AlgorithmIdentifier"]> {
  const isRsa = createPublicKey(privateKey).asymmetricKeyType === "rsa";
  return isRsa
    ? // sha256WithRSAEncryption takes an explicit NULL
      new x509.AlgorithmIdentifier({ algorithm: "1.2.840.113549.1.1.11", parameters: null })
    : // ecdsa-with-SHA256 takes none
      new x509.AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" });
}

function distinguishedName({ x509 }: Asn1, subject: Subject): Name {
  const attribute = (type: string, value: string): InstanceType<Asn1["x509"]["RelativeDistinguishedName"]> =>
    new x509.RelativeDistinguishedName([
      new x509.AttributeTypeAndValue({ type, value: new x509.AttributeValue({ utf8String: value }) }),
    ]);
  const parts = subject.organization === undefined ? [] : [attribute("2.5.4.10", subject.organization)];
  return new x509.Name([...parts, attribute("2.5.4.3", subject.commonName)]);
}

function extensionsOf(
  { schema, x509 }: Asn1,
  role: Role,
  subjectKeyIdentifier: ArrayBuffer,
  authorityKeyIdentifier: ArrayBuffer,
): Extension[] {
  const extension = (extnID: string, critical: boolean, value: unknown): Extension =>
    new x509.Extension({
      extnID,
      critical,
      extnValue: new schema.OctetString(schema.AsnConvert.serialize(value)),
    });
  const { KeyUsageFlags } = x509;
  const identifiers = [
    extension(x509.id_ce_subjectKeyIdentifier, false, new x509.SubjectKeyIdentifier(subjectKeyIdentifier)),
    extension(
      x509.id_ce_authorityKeyIdentifier,
      false,
      new x509.AuthorityKeyIdentifier({ keyIdentifier: new x509.KeyIdentifier(authorityKeyIdentifier) }),
    ),
  ];
  if (role.kind === "authority") {
    return [
      extension(x509.id_ce_basicConstraints, true, new x509.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
      extension(
        x509.id_ce_keyUsage,
        true,
        new x509.KeyUsage(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign),
      ),
      ...identifiers,
    ];
  }
  const usages = role.usages.map((usage) => (usage === "server" ? x509.id_kp_serverAuth : x509.id_kp_clientAuth));
  const names = role.names.map((name) =>
    isIP(name) === 0 ? new x509.GeneralName({ dNSName: name }) : new x509.GeneralName({ iPAddress: name }),
  );
  return [
    extension(x509.id_ce_basicConstraints, true, new x509.BasicConstraints({ cA: false })),
    extension(
      x509.id_ce_keyUsage,
      true,
      new x509.KeyUsage(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment),
    ),
    extension(x509.id_ce_extKeyUsage, false, new x509.ExtendedKeyUsage(usages)),
    // An empty list of alternative names is no legal extension.
    ...(names.length === 0
      ? []
      : [extension(x509.id_ce_subjectAltName, false, new x509.SubjectAlternativeName(names))]),
    ...identifiers,
  ];
}

/** RFC 5280's first method: SHA-1 over the key's bits, without the algorithm around them. */
function keyIdentifier({ schema, x509 }: Asn1, spki: Buffer): ArrayBuffer {
  const { subjectPublicKey } = schema.AsnConvert.parse(spki, x509.SubjectPublicKeyInfo);
  return arrayBufferOf(createHash("sha1").update(new Uint8Array(subjectPublicKey)).digest());
}

/** Sixteen random bytes, positive and without a leading zero. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes;
}

function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}
