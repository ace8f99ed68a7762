/** One request to the API server. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with query, from the root of the server. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** An answer whose body arrives as it is sent; the body must be read or the request aborted. */
export interface ApiStream {
  readonly status: number;
  /** The header `Retry-After` in seconds, where there is one. */
  readonly retryAfterSeconds?: number;
  /** The texts of the headers `Warning`. */
  readonly warnings?: readonly string[];
  readonly body: AsyncIterable<string>;
}

/**
 * How requests reach the server. A failure on the way (no connection, a broken one, an aborted one) is thrown; whatever
 * the server answers, an error too, is a value.
 */
export interface Transport {
  open(request: ApiRequest, signal?: AbortSignal): Promise<ApiStream>;
  /** Ends idle connections. */
  close(): void;
}
