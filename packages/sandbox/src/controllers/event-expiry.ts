import { remove } from "./change.ts";
import { textAt } from "../kinds/fields-at.ts";
import type { ControllerFailure } from "./controller.ts";
import type { Api } from "../server/api.ts";

const lifetime = 60 * 60_000;
const interval = 60_000;

/** Lets go of Events an hour after they last happened, as a cluster does; the function returned ends it. */
export function expireEvents(api: Api, failed: ControllerFailure): () => void {
  const sweep = async (): Promise<void> => {
    for (const resource of ["events", "events.events.k8s.io"]) {
      for (const event of api.list(resource)) {
        const last = textAt(event, "lastTimestamp") || event.metadata.creationTimestamp;
        if (Date.now() - Date.parse(last) > lifetime) await remove(api, resource, event);
      }
    }
  };
  const timer = setInterval(() => void sweep().catch((error: unknown) => failed("old Events", error)), interval);
  timer.unref();
  return () => clearInterval(timer);
}
