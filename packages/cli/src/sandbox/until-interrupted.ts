import { once } from "node:events";
import type { Terminal } from "../terminal.ts";

/** Resolves at SIGINT or SIGTERM. */
export async function untilInterrupted({ interrupted }: Terminal): Promise<void> {
  if (interrupted.aborted) return;
  // A signal's listener keeps no process alive; this does.
  const alive = setInterval(() => {}, 2 ** 30);
  await once(interrupted, "abort");
  clearInterval(alive);
}
