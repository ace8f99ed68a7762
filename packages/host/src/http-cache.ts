import type { HttpCaching, HttpFact, HttpRequest } from "@portcullis/rego/host";

/** An answer that is kept. */
export interface KeptResponse {
  readonly response: HttpResponse;
  /** Milliseconds since 1970; in the past where it must be asked for again. */
  readonly expiresAt: number;
}

export type HttpResponse = Extract<HttpFact, { kind: "response" }>;

/** Answers by request, the least recently used forgotten first where they take too much room. */
export class HttpCache {
  readonly #kept = new Map<string, KeptResponse>();
  readonly #limit: number;
  #size = 0;

  /** `limit` counts the octets of bodies and headers. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): KeptResponse | undefined {
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
    }
    return kept;
  }

  put(key: string, kept: KeptResponse): void {
    this.delete(key);
    const size = sizeOf(key, kept);
    if (size > this.#limit) return;
    this.#kept.set(key, kept);
    this.#size += size;
    for (const [oldest] of this.#kept) {
      if (this.#size <= this.#limit) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    this.#size -= sizeOf(key, kept);
  }
}

function sizeOf(key: string, { response }: KeptResponse): number {
  let size = key.length + response.body.length;
  for (const [name, values] of response.headers) {
    size += name.length;
    for (const value of values) size += value.length;
  }
  return size;
}

/** What a request's answer is kept under: everything but the headers that make no difference. */
export function cacheKey(request: HttpRequest, { ignoredHeaders }: HttpCaching): string {
  const { headers, body, timeout, ...rest } = request;
  const kept = [...headers].filter(([name]) => !ignoredHeaders.includes(name));
  return JSON.stringify([rest, String(timeout), kept, Buffer.from(body).toString("base64")]);
}

const cacheable: ReadonlySet<number> = new Set([200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501]);

/** The answer as it may be kept, if it may be. */
export function keepable(
  response: HttpResponse,
  { forcedSeconds }: HttpCaching,
  now: number,
): KeptResponse | undefined {
  if (!cacheable.has(response.statusCode)) return undefined;
  if (forcedSeconds > 0) return { response, expiresAt: now + forcedSeconds * 1000 };
  const directives = cacheControl(response);
  if (directives.has("no-store")) return undefined;
  const expiresAt = expiryOf(response, directives);
  return expiresAt === undefined ? undefined : { response, expiresAt };
}

/** By when an answer must be asked for again: 0 where nothing is said, undefined where what is said means nothing. */
function expiryOf(response: HttpResponse, directives: ReadonlyMap<string, string>): number | undefined {
  const maxAge = directives.get("max-age");
  if (maxAge === undefined) {
    const expires = Date.parse(headerOf(response, "expires"));
    return Number.isNaN(expires) ? 0 : expires;
  }
  const date = Date.parse(headerOf(response, "date"));
  if (!/^[0-9]+$/.test(maxAge) || Number.isNaN(date)) return undefined;
  return date + Math.min(Number(maxAge), 2_147_483_647) * 1000;
}

function cacheControl(response: HttpResponse): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  for (const part of headerOf(response, "cache-control").split(",")) {
    const [name = "", value = "", ...more] = part.trim().split("=");
    if (name !== "" && more.length === 0) directives.set(name.trim(), value);
  }
  return directives;
}

/** What to ask with whether a kept answer still holds; nothing where it names no version of itself. */
export function validators(response: HttpResponse): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const [etag, modified] = [headerOf(response, "etag"), headerOf(response, "last-modified")];
  if (etag !== "") headers.set("If-None-Match", etag);
  if (modified !== "") headers.set("If-Modified-Since", modified);
  return headers;
}

/** A kept answer whose headers are those of the server's word that it still holds. */
export function refreshed(kept: HttpResponse, unchanged: HttpResponse): HttpResponse {
  return { ...kept, headers: new Map([...kept.headers, ...unchanged.headers]) };
}

/** Until when a refreshed answer holds: what the server's word says counts. */
export function refreshedExpiry(
  unchanged: HttpResponse,
  { forcedSeconds }: HttpCaching,
  now: number,
): number | undefined {
  if (forcedSeconds > 0) return now + forcedSeconds * 1000;
  return expiryOf(unchanged, cacheControl(unchanged));
}

function headerOf({ headers }: HttpResponse, name: string): string {
  return headers.get(name)?.[0] ?? "";
}
