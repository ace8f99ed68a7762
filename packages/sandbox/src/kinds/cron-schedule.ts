/** When a CronJob runs: the minutes, hours, days of the month, months and days of the week that it names. */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Whether a day need be named by one of the two only: cron's rule when both are restricted. */
  readonly eitherDay: boolean;
}

/** A schedule that was read, or what is wrong with it. */
export type CronReading =
  | { readonly ok: true; readonly schedule: CronSchedule }
  | { readonly ok: false; readonly message: string };

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fields = [
  { least: 0, most: 59, names: [] },
  { least: 0, most: 23, names: [] },
  { least: 1, most: 31, names: [] },
  { least: 1, most: 12, names: ["", ...monthNames] },
  { least: 0, most: 6, names: weekdayNames },
] as const;

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Reads a schedule in cron's five fields or one of its macros. */
export function parseCronSchedule(text: string): CronReading {
  if (text.startsWith("@") && !Object.hasOwn(macros, text)) {
    return { ok: false, message: `unrecognized descriptor: ${text}` };
  }
  const parts = (macros[text] ?? text).trim().split(/\s+/u);
  if (parts.length !== 5) {
    return { ok: false, message: `expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]` };
  }
  const sets: ReadonlySet<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const reading = parseField(parts[index] ?? "", field);
    if (typeof reading === "string") return { ok: false, message: reading };
    sets.push(reading);
  }
  const none = new Set<number>();
  const [minutes = none, hours = none, days = none, months = none, weekdays = none] = sets;
  const isStar = (part: string | undefined): boolean => /^[*?]/u.test(part ?? "");
  return {
    ok: true,
    schedule: { minutes, hours, days, months, weekdays, eitherDay: !isStar(parts[2]) && !isStar(parts[4]) },
  };
}

interface FieldRange {
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

function parseField(text: string, field: FieldRange): ReadonlySet<number> | string {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", stepText, ...more] = part.split("/");
    if (more.length > 0) return `too many slashes: ${part}`;
    const [startText = "", endText, ...others] = range.split("-");
    if (others.length > 0) return `too many hyphens: ${part}`;
    const star = startText === "*" || startText === "?";
    const start = star ? field.least : parseValue(startText, field);
    const step = stepText === undefined ? 1 : parseValue(stepText, { ...field, names: [] });
    const open = star || (stepText !== undefined && endText === undefined);
    const end = open ? field.most : endText === undefined ? start : parseValue(endText, field);
    if (typeof start === "string") return start;
    if (typeof end === "string") return end;
    if (typeof step === "string") return step;
    if (start < field.least) return `beginning of range (${start}) below minimum (${field.least}): ${part}`;
    if (end > field.most) return `end of range (${end}) above maximum (${field.most}): ${part}`;
    if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${part}`;
    if (step === 0) return `step of range should be a positive number: ${part}`;
    for (let value = start; value <= end; value += step) values.add(value);
  }
  return values;
}

function parseValue(text: string, field: FieldRange): number | string {
  const named = text === "" ? -1 : field.names.indexOf(text.toLowerCase());
  if (named >= 0) return named;
  return /^\d+$/u.test(text)
    ? Number(text)
    : `failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`;
}

/** Whether a schedule names the minute of a time, in UTC. */
export function isDue(schedule: CronSchedule, time: Date): boolean {
  const day = schedule.days.has(time.getUTCDate());
  const weekday = schedule.weekdays.has(time.getUTCDay());
  return (
    schedule.minutes.has(time.getUTCMinutes()) &&
    schedule.hours.has(time.getUTCHours()) &&
    schedule.months.has(time.getUTCMonth() + 1) &&
    (schedule.eitherDay ? day || weekday : day && weekday)
  );
}
