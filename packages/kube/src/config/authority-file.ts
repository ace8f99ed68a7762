import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";

/** How long what was read counts, as for the token in Go's client: a file beside every request would be read for nothing. */
const keptMilliseconds = 60_000;

/**
 * The certificate authorities in a file that may be renewed, read anew now and then; `first` is what it said when it was
 * read to begin with. A file that cannot be read, or that holds no certificates, changes nothing: it is being written, and
 * without authorities the server could not be called at all.
 */
export function authorityFile(
  path: string,
  first: string,
  now: () => number = () => performance.now(),
): () => Promise<string> {
  let current = first;
  let readAt = now();
  return async () => {
    if (now() - readAt < keptMilliseconds) return current;
    // Before it is read: others that ask meanwhile need not read it too.
    readAt = now();
    const text = await readFile(path, "utf8").catch(() => "");
    if (text !== current && holdsCertificates(text)) current = text;
    return current;
  };
}

function holdsCertificates(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return blocks.some((block) => {
    try {
      return new X509Certificate(block).raw.length > 0;
    } catch {
      return false;
    }
  });
}
