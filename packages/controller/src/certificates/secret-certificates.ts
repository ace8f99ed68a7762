/**
 * Certificates in a Secret that all replicas share. Whoever finds that something is due writes it; the Secret's version
 * lets one of them win, and the others take what the winner wrote.
 */
import { annotationsOf, metadataOf, nameOf, own, ownString, type JsonObject } from "@portcullis/objects";
import { Informer, valueOf, WorkQueue, type Clock, type KubeClient } from "@portcullis/kube";
import { troubleOf, type Unfollowed } from "../gaps/stale-policies.ts";
import type { Log } from "../log/log.ts";
import { secrets } from "../resources.ts";
import { canServe, planRotation, type RotationRules, type StoredCertificates } from "./rotation-plan.ts";
import type { CertificateListener, Certificates, ServingCertificate } from "./serving-certificate.ts";

/** What keeping the Secret needs. */
export interface SecretCertificatesOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespace: string;
  readonly secret: string;
  readonly rules: RotationRules;
  readonly onCertificate: CertificateListener;
}

const trustedAnnotation = "portcullis.dev/trusted-since";
const secretKey = "secret";

/** The certificates of the Secret, made where it has none and renewed in time. */
export class SecretCertificates implements Certificates {
  readonly #options: SecretCertificatesOptions;
  readonly #informer: Informer;
  readonly #queue: WorkQueue;
  readonly #stopping = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  #current: ServingCertificate | undefined;
  #lookingAt = 0;

  constructor(options: SecretCertificatesOptions) {
    this.#options = options;
    const { client, clock, log, namespace, secret } = options;
    this.#queue = new WorkQueue({
      clock,
      workers: 1,
      backoff: { firstMilliseconds: 50, mostMilliseconds: 10_000 },
      work: () => this.#look(),
      onFailure: (_key, error, failures) => {
        log.warn("looking after the server's certificate failed; it is tried again", { secret, failures, error });
      },
    });
    this.#informer = new Informer({
      client,
      clock,
      resource: secrets,
      selection: { namespace, fieldSelector: `metadata.name=${secret}` },
      backoff: { firstMilliseconds: 50, mostMilliseconds: 5000 },
      onChange: () => {
        this.#queue.add(secretKey);
      },
      onNote: (note) => {
        if (note.kind === "listed") this.#queue.add(secretKey);
        log.debug("certificate watch", { ...note });
      },
    });
  }

  get current(): ServingCertificate | undefined {
    return this.#current;
  }

  unfollowed(): readonly Unfollowed[] {
    return troubleOf("the Secret of the certificate", this.#informer);
  }

  start(): void {
    this.#informer.start();
  }

  ready(): Promise<void> {
    return this.#first.promise;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#first.resolve();
    await this.#informer.stop();
    await this.#queue.stop();
  }

  async #look(): Promise<void> {
    const { client, clock, namespace, secret, rules, log } = this.#options;
    const object = this.#informer.store.get(`${namespace}/${secret}`);
    const found = object === undefined ? undefined : readSecret(object);
    if (found !== undefined) this.#use(found);
    // A Secret that was deleted or emptied under our hands is changed over to a new authority like one that ends: whoever
    // trusts what is presented now goes on doing so.
    const isSound = found !== undefined && canServe(found.certificate, found.privateKey);
    const stored = isSound || this.#current === undefined ? found : whatIsServed(this.#current);
    const step = await planRotation(stored, rules, clock.now());
    if (step.kind === "keep") {
      void this.#lookAgain(step.lookAgainAt);
      return;
    }
    const wanted = writeSecret(object ?? newSecret(namespace, secret), step.certificates);
    const written = object === undefined ? await client.create(secrets, wanted) : await client.replace(secrets, wanted);
    // Another replica was faster: what it wrote comes by the watch.
    if (!written.ok && written.status.code === 409) return;
    valueOf(written, `writing the Secret ${secret}`);
    log.info("the server's certificates were renewed", { secret });
    this.#use(step.certificates);
  }

  #use(stored: StoredCertificates): void {
    const { authorities: trust, certificate, privateKey } = stored;
    const current = this.#current;
    if (current?.certificate === certificate && current.privateKey === privateKey && current.trust === trust) return;
    if (!canServe(certificate, privateKey)) return;
    const renewed = { certificate, privateKey, trust };
    // What it was not taken for is told again.
    this.#options.onCertificate(renewed);
    this.#current = renewed;
    this.#first.resolve();
  }

  async #lookAgain(at: number): Promise<void> {
    const { clock } = this.#options;
    // One alarm is enough.
    if (this.#lookingAt !== 0 && this.#lookingAt <= at && this.#lookingAt > clock.now()) return;
    this.#lookingAt = at;
    // Replicas that look at the same moment would only get in each other's way.
    await clock.sleep(at - clock.now() + clock.random() * 1000, this.#stopping.signal);
    if (!this.#stopping.signal.aborted) this.#queue.add(secretKey);
  }
}

function whatIsServed({ certificate, privateKey, trust = "" }: ServingCertificate): StoredCertificates {
  return { authorities: trust, authorityKey: "", certificate, privateKey, trustedSince: 0 };
}

function newSecret(namespace: string, name: string): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels: { "gatekeeper.sh/system": "yes" } },
    type: "Opaque",
  };
}

function readSecret(secret: JsonObject): StoredCertificates {
  const data = own(secret, "data");
  const text = (key: string): string => Buffer.from(ownString(data, key) ?? "", "base64").toString("utf8");
  return {
    authorities: text("ca.crt"),
    authorityKey: text("ca.key"),
    certificate: text("tls.crt"),
    privateKey: text("tls.key"),
    trustedSince: Number(ownString(annotationsOf(secret), trustedAnnotation) ?? 0) || 0,
  };
}

/** The Secret with other certificates; what else is in it stays. */
function writeSecret(secret: JsonObject, stored: StoredCertificates): JsonObject {
  const data = own(secret, "data");
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return {
    ...secret,
    metadata: {
      ...metadataOf(secret),
      name: nameOf(secret),
      annotations: { ...annotationsOf(secret), [trustedAnnotation]: String(stored.trustedSince) },
    },
    data: {
      // as: only an object has own fields, and spreading anything else gives none
      ...(data as JsonObject | undefined),
      "ca.crt": base64(stored.authorities),
      "ca.key": base64(stored.authorityKey),
      "tls.crt": base64(stored.certificate),
      "tls.key": base64(stored.privateKey),
    },
  };
}
