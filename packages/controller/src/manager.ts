/** The server as a process, for whoever starts it: the image's main file and the command line. */
export { managerProcess } from "./manager-process.ts";
export { runManager, type ManagerProcess } from "./run-manager.ts";
export { serveHealthBeside, type HealthBesideOptions } from "./health/health-beside.ts";
export type { HealthCheck } from "./health/health-server.ts";
export { makeMetrics, type Metrics } from "./metrics/metrics.ts";
export { serveMetrics } from "./metrics/metrics-server.ts";
export type { PlainServer } from "./plain-server.ts";
