/** What running one case came to. */
export type Verdict =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly reason: string }
  /** Passed, with something worth listing (a message that differs where only the code is compared). */
  | { readonly kind: "noted"; readonly note: string };

/** One case of a family: its name is file, note and index, since notes repeat. */
export interface Case {
  readonly name: string;
  run(): Promise<Verdict> | Verdict;
}

/** A kind of corpus: where it lies under the corpus' folder, and how its cases are read. */
export interface Family {
  readonly folder: string;
  /** The cases below a folder that exists. Absent: nothing runs this family yet. */
  readonly cases?: (folder: string) => readonly Case[];
}

export function failed(reason: string): Verdict {
  return { kind: "failed", reason };
}

export const passed: Verdict = { kind: "passed" };
