import { objectEntries, type RegoObject } from "../../runtime/object.ts";
import { isNumber } from "../../runtime/order.ts";
import { toDouble } from "../../runtime/number.ts";
import type { PlainObject, Value } from "../../runtime/value.ts";
import { fail } from "../failure.ts";
import { type VerificationKey, verificationKeys } from "../keys/verification-keys.ts";

/** What `io.jwt.decode_verify` holds a token to. An empty text asks for nothing. */
export interface Constraints {
  readonly keys: readonly VerificationKey[] | undefined;
  readonly secret: string;
  readonly algorithm: string;
  readonly issuer: string;
  readonly audience: string;
  /** Nanoseconds since 1970. */
  readonly time: number;
}

export function readConstraints(object: RegoObject | PlainObject, now: bigint): Constraints {
  const texts = new Map<string, string>();
  let keys: readonly VerificationKey[] | undefined;
  let time = Number(now);
  for (const [key, value] of objectEntries(object)) {
    switch (key) {
      case "cert":
        keys = verificationKeys(text("cert", value));
        break;
      case "time":
        time = timeOf(value);
        break;
      case "secret":
      case "alg":
      case "iss":
      case "aud":
        texts.set(key, text(key, value));
        break;
      default:
        fail(`unknown token validation constraint: ${String(key)}`);
    }
  }
  const secret = texts.get("secret") ?? "";
  if (keys !== undefined && secret !== "") fail("duplicate key constraints");
  if (keys === undefined && secret === "") fail("no key constraint");
  const [algorithm, issuer, audience] = ["alg", "iss", "aud"].map((name) => texts.get(name) ?? "");
  return { keys, secret, algorithm: algorithm ?? "", issuer: issuer ?? "", audience: audience ?? "", time };
}

function text(name: string, value: Value): string {
  return typeof value === "string" ? value : fail(`${name} constraint: must be a string`);
}

function timeOf(value: Value): number {
  if (!isNumber(value)) return fail("token time constraint: must be a number");
  const time = toDouble(value);
  if (!Number.isFinite(time)) fail("token time constraint: unvalid float64");
  return time < 0 ? fail("token time constraint: must not be negative") : time;
}
