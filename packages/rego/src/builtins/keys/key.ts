/** The curves that keys may lie on, by their names in JWKs. */
export type CurveName = "P-256" | "P-384" | "P-521";

export interface RsaPrivate {
  readonly d: bigint;
  readonly primes: readonly bigint[];
  /** Where they were given: d modulo each prime less one, and the inverse of the second prime modulo the first. */
  readonly precomputed?: { readonly dp: bigint; readonly dq: bigint; readonly qi: bigint };
}

/** A key as the signature algorithms want it. `d` and `seed` are there on private ones. */
export type Key =
  | { readonly kind: "rsa"; readonly n: bigint; readonly e: bigint; readonly private?: RsaPrivate }
  /** `point` is uncompressed: 04 and both coordinates. */
  | { readonly kind: "ec"; readonly curve: CurveName; readonly point: Uint8Array; readonly d?: Uint8Array }
  | { readonly kind: "ed25519"; readonly point: Uint8Array; readonly seed?: Uint8Array }
  | { readonly kind: "x25519"; readonly point: Uint8Array; readonly secret: Uint8Array }
  | { readonly kind: "secret"; readonly bytes: Uint8Array }
  /** A key of a kind that nothing here can verify with; `numbers` are what it is made of, where they show. */
  | { readonly kind: "other"; readonly name: string; readonly numbers?: Readonly<Record<string, bigint>> };

/** The bytes of one coordinate. */
export const coordinateSize: Readonly<Record<CurveName, number>> = { "P-256": 32, "P-384": 48, "P-521": 66 };

/** Whether a key can sign. */
export function isPrivate(key: Key): boolean {
  return (
    (key.kind === "rsa" && key.private !== undefined) ||
    (key.kind === "ec" && key.d !== undefined) ||
    (key.kind === "ed25519" && key.seed !== undefined)
  );
}
