/** What Gatekeeper's manager says of values that it cannot read, by the kind of value. */
import { quoteGo, readGoDuration } from "@portcullis/objects";
import { operations } from "./operations.ts";
import { readGoInteger } from "./read-go-integer.ts";

const parseError = "parse error";

/** `1h5m`, `-1.5s`, `0`: what Go reads as a duration. */
export function durationComplaint(value: string): string | undefined {
  return readGoDuration(value) === undefined ? parseError : undefined;
}

/** What any integer of Go's flags is held to, before it is asked whether it makes sense. */
export function integerComplaint(value: string): string | undefined {
  const read = readGoInteger(value);
  if (read === undefined) return parseError;
  return BigInt.asIntN(64, read) === read ? undefined : "value out of range";
}

/** Operations, by commas. */
export function operationComplaint(value: string): string | undefined {
  const unknown = value.split(",").find((name) => !operations.some((operation) => operation === name));
  if (unknown === undefined) return undefined;
  return `operation ${unknown} is not a valid operation: map[${operations.map((name) => `${name}:true`).join(" ")}]`;
}

const exporters = ["opentelemetry", "prometheus", "stackdriver"];

/** Backends of metrics, by commas, in any case. */
export function exporterComplaint(value: string): string | undefined {
  const unknown = value.split(",").find((name) => !exporters.includes(name.toLowerCase()));
  return unknown === undefined ? undefined : `exporter ${unknown} is not a valid exporter: [${exporters.join(" ")}]`;
}

/** A level of the Go logger's, which is a decimal number. */
export function klogLevelComplaint(value: string): string | undefined {
  return /^[-+]?\d+$/.test(value) ? undefined : `strconv.Atoi: parsing ${quoteGo(value)}: invalid syntax`;
}

const severities = ["INFO", "WARNING", "ERROR", "FATAL"];

/** A severity of the Go logger's, by name or number. */
export function severityComplaint(value: string): string | undefined {
  if (severities.includes(value.toUpperCase())) return undefined;
  const unreadable = klogLevelComplaint(value);
  if (unreadable !== undefined) return unreadable;
  const number = Number(value);
  return number >= 0 && number < severities.length
    ? undefined
    : `Severity ${number} out of range (min 0, max ${severities.length - 1}).`;
}
