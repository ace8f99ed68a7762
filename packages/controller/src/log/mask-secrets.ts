/**
 * What a Secret holds must not reach logs and events through a policy's message or details: whoever may read those need
 * not be allowed to read Secrets.
 */
import type { AdmissionRequest } from "@portcullis/policy";
import {
  annotationsOf,
  isJsonArray,
  isJsonObject,
  own,
  ownString,
  readJson,
  setOwn,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";

const mask = "***";
/** Shorter ones would tear every text apart, and say little. */
const shortest = 4;
/** Pieces of a value are words more often than whole values are. */
const shortestPiece = 8;
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** Takes a request's secret values out of texts; the same text where there are none. */
export interface SecretMask {
  text(text: string): string;
  value(value: JsonValue): JsonValue;
}

/** The mask for a request. */
export function secretMask(request: AdmissionRequest): SecretMask {
  const isSecret = request.kind.group === "" && request.kind.kind === "Secret";
  const secrets = isSecret ? secretsOf([request.object, request.oldObject]) : [];
  if (secrets.length === 0) return { text: (text) => text, value: (value) => value };
  const text = (given: string): string => secrets.reduce((masked, secret) => masked.replaceAll(secret, mask), given);
  const value = (given: JsonValue): JsonValue => {
    if (typeof given === "string") return text(given);
    if (isJsonArray(given)) return given.map(value);
    if (!isJsonObject(given)) return given;
    const masked: { [key: string]: JsonValue } = {};
    for (const [key, member] of Object.entries(given)) setOwn(masked, text(key), value(member));
    return masked;
  };
  return { text, value };
}

/** Every value in every form that texts show it in; longest first, since one may hold another. */
function secretsOf(objects: readonly (JsonObject | undefined)[]): readonly string[] {
  const found = new Set<string>();
  for (const object of objects) {
    if (object === undefined) continue;
    collect(object, found);
    // kubectl writes what was applied into an annotation, and what was applied before may still stand there.
    const applied = ownString(annotationsOf(object), lastApplied);
    if (applied === undefined) continue;
    const read = readJson(applied);
    if (read.ok && isJsonObject(read.value)) collect(read.value, found);
    else found.add(applied);
  }
  return [...found].filter((secret) => secret.length >= shortest).toSorted((a, b) => b.length - a.length);
}

function collect(object: JsonObject, found: Set<string>): void {
  for (const field of ["data", "stringData"]) {
    const entries = own(object, field);
    if (!isJsonObject(entries)) continue;
    for (const entry of Object.values(entries)) {
      if (typeof entry !== "string") continue;
      for (const form of formsOf(entry)) found.add(form);
      if (field !== "data") continue;
      for (const form of formsOf(Buffer.from(entry, "base64").toString("utf8"))) found.add(form);
    }
  }
}

/**
 * A value as it stands, and what is left of it where it stands within quotes, and those within quotes again: the pieces
 * between the characters that are written otherwise there. So a key of many lines is found line by line.
 */
function formsOf(value: string): readonly string[] {
  const pieces = value.split(/[^\x20-\x7e]|["\\<>&]/).filter((piece) => piece.length >= shortestPiece);
  return [value, JSON.stringify(value).slice(1, -1), ...pieces];
}
