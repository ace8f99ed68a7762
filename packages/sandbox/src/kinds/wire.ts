/** One field as protobuf's wire format has it: its number, and a number or bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/** Splits a message into its fields. Throws RangeError where the bytes are no message. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  let offset = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset];
      if (byte === undefined) throw new RangeError("unexpected end of message");
      offset += 1;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    throw new RangeError("integer overflow");
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - offset) throw new RangeError("unexpected end of message");
    offset += length;
    return bytes.subarray(offset - length, offset);
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (wireType === 0) yield { number, value: varint() };
    else if (wireType === 1) yield { number, value: take(8) };
    else if (wireType === 2) yield { number, value: take(Number(varint())) };
    else if (wireType === 5) yield { number, value: take(4) };
    else throw new RangeError(`unknown wire type ${wireType}`);
  }
}
