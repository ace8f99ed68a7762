import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** The kinds of key this package makes. */
export type KeyAlgorithm = "ec-p256" | "rsa-2048";

/** A fresh pair; the private half also as PKCS #8 PEM, which is how it is stored. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly privateKeyPem: string;
}

const generate = promisify(generateKeyPair);

/** A fresh key pair of the algorithm. */
export async function makeKeyPair(algorithm: KeyAlgorithm): Promise<KeyPair> {
  const pair =
    algorithm === "ec-p256"
      ? await generate("ec", { namedCurve: "P-256" })
      : await generate("rsa", { modulusLength: 2048, publicExponent: 0x10001 });
  return { ...pair, privateKeyPem: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}
