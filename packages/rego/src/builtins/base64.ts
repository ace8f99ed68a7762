/** Base 64 as Go's encoding/base64 has it. */

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The alphabet for texts that stand in URLs. */
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Which alphabet. */
export type Base64Alphabet = "standard" | "url";

/** The text of bytes, padded unless said otherwise. */
export function encodeBase64(bytes: Uint8Array, alphabet: Base64Alphabet = "standard", padded = true): string {
  const letters = alphabet === "standard" ? STANDARD : URL_SAFE;
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a, b, c] = [bytes[at] ?? 0, bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += letters.charAt(bits >> 18) + letters.charAt((bits >> 12) & 63);
    if (b !== undefined) text += letters.charAt((bits >> 6) & 63);
    else if (padded) text += "=";
    if (c !== undefined) text += letters.charAt(bits & 63);
    else if (padded) text += "=";
  }
  return text;
}

/** The bytes of a padded text, or the position of the first byte that is wrong. Line breaks do not count. */
export function decodeBase64(
  text: Uint8Array,
  alphabet: Base64Alphabet = "standard",
): { readonly bytes: Uint8Array } | { readonly corruptAt: number } {
  const letters = alphabet === "standard" ? STANDARD : URL_SAFE;
  const bytes: number[] = [];
  let at = 0;
  const skipBreaks = (): void => {
    while (text[at] === 10 || text[at] === 13) at++;
  };
  for (;;) {
    const sextets: number[] = [];
    while (sextets.length < 4) {
      skipBreaks();
      const byte = text[at];
      if (byte === undefined) {
        if (sextets.length === 0) return { bytes: Uint8Array.from(bytes) };
        return { corruptAt: at - sextets.length };
      }
      if (byte === 61) break;
      const sextet = byte < 128 ? letters.indexOf(String.fromCharCode(byte)) : -1;
      if (sextet < 0) return { corruptAt: at };
      sextets.push(sextet);
      at++;
    }
    const [a = 0, b = 0, c = 0, d = 0] = sextets;
    const group = [(a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d];
    if (sextets.length === 4) {
      bytes.push(...group);
      continue;
    }
    // Padding: two of it after two letters, one after three, and nothing behind.
    if (sextets.length < 2) return { corruptAt: at };
    at++;
    if (sextets.length === 2) {
      skipBreaks();
      if (at === text.length) return { corruptAt: at };
      if (text[at] !== 61) return { corruptAt: at - 1 };
      at++;
    }
    skipBreaks();
    if (at < text.length) return { corruptAt: at };
    bytes.push(...group.slice(0, sextets.length - 1));
    return { bytes: Uint8Array.from(bytes) };
  }
}
