import { fail } from "../failure.ts";
import { DerError } from "./der.ts";
import { readJwks, JwkError, type Jwk } from "./jwk.ts";
import { decodePem } from "./pem.ts";
import { publicKeyInfoOf, readPublicKey } from "./public-key.ts";
import { algorithms } from "./signature.ts";

/** The keys that a text holds to verify tokens with: a PEM certificate or public key, a JWK, or a set of these. */
export function verificationKeys(text: string): readonly Jwk[] {
  const pem = decodePem(text);
  if (pem === undefined) return jwksOf(text).filter((jwk) => jwk.algorithm === "" || algorithms.has(jwk.algorithm));
  if (pem.rest.length > 0) fail("extra data after a PEM certificate block");
  const { type, bytes } = pem.block;
  if (type === "CERTIFICATE") return [unnamed("certificate", () => publicKeyInfoOf(bytes))];
  if (type === "PUBLIC KEY") return [unnamed("public key", () => bytes)];
  return fail("failed to extract a Key from the PEM certificate");
}

function unnamed(what: string, info: () => Uint8Array): Jwk {
  try {
    return { algorithm: "", id: "", key: readPublicKey(info()) };
  } catch (error) {
    if (error instanceof DerError) fail(`failed to parse a PEM ${what}: ${error.message}`);
    throw error;
  }
}

function jwksOf(text: string): Jwk[] {
  try {
    return readJwks(text);
  } catch (error) {
    if (error instanceof JwkError) fail(`failed to parse a JWK key (set): ${error.message}`);
    throw error;
  }
}
