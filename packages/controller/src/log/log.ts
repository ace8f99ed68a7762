/** Fields of a log line; their names are read by users' dashboards. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a part of the server says what happens. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** A fault is given as a field of the name `error`. */
  error(message: string, fields?: LogFields): void;
  /** The same log with a logger's name. */
  named(logger: string): Log;
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  named: () => silentLog,
};
