import type { RegoObject } from "./object.ts";

/** What a context knows of documents that somebody asks for keys of. */
export interface Asked {
  /** The documents that are being worked out as a whole. */
  readonly working: Set<unknown>;
  /** Those that could not be: something in them ends the evaluation. They are not tried again for each key. */
  readonly failed: Set<unknown>;
  /** What was found at keys, by the bodies that found it: a list of the value, or of nothing. */
  readonly found: Map<unknown, RegoObject>;
}
