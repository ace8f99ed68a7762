/** The server as a process, for whoever starts it: the image's main file and the command line. */
export { managerProcess } from "./manager-process.ts";
export { runManager, type ManagerProcess } from "./run-manager.ts";
export { makeMetrics, type Metrics } from "./metrics/metrics.ts";
