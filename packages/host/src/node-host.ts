import type { SecureContext } from "node:tls";
import type { Cancellation, Host, HttpCaching, HttpFact, HttpRequest, LookupFact } from "@portcullis/rego/host";
import { cacheKey, HttpCache, keepable, refreshed, refreshedExpiry, validators } from "./http-cache.ts";
import { type HttpClientOptions, sendHttp } from "./http-client.ts";
import { lookupName } from "./lookup.ts";
import { systemContext, type Environment } from "./tls-material.ts";

/** How the outside is reached. */
export interface NodeHostOptions {
  /** Where proxies, certificates and keys are named; the process's own when absent. */
  readonly environment?: Environment | undefined;
  /** Octets that an answer's body may have, unpacked; 32 MiB when absent. */
  readonly bodyLimit?: number | undefined;
  /** Octets of answers kept between evaluations; 32 MiB when absent. */
  readonly cacheLimit?: number | undefined;
  /** Milliseconds since 1970, for what answers' age is. */
  readonly now?: (() => number) | undefined;
}

const mebibytes = 1024 * 1024;

/** The outside as Node reaches it, with the answers that requests allow to be kept between evaluations. */
export class NodeHost implements Host {
  readonly #client: HttpClientOptions;
  readonly #cache: HttpCache;
  readonly #now: () => number;

  constructor({ environment, bodyLimit, cacheLimit, now }: NodeHostOptions = {}) {
    let context: SecureContext | undefined;
    this.#client = {
      environment: environment ?? process.env,
      bodyLimit: bodyLimit ?? 32 * mebibytes,
      systemContext: () => (context ??= systemContext()),
    };
    this.#cache = new HttpCache(cacheLimit ?? 32 * mebibytes);
    this.#now = now ?? Date.now;
  }

  async send(
    request: HttpRequest,
    caching: HttpCaching | undefined,
    signal: Cancellation | undefined,
  ): Promise<HttpFact> {
    if (caching === undefined) return this.#ask(request, signal);
    const key = cacheKey(request, caching);
    const kept = this.#cache.get(key);
    if (kept !== undefined) {
      if (this.#now() < kept.expiresAt) return kept.response;
      const again = await this.#revalidate(key, request, caching, signal);
      if (again !== undefined) return again;
    }
    const fact = await this.#ask(request, signal);
    if (fact.kind === "response") this.#keep(key, fact, caching);
    return fact;
  }

  /** Asks whether a stale answer still holds; nothing where it has to be asked for anew. */
  async #revalidate(
    key: string,
    request: HttpRequest,
    caching: HttpCaching,
    signal: Cancellation | undefined,
  ): Promise<HttpFact | undefined> {
    const kept = this.#cache.get(key);
    if (kept === undefined) return undefined;
    const conditions = validators(kept.response);
    if (conditions.size === 0) return undefined;
    const headers = new Map([...request.headers, ...conditions]);
    const fact = await this.#ask({ ...request, headers }, signal);
    this.#cache.delete(key);
    if (fact.kind !== "response") return fact;
    if (fact.statusCode === 200) {
      this.#keep(key, fact, caching);
      return fact;
    }
    if (fact.statusCode !== 304) return undefined;
    const response = refreshed(kept.response, fact);
    const expiresAt = refreshedExpiry(fact, caching, this.#now());
    if (expiresAt !== undefined) this.#cache.put(key, { response, expiresAt });
    return response;
  }

  #keep(key: string, response: Extract<HttpFact, { kind: "response" }>, caching: HttpCaching): void {
    const kept = keepable(response, caching, this.#now());
    if (kept !== undefined) this.#cache.put(key, kept);
  }

  #ask(request: HttpRequest, signal: Cancellation | undefined): Promise<HttpFact> {
    return sendHttp(request, this.#client, signal === undefined ? undefined : abortSignalOf(signal));
  }

  lookup(name: string, signal: Cancellation | undefined): Promise<LookupFact> {
    return lookupName(name, signal === undefined ? undefined : abortSignalOf(signal));
  }
}

function abortSignalOf(cancellation: Cancellation): AbortSignal {
  if (cancellation instanceof AbortSignal) return cancellation;
  const controller = new AbortController();
  if (cancellation.aborted) controller.abort();
  cancellation.addEventListener("abort", () => {
    controller.abort();
  });
  return controller.signal;
}
