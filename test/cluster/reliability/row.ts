import type { Setting } from "./setting.ts";

/** A row of the table of faults. */
export interface FaultRow {
  /** Its name in the table, as R1. */
  readonly row: string;
  readonly title: string;
  readonly run: (setting: Setting) => Promise<void>;
}
