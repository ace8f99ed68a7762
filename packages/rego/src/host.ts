/**
 * The interface to the outside: what an evaluation may ask for, who answers it, and the loop that all callers share.
 * A door of its own, so that whoever answers needs does not load the engine.
 */
import { decodeUtf8, encodeUtf8 } from "./runtime/text.ts";
import type { Value } from "./runtime/value.ts";

/** A request of `http.send` in one form, as the engine has checked it. */
export interface HttpRequest {
  /** In capitals. */
  readonly method: string;
  readonly url: string;
  /** Nanoseconds for one attempt; 0 or less means without end. */
  readonly timeout: bigint;
  readonly followsRedirects: boolean;
  readonly maxRetryAttempts: number;
  /** By canonical name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  readonly tls: HttpTls;
}

/** What a request says of its connection: certificates and keys are PEM, and come as text, from a file or a variable. */
export interface HttpTls {
  readonly insecureSkipVerify: boolean;
  readonly useSystemCertificates: boolean;
  readonly serverName: string;
  readonly authority: PemSources;
  readonly clientCertificate: PemSources;
  readonly clientKey: PemSources;
}

/** Where a PEM text comes from; empty means not from there. */
export interface PemSources {
  readonly text: string;
  readonly file: string;
  readonly variable: string;
}

/** How an answer may be kept for later evaluations. */
export interface HttpCaching {
  /** Seconds for which it is kept whatever its headers say; 0 means as they say. */
  readonly forcedSeconds: number;
  /** Canonical names of headers that make no difference. */
  readonly ignoredHeaders: readonly string[];
}

/** Something that an evaluation asks for. */
export type OutsideNeed =
  | { readonly kind: "http.send"; readonly request: HttpRequest; readonly caching: HttpCaching | undefined }
  | { readonly kind: "net.lookup_ip_addr"; readonly name: string }
  /** Of a builtin that an application added: only its application can answer it. */
  | { readonly kind: "other"; readonly need: Value };

/** What came of a request. */
export type HttpFact =
  | {
      readonly kind: "response";
      /** `200 OK`. */
      readonly status: string;
      readonly statusCode: number;
      readonly headers: ReadonlyMap<string, readonly string[]>;
      readonly body: Uint8Array;
    }
  /** Nobody answered: why, in the words of Go's client. */
  | { readonly kind: "unreachable"; readonly error: string; readonly timedOut: boolean }
  /** No request could be made of it, or no answer of what came. */
  | { readonly kind: "refused"; readonly why: string };

/** The addresses of a name, or why there are none. */
export type LookupFact =
  | { readonly kind: "addresses"; readonly addresses: readonly string[] }
  | { readonly kind: "failed"; readonly error: string };

/** When to stop waiting: an AbortSignal, of which no more is used. */
export interface Cancellation {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
}

/**
 * Who answers needs. The engine owns the interface; `@portcullis/host` serves it under Node, a test brings a fake. What
 * is asked in vain is an answer too: neither method rejects, whatever the network does. After `signal` fires, an answer
 * is due at once, and is not used.
 */
export interface Host {
  send(request: HttpRequest, caching: HttpCaching | undefined, signal: Cancellation | undefined): Promise<HttpFact>;
  lookup(name: string, signal: Cancellation | undefined): Promise<LookupFact>;
}

/** A host that reaches nothing, and says why. */
export function refusingHost(why: string): Host {
  return {
    send: () => Promise.resolve({ kind: "refused", why }),
    lookup: (name) => Promise.resolve({ kind: "failed", error: `lookup ${name}: ${why}` }),
  };
}

/** A need as the engine hands it back, and the name it is known by. */
export interface KeyedNeed {
  readonly key: string;
  readonly need: Value;
}

/** How long to go on asking. */
export interface ResolveOptions {
  /** How often evaluation may be begun again; 32 when absent. */
  readonly rounds?: number | undefined;
  /** Ends it: what is then outstanding stays a need. */
  readonly signal?: Cancellation | undefined;
}

const roundLimit = 32;

/**
 * Fetches what `first` needs and evaluates again with it, until there is an outcome. It stays one of needs where the
 * rounds or the time are used up, or where the host cannot know the answer.
 */
export async function resolveNeeds<Outcome extends { readonly kind: string }>(
  first: Outcome | { readonly kind: "needs"; readonly needs: readonly KeyedNeed[] },
  again: (
    facts: ReadonlyMap<string, Value>,
  ) => Outcome | { readonly kind: "needs"; readonly needs: readonly KeyedNeed[] },
  host: Host,
  { rounds = roundLimit, signal }: ResolveOptions = {},
): Promise<Outcome | { readonly kind: "needs"; readonly needs: readonly KeyedNeed[] }> {
  const facts = new Map<string, Value>();
  let outcome = first;
  for (let round = 0; round < rounds && isNeeds(outcome); round++) {
    const found = await Promise.all(
      outcome.needs.map(async (each) => [each.key, await answerNeed(host, each, signal)] as const),
    );
    if (signal?.aborted === true) return outcome;
    for (const [key, fact] of found) {
      if (fact === undefined) return outcome;
      facts.set(key, fact);
    }
    outcome = again(facts);
  }
  return outcome;
}

/**
 * Chance that repeats itself: each call gives a source that begins with what the ones before it gave. An evaluation that
 * begins again must come to the same needs, or it would never end.
 */
export function replayed(
  random: ((bytes: number) => Uint8Array) | undefined,
): () => ((bytes: number) => Uint8Array) | undefined {
  if (random === undefined) return () => undefined;
  const given: Uint8Array[] = [];
  return () => {
    let next = 0;
    return (bytes) => {
      const before = given[next];
      const drawn = before?.length === bytes ? before : random(bytes);
      given[next++] = drawn;
      return drawn;
    };
  };
}

function isNeeds(outcome: {
  readonly kind: string;
}): outcome is { readonly kind: "needs"; readonly needs: readonly KeyedNeed[] } {
  return outcome.kind === "needs";
}

/** The fact that answers a need, as evaluation takes it; nothing for a need that no host knows. */
async function answerNeed(
  host: Host,
  { need }: KeyedNeed,
  signal: Cancellation | undefined,
): Promise<Value | undefined> {
  const asked = readNeed(need);
  switch (asked.kind) {
    case "http.send":
      return httpValue(await host.send(asked.request, asked.caching, signal));
    case "net.lookup_ip_addr": {
      const found = await host.lookup(asked.name, signal);
      return found.kind === "addresses" ? [...found.addresses] : { error: found.error };
    }
    case "other":
      return undefined;
  }
}

function httpValue(fact: HttpFact): Value {
  switch (fact.kind) {
    case "response": {
      const headers = Object.fromEntries([...fact.headers].map(([name, values]) => [name, [...values]]));
      return { status: fact.status, status_code: fact.statusCode, headers, raw_body: decodeUtf8(fact.body) };
    }
    case "unreachable":
      return fact.timedOut ? { error: fact.error, timed_out: true } : { error: fact.error };
    case "refused":
      return { refused: fact.why };
  }
}

/** A need for people: what is asked and of whom, without the headers and keys that may be secret. */
export function describeNeed({ need }: KeyedNeed): string {
  const asked = readNeed(need);
  switch (asked.kind) {
    case "http.send": {
      const url = asked.request.url.replace(/^([^:/?#]+:\/\/[^:/?#@]*):[^/?#@]*@/, "$1:***@").replace(/\?.*$/s, "");
      return `http.send: ${asked.request.method} ${url}`;
    }
    case "net.lookup_ip_addr":
      return `${asked.kind}: ${asked.name}`;
    case "other":
      return "a builtin of the application";
  }
}

/** A need as the builtins write it: `{"kind": "http.send", "request": …, "caching": …}`. */
export function readNeed(need: Value): OutsideNeed {
  const kind = field(need, "kind");
  const name = field(need, "name");
  if (kind === "net.lookup_ip_addr" && typeof name === "string") return { kind, name };
  if (kind !== "http.send") return { kind: "other", need };
  const caching = field(need, "caching");
  return {
    kind,
    request: readRequest(field(need, "request")),
    caching:
      caching === undefined
        ? undefined
        : {
            forcedSeconds: Number(field(caching, "forced_seconds") ?? 0),
            ignoredHeaders: texts(field(caching, "ignored_headers")),
          },
  };
}

function readRequest(request: unknown): HttpRequest {
  const text = (name: string): string => {
    const value = field(request, name);
    return typeof value === "string" ? value : "";
  };
  const pem = (name: string): PemSources => ({
    text: text(name),
    file: text(`${name}_file`),
    variable: text(`${name}_env_variable`),
  });
  const headers = field(request, "headers");
  const names = isRecord(headers) ? Object.keys(headers) : [];
  const timeout = field(request, "timeout_ns");
  return {
    method: text("method"),
    url: text("url"),
    timeout: typeof timeout === "bigint" || typeof timeout === "number" ? BigInt(timeout) : 0n,
    followsRedirects: field(request, "enable_redirect") === true,
    maxRetryAttempts: Number(field(request, "max_retry_attempts") ?? 0),
    headers: new Map(names.map((name) => [name, String(field(headers, name))])),
    body: encodeUtf8(text("body")),
    tls: {
      insecureSkipVerify: field(request, "tls_insecure_skip_verify") === true,
      useSystemCertificates: field(request, "tls_use_system_certs") === true,
      serverName: text("tls_server_name"),
      authority: pem("tls_ca_cert"),
      clientCertificate: pem("tls_client_cert"),
      clientKey: pem("tls_client_key"),
    },
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
