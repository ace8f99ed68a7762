/** Moments as nanoseconds since 1970, and the calendar and clock of a zone at them. */
import { utc, type Zone } from "./zone.ts";

/** A moment as a zone shows it. */
export interface Moment {
  readonly nanoseconds: bigint;
  readonly zone: Zone;
}

/** A date and a time of day. */
export interface Calendar {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
}

const nanosOfSecond = 1_000_000_000n;

/** Whole seconds since 1970. */
export function secondsOf({ nanoseconds }: Moment): number {
  const rest = nanoseconds % nanosOfSecond;
  return Number((nanoseconds - rest) / nanosOfSecond) - (rest < 0n ? 1 : 0);
}

/** What calendar and clock show. */
export function calendarOf(moment: Moment): Calendar {
  const seconds = secondsOf(moment);
  const local = seconds + moment.zone.offset(seconds);
  const days = Math.floor(local / 86400);
  const time = local - days * 86400;
  const rest = Number(moment.nanoseconds % nanosOfSecond);
  return {
    ...dateOf(days),
    hour: Math.floor(time / 3600),
    minute: Math.floor(time / 60) % 60,
    second: time % 60,
    nanosecond: rest < 0 ? rest + 1_000_000_000 : rest,
  };
}

/** The date of a day since 1970. */
function dateOf(days: number): { year: number; month: number; day: number } {
  // Counted in eras of 400 years that begin in March, so that the leap day comes last.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/** The day since 1970 of a date; months and days past their ends run on. */
export function daysOf(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1);
  const [realYear, realMonth] = [Math.floor(months / 12), (((months % 12) + 12) % 12) + 1];
  const fromMarch = realMonth > 2 ? realYear : realYear - 1;
  const era = Math.floor(fromMarch / 400);
  const yearOfEra = fromMarch - era * 400;
  const dayOfYear = Math.floor((153 * (realMonth > 2 ? realMonth - 3 : realMonth + 9) + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468 + (day - 1);
}

/** The moment at which a zone's calendar and clock show this. */
export function momentOf(calendar: Calendar, zone: Zone = utc): Moment {
  const { year, month, day, hour, minute, second, nanosecond } = calendar;
  const shown = BigInt(daysOf(year, month, day)) * 86400n + BigInt(hour * 3600 + minute * 60 + second);
  const guess = zone.offset(Number(shown));
  // Near a change of the clocks the guess is the offset of the wrong side.
  const offset = guess === 0 ? 0 : zone.offset(Number(shown) - guess);
  return { nanoseconds: (shown - BigInt(offset)) * nanosOfSecond + BigInt(nanosecond), zone };
}

/** The day of the week, from Sunday as 0. */
export function weekdayOf(moment: Moment): number {
  const seconds = secondsOf(moment);
  const days = Math.floor((seconds + moment.zone.offset(seconds)) / 86400);
  return (((days + 4) % 7) + 7) % 7;
}

/** The day of the year, from 1. */
export function yearDayOf({ year, month, day }: Calendar): number {
  return daysOf(year, month, day) - daysOf(year, 1, 1) + 1;
}

/** Whether a year has a 29th of February. */
export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** How many days a month has. */
export function daysIn(month: number, year: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
