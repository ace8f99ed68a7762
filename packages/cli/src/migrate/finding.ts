/** What becomes of something that is used of Gatekeeper. */
export type Fate =
  /** As before. */
  | "works"
  /** It goes on, and somebody may notice. */
  | "differs"
  /** It would stop working. */
  | "stops";

/** One thing that is used, and what becomes of it. */
export interface Finding {
  readonly fate: Fate;
  /** What it is, as a user names it: `ConstraintTemplate k8srequiredlabels`. */
  readonly subject: string;
  readonly text: string;
}
