export type { CertificateSource, ControllerConfig, Registration } from "./config.ts";
export type { Gap } from "./gaps/gap.ts";
export { silentLog, type Log, type LogFields } from "./log/log.ts";
export { openController, startController, type Controller } from "./start.ts";
export type { Reporter } from "./status/reports.ts";
