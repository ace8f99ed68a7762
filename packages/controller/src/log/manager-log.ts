import { destination, pino, type DestinationStream } from "pino";
import type { LevelEncoder, LogOptions } from "../flags/manager-options.ts";
import type { Log } from "./log.ts";
import { logOf } from "./pino-log.ts";

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
      to ?? destination(file === undefined ? 2 : { dest: file, append: true, sync: true }),
    ),
  );
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
