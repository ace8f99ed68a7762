import { encodeUtf8 } from "./text.ts";

const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const urlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export type Base64Alphabet = "standard" | "url";

/** The bytes of a text, or the byte of the text at which Go finds it corrupt. */
export type Base64Result = { readonly bytes: Uint8Array } | { readonly corruptAt: number };

const pad = 0x3d;

/** Decodes as Go's encoding/base64 does: newlines are passed over, padding must be there unless it is told otherwise. */
export function decodeBase64(text: string, alphabet: Base64Alphabet, padded = true): Base64Result {
  const source = encodeUtf8(text);
  const letters = alphabet === "standard" ? standard : urlSafe;
  const bytes: number[] = [];
  const isNewline = (at: number): boolean => source[at] === 0x0a || source[at] === 0x0d;
  let at = 0;
  for (;;) {
    const quantum: number[] = [];
    let ended = false;
    while (quantum.length < 4) {
      const code = source[at];
      if (code === undefined) {
        if (quantum.length === 0) return { bytes: Uint8Array.from(bytes) };
        if (quantum.length === 1 || padded) return { corruptAt: at - quantum.length };
        ended = true;
        break;
      }
      at += 1;
      if (isNewline(at - 1)) continue;
      const digit = code < 0x80 && code !== pad ? letters.indexOf(String.fromCharCode(code)) : -1;
      if (digit !== -1) {
        quantum.push(digit);
        continue;
      }
      if (code !== pad || !padded || quantum.length < 2) return { corruptAt: at - 1 };
      if (quantum.length === 2) {
        while (isNewline(at)) at += 1;
        if (at === source.length) return { corruptAt: source.length };
        if (source[at] !== pad) return { corruptAt: at - 1 };
        at += 1;
      }
      while (isNewline(at)) at += 1;
      if (at < source.length) return { corruptAt: at };
      ended = true;
      break;
    }
    const [a = 0, b = 0, c = 0, d = 0] = quantum;
    const three = [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d];
    bytes.push(...three.slice(0, quantum.length - 1));
    if (ended) return { bytes: Uint8Array.from(bytes) };
  }
}

/** Encodes as Go's encoding/base64 does. */
export function encodeBase64(bytes: Uint8Array, alphabet: Base64Alphabet, padded = true): string {
  const letters = alphabet === "standard" ? standard : urlSafe;
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const left = bytes.length - at;
    text += (letters[a >> 2] ?? "") + (letters[((a & 3) << 4) | (b >> 4)] ?? "");
    text += left > 1 ? (letters[((b & 15) << 2) | (c >> 6)] ?? "") : padded ? "=" : "";
    text += left > 2 ? (letters[c & 63] ?? "") : padded ? "=" : "";
  }
  return text;
}

/** Go's text for a corrupt one. */
export function corruptText(corruptAt: number): string {
  return `illegal base64 data at input byte ${corruptAt}`;
}
