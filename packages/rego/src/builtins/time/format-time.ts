import { type Element, months, piecesOf, weekdays } from "./layout.ts";
import { type Calendar, calendarOf, type Moment, secondsOf, weekdayOf, yearDayOf } from "./moment.ts";

/** A moment as its zone shows it, in a layout. */
export function formatTime(moment: Moment, layout: string): string {
  const calendar = calendarOf(moment);
  return piecesOf(layout)
    .map(({ prefix, text, element }) => prefix + (element === undefined ? "" : show(moment, calendar, element, text)))
    .join("");
}

function padded(number: number, width: number, fill = "0"): string {
  const text = String(Math.abs(number)).padStart(width, fill);
  return number < 0 ? `-${text}` : text;
}

function show(moment: Moment, calendar: Calendar, element: Element, text: string): string {
  const { year, month, day, hour, minute, second } = calendar;
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  switch (element) {
    case "year":
      return padded(year, 4);
    case "short year":
      return padded(Math.abs(year) % 100, 2);
    case "month name":
      return months[month - 1] ?? "";
    case "short month name":
      return (months[month - 1] ?? "").slice(0, 3);
    case "month":
      return String(month);
    case "padded month":
      return padded(month, 2);
    case "weekday":
      return weekdays[weekdayOf(moment)] ?? "";
    case "short weekday":
      return (weekdays[weekdayOf(moment)] ?? "").slice(0, 3);
    case "day":
      return String(day);
    case "spaced day":
      return padded(day, 2, " ");
    case "padded day":
      return padded(day, 2);
    case "spaced year day":
      return padded(yearDayOf(calendar), 3, " ");
    case "padded year day":
      return padded(yearDayOf(calendar), 3);
    case "hour":
      return padded(hour, 2);
    case "hour of 12":
      return String(hour12);
    case "padded hour of 12":
      return padded(hour12, 2);
    case "minute":
      return String(minute);
    case "padded minute":
      return padded(minute, 2);
    case "second":
      return String(second);
    case "padded second":
      return padded(second, 2);
    case "PM":
      return hour >= 12 ? "PM" : "AM";
    case "pm":
      return hour >= 12 ? "pm" : "am";
    case "zone name":
      return zoneName(moment);
    case "offset":
      return showOffset(moment, text);
    case "fraction":
    case "optional fraction":
      return showFraction(calendar.nanosecond, text);
  }
}

function zoneName(moment: Moment): string {
  return moment.zone.abbreviation(secondsOf(moment)) || showOffset(moment, "-0700");
}

function showOffset(moment: Moment, text: string): string {
  const offset = moment.zone.offset(secondsOf(moment));
  if (offset === 0 && text.startsWith("Z")) return "Z";
  const minutes = Math.floor(Math.abs(offset) / 60);
  const colon = text.includes(":") ? ":" : "";
  const parts = [Math.floor(minutes / 60), minutes % 60, Math.abs(offset) % 60].map((part) => padded(part, 2));
  const count = text.replaceAll(/[^0-9]/g, "").length / 2;
  // Go truncates to minutes before it looks at the sign.
  return (offset <= -60 ? "-" : "+") + parts.slice(0, count).join(colon);
}

function showFraction(nanosecond: number, text: string): string {
  const digits = String(nanosecond)
    .padStart(9, "0")
    .padEnd(text.length - 1, "0")
    .slice(0, text.length - 1);
  if (text.charAt(1) === "0") return text.charAt(0) + digits;
  const trimmed = digits.replace(/0+$/, "");
  return trimmed === "" ? "" : text.charAt(0) + trimmed;
}
