import { getOwn, isFields, type Fields } from "../storage/api-object.ts";
import { StatusError, type Status, type StatusCause } from "../server/status.ts";

/** The Status of a refusal by a webhook: what the webhook said, with the webhook named in the message. */
export function denial(webhook: string, result: Fields | undefined): StatusError {
  const text = (field: string): string => {
    const value = getOwn(result, field);
    return typeof value === "string" ? value : "";
  };
  const code = getOwn(result, "code");
  const deniedBy = `admission webhook ${JSON.stringify(webhook)} denied the request`;
  const said = text("message") || text("reason");
  const reason = text("reason");
  const details = readDetails(getOwn(result, "details"));
  const status: Status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: said === "" ? `${deniedBy} without explanation` : `${deniedBy}: ${said}`,
    ...(reason === "" ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code: typeof code === "number" && code >= 400 ? code : 400,
  };
  return new StatusError(status);
}

function readDetails(details: unknown): Status["details"] {
  if (!isFields(details)) return undefined;
  const text = (source: unknown, field: string): string | undefined => {
    const value = getOwn(source, field);
    return typeof value === "string" ? value : undefined;
  };
  const pick = (source: unknown, fields: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      fields.flatMap((field) => (text(source, field) === undefined ? [] : [[field, text(source, field) ?? ""]])),
    );
  const causes = getOwn(details, "causes");
  const retry = getOwn(details, "retryAfterSeconds");
  return {
    ...pick(details, ["name", "group", "kind", "uid"]),
    ...(Array.isArray(causes)
      ? { causes: causes.map((cause): StatusCause => pick(cause, ["reason", "message", "field"])) }
      : {}),
    ...(typeof retry === "number" ? { retryAfterSeconds: retry } : {}),
  };
}

/** Why a webhook could not be asked, in the API server's words. */
export function callFailure(webhook: string, why: string): string {
  return `failed calling webhook ${JSON.stringify(webhook)}: ${why}`;
}

/** What the API server's client makes of an answer that is not 200. */
export function httpFailure(status: number, body: string): string {
  const texts: Readonly<Record<number, string>> = {
    400: "the server rejected our request for an unknown reason",
    401: "the server has asked for the client to provide credentials",
    404: "the server could not find the requested resource",
    405: "the server does not allow this method on the requested resource",
    409: "the server reported a conflict",
    422: "the server rejected our request due to an error in our request",
    429: "the server has received too many requests and has asked us to try again later",
    503: "the server is currently unable to handle the request",
    504: "the server was unable to return a response in the time allotted, but may still be processing the request",
  };
  const known = texts[status];
  if (known !== undefined) return known;
  if (status >= 500) {
    return `an error on the server (${JSON.stringify(body.slice(0, 2048).trimEnd() || "unknown")}) has prevented the request from succeeding`;
  }
  return `the server responded with the status code ${status} but did not return more information`;
}
