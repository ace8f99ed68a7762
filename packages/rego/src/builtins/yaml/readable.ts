import { encodeUtf8 } from "../../runtime/text.ts";
import { fail } from "../failure.ts";

/** A text that YAML can be read from, or what is wrong with its characters. */
export function readable(text: string): string {
  const found = WRONG.exec(text);
  if (found === null) return text.startsWith("\ufeff") ? text.slice(1) : text;
  const code = found[0].charCodeAt(0);
  if (code < 0xdc80 || code > 0xdcff) fail("yaml: control characters are not allowed");
  return failOctet(encodeUtf8(text.slice(found.index)));
}

/** Control characters, what is no character, and bytes outside UTF-8. */
const WRONG = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]/u;

function failOctet(bytes: Uint8Array): never {
  const first = bytes[0] ?? 0;
  const length = (first & 0xe0) === 0xc0 ? 2 : (first & 0xf0) === 0xe0 ? 3 : (first & 0xf8) === 0xf0 ? 4 : 0;
  if (length === 0) fail("yaml: invalid leading UTF-8 octet");
  if (bytes.length < length) fail("yaml: incomplete UTF-8 octet sequence");
  for (const byte of bytes.slice(1, length)) if ((byte & 0xc0) !== 0x80) fail("yaml: invalid trailing UTF-8 octet");
  const isSurrogate = first === 0xed && (bytes[1] ?? 0) >= 0xa0;
  return fail(
    isSurrogate || first >= 0xf4 ? "yaml: invalid Unicode character" : "yaml: invalid length of a UTF-8 sequence",
  );
}
