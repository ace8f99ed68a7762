import { destination, pino, type DestinationStream, type Logger } from "pino";
import type { LevelEncoder, LogOptions } from "../flags/manager-options.ts";
import type { Log, LogFields } from "./log.ts";

/** Log lines in the form that the flags ask for: Gatekeeper's JSON, on standard error or in a file. */
export function managerLog({ level, levelKey, levelEncoder, file }: LogOptions, to?: DestinationStream): Log {
  const encode = encoders[levelEncoder];
  return logOf(
    pino(
      {
        level,
        messageKey: "msg",
        base: null,
        timestamp: () => `,"ts":${Date.now() / 1000}`,
        formatters: { level: (label: string) => ({ [levelKey]: encode(label) }) },
      },
      to ?? written(file),
    ),
  );
}

/** What is kept for a place that takes nothing. */
const mostKeptBytes = 1 << 20;

/** Standard error, or the file. A disk that is full, or a reader that is gone, costs lines of the log and nothing else. */
function written(file: string | undefined): DestinationStream {
  const stream = destination({ dest: file ?? 2, append: true, sync: true, maxLength: mostKeptBytes });
  stream.on("error", () => {});
  return stream;
}

const colors: Readonly<Record<string, number>> = { debug: 35, info: 34, warn: 33, error: 31 };
const painted = (label: string, text: string): string => `\u001B[${colors[label] ?? 31}m${text}\u001B[0m`;

/** How a level is written. */
const encoders: Readonly<Record<LevelEncoder, (label: string) => string>> = {
  lower: (label) => label,
  capital: (label) => label.toUpperCase(),
  color: (label) => painted(label, label),
  capitalcolor: (label) => painted(label, label.toUpperCase()),
};

/** A pino logger as the server's parts write to it. */
function logOf(logger: Logger): Log {
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
