/** Compiles a pattern of a schema, which is in RE2's syntax, or says what is wrong with it. */
export type PatternCompiler = (
  pattern: string,
) => { readonly ok: true; readonly test: (text: string) => boolean } | { readonly ok: false; readonly message: string };

/**
 * The platform's own expressions, for patterns that are known to be harmless, such as those of our own schemas. They
 * backtrack, so a schema that a user wrote wants a compiler of RE2's kind.
 */
export const platformPatterns: PatternCompiler = (pattern) => {
  try {
    const insensitive = pattern.startsWith("(?i)");
    const expression = new RegExp(insensitive ? pattern.slice(4) : pattern, insensitive ? "iu" : "u");
    return { ok: true, test: (text) => expression.test(text) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
};
