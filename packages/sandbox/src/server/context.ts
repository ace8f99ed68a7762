import type { User } from "../kinds/kind.ts";

/** What goes with a request through every layer. */
export interface RequestContext {
  readonly user: User;
  readonly now: Date;
  readonly dryRun: boolean;
  /** Who is named in managed fields. */
  readonly fieldManager: string;
  readonly fieldValidation: "Strict" | "Warn" | "Ignore";
  /** Texts for the Warning header, in order, each once. */
  readonly warnings: Set<string>;
}
