const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The standard base64 of a text's UTF-8 bytes. */
export function toBase64(text: string): string {
  const bytes = utf8(text);
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1];
    const third = bytes[at + 2];
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    encoded += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    encoded += second === undefined ? "=" : alphabet.charAt((group >> 6) & 63);
    encoded += third === undefined ? "=" : alphabet.charAt(group & 63);
  }
  return encoded;
}

/** A text as bytes. */
export function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return bytes;
}
