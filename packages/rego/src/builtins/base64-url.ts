import { corruptText, decodeBase64 } from "../runtime/base64.ts";
import { encodeUtf8 } from "../runtime/text.ts";
import { fail } from "./failure.ts";

/** The bytes of base64 for URLs, whose padding may be left out; `what` begins the text of its failure. */
export function base64UrlBytes(text: string, what = ""): Uint8Array {
  let padded = text;
  if (!text.endsWith("=")) {
    const over = encodeUtf8(text).length % 4;
    if (over === 1) fail(`${what}illegal base64url string: ${text}`);
    if (over > 1) padded += "=".repeat(4 - over);
  }
  const decoded = decodeBase64(padded, "url");
  return "bytes" in decoded ? decoded.bytes : fail(what + corruptText(decoded.corruptAt));
}
