import { byteLength } from "./der.ts";
import type { RsaPrivate } from "./key.ts";
import { powerMod } from "./rsa.ts";

interface PrivateRsa {
  readonly n: bigint;
  readonly e: bigint;
  readonly private: RsaPrivate;
}

/** Why Go signs nothing with a private RSA key; undefined where it does. */
export function rsaFault(key: PrivateRsa): string | undefined {
  const bits = bitLength(key.n);
  if (bits < 1024) {
    return `crypto/rsa: ${bits}-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)`;
  }
  return rsaInconsistency(key);
}

/** Why the numbers of a private RSA key do not belong together; undefined where they do. */
export function rsaInconsistency(key: PrivateRsa): string | undefined {
  return numbersFault(key) ?? publicFault(key) ?? crtFault(key) ?? weakness(key);
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** What cannot stand for a number modulo another. */
function overflow(value: bigint, modulus: bigint): string | undefined {
  if (value < modulus) return undefined;
  const isLonger = byteLength(value) > 8 * Math.ceil(byteLength(modulus) / 8);
  return isLonger ? "input overflows the modulus size" : "input overflows the modulus";
}

function numbersFault({ n, private: { d, primes, precomputed } }: PrivateRsa): string | undefined {
  const [p = 0n] = primes;
  if (primes.some((prime) => prime <= 1n)) return "modulus must be > 1";
  const over = overflow(d, n);
  if (over !== undefined) return over;
  if (precomputed !== undefined) return overflow(precomputed.qi, p);
  if (primes.some((prime) => prime <= 2n)) return "modulus must be > 1";
  return p % 2n === 0n ? "crypto/rsa: p is even" : undefined;
}

function publicFault({ n, e }: PrivateRsa): string | undefined {
  if (n % 2n === 0n) return "crypto/rsa: public modulus is even";
  if (e < 2n) return "crypto/rsa: public exponent too small or negative";
  if (e % 2n === 0n) return "crypto/rsa: public exponent is even";
  return e >= 1n << 31n ? "crypto/rsa: public exponent too large" : undefined;
}

function crtFault({ n, e, private: { d, primes, precomputed } }: PrivateRsa): string | undefined {
  const [p = 0n, q = 0n] = primes;
  const dp = precomputed?.dp ?? d % (p - 1n);
  const dq = precomputed?.dq ?? d % (q - 1n);
  const qi = precomputed?.qi ?? powerMod(q % p, p - 2n, p);
  if (p >= n || q >= n) return "crypto/rsa: invalid prime";
  if ((p * q) % n !== 0n) return "crypto/rsa: p * q != n";
  for (const [prime, exponent] of [
    [p, dp],
    [q, dq],
  ] as const) {
    if (prime <= 2n) return "crypto/rsa: invalid prime";
    if (exponent >= prime - 1n || (e * exponent) % (prime - 1n) !== 1n) return "crypto/rsa: invalid CRT exponent";
  }
  if ((qi * q) % p !== 1n) return "crypto/rsa: invalid CRT coefficient";
  if (d % (p - 1n) !== dp) return "crypto/rsa: d does not match dP";
  return d % (q - 1n) === dq ? undefined : "crypto/rsa: d does not match dQ";
}

function weakness({ n, private: { d, primes } }: PrivateRsa): string | undefined {
  const [p = 0n, q = 0n] = primes;
  const half = bitLength(n) >> 1;
  if (p === q) return "crypto/rsa: p == q";
  if (bitLength(p > q ? p - q : q - p) <= half - 100) return "crypto/rsa: |p - q| too small";
  return bitLength(d) <= half ? "crypto/rsa: d too small" : undefined;
}
