import { decodeUtf8 } from "../../runtime/text.ts";
import {
  bytesToBigint,
  DerError,
  derTags,
  expectTag,
  integerOf,
  oidOf,
  readAll,
  readElement,
  readOnly,
  readSequence,
  type DerElement,
} from "../keys/der.ts";

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** Names of the kinds that certificates are made out to. */
export interface AlternativeNames {
  readonly dns: string[];
  readonly emails: string[];
  readonly ips: Uint8Array[];
  readonly uris: string[];
}

export interface IpRange {
  readonly ip: Uint8Array;
  readonly mask: Uint8Array;
}

/** What names an authority may sign for, or may not. */
export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: Subtrees;
  readonly excluded: Subtrees;
}

export interface Subtrees {
  readonly dns: string[];
  readonly emails: string[];
  readonly ranges: IpRange[];
  readonly uris: string[];
}

/** What the extensions of a certificate say. Absent fields were not there. */
export interface Known {
  keyUsage?: number;
  basic?: { readonly isCa: boolean; readonly maxPathLength: number };
  names?: AlternativeNames;
  constraints?: NameConstraints;
  crls?: string[];
  authorityKeyId?: Uint8Array;
  subjectKeyId?: Uint8Array;
  extendedKeyUsage?: string[];
  policies?: string[];
  ocsp: string[];
  issuers: string[];
  requireExplicitPolicy?: number;
  inhibitPolicyMapping?: number;
  inhibitAnyPolicy?: number;
  policyMappings?: { readonly issuer: string; readonly subject: string }[];
  readonly unhandled: string[];
}

/** The extensions of a `[3]` element's sequence, or of a request's attribute. */
export function readExtensions(list: DerElement | undefined): Extension[] {
  return readAll(expectTag(list, derTags.sequence).contents).map((element) => {
    const parts = readAll(expectTag(element, derTags.sequence).contents);
    const critical = parts[1]?.tag === derTags.boolean;
    return {
      oid: oidOf(parts[0]),
      critical: critical && (parts[1]?.contents[0] ?? 0) !== 0,
      value: expectTag(parts[critical ? 2 : 1], derTags.octetString).contents,
    };
  });
}

/** Reads what is known of the extensions; critical ones that are not are listed. */
export function readKnown(extensions: readonly Extension[]): Known {
  const known: Known = { ocsp: [], issuers: [], unhandled: [] };
  for (const extension of extensions) {
    const read = readers[extension.oid];
    const handled = read === undefined ? false : read(known, extension);
    if (!handled && extension.critical) known.unhandled.push(extension.oid);
  }
  return known;
}

