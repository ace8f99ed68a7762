import { isJsonObject, own, ownString, readJson, type JsonObject } from "@portcullis/objects";

/** What the API server says when it does not do what was asked. */
export interface ApiStatus {
  readonly code: number;
  /** Kubernetes' word for it (`NotFound`, `Conflict`, …), empty where the server gave none. */
  readonly reason: string;
  readonly message: string;
  readonly details?: JsonObject;
  readonly retryAfterSeconds?: number;
}

/** What a request gave: its value, or the server's reason why not. */
export type ApiResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly status: ApiStatus };

/** The status in an answer's body, or one made of the code alone where the body holds none. */
export function readStatus(code: number, body: string, retryAfterSeconds?: number): ApiStatus {
  const parsed = readJson(body);
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  if (parsed.ok && ownString(parsed.value, "kind") === "Status") {
    return { ...statusOf(parsed.value), ...retry };
  }
  const text = body.trim().slice(0, 500);
  return { code, reason: "", message: text === "" ? `the server answered ${code} and no text` : text, ...retry };
}

/** A `Status` object as a value. */
export function statusOf(object: unknown): ApiStatus {
  const code = own(object, "code");
  const details = own(object, "details");
  return {
    code: typeof code === "number" ? code : 500,
    reason: ownString(object, "reason") ?? "",
    message: ownString(object, "message") ?? "",
    ...(isJsonObject(details) ? { details } : {}),
  };
}

/** The status as an error, for those who cannot go on without the value. */
export class ApiError extends Error {
  readonly status: ApiStatus;

  constructor(doing: string, status: ApiStatus) {
    super(`${doing}: ${status.message}`);
    this.name = "ApiError";
    this.status = status;
  }
}

/** The value of a result; throws `ApiError` where there is none. */
export function valueOf<T>(result: ApiResult<T>, doing: string): T {
  if (result.ok) return result.value;
  throw new ApiError(doing, result.status);
}
