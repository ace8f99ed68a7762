/** Clocks of the world: by how much each differed from UTC at a moment, from Intl, and what its time is called. */
import { fail } from "../failure.ts";
import { formerNames } from "./former-names-data.ts";
import { zonesByClock } from "./zones-data.ts";

/** A place whose clocks agree. */
export interface Zone {
  readonly name: string;
  /** Seconds east of UTC at a moment in seconds since 1970. */
  offset(seconds: number): number;
  /** What the time is called there at a moment; empty where it has no name. */
  abbreviation(seconds: number): string;
}

/** The clock that all others are told by. */
export const utc: Zone = { name: "UTC", offset: () => 0, abbreviation: () => "UTC" };

/** A clock that is always off by the same. */
export function fixedZone(name: string, offset: number): Zone {
  return { name, offset: () => offset, abbreviation: () => name };
}

/** The zone of a name in the IANA database, or a failure in Go's words. */
export function loadZone(name: string): Zone {
  // This machine's own zone is no business of a policy's.
  if (name === "" || name === "UTC" || name === "Local") return utc;
  if (name.includes("..") || name.startsWith("/") || name.startsWith("\\")) fail("time: invalid location name");
  const found = zonesByClock.find(([, zones]) => ` ${zones} `.includes(` ${name} `));
  if (found === undefined || name.includes(" ")) return fail(`unknown time zone ${name}`);
  const clock = readClock(found[0]);
  const offset = offsetsOf(name) ?? (() => clock.standardOffset);
  const formerly = formerNamesOf(name);
  return {
    name,
    offset,
    abbreviation: (seconds) => {
      const at = offset(seconds);
      const former = formerly.find((each) => each.offset === at && seconds < each.until);
      if (former !== undefined) return former.name;
      if (at === clock.standardOffset) return clock.standard;
      if (clock.summer !== "" && at === clock.summerOffset) return clock.summer;
      // Before 1970 only numbers can be told.
      return /^[+-]/.test(clock.standard) || at % 60 === 0 ? numericName(at) : "LMT";
    },
  };
}

/** What the time was called for as long as it was off by so much. */
interface FormerName {
  readonly name: string;
  readonly offset: number;
  /** The second since 1970 that it was called so no longer. */
  readonly until: number;
}

function formerNamesOf(zone: string): readonly FormerName[] {
  const [names = ""] = formerNames.find(([, zones]) => ` ${zones} `.includes(` ${zone} `)) ?? [];
  const form = /(\S+):(-?[0-9.]+)<([0-9]*)/g;
  return Array.from(names.matchAll(form), ([, name = "", minutes = "", until = ""]) => ({
    name,
    offset: Number(minutes) * 60,
    until: until === "" ? Infinity : Number(until),
  }));
}

function numericName(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60);
  const [hour, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0"));
  return `${offset < 0 ? "-" : "+"}${hour}${rest === "00" ? "" : rest}`;
}

interface Clock {
  readonly standard: string;
  readonly standardOffset: number;
  /** Empty where clocks are not changed. */
  readonly summer: string;
  readonly summerOffset: number;
}

/** Reads `CET-1CEST`: names and hours west of UTC; in summer an hour more unless it is said. */
function readClock(text: string): Clock {
  const match = /^(<[^>]+>|[A-Za-z]+)([-+0-9:]+)(<[^>]+>|[A-Za-z]+)?([-+0-9:]+)?$/.exec(text);
  if (match === null) throw new Error(`a clock cannot be read: ${text}`);
  const [, standard = "", hours = "0", summer = "", summerHours] = match;
  const standardOffset = -secondsOf(hours);
  return {
    standard: standard.replaceAll(/[<>]/g, ""),
    standardOffset,
    summer: summer.replaceAll(/[<>]/g, ""),
    summerOffset: summerHours === undefined ? standardOffset + 3600 : -secondsOf(summerHours),
  };
}

function secondsOf(hours: string): number {
  const [hour = "0", minute = "0", second = "0"] = hours.replace(/^[-+]/, "").split(":");
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return hours.startsWith("-") ? -seconds : seconds;
}

/** How Intl says what the offset is: `GMT`, `GMT-05:00`, `GMT-04:56:02`. */
const offsetForm = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

function offsetsOf(name: string): ((seconds: number) => number) | undefined {
  const format = formatOf(name);
  if (format === undefined) return undefined;
  return (seconds) => {
    const match = offsetForm.exec(format.format(new Date(seconds * 1000)));
    if (match?.[1] === undefined) return 0;
    const [, sign, hours, minutes, rest = "0"] = match;
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
    return sign === "-" ? -offset : offset;
  };
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset", day: "numeric" });
  } catch {
    // The database has names that Intl does not; their clocks are never changed.
    return undefined;
  }
}
