/** One element of DER: its tag, and where its contents lie. */
export interface DerElement {
  readonly tag: number;
  /** The whole element, header included. */
  readonly raw: Uint8Array;
  readonly contents: Uint8Array;
}

/** Tags that the readers here ask for. */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Not DER, or not what was expected. Thrown inside the readers of keys and certificates, and caught at their doors. */
export class DerError extends Error {}

/** Reads the element at the beginning of some bytes. */
export function readElement(bytes: Uint8Array): { readonly element: DerElement; readonly rest: Uint8Array } {
  const tag = bytes[0];
  const first = bytes[1];
  if (tag === undefined || first === undefined) throw new DerError("truncated");
  if ((tag & 0x1f) === 0x1f) throw new DerError("high tag numbers are not used here");
  let length = first;
  let header = 2;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size === 0 || size > 4) throw new DerError("indefinite or enormous length");
    length = 0;
    for (let at = 2; at < 2 + size; at += 1) {
      const byte = bytes[at];
      if (byte === undefined) throw new DerError("truncated");
      length = length * 256 + byte;
    }
    if (length < 0x80 || (size > 1 && bytes[2] === 0)) throw new DerError("length is not minimal");
    header += size;
  }
  if (bytes.length < header + length) throw new DerError("truncated");
  return {
    element: { tag, raw: bytes.subarray(0, header + length), contents: bytes.subarray(header, header + length) },
    rest: bytes.subarray(header + length),
  };
}

/** The parts of the struct that Go's asn1 reads some bytes into; where the bytes begin otherwise, in its words. */
export function readStruct(
  bytes: Uint8Array,
  name: string,
): { readonly raw: Uint8Array; readonly parts: DerElement[] } {
  const [tag, first] = bytes;
  if (tag === undefined) throw new DerError("asn1: syntax error: sequence truncated");
  if (first === undefined) throw new DerError("asn1: syntax error: truncated tag or length");
  if (tag !== derTags.sequence) {
    const found = `{class:${tag >> 6} tag:${tag & 0x1f} length:${first} isCompound:${(tag & 0x20) !== 0}}`;
    const wanted =
      "{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}";
    throw new DerError(`asn1: structure error: tags don't match (16 vs ${found}) ${wanted} ${name} @2`);
  }
  const { element, rest } = within("asn1: syntax error: data truncated", () => readElement(bytes));
  if (element.contents.length === 0) throw new DerError("asn1: syntax error: sequence truncated");
  const parts = within("asn1: syntax error: data truncated", () => readAll(element.contents));
  if (rest.length > 0) throw new DerError("asn1: syntax error: trailing data");
  return { raw: element.raw, parts };
}

/** Words what is wrong with what is read here. */
export function within<T>(error: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof DerError) throw new DerError(error);
    throw cause;
  }
}

/** The elements that some contents are made of. */
export function readAll(contents: Uint8Array): DerElement[] {
  const elements: DerElement[] = [];
  let rest = contents;
  while (rest.length > 0) {
    const read = readElement(rest);
    elements.push(read.element);
    rest = read.rest;
  }
  return elements;
}

/** The only element of some bytes, which must have this tag. */
export function readOnly(bytes: Uint8Array, tag: number): DerElement {
  const { element, rest } = readElement(bytes);
  if (element.tag !== tag) throw new DerError(`tag ${element.tag} in the place of ${tag}`);
  if (rest.length > 0) throw new DerError("trailing data");
  return element;
}

/** The parts of a sequence. */
export function readSequence(bytes: Uint8Array): DerElement[] {
  return readAll(readOnly(bytes, derTags.sequence).contents);
}

/** An element of the list with the tag it must have. */
export function expectTag(element: DerElement | undefined, tag: number): DerElement {
  if (element === undefined || element.tag !== tag) throw new DerError(`missing element with tag ${tag}`);
  return element;
}

/** An integer, negative ones included. */
export function integerOf(element: DerElement | undefined): bigint {
  const { contents } = expectTag(element, derTags.integer);
  if (contents.length === 0) throw new DerError("empty integer");
  const magnitude = bytesToBigint(contents);
  return (contents[0] ?? 0) >= 0x80 ? magnitude - (1n << BigInt(contents.length * 8)) : magnitude;
}

/** An object identifier as dotted numbers. */
export function oidOf(element: DerElement | undefined): string {
  const { contents } = expectTag(element, derTags.oid);
  const parts: number[] = [];
  let value = 0;
  for (const byte of contents) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      parts.push(value);
      value = 0;
    }
  }
  const [first = 0, ...others] = parts;
  const top = Math.min(Math.floor(first / 40), 2);
  return [top, first - top * 40, ...others].join(".");
}

/** The bytes of a bit string whose bits fill them. */
export function bitStringOf(element: DerElement | undefined): Uint8Array {
  const { contents } = expectTag(element, derTags.bitString);
  if (contents.length === 0) throw new DerError("empty bit string");
  return contents.subarray(1);
}

export function bytesToBigint(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}

/** A number as that many bytes, most significant first. */
export function bigintToBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** How many bytes a number needs. */
export function byteLength(value: bigint): number {
  return Math.ceil(value.toString(16).length / 2);
}
