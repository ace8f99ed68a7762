import type { ManagerProcess } from "./run-manager.ts";

/** The process that this runs in: the first SIGTERM or SIGINT asks it to stop, the second insists. */
export function managerProcess(): ManagerProcess {
  const asked = new AbortController();
  const insisted = new AbortController();
  const onSignal = (): void => {
    if (asked.signal.aborted) insisted.abort();
    else asked.abort();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return {
    environment: process.env,
    error: (text) => process.stderr.write(text),
    asked: asked.signal,
    insisted: insisted.signal,
  };
}
