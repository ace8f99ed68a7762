import type { Value } from "./value.ts";

/** What stands in a memo's slot until its document is known. */
export const notKnown: unique symbol = Symbol("unknown");

/** The documents worked out so far, by the names that the generated module gave them. */
export interface Memo {
  [slot: string]: Value | undefined | typeof notKnown;
}
