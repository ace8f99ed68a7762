import type { PatternCompiler } from "@portcullis/objects";
import type { SuiteTest } from "./suite.ts";

/** Which tests and cases of a suite are run. */
export interface SuiteFilter {
  readonly test: (test: SuiteTest) => boolean;
  readonly case: (testName: string, caseName: string) => boolean;
}

/** Everything is run. */
export const runAll: SuiteFilter = { test: () => true, case: () => true };

/** A filter, or why its text is none. */
export type FilterReading =
  | { readonly ok: true; readonly filter: SuiteFilter }
  | { readonly ok: false; readonly message: string };

/** Reads gator's `--run`: `a//b` selects by test and by case, one expression alone by either. */
export function readFilter(text: string, patterns: PatternCompiler): FilterReading {
  if (text === "") return { ok: true, filter: runAll };
  const parts = text.split("//");
  if (parts.length > 2) {
    return { ok: false, message: 'invalid test filter: a filter may include at most one "//"' };
  }
  const compiled = parts.map((part) => patterns(part));
  const [first, second] = compiled;
  for (const part of compiled) if (!part.ok) return { ok: false, message: `invalid test filter: ${part.message}` };
  if (first?.ok !== true) return { ok: true, filter: runAll };
  if (second?.ok === true) {
    return {
      ok: true,
      filter: {
        test: ({ name }) => first.test(name),
        case: (testName, caseName) => second.test(caseName) && first.test(testName),
      },
    };
  }
  const either = (testName: string, caseName: string): boolean => first.test(caseName) || first.test(testName);
  return {
    ok: true,
    filter: {
      test: ({ name, cases }) => first.test(name) || cases.some((item) => either(name, item.name)),
      case: either,
    },
  };
}
