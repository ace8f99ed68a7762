import { decodeBase64 } from "../../runtime/base64.ts";

export interface PemBlock {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The first PEM block of a text and what follows it; nothing where there is none. What stands before it is passed over. */
export function decodePem(text: string): { readonly block: PemBlock; readonly rest: string } | undefined {
  const pattern =
    /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*\n([\s\S]*?)(?:^|\n)?-----END ([^\n]*?)-----[ \t\r]*(?:\n|$)/g;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const [whole, type = "", body = "", end = ""] = found;
    if (type === end) {
      const decoded = decodeBase64(withoutHeaders(body), "standard");
      if ("bytes" in decoded)
        return { block: { type, bytes: decoded.bytes }, rest: text.slice(found.index + whole.length) };
    }
    pattern.lastIndex = found.index + 1;
  }
  return undefined;
}

/** Lines like `Proc-Type: 4,ENCRYPTED` may stand before the contents. */
function withoutHeaders(body: string): string {
  const lines = body.split("\n");
  const first = lines.findIndex((line) => !line.includes(":"));
  return lines
    .slice(first === -1 ? lines.length : first)
    .join("")
    .replaceAll(/[ \t\r]/g, "");
}