/** Each answers whether the extension is dealt with. */
const readers: Readonly<Record<string, (known: Known, extension: Extension) => boolean>> = {
  "2.5.29.15": (known, { value }) => {
    known.keyUsage = readBits(value);
    return true;
  },
  "2.5.29.19": (known, { value }) => {
    const parts = readSequence(value);
    const isCa = parts[0]?.tag === derTags.boolean && (parts[0].contents[0] ?? 0) !== 0;
    const length = parts.find((part) => part.tag === derTags.integer);
    known.basic = { isCa, maxPathLength: length === undefined ? -1 : Number(integerOf(length)) };
    return true;
  },
  "2.5.29.17": (known, { value }) => {
    const names = readAlternativeNames(value);
    known.names = names;
    return names.dns.length + names.emails.length + names.ips.length + names.uris.length > 0;
  },
  "2.5.29.30": (known, { value, critical }) => {
    known.constraints = readConstraints(value, critical);
    return true;
  },
  "2.5.29.31": (known, { value }) => {
    known.crls = readSequence(value).flatMap((point) =>
      readAll(point.contents)
        .filter((part) => part.tag === 0xa0)
        .flatMap((name) => readAll(name.contents).filter((part) => part.tag === 0xa0))
        .flatMap((full) => readAll(full.contents).filter((part) => part.tag === 0x86))
        .map((uri) => decodeUtf8(uri.contents)),
    );
    return true;
  },
  "2.5.29.35": (known, { value }) => {
    const id = readSequence(value).find((part) => part.tag === 0x80);
    if (id !== undefined) known.authorityKeyId = id.contents;
    return true;
  },
  "2.5.29.14": (known, { value }) => {
    known.subjectKeyId = readOnly(value, derTags.octetString).contents;
    return true;
  },
  "2.5.29.37": (known, { value }) => {
    known.extendedKeyUsage = readSequence(value).map(oidOf);
    return true;
  },
  "2.5.29.32": (known, { value }) => {
    known.policies = readSequence(value).map((policy) => oidOf(readAll(policy.contents)[0]));
    return true;
  },
  "2.5.29.33": (known, { value }) => {
    known.policyMappings = readSequence(value).map((mapping) => {
      const [issuer, subject] = readAll(mapping.contents);
      return { issuer: oidOf(issuer), subject: oidOf(subject) };
    });
    return true;
  },
  "2.5.29.36": (known, { value }) => {
    for (const part of readSequence(value)) {
      const count = Number(bytesToBigint(part.contents));
      if (part.tag === 0x80) known.requireExplicitPolicy = count;
      else if (part.tag === 0x81) known.inhibitPolicyMapping = count;
    }
    return true;
  },
  "2.5.29.54": (known, { value }) => {
    known.inhibitAnyPolicy = Number(integerOf(readElement(value).element));
    return true;
  },
  "1.3.6.1.5.5.7.1.1": (known, { value }) => {
    for (const access of readSequence(value)) {
      const [method, location] = readAll(access.contents);
      if (location?.tag !== 0x86) continue;
      const uri = decodeUtf8(location.contents);
      if (oidOf(method) === "1.3.6.1.5.5.7.48.1") known.ocsp.push(uri);
      else if (oidOf(method) === "1.3.6.1.5.5.7.48.2") known.issuers.push(uri);
    }
    return true;
  },
};

/** A bit string as a number: its first bit is 1, its second 2. */
function readBits(value: Uint8Array): number {
  const [unused = 0, ...bytes] = readOnly(value, derTags.bitString).contents;
  let bits = 0;
  for (let at = 0; at < bytes.length * 8 - unused; at += 1) {
    if ((((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1) bits += 2 ** at;
  }
  return bits;
}

/** The names of a subjectAltName. */
export function readAlternativeNames(value: Uint8Array): AlternativeNames {
  const names: AlternativeNames = { dns: [], emails: [], ips: [], uris: [] };
  for (const { tag, contents } of readSequence(value)) {
    if (tag === 0x81) names.emails.push(decodeUtf8(contents));
    else if (tag === 0x82) names.dns.push(decodeUtf8(contents));
    else if (tag === 0x86) names.uris.push(decodeUtf8(contents));
    else if (tag === 0x87) {
      if (contents.length !== 4 && contents.length !== 16) {
        throw new DerError(`x509: cannot parse IP address of length ${contents.length}`);
      }
      names.ips.push(contents);
    }
  }
  return names;
}

function readConstraints(value: Uint8Array, critical: boolean): NameConstraints {
  const parts = readSequence(value);
  const subtrees = (tag: number): Subtrees => {
    const trees: Subtrees = { dns: [], emails: [], ranges: [], uris: [] };
    for (const part of parts.filter((item) => item.tag === tag)) {
      for (const subtree of readAll(part.contents)) addSubtree(trees, readAll(subtree.contents)[0]);
    }
    return trees;
  };
  return { critical, permitted: subtrees(0xa0), excluded: subtrees(0xa1) };
}

function addSubtree(trees: Subtrees, base: DerElement | undefined): void {
  if (base === undefined) throw new DerError("x509: invalid NameConstraints extension");
  const { tag, contents } = base;
  if (tag === 0x81) trees.emails.push(decodeUtf8(contents));
  else if (tag === 0x82) trees.dns.push(decodeUtf8(contents));
  else if (tag === 0x86) trees.uris.push(decodeUtf8(contents));
  else if (tag === 0x87) {
    const half = contents.length / 2;
    trees.ranges.push({ ip: contents.subarray(0, half), mask: contents.subarray(half) });
  }
}
