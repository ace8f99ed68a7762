/** Why a call was refused before anybody looked at its review: too much is in work, or the caller may not call. */
export const refusalReasons = ["overload", "caller"] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Who wants to know what the webhook's server keeps from the policies. */
export interface ServerObserver {
  refused(reason: RefusalReason): void;
  /** An idle connection made way for another. */
  closedIdle(): void;
}

/** An observer that keeps nothing. */
export const silentServerObserver: ServerObserver = { refused: () => {}, closedIdle: () => {} };
