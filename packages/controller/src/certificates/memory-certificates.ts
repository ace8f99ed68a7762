import type { Clock } from "@portcullis/kube";
import { planRotation } from "./rotation-plan.ts";
import type { CertificateListener, Certificates, ServingCertificate } from "./serving-certificate.ts";

/** Certificates made for one process and gone with it. */
export class MemoryCertificates implements Certificates {
  readonly #made: Promise<void>;
  #current: ServingCertificate | undefined;

  /** Begins to make them at once: it takes some milliseconds in which other things can start. */
  constructor(clock: Clock, names: readonly string[], onCertificate: CertificateListener) {
    const [commonName = ""] = names;
    this.#made = planRotation(undefined, { commonName, names }, clock.now()).then((step) => {
      if (step.kind !== "store") return;
      const { authorities: trust, certificate, privateKey } = step.certificates;
      this.#current = { certificate, privateKey, trust };
      onCertificate(this.#current);
    });
    // A failure is told to whoever waits in `ready`, which may be later than it happens.
    this.#made.catch(() => undefined);
  }

  get current(): ServingCertificate | undefined {
    return this.#current;
  }

  start(): void {
    // They are being made since the beginning.
  }

  ready(): Promise<void> {
    return this.#made;
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
