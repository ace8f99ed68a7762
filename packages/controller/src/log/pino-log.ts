import { pino, type DestinationStream, type Logger } from "pino";
import type { Log, LogFields } from "./log.ts";

/** JSON lines as Gatekeeper's users read them: `level`, `ts`, `logger`, `msg`, and the fields. */
export function pinoLog(level: "debug" | "info" | "warn" | "error", destination?: DestinationStream): Log {
  const options = {
    level,
    messageKey: "msg",
    base: null,
    timestamp: () => `,"ts":${Date.now() / 1000}`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return logOf(destination === undefined ? pino(options) : pino(options, destination));
}

/** A pino logger as the server's parts write to it. */
export function logOf(logger: Logger): Log {
  const write = (level: "debug" | "info" | "warn" | "error", message: string, fields: LogFields = {}): void => {
    const { error, ...rest } = fields;
    // An Error has no own enumerable fields, so it would be written as {}.
    logger[level]("error" in fields ? { ...rest, error: describe(error) } : rest, message);
  };
  return {
    debug: (message, fields) => {
      write("debug", message, fields);
    },
    info: (message, fields) => {
      write("info", message, fields);
    },
    warn: (message, fields) => {
      write("warn", message, fields);
    },
    error: (message, fields) => {
      write("error", message, fields);
    },
    named: (name) => logOf(logger.child({ logger: name })),
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
