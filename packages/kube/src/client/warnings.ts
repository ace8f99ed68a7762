/** The texts in headers `Warning`: each `299 - "text"`, several of them in one header as well. */
export function readWarnings(headers: readonly string[]): readonly string[] {
  return headers.flatMap((header) =>
    Array.from(
      // The header's bytes are UTF-8, which HTTP's own reader takes for Latin-1.
      Buffer.from(header, "latin1")
        .toString("utf8")
        .matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g),
      ([, text = ""]) => text.replaceAll(/\\(.)/g, "$1"),
    ),
  );
}
