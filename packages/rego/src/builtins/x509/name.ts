import { decodeUtf8 } from "../../runtime/text.ts";
import type { Value } from "../../runtime/value.ts";
import { DerError, derTags, expectTag, integerOf, oidOf, readAll, type DerElement } from "../keys/der.ts";
import { fromInteger } from "../../runtime/number.ts";
import { encodeBase64 } from "../../runtime/base64.ts";

/** One attribute of a distinguished name. */
export interface NameAttribute {
  readonly type: string;
  readonly value: Value;
}

/** The attributes of a distinguished name, in order. */
export function readName(element: DerElement | undefined): NameAttribute[] {
  return readAll(expectTag(element, derTags.sequence).contents).flatMap((set) =>
    readAll(expectTag(set, derTags.set).contents).map((attribute) => {
      const [type, value] = readAll(expectTag(attribute, derTags.sequence).contents);
      if (value === undefined) throw new DerError("invalid RDNSequence: invalid attribute value");
      return { type: oidOf(type), value: anyValue(value) };
    }),
  );
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** A value of any type as Go's JSON shows it: texts as they are, bytes in base64. */
export function anyValue(element: DerElement): Value {
  const { tag, contents } = element;
  switch (tag) {
    case 0x0c: // UTF8String
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x16: // IA5String
      return decodeUtf8(contents);
    case 0x14: // T61String
      return latin1(contents);
    case 0x1e: // BMPString
      return String.fromCharCode(
        ...Array.from(
          { length: contents.length >> 1 },
          (_, at) => ((contents[2 * at] ?? 0) << 8) | (contents[2 * at + 1] ?? 0),
        ),
      );
    case derTags.boolean:
      return (contents[0] ?? 0) !== 0;
    case derTags.integer:
      return fromInteger(integerOf(element));
    case derTags.oid:
      return oidOf(element).split(".").map(Number);
    case derTags.octetString:
      return encodeBase64(contents, "standard");
    default:
      return null;
  }
}

/** Attributes that have a field of their own in Go's names; those marked with one hold a list. */
const fields: readonly (readonly [field: string, oid: string, list: boolean])[] = [
  ["Country", "2.5.4.6", true],
  ["Organization", "2.5.4.10", true],
  ["OrganizationalUnit", "2.5.4.11", true],
  ["Locality", "2.5.4.7", true],
  ["Province", "2.5.4.8", true],
  ["StreetAddress", "2.5.4.9", true],
  ["PostalCode", "2.5.4.17", true],
  ["SerialNumber", "2.5.4.5", false],
  ["CommonName", "2.5.4.3", false],
];

/** A name as Go's JSON shows it. */
export function nameTree(name: readonly NameAttribute[]): Value {
  const tree: Record<string, Value> = {
    Names: name.length === 0 ? null : name.map(({ type, value }) => ({ Type: oidNumbers(type), Value: value })),
    ExtraNames: null,
  };
  for (const [field, oid, list] of fields) {
    const values = name
      .filter(({ type, value }) => type === oid && typeof value === "string")
      .map(({ value }) => value);
    tree[field] = list ? (values.length === 0 ? null : values) : (values.at(-1) ?? "");
  }
  return tree;
}

/** An identifier as the list of its numbers. */
export function oidNumbers(oid: string): Value {
  return oid.split(".").map(Number);
}
