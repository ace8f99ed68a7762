import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import { decodeUtf8 } from "@portcullis/rego/tools";

/**
 * The text of a file, as Go has it: bytes that are no UTF-8 are kept as what they are, so that Rego with such a byte is
 * refused, and a document has the sign of replacement for each.
 */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path);
  return isUtf8(bytes) ? bytes.toString("utf8") : decodeUtf8(bytes);
}
