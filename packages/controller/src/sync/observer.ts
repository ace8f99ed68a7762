/** Whether what was read could be put into force. */
export type IngestStatus = "active" | "error";

/** Who wants to know what is being synced: metrics. Nothing here may throw. */
export interface SyncObserver {
  /** A template was put into force, or could not be; with the seconds that it took. */
  templateIngested(name: string, status: IngestStatus, seconds: number): void;
  templateRemoved(name: string): void;
  /** A constraint as it stands now; the action as its author wrote it, `deny` where nothing is written. */
  constraintSeen(kind: string, name: string, action: string, status: IngestStatus): void;
  constraintRemoved(kind: string, name: string): void;
  /** How many kinds are watched for the inventory, and how many are meant to be. */
  watching(watched: number, intended: number): void;
  /** The objects of a kind that `data.inventory` holds, and those that could not be read. */
  objectsSynced(kind: string, active: number, error: number): void;
  /** One object was taken into the inventory, or out of it, in this time. */
  syncTook(seconds: number): void;
}

/** An observer that keeps nothing. */
export const silentSyncObserver: SyncObserver = {
  templateIngested: () => {},
  templateRemoved: () => {},
  constraintSeen: () => {},
  constraintRemoved: () => {},
  watching: () => {},
  objectsSynced: () => {},
  syncTook: () => {},
};
