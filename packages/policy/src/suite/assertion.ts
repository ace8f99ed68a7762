import { quoteGo, type PatternCompiler } from "@portcullis/objects";
import type { Assertion } from "./suite.ts";

/** What is wrong with the messages of a review, by an assertion; undefined where it holds. */
export function checkAssertion(
  { violations, message }: Assertion,
  messages: readonly string[],
  patterns: PatternCompiler,
): string | undefined {
  let count = messages.length;
  if (message !== undefined) {
    const compiled = patterns(message);
    if (!compiled.ok) return `message contains invalid regular expression: ${compiled.message}`;
    count = messages.filter((text) => compiled.test(text)).length;
  }
  const wrong = checkCount(violations, count, message);
  return wrong === undefined ? undefined : `${wrong}: got messages [${messages.join(" ")}]`;
}

function checkCount(wanted: string | number, count: number, message: string | undefined): string | undefined {
  const got = `unexpected number of violations: got ${count} violations${message === undefined ? "" : ` containing ${quoteGo(message)}`}`;
  if (wanted === "yes") return count > 0 ? undefined : `${got} but want at least 1`;
  if (wanted === "no") return count === 0 ? undefined : `${got} but want none`;
  if (typeof wanted === "number" && Number.isInteger(wanted) && wanted >= 0) {
    return count === wanted ? undefined : `${got} but want exactly ${wanted}`;
  }
  return 'invalid yaml: assertion.violation, if set, must be a nonnegative integer, "yes", or "no"';
}
