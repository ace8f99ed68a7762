import { formatGoNumber, marshalGo, quoteGo } from "../json/go.ts";
import type { JsonValue } from "../json/value.ts";

/** What can be wrong with a field, as Kubernetes sorts it. The names are those of a Status' causes. */
export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTooFew"
  | "FieldValueTypeInvalid"
  | "InternalError";

/** Something wrong with one field of an object. */
export interface FieldError {
  /** The field, as Kubernetes writes paths: `spec.containers[0].image`, `metadata.labels[a.b/c]`. */
  readonly path: string;
  readonly type: FieldErrorType;
  /** What stands there; absent where the text is not to show it. */
  readonly badValue?: JsonValue;
  readonly detail: string;
}

/** The path of a field of what is at `path`. The empty path is the object itself. */
export function childPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** The path of an item of a list, or of an entry of a map. */
export function keyPath(path: string, key: string | number): string {
  return `${path}[${key}]`;
}

export function required(path: string, detail = ""): FieldError {
  return { path, type: "FieldValueRequired", detail };
}

export function invalid(path: string, badValue: JsonValue, detail: string): FieldError {
  return { path, type: "FieldValueInvalid", badValue, detail };
}

export function typeInvalid(path: string, badValue: JsonValue, detail: string): FieldError {
  return { path, type: "FieldValueTypeInvalid", badValue, detail };
}

export function forbidden(path: string, detail: string): FieldError {
  return { path, type: "FieldValueForbidden", detail };
}

export function duplicate(path: string, badValue: JsonValue): FieldError {
  return { path, type: "FieldValueDuplicate", badValue, detail: "" };
}

export function notFound(path: string, badValue: JsonValue): FieldError {
  return { path, type: "FieldValueNotFound", badValue, detail: "" };
}

export function notSupported(path: string, badValue: JsonValue, supported: readonly string[]): FieldError {
  const detail = supported.length === 0 ? "" : `supported values: ${supported.map(quoteGo).join(", ")}`;
  return { path, type: "FieldValueNotSupported", badValue, detail };
}

export function tooLong(path: string, most: number): FieldError {
  const detail = most < 0 ? "value is too long" : `may not be more than ${most} ${most === 1 ? "byte" : "bytes"}`;
  return { path, type: "FieldValueTooLong", detail };
}

export function tooMany(path: string, actual: number, most: number): FieldError {
  const detail = most < 0 ? "has too many items" : `must have at most ${most} ${most === 1 ? "item" : "items"}`;
  return { path, type: "FieldValueTooMany", badValue: actual, detail };
}

export function internalError(path: string, detail: string): FieldError {
  return { path, type: "InternalError", detail };
}

const words: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  FieldValueTooFew: "Too few",
  FieldValueTypeInvalid: "Invalid value",
  InternalError: "Internal error",
};

/** The text after the path: what a Status' cause holds as its message. */
export function fieldErrorBody({ type, badValue, detail }: FieldError): string {
  let text = words[type];
  if (badValue !== undefined) text += `: ${shown(badValue)}`;
  return detail === "" ? text : `${text}: ${detail}`;
}

function shown(value: JsonValue): string {
  if (typeof value === "string") return quoteGo(value);
  if (typeof value === "number" || typeof value === "bigint") return formatGoNumber(value);
  return marshalGo(value);
}

/** One error as Kubernetes prints it. */
export function formatFieldError(error: FieldError): string {
  return `${error.path === "" ? "<nil>" : error.path}: ${fieldErrorBody(error)}`;
}

/** Several errors as Kubernetes prints them: one as it is, more in brackets, each text once. */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  return aggregateTexts(errors.map(formatFieldError));
}

/** Several texts as Kubernetes' aggregate of errors prints them. */
export function aggregateTexts(texts: readonly string[]): string {
  const [first = ""] = texts;
  const unique = [...new Set(texts)];
  return unique.length <= 1 ? first : `[${unique.join(", ")}]`;
}
