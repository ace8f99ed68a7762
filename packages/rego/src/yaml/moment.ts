/** A day, and a time on it, as it is written. */
export interface Moment {
  readonly kind: "moment";
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The digits behind the point. */
  readonly fraction: string;
  /** From UTC, in minutes. */
  readonly offset: number;
}

const moment =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?(?:Z|([+-])([0-9]{2}):([0-9]{2}))| ([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?)?$/;

/** Reads a moment in one of the layouts that Go's library knows; undefined where there is no such day or time. */
export function readMoment(text: string): Moment | undefined {
  const match = moment.exec(text);
  if (match === null) return undefined;
  const part = (group: number, other = group): number => Number(match[group] ?? match[other] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4, 11), part(5, 12), part(6, 13)];
  // What a year is does not depend on its century but for leap years, which come again after four.
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay || hour > 23 || minute > 59 || second > 59) return undefined;
  if (part(9) > 24 || part(10) > 60) return undefined;
  const offset = (match[8] === "-" ? -1 : 1) * (part(9) * 60 + part(10));
  return {
    kind: "moment",
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction: match[7] ?? match[14] ?? "",
    offset,
  };
}
