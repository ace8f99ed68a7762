import type { Value } from "./value.ts";

/** A set of values. */
export class RegoSet {
  readonly items: readonly Value[] = [];
}
