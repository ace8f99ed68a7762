import { servePlain, type PlainServer } from "../plain-server.ts";
import type { Metrics } from "./metrics.ts";

/** Serves `/metrics`. */
export function serveMetrics(
  metrics: Pick<Metrics, "expose" | "contentType">,
  address: { readonly host: string; readonly port: number },
): Promise<PlainServer> {
  return servePlain(address, async ({ pathname }) =>
    pathname === "/metrics"
      ? { status: 200, contentType: metrics.contentType, text: await metrics.expose() }
      : undefined,
  );
}
