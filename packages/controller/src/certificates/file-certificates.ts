import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@portcullis/kube";
import type { Log } from "../log/log.ts";
import { belongsTo, canServe } from "./rotation-plan.ts";
import type { CertificateListener, Certificates, ServingCertificate } from "./serving-certificate.ts";

/** What reading somebody else's certificates needs. */
export interface FileCertificatesOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly directory: string;
  readonly onCertificate: CertificateListener;
  /** How often the files are looked at: mounted Secrets change by links, which not every watch of files sees. */
  readonly everyMilliseconds?: number;
}

/** A renewed certificate is valid for days before the old one ends; seconds are soon enough. */
const usualEveryMilliseconds = 5000;

/** A user's own certificates, or those of cert-manager: `tls.crt` and `tls.key` in a folder. They are never written. */
export class FileCertificates implements Certificates {
  readonly #options: FileCertificatesOptions;
  readonly #stopping = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #current: ServingCertificate | undefined;
  #running: Promise<void> | undefined;
  /** What is wrong now and was told; it is told once. */
  #complaint = "";

  constructor(options: FileCertificatesOptions) {
    this.#options = options;
  }

  get current(): ServingCertificate | undefined {
    return this.#current;
  }

  start(): void {
    this.#running ??= this.#follow();
  }

  ready(): Promise<void> {
    return this.#first.promise;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#first.resolve();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { clock, everyMilliseconds } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#read();
      await clock.sleep(everyMilliseconds ?? usualEveryMilliseconds, signal);
    }
  }

  async #read(): Promise<void> {
    const { directory, log, onCertificate } = this.#options;
    let certificate: string;
    let privateKey: string;
    try {
      [certificate, privateKey] = await Promise.all([
        readFile(join(directory, "tls.crt"), "utf8"),
        readFile(join(directory, "tls.key"), "utf8"),
      ]);
    } catch (error) {
      this.#complain(error instanceof Error ? error.message : String(error));
      return;
    }
    if (certificate === this.#current?.certificate && privateKey === this.#current.privateKey) {
      this.#complaint = "";
      return;
    }
    // While the files are being changed, one may be new and the other old.
    if (!belongsTo(certificate, privateKey)) {
      this.#complain("tls.key is not the key of tls.crt");
      return;
    }
    // What was served is served on.
    if (!canServe(certificate, privateKey)) {
      this.#complain("what stands behind the first certificate of tls.crt is none");
      return;
    }
    onCertificate({ certificate, privateKey });
    this.#complaint = "";
    this.#current = { certificate, privateKey };
    this.#first.resolve();
    log.info("the server's certificate was read", { directory });
  }

  #complain(complaint: string): void {
    if (complaint === this.#complaint) return;
    this.#complaint = complaint;
    this.#options.log.warn("the server's certificate cannot be read; it is tried again", {
      directory: this.#options.directory,
      error: complaint,
    });
  }
}
