/** What the thread that answers for the health is given to begin with. */
export interface ThreadOrder {
  readonly host: string;
  readonly port: number;
  /** The names of the checks that the other thread makes, by endpoint. */
  readonly live: readonly string[];
  readonly ready: readonly string[];
  /** Of the heartbeat. */
  readonly beats: SharedArrayBuffer;
}

/** What it says. */
export type ThreadWord =
  | { readonly kind: "listening"; readonly port: number }
  /** It asks for a check. */
  | { readonly kind: "check"; readonly name: string };

/** What it is answered. */
export interface CheckAnswer {
  readonly name: string;
  readonly problems: readonly string[];
}
