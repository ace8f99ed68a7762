import type { Log, LogFields } from "@portcullis/controller";
import type { Terminal } from "../terminal.ts";

/** A log for a person: what went wrong, a line each on standard error; what went well is not told. */
export function terminalLog(terminal: Terminal): Log {
  const write = (message: string, fields: LogFields = {}): void => {
    const details = Object.entries(fields).map(([name, value]) => `${name}: ${text(value)}`);
    terminal.error(`portcullis: ${message}${details.length === 0 ? "" : ` (${details.join(", ")})`}\n`);
  };
  const log: Log = { debug: () => {}, info: () => {}, warn: write, error: write, named: () => log };
  return log;
}

function text(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === "string" ? value : JSON.stringify(value);
}
