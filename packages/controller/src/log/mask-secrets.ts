/**
 * What a Secret holds must not reach logs and events through a policy's message or details: whoever may read those need
 * not be allowed to read Secrets.
 */
import { isJsonArray, isJsonObject, own, setOwn, type JsonObject, type JsonValue } from "@portcullis/objects";
import type { AdmissionRequest } from "../webhook/admission-review.ts";

const mask = "***";
/** Shorter ones would tear every text apart, and say little. */
const shortest = 4;

/** Takes a request's secret values out of texts; the same text where there are none. */
export interface SecretMask {
  text(text: string): string;
  value(value: JsonValue): JsonValue;
}

/** The mask for a request. */
export function secretMask(request: AdmissionRequest): SecretMask {
  const isSecret = request.group === "" && request.kind === "Secret";
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

/** Every value, as it is written and decoded; longest first, since one may hold another. */
function secretsOf(objects: readonly (JsonObject | undefined)[]): readonly string[] {
  const found = new Set<string>();
  for (const object of objects) {
    if (object === undefined) continue;
    for (const field of ["data", "stringData"]) {
      const entries = own(object, field);
      if (!isJsonObject(entries)) continue;
      for (const entry of Object.values(entries)) {
        if (typeof entry !== "string") continue;
        found.add(entry);
        if (field === "data") found.add(Buffer.from(entry, "base64").toString("utf8"));
      }
    }
  }
  return [...found].filter((secret) => secret.length >= shortest).toSorted((a, b) => b.length - a.length);
}
