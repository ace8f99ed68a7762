import { equalBytes } from "../equal-bytes.ts";
import { bigintToBytes, DerError, integerOf, readSequence } from "../keys/der.ts";
import { coordinateSize } from "../keys/key.ts";
import { concat } from "../keys/rsa.ts";
import { verificationSteps, verifySignature } from "../keys/signature.ts";
import type { Certificate } from "./certificate.ts";
import { ipText } from "./certificate-tree.ts";
import { namesAllowed } from "./name-constraints.ts";

/** What a chain is held to. */
export interface ChainOptions {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The name that the leaf must be made out to; empty for any. */
  readonly dnsName: string;
  /** Identifiers of extended usages, one of which must be allowed all the way; `any` allows all. */
  readonly usages: readonly string[];
  /** Told what is about to be done, in steps. */
  readonly charge: (steps: number) => void;
}

const anyUsage = "2.5.29.37.0";

/** A chain from the leaf to the root through the intermediates, or nothing where there is none. After Go's x509.Verify. */
export function findChain(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  root: Certificate,
  options: ChainOptions,
): Certificate[] | undefined {
  if (leaf.known.unhandled.length > 0 || !isCurrent(leaf, options)) return undefined;
  if (options.dnsName !== "" && !isMadeOutTo(leaf, options.dnsName)) return undefined;
  const start = [leaf];
  const chain = equalBytes(leaf.raw, root.raw) ? start : extend(start, intermediates, root, options, { left: 100 });
  return chain === undefined || !usagesAllowed(chain, options.usages) ? undefined : chain;
}

/** Signatures may be looked at so many times: chains branch. */
interface Signatures {
  left: number;
}

function extend(
  chain: readonly Certificate[],
  intermediates: readonly Certificate[],
  root: Certificate,
  options: ChainOptions,
  signatures: Signatures,
): Certificate[] | undefined {
  const child = chain.at(-1);
  if (child === undefined) return undefined;
  const mayIssue = (parent: Certificate, isRoot: boolean): boolean => {
    if (!equalBytes(child.rawIssuer, parent.rawSubject) || signatures.left === 0) return false;
    if (chain.some((seen) => equalBytes(seen.raw, parent.raw))) return false;
    signatures.left -= 1;
    options.charge(verificationSteps(parent.key));
    return isSignedBy(child, parent) && isAuthority(parent, chain, isRoot, options);
  };
  if (mayIssue(root, true)) return [...chain, root];
  for (const parent of intermediates) {
    if (!mayIssue(parent, false)) continue;
    const found = extend([...chain, parent], intermediates, root, options, signatures);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isCurrent({ notBefore, notAfter }: Certificate, { time }: ChainOptions): boolean {
  return time >= notBefore && time <= notAfter;
}

function isAuthority(
  parent: Certificate,
  chain: readonly Certificate[],
  isRoot: boolean,
  options: ChainOptions,
): boolean {
  const { basic, unhandled } = parent.known;
  if (unhandled.length > 0 || !isCurrent(parent, options)) return false;
  if (basic !== undefined ? !basic.isCa : !isRoot) return false;
  if (basic !== undefined && basic.maxPathLength >= 0 && chain.length - 1 > basic.maxPathLength) return false;
  return chain.every((certificate) => namesAllowed(parent.known.constraints, certificate));
}

const signBit = 1 << 5;

function isSignedBy(child: Certificate, parent: Certificate): boolean {
  const { basic, keyUsage = 0 } = parent.known;
  if (parent.version === 3 ? basic === undefined || !basic.isCa : basic !== undefined && !basic.isCa) return false;
  if (keyUsage !== 0 && (keyUsage & signBit) === 0) return false;
  const { scheme, hash } = child.algorithm;
  // Signatures by MD5 and SHA-1 are no longer taken.
  if (scheme === undefined || hash === undefined) return false;
  const signature = scheme === "ecdsa" ? plainSignature(child.signature, parent) : child.signature;
  if (signature === undefined) return false;
  const strictness = { salt: "hash", halves: "any", privateKeys: false } as const;
  return verifySignature({ scheme, hash }, parent.key, child.tbs, signature, strictness);
}

/** The two numbers of an ECDSA signature side by side; certificates hold them as DER. */
function plainSignature(der: Uint8Array, { key }: Certificate): Uint8Array | undefined {
  if (key.kind !== "ec") return undefined;
  try {
    const size = coordinateSize[key.curve];
    const [r, s] = readSequence(der).map(integerOf);
    if (r === undefined || s === undefined || r <= 0n || s <= 0n) return undefined;
    return concat(bigintToBytes(r, size), bigintToBytes(s, size));
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function isMadeOutTo({ known }: Certificate, name: string): boolean {
  const { dns = [], ips = [] } = known.names ?? {};
  const address = name.startsWith("[") && name.endsWith("]") ? name.slice(1, -1) : name;
  if (/^[0-9.]+$|:/.test(address)) return ips.some((ip) => ipText(ip) === address.toLowerCase());
  return dns.some((pattern) => matchesHost(pattern.toLowerCase(), name.toLowerCase().replace(/\.$/, "")));
}

/** A star stands for the whole first label. */
function matchesHost(pattern: string, host: string): boolean {
  const [wanted, given] = [pattern.split("."), host.split(".")];
  if (wanted.length !== given.length) return false;
  return wanted.every((label, index) => label === given[index] || (index === 0 && label === "*"));
}

function usagesAllowed(chain: readonly Certificate[], wanted: readonly string[]): boolean {
  if (wanted.includes(anyUsage)) return true;
  let usages = [...wanted];
  for (const { known } of chain.toReversed()) {
    const own = known.extendedKeyUsage;
    if (own === undefined || own.length === 0 || own.includes(anyUsage)) continue;
    usages = usages.filter((usage) => own.includes(usage));
    if (usages.length === 0) return false;
  }
  return true;
}
