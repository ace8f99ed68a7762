import { encodeBase64 } from "../../runtime/base64.ts";
import { fromInteger } from "../../runtime/number.ts";
import type { Value } from "../../runtime/value.ts";
import { bigintToBytes, byteLength, bytesToBigint } from "../keys/der.ts";
import { coordinateSize, type Key } from "../keys/key.ts";
import { concat, powerMod } from "../keys/rsa.ts";
import { base64, publicKeyTree } from "./certificate-tree.ts";

/** A private key as Go's JSON shows it. */
export function privateKeyTree(key: Key): Value {
  switch (key.kind) {
    case "rsa": {
      const { d = 0n, primes = [] } = key.private ?? {};
      const { dp, dq, qi } = remainders(d, primes);
      return {
        N: fromInteger(key.n),
        E: fromInteger(key.e),
        D: fromInteger(d),
        Primes: primes.map(fromInteger),
        Precomputed: { Dp: fromInteger(dp), Dq: fromInteger(dq), Qinv: fromInteger(qi), CRTValues: [] },
      };
    }
    case "ec":
      return { ...asObject(publicKeyTree(key)), D: fromInteger(bytesToBigint(key.d ?? new Uint8Array())) };
    case "x25519":
      return {};
    case "ed25519":
      return base64(concat(key.seed ?? new Uint8Array(), key.point));
    default:
      return null;
  }
}

function asObject(tree: Value): Record<string, Value> {
  return tree as Record<string, Value>; // as: publicKeyTree makes objects of these keys
}

function remainders(d: bigint, primes: readonly bigint[]): { dp: bigint; dq: bigint; qi: bigint } {
  const [p = 2n, q = 2n] = primes;
  // The inverse by Fermat, p being prime.
  return { dp: d % (p - 1n), dq: d % (q - 1n), qi: powerMod(q, p - 2n, p) };
}

/** A private key as a JWK. */
export function jwkTree(key: Key): Value {
  const text = (bytes: Uint8Array): string => encodeBase64(bytes, "url", false);
  const number = (value: bigint): string => text(bigintToBytes(value, byteLength(value)));
  switch (key.kind) {
    case "rsa": {
      const { d = 0n, primes = [] } = key.private ?? {};
      const [p = 0n, q = 0n] = primes;
      const { dp, dq, qi } = remainders(d, primes);
      return {
        kty: "RSA",
        n: number(key.n),
        e: number(key.e),
        d: number(d),
        p: number(p),
        q: number(q),
        dp: number(dp),
        dq: number(dq),
        qi: number(qi),
      };
    }
    case "ec": {
      const size = coordinateSize[key.curve];
      const [x, y] = [key.point.subarray(1, 1 + size), key.point.subarray(1 + size)].map(text);
      return { kty: "EC", crv: key.curve, x: x ?? "", y: y ?? "", d: text(key.d ?? new Uint8Array()) };
    }
    case "x25519":
      return { kty: "OKP", crv: "X25519", x: text(key.point), d: text(key.secret) };
    case "ed25519":
      return { kty: "OKP", crv: "Ed25519", x: text(key.point), d: text(key.seed ?? new Uint8Array()) };
    default:
      return null;
  }
}
