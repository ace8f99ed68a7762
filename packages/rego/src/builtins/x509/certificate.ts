import {
  bitStringOf,
  DerError,
  derTags,
  expectTag,
  integerOf,
  oidOf,
  readAll,
  readElement,
  within,
  type DerElement,
} from "../keys/der.ts";
import { type HashName, hashSize } from "../keys/hashes.ts";
import type { Key } from "../keys/key.ts";
import { keyOids, readPublicKey } from "../keys/public-key.ts";
import { readExtensions, readKnown, type Extension, type Known } from "./extensions.ts";
import { readName, type NameAttribute } from "./name.ts";

/** A signature algorithm by what it is made of, with the number that Go gives it. */
export interface SignatureAlgorithm {
  readonly number: number;
  readonly scheme?: "pkcs1" | "pss" | "ecdsa" | "eddsa";
  readonly hash?: HashName;
}

/** A certificate, read. Byte strings are views of what was read. */
export interface Certificate {
  readonly raw: Uint8Array;
  readonly tbs: Uint8Array;
  readonly publicKeyInfo: Uint8Array;
  readonly rawSubject: Uint8Array;
  readonly rawIssuer: Uint8Array;
  readonly signature: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  readonly key: Key;
  readonly keyAlgorithm: string;
  readonly version: number;
  readonly serial: bigint;
  readonly issuer: readonly NameAttribute[];
  readonly subject: readonly NameAttribute[];
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Extension[];
  readonly known: Known;
}

/** Reads the certificates that some bytes are made of, one after another. Throws a `DerError`. */
export function readCertificates(der: Uint8Array): Certificate[] {
  const found: Certificate[] = [];
  let rest = der;
  while (rest.length > 0) {
    let read: ReturnType<typeof readElement>;
    try {
      read = readElement(rest);
    } catch (error) {
      if (error instanceof DerError) throw new DerError("x509: malformed certificate");
      throw error;
    }
    found.push(readCertificate(read.element));
    rest = read.rest;
  }
  return found;
}

/** Every part has its own word for being malformed. */
function part<T>(name: string, read: () => T): T {
  return within(`x509: malformed ${name}`, read);
}

