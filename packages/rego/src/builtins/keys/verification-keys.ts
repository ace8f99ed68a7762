import { fail } from "../failure.ts";
import { DerError } from "./der.ts";
import { JwkError } from "./jwk-fields.ts";
import { readJwks } from "./jwk.ts";
import type { Key } from "./key.ts";
import { decodePem } from "./pem.ts";
import { publicKeyInfoOf, readLonePublicKey, readPublicKey } from "./public-key.ts";
import { algorithms } from "./signature.ts";

/** A key, and what it says of itself; empty where it says nothing. */
export interface VerificationKey {
  readonly algorithm: string;
  readonly id: string;
  readonly key: Key;
}

/** The keys that a text holds to verify tokens with: a PEM certificate or public key, a JWK, or a set of these. */
export function verificationKeys(text: string): readonly VerificationKey[] {
  const pem = decodePem(text);
  if (pem === undefined) return jwksOf(text).filter((jwk) => jwk.algorithm === "" || algorithms.has(jwk.algorithm));
  if (pem.rest.length > 0) fail("extra data after a PEM certificate block");
  const { type, bytes } = pem.block;
  if (type === "CERTIFICATE") return [unnamed("certificate", () => readPublicKey(publicKeyInfoOf(bytes)))];
  if (type === "PUBLIC KEY") return [unnamed("public key", () => readLonePublicKey(bytes))];
  return fail("failed to extract a Key from the PEM certificate");
}

function unnamed(what: string, read: () => Key): VerificationKey {
  try {
    return { algorithm: "", id: "", key: read() };
  } catch (error) {
    if (error instanceof DerError) fail(`failed to parse a PEM ${what}: ${error.message}`);
    throw error;
  }
}

function jwksOf(text: string): VerificationKey[] {
  try {
    return readJwks(text).map(({ algorithm, id, key }) => {
      if ("fault" in key) fail(`jwk.Export: failed to export jwk.Key to raw format: ${key.fault}`);
      return { algorithm, id, key };
    });
  } catch (error) {
    if (!(error instanceof JwkError)) throw error;
    return fail(`failed to parse a JWK key (set): jwk.ParseString: failed to parse string: ${error.message}`);
  }
}
