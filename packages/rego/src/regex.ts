/** RE2's expressions for others than policies: loaded when somebody asks, since few do and it weighs much. */
import { BuiltinFailure } from "./builtins/failure.ts";

/** Compiles an expression of RE2's syntax, or says in Go's words what is wrong with it. A search is linear in the text. */
export type RegexCompiler = (
  pattern: string,
) => { readonly ok: true; readonly test: (text: string) => boolean } | { readonly ok: false; readonly message: string };

/** Loads the compiler. */
export async function loadRegexCompiler(): Promise<RegexCompiler> {
  const { compileRegex } = await import("./builtins/regex/engine.ts");
  return (pattern) => {
    try {
      const regex = compileRegex(pattern);
      return { ok: true, test: (text) => regex.matches(text) };
    } catch (error) {
      if (error instanceof BuiltinFailure) return { ok: false, message: error.message };
      throw error;
    }
  };
}
