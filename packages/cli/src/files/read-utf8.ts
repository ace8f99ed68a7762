import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";

/** The text of a file that should be YAML or JSON, or why it can be neither, in the words of Go's reader of YAML. */
export type Utf8Reading = { readonly text: string } | { readonly error: string };

/** Reads a file, and takes none that is not UTF-8: what would be put in a byte's place was never written. */
export async function readUtf8(path: string): Promise<Utf8Reading> {
  const bytes = await readFile(path);
  if (isUtf8(bytes)) return { text: bytes.toString("utf8") };
  // Which of Go's words it is tells the engine's reader of YAML; it is loaded for this alone.
  const { decodeUtf8, readYAMLDocument } = await import("@portcullis/rego/tools");
  const read = readYAMLDocument(decodeUtf8(bytes));
  return { error: "error" in read ? read.error : "yaml: invalid leading UTF-8 octet" };
}
