/** Whose hand carries the story's commands out: kubectl's where it is on PATH, else our own client's. */
export interface Hand {
  /** Who it is, in the story's words. */
  readonly introduction: string;
  /** Applies a file of the story's folder. */
  apply(file: string): Promise<Carried>;
  /** Shows the Pods of the namespace `default`. */
  getPods(): Promise<Carried>;
  /** Deletes one of them, without waiting for its grace. */
  deletePod(name: string): Promise<Carried>;
}

/** A command and what came back. */
export interface Carried {
  /** What a user would type. */
  readonly line: string;
  readonly status: number;
  /** Both streams, as they came. */
  readonly output: string;
}
