/** The formats that strings may be asked to have. One that is not known is had by all. */
import { BuiltinFailure } from "../failure.ts";
import { parseAddress } from "../ip.ts";
import { compileRegex } from "../regex/engine.ts";
import { parseTime } from "../time/parse-time.ts";
import { parseUrl, type Url } from "../url.ts";
import { isMailAddress } from "./mail-address.ts";

/** Whether a text has a format. */
export function isFormat(format: string, text: string): boolean {
  return formats.get(format)?.(text) ?? true;
}

const date = "2006-01-02";
const time = "15:04:05";
const zonedTime = "15:04:05Z07:00";
const dateTimes = [time, zonedTime, date, "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.999999999Z07:00"];

const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["date", (text) => isTime(text, date)],
  ["time", (text) => isTime(text, zonedTime) || isTime(text, time)],
  ["date-time", (text) => dateTimes.some((layout) => isTime(text, layout))],
  ["hostname", isHostname],
  ["email", isMailAddress],
  ["idn-email", isMailAddress],
  ["ipv4", (text) => text.includes(".") && parseAddress(text) !== undefined],
  ["ipv6", (text) => text.includes(":") && parseAddress(text) !== undefined],
  ["uri", isAbsoluteUri],
  ["uri-reference", (text) => urlOf(text) !== undefined],
  ["iri", isAbsoluteUri],
  ["iri-reference", (text) => urlOf(text) !== undefined],
  ["uri-template", isUriTemplate],
  ["uuid", (text) => /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/i.test(text)],
  ["regex", (text) => doesNotFail(() => compileRegex(text))],
  ["json-pointer", isJsonPointer],
  ["relative-json-pointer", isRelativeJsonPointer],
]);

function doesNotFail(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return false;
    throw failure;
  }
}

function isTime(text: string, layout: string): boolean {
  return doesNotFail(() => parseTime(layout, text));
}

function isHostname(text: string): boolean {
  return (
    text.length < 256 && text.split(".").every((label) => /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(label))
  );
}

/** A URL without backslashes. */
function urlOf(text: string): Url | undefined {
  if (text.includes("\\")) return undefined;
  try {
    return parseUrl(text);
  } catch (failure) {
    if (failure instanceof BuiltinFailure) return undefined;
    throw failure;
  }
}

function isAbsoluteUri(text: string): boolean {
  return (urlOf(text)?.scheme ?? "") !== "";
}

/** Every brace that opens in the path is closed before the next opens. */
function isUriTemplate(text: string): boolean {
  const path = urlOf(text)?.path;
  if (path === undefined) return false;
  for (let at = path.indexOf("{"); at >= 0; at = path.indexOf("{", at)) {
    at = path.indexOf("}", at);
    if (at < 0) return false;
  }
  return true;
}

function isJsonPointer(text: string): boolean {
  return text === "" || (text.startsWith("/") && !/~(?![01])/.test(text));
}

function isRelativeJsonPointer(text: string): boolean {
  const steps = /^(?:0|[1-9][0-9]*)/.exec(text)?.[0];
  if (steps === undefined) return false;
  const rest = text.slice(steps.length);
  return rest === "#" || isJsonPointer(rest);
}
