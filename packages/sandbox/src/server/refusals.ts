import { fieldErrorBody, formatFieldErrors, quoteGo, type FieldError } from "@portcullis/objects";
import { StatusError, type Status, type StatusCause } from "./status.ts";

/** A resource as messages name it: `pods`, `deployments.apps`. */
export interface Named {
  readonly group: string;
  /** The plural; for Invalid the kind stands here. */
  readonly resource: string;
}

/** `pods`, `deployments.apps`. */
export function qualified({ group, resource }: Named): string {
  return group === "" ? resource : `${resource}.${group}`;
}

function failure(code: number, reason: string, message: string, details?: Status["details"]): StatusError {
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
}

function about(of: Named, name: string): { name?: string; group?: string; kind?: string } {
  return {
    ...(name === "" ? {} : { name }),
    ...(of.group === "" ? {} : { group: of.group }),
    ...(of.resource === "" ? {} : { kind: of.resource }),
  };
}

/** 404: there is no such object. */
export function notFound(of: Named, name: string): StatusError {
  return failure(404, "NotFound", `${qualified(of)} ${quoteGo(name)} not found`, about(of, name));
}

/** 404: there is no such path. Over HTTP it is answered as plain text, of which clients make this message. */
export function noSuchPath(): StatusError {
  return failure(404, "NotFound", "the server could not find the requested resource", {});
}

/** 409: the name is taken. */
export function alreadyExists(of: Named, name: string): StatusError {
  return failure(409, "AlreadyExists", `${qualified(of)} ${quoteGo(name)} already exists`, about(of, name));
}

/** 409: what was sent does not fit what is there. */
export function conflict(of: Named, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(of)} ${quoteGo(name)}: ${why}`;
  return failure(409, "Conflict", message, about(of, name));
}

/** Why a stale update is refused, in the API's words. */
export const objectModified =
  "the object has been modified; please apply your changes to the latest version and try again";

/** 409 of server-side apply. */
export function applyConflict(causes: readonly StatusCause[], message: string): StatusError {
  return failure(409, "Conflict", message, { causes });
}

/** 403. */
export function forbidden(of: Named, name: string, why: string, causes?: readonly StatusCause[]): StatusError {
  const subject = name === "" ? `${qualified(of)} is forbidden` : `${qualified(of)} ${quoteGo(name)} is forbidden`;
  return failure(403, "Forbidden", `${subject}: ${why}`, {
    ...about(of, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

/** 422 with one cause for each error; `resource` of `of` is the kind. */
export function invalid(of: Named, name: string, errors: readonly FieldError[]): StatusError {
  const causes = errors.map((error) => ({
    reason: error.type,
    message: fieldErrorBody(error),
    field: error.path,
  }));
  const subject = `${qualified(of)} ${quoteGo(name)} is invalid`;
  const message = errors.length === 0 ? subject : `${subject}: ${formatFieldErrors(errors)}`;
  return failure(422, "Invalid", message, { ...about(of, name), ...(causes.length === 0 ? {} : { causes }) });
}

/** 422 for a patch that does not apply. The API says no more than this. */
export function unprocessable(): StatusError {
  return failure(422, "Invalid", "the server rejected our request due to an error in our request", {});
}

/** 400. */
export function badRequest(message: string): StatusError {
  return failure(400, "BadRequest", message);
}

/** 401. */
export function unauthorized(): StatusError {
  return failure(401, "Unauthorized", "Unauthorized");
}

/** 405. */
export function methodNotSupported(of: Named, action: string): StatusError {
  return failure(
    405,
    "MethodNotAllowed",
    `${action} is not supported on resources of kind ${quoteGo(qualified(of))}`,
    about(of, ""),
  );
}

/** 405 where a path knows the resource and not the verb. */
export function methodNotAllowed(): StatusError {
  return failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

/** 406. */
export function notAcceptable(accepted: readonly string[]): StatusError {
  return failure(406, "NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`);
}

/** 410: the history or the page asked for is gone. */
export function expired(message: string): StatusError {
  return failure(410, "Expired", message);
}

/** 410 with a token to go on from the newest state. */
export function expiredPage(message: string, token: string): StatusError {
  const error = expired(message);
  return new StatusError({ ...error.status, metadata: { continue: token } });
}

/** 413. */
export function tooLarge(message: string): StatusError {
  return failure(413, "RequestEntityTooLarge", `Request entity too large: ${message}`);
}

/** 415. */
export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const list = accepted.join(", ");
  return failure(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${list}`,
  );
}

/** 429. */
export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return failure(429, "TooManyRequests", message, { retryAfterSeconds });
}

/** 500. */
export function internalError(why: string): StatusError {
  return failure(500, "InternalError", `Internal error occurred: ${why}`, { causes: [{ message: why }] });
}

/** 504. */
export function timedOut(why: string, causes?: readonly StatusCause[]): StatusError {
  return failure(504, "Timeout", `Timeout: ${why}`, causes === undefined ? {} : { causes });
}

/** Whether a refusal is that of a path that leads nowhere. */
export function isNoSuchPath({ status }: StatusError): boolean {
  return status.code === 404 && status.details?.kind === undefined;
}

/** Whether an error is a refusal with that reason. */
export function isRefusal(error: unknown, reason: string): error is StatusError {
  return error instanceof StatusError && error.status.reason === reason;
}
