import type { KubeClient } from "@portcullis/kube";
import type { ControllerConfig } from "../config.ts";
import { FileCertificates } from "./file-certificates.ts";
import { MemoryCertificates } from "./memory-certificates.ts";
import { SecretCertificates } from "./secret-certificates.ts";
import type { CertificateListener, Certificates } from "./serving-certificate.ts";

/** The source of certificates that a server was told to have. */
export function certificatesOf(
  { certificates, webhook, reporter, clock, log }: ControllerConfig,
  client: KubeClient,
  onCertificate: CertificateListener,
): Certificates {
  const source = certificates ?? { kind: "memory" };
  const shared = { clock, log: log.named("certificates"), onCertificate };
  switch (source.kind) {
    case "memory":
      return new MemoryCertificates(clock, [webhook.host], onCertificate);
    case "files":
      return new FileCertificates({ ...shared, directory: source.directory });
    case "secret": {
      const { namespace } = reporter;
      const commonName = `${source.service}.${namespace}.svc`;
      const rules = { commonName, names: [commonName, ...(source.names ?? [])] };
      return new SecretCertificates({ ...shared, client, namespace, secret: source.secret, rules });
    }
  }
}
