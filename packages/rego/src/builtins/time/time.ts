import { floatOf, truncate } from "../../runtime/float.ts";
import { fromInteger } from "../../runtime/number.ts";
import { isArray, isNumber } from "../../runtime/order.ts";
import type { Value } from "../../runtime/value.ts";
import type { BuiltinFunction } from "../builtin.ts";
import { fail } from "../failure.ts";
import type { Family } from "../family.ts";
import { countOperand, failType, numberOperand, stringOperand } from "../operand.ts";
import { bounded } from "../bounded.ts";
import { parseDuration } from "./duration.ts";
import { formatTime } from "./format-time.ts";
import { namedLayouts, weekdays } from "./layout.ts";
import { type Calendar, calendarOf, daysIn, type Moment, momentOf, weekdayOf } from "./moment.ts";
import { parseTime } from "./parse-time.ts";
import { loadZone, utc, type Zone } from "./zone.ts";

/** How many zones are kept. */
const mostZones = 100;

/** time.*: each family keeps the zones that it has loaded. */
export function timeFamily(): Family {
  const zoneOf = bounded(mostZones, loadZone);
  return new Map<string, BuiltinFunction>([
    ["time.now_ns", (context) => fromInteger(context.now)],
    [
      "time.parse_ns",
      (_context, layout: Value, text: Value) => {
        const [given, subject] = [stringOperand(layout, 1), stringOperand(text, 2)];
        return inRange(parseTime(namedLayouts.get(given) ?? given, subject));
      },
    ],
    [
      "time.parse_rfc3339_ns",
      (_context, text: Value) => inRange(parseTime("2006-01-02T15:04:05Z07:00", stringOperand(text, 1))),
    ],
    ["time.parse_duration_ns", (_context, text: Value) => fromInteger(parseDuration(stringOperand(text, 1)))],
    [
      "time.format",
      (_context, value: Value) => {
        const { moment, layout } = momentOperand(value, zoneOf);
        return formatTime(moment, namedLayouts.get(layout) ?? (layout === "" ? rfc3339Nano : layout));
      },
    ],
    [
      "time.date",
      (_context, value: Value) => {
        const { year, month, day } = calendarOf(momentOperand(value, zoneOf).moment);
        return [year, month, day];
      },
    ],
    [
      "time.clock",
      (_context, value: Value) => {
        const { hour, minute, second } = calendarOf(momentOperand(value, zoneOf).moment);
        return [hour, minute, second];
      },
    ],
    ["time.weekday", (_context, value: Value) => weekdays[weekdayOf(momentOperand(value, zoneOf).moment)] ?? ""],
    [
      "time.add_date",
      (_context, value: Value, years: Value, months: Value, days: Value) => {
        const { moment } = momentOperand(value, zoneOf);
        return inRange(addDate(moment, countOperand(years, 2), countOperand(months, 3), countOperand(days, 4)));
      },
    ],
    [
      "time.diff",
      (_context, a: Value, b: Value) => difference(momentOperand(a, zoneOf).moment, momentOperand(b, zoneOf).moment),
    ],
  ]);
}

const rfc3339Nano = "2006-01-02T15:04:05.999999999Z07:00";

/** The nanoseconds of a moment that 64 bits hold. */
function inRange({ nanoseconds }: Moment): Value {
  if (BigInt.asIntN(64, nanoseconds) !== nanoseconds) fail("time outside of valid range");
  return fromInteger(nanoseconds);
}

const wantedKeys = "either number (ns) or [number (ns), string (tz)]";

/** Nanoseconds, or an array of them with a zone and a layout. */
function momentOperand(
  value: Value,
  zoneOf: (name: string) => Zone,
): { readonly moment: Moment; readonly layout: string } {
  if (isNumber(value)) return { moment: { nanoseconds: nanosecondsOf(value), zone: utc }, layout: "" };
  if (!isArray(value)) failType(1, value, wantedKeys);
  const [time, zone, layout] = value;
  if (time === undefined) failType(1, value, wantedKeys);
  numberOperand(time, 1);
  const place = zone === undefined ? utc : zoneOf(stringOperand(zone, 1));
  const form = layout === undefined ? "" : stringOperand(layout, 1);
  return { moment: { nanoseconds: nanosecondsOf(time), zone: place }, layout: form };
}

function nanosecondsOf(value: Value): bigint {
  const { integer, exact } = truncate(floatOf(numberOperand(value, 1)));
  if (!exact || BigInt.asIntN(64, integer) !== integer) fail("timestamp too big");
  return integer;
}

function addDate(moment: Moment, years: number, months: number, days: number): Moment {
  const calendar = calendarOf(moment);
  // Far past any moment that is in range, and still a date that can be reckoned.
  if ([years, months, days].some((count) => Math.abs(count) > 1e9)) fail("time outside of valid range");
  const { year, month, day } = calendar;
  return momentOf({ ...calendar, year: year + years, month: month + months, day: day + days }, moment.zone);
}

/** Years, months, days, hours, minutes and seconds between two moments, as the first one's zone shows them. */
function difference(a: Moment, b: Moment): Value {
  const isInOrder = a.nanoseconds <= b.nanoseconds;
  const other = { ...b, zone: a.zone };
  const [from, to] = [calendarOf(isInOrder ? a : other), calendarOf(isInOrder ? other : a)];
  return borrow(from, to);
}

function borrow(from: Calendar, to: Calendar): Value {
  let year = to.year - from.year;
  let month = to.month - from.month;
  let day = to.day - from.day;
  let hour = to.hour - from.hour;
  let minute = to.minute - from.minute;
  let second = to.second - from.second;
  if (second < 0) [second, minute] = [second + 60, minute - 1];
  if (minute < 0) [minute, hour] = [minute + 60, hour - 1];
  if (hour < 0) [hour, day] = [hour + 24, day - 1];
  if (day < 0) [day, month] = [day + daysIn(from.month, from.year), month - 1];
  if (month < 0) [month, year] = [month + 12, year - 1];
  return [year, month, day, hour, minute, second];
}