/** The elements up to the first that is none; who asks for that one finds that it is missing. */
function readLeading(contents: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  try {
    for (let rest = contents; rest.length > 0;) {
      const read = readElement(rest);
      elements.push(read.element);
      rest = read.rest;
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
  return elements;
}

function readCertificate(element: DerElement): Certificate {
  const sequence = (item: DerElement | undefined): DerElement => expectTag(item, derTags.sequence);
  const [tbsElement, algorithm, signature] = part("certificate", () => readAll(sequence(element).contents));
  const tbs = part("tbs certificate", () => sequence(tbsElement));
  const all = readLeading(tbs.contents);
  const [first] = all;
  const isVersioned = first?.tag === 0xa0;
  const version = isVersioned ? part("version", () => Number(integerOf(readElement(first.contents).element))) + 1 : 1;
  if (version < 1) throw new DerError("x509: malformed version");
  if (version > 3) throw new DerError("x509: invalid version");
  const [serialElement, inner, issuer, validity, subject, keyInfo, ...optional] = isVersioned ? all.slice(1) : all;
  const serial = part("serial number", () => integerOf(serialElement));
  if (serial < 0n) throw new DerError("x509: negative serial number");
  part("signature algorithm identifier", () => sequence(inner));
  part("algorithm identifier", () => sequence(algorithm));
  const rawIssuer = part("issuer", () => sequence(issuer)).raw;
  const [notBefore, notAfter] = part("validity", () => readAll(sequence(validity).contents)).map(readTime);
  if (notBefore === undefined || notAfter === undefined) throw new DerError("x509: malformed validity");
  const rawSubject = part("issuer", () => sequence(subject)).raw;
  const { raw: publicKeyInfo } = part("spki", () => sequence(keyInfo));
  const list = optional.find(({ tag }) => tag === 0xa3);
  const extensions = list === undefined ? [] : readExtensions(readElement(list.contents).element);
  return {
    raw: element.raw,
    tbs: tbs.raw,
    publicKeyInfo,
    rawSubject,
    rawIssuer,
    signature: part("signature", () => bitStringOf(signature)),
    algorithm: signatureAlgorithmOf(algorithm),
    key: readPublicKey(publicKeyInfo),
    keyAlgorithm: keyAlgorithmOf(publicKeyInfo),
    version,
    serial,
    issuer: readName(issuer),
    subject: readName(subject),
    notBefore,
    notAfter,
    extensions,
    known: readKnown(extensions),
  };
}

/** UTCTime or GeneralizedTime, in milliseconds since 1970. */
function readTime(element: DerElement): number {
  const text = String.fromCharCode(...element.contents);
  const utc = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/.exec(text);
  if (element.tag === 0x17 && utc !== null) {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = utc.slice(1).map(Number);
    return Date.UTC(year + (year < 50 ? 2000 : 1900), month - 1, day, hour, minute, second);
  }
  const full = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (element.tag === 0x18 && full !== null) {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = full.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
  throw new DerError("x509: unsupported time format");
}

/** The number that Go gives a key's algorithm, by its identifier. */
export function keyAlgorithmOf(publicKeyInfo: Uint8Array): string {
  const [algorithm] = readAll(readElement(publicKeyInfo).element.contents);
  return oidOf(readAll(expectTag(algorithm, derTags.sequence).contents)[0]);
}

export const publicKeyNumbers: ReadonlyMap<string, number> = new Map([
  [keyOids.rsa, 1],
  ["1.2.840.10040.4.1", 2],
  [keyOids.ec, 3],
  [keyOids.ed25519, 4],
]);

const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  "1.2.840.113549.1.1.4": { number: 2 },
  "1.2.840.113549.1.1.5": { number: 3 },
  "1.3.14.3.2.29": { number: 3 },
  "1.2.840.113549.1.1.11": { number: 4, scheme: "pkcs1", hash: "SHA256" },
  "1.2.840.113549.1.1.12": { number: 5, scheme: "pkcs1", hash: "SHA384" },
  "1.2.840.113549.1.1.13": { number: 6, scheme: "pkcs1", hash: "SHA512" },
  "1.2.840.10040.4.3": { number: 7 },
  "2.16.840.1.101.3.4.3.2": { number: 8 },
  "1.2.840.10045.4.1": { number: 9 },
  "1.2.840.10045.4.3.2": { number: 10, scheme: "ecdsa", hash: "SHA256" },
  "1.2.840.10045.4.3.3": { number: 11, scheme: "ecdsa", hash: "SHA384" },
  "1.2.840.10045.4.3.4": { number: 12, scheme: "ecdsa", hash: "SHA512" },
  "1.3.101.112": { number: 16, scheme: "eddsa", hash: "SHA512" },
};

/** PSS by the hash that its parameters name. */
const pssByHash: Readonly<Record<string, SignatureAlgorithm>> = {
  "2.16.840.1.101.3.4.2.1": { number: 13, scheme: "pss", hash: "SHA256" },
  "2.16.840.1.101.3.4.2.2": { number: 14, scheme: "pss", hash: "SHA384" },
  "2.16.840.1.101.3.4.2.3": { number: 15, scheme: "pss", hash: "SHA512" },
};

/** The algorithm that an AlgorithmIdentifier names. */
export function signatureAlgorithmOf(element: DerElement | undefined): SignatureAlgorithm {
  const [oidElement, parameters] = readAll(expectTag(element, derTags.sequence).contents);
  const oid = oidOf(oidElement);
  if (oid !== "1.2.840.113549.1.1.10") return signatureAlgorithms[oid] ?? { number: 0 };
  try {
    return pssOf(readAll(expectTag(parameters, derTags.sequence).contents));
  } catch (error) {
    if (error instanceof DerError) return { number: 0 };
    throw error;
  }
}

/** PSS as Go knows it: one hash for the message and the mask, and a salt of its length. */
function pssOf(parameters: readonly DerElement[]): SignatureAlgorithm {
  const tagged = (tag: number): DerElement[] => {
    const element = parameters.find((each) => each.tag === tag);
    return element === undefined ? [] : readAll(element.contents);
  };
  const oids = (element: DerElement | undefined): DerElement[] =>
    readAll(expectTag(element, derTags.sequence).contents);
  const hash = oidOf(oids(tagged(0xa0)[0])[0]);
  const [mask, maskParameters] = oids(tagged(0xa1)[0]);
  const salt = tagged(0xa2)[0];
  const found = pssByHash[hash];
  const isPlain = oidOf(mask) === mgf1 && oidOf(oids(maskParameters)[0]) === hash && tagged(0xa3).length === 0;
  if (found?.hash === undefined || !isPlain || salt === undefined) return { number: 0 };
  return integerOf(salt) === BigInt(hashSize[found.hash]) ? found : { number: 0 };
}

const mgf1 = "1.2.840.113549.1.1.8";
