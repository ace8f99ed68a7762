import { toByteString } from "../../runtime/text.ts";
import { fail } from "../failure.ts";
import { type Element, months, type Piece, piecesOf, weekdays } from "./layout.ts";
import { daysIn, isLeap, type Moment, momentOf } from "./moment.ts";
import { fixedZone, utc } from "./zone.ts";

/** Reads a time that is written in a layout, or fails in Go's words. */
export function parseTime(layout: string, text: string): Moment {
  // By bytes, so that an error shows from which on the text does not fit.
  const [form, bytes] = [toByteString(layout), toByteString(text)];
  const pieces = piecesOf(form);
  const reader = new TimeReader(form, bytes);
  for (const [index, piece] of pieces.entries()) reader.read(piece, pieces[index + 1]);
  return reader.moment();
}

/** A piece that the text does not have. */
class Mismatch extends Error {}

class TimeReader {
  readonly #layout: string;
  readonly #text: string;
  #rest: string;
  #outOfRange = "";
  #half: "am" | "pm" | undefined;
  #year = 0;
  #month: number | undefined;
  #day: number | undefined;
  #yearDay: number | undefined;
  #hour = 0;
  #minute = 0;
  #second = 0;
  #nanosecond = 0;
  #isUtc = false;
  #offset: number | undefined;
  #zoneName = "";

  constructor(layout: string, text: string) {
    this.#layout = layout;
    this.#text = text;
    this.#rest = text;
  }

  #fail(layoutPart: string, textPart: string): never {
    const [text, layout] = [quoteBytes(this.#text), quoteBytes(this.#layout)];
    return fail(`parsing time ${text} as ${layout}: cannot parse ${quoteBytes(textPart)} as ${quoteBytes(layoutPart)}`);
  }

  #failWith(message: string): never {
    return fail(`parsing time ${quoteBytes(this.#text)}${message}`);
  }

  read({ prefix, text, element }: Piece, next: Piece | undefined): void {
    if (!this.#skip(prefix)) this.#fail(prefix, this.#rest);
    if (element === undefined) {
      if (this.#rest !== "") this.#failWith(`: extra text: ${quoteBytes(this.#rest)}`);
      return;
    }
    const before = this.#rest;
    try {
      this.#element(element, text, next);
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      if (this.#outOfRange === "") this.#fail(text, before);
    }
    if (this.#outOfRange !== "") this.#failWith(`: ${this.#outOfRange} out of range`);
  }

  /** Takes a literal; one space of it stands for any number. */
  #skip(prefix: string): boolean {
    for (let left = prefix; left !== "";) {
      if (left.startsWith(" ")) {
        if (this.#rest !== "" && !this.#rest.startsWith(" ")) return false;
        left = left.replace(/^ +/, "");
        this.#rest = this.#rest.replace(/^ +/, "");
        continue;
      }
      if (this.#rest.charAt(0) !== left.charAt(0)) return false;
      left = left.slice(1);
      this.#rest = this.#rest.slice(1);
    }
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray {
    const found = pattern.exec(this.#rest);
    if (found === null) throw new Mismatch();
    this.#rest = this.#rest.slice(found[0].length);
    return found;
  }

  #number(isFixed: boolean): number {
    return Number(this.#match(isFixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/)[0]);
  }

  #limited(number: number, least: number, most: number, name: string): number {
    if (number < least || number > most) this.#outOfRange = name;
    return number;
  }

  #name(names: readonly string[]): number {
    const rest = this.#rest.toLowerCase();
    const index = names.findIndex((name) => rest.startsWith(name.toLowerCase()));
    const found = names[index];
    if (found === undefined) throw new Mismatch();
    this.#rest = this.#rest.slice(found.length);
    return index;
  }

  #element(element: Element, text: string, next: Piece | undefined): void {
    switch (element) {
      case "year":
        this.#year = Number(this.#match(/^[0-9]{4}/)[0]);
        break;
      case "short year": {
        const year = Number(this.#match(/^[0-9]{2}/)[0]);
        this.#year = year + (year >= 69 ? 1900 : 2000);
        break;
      }
      case "month name":
        this.#month = this.#name(months) + 1;
        break;
      case "short month name":
        this.#month = this.#name(months.map((name) => name.slice(0, 3))) + 1;
        break;
      case "month":
      case "padded month":
        this.#month = this.#limited(this.#number(element === "padded month"), 1, 12, "month");
        break;
      case "weekday":
        this.#name(weekdays);
        break;
      case "short weekday":
        this.#name(weekdays.map((name) => name.slice(0, 3)));
        break;
      case "spaced day":
        this.#rest = this.#rest.replace(/^ /, "");
        this.#day = this.#number(false);
        break;
      case "day":
      case "padded day":
        this.#day = this.#number(element === "padded day");
        break;
      case "spaced year day":
        this.#rest = this.#rest.replace(/^ {1,2}/, "");
        this.#yearDay = Number(this.#match(/^[0-9]{1,3}/)[0]);
        break;
      case "padded year day":
        this.#yearDay = Number(this.#match(/^[0-9]{3}/)[0]);
        break;
      default:
        this.#clockElement(element, text, next);
    }
  }

  #clockElement(element: Element, text: string, next: Piece | undefined): void {
    switch (element) {
      case "hour":
        this.#hour = this.#limited(this.#number(false), 0, 23, "hour");
        break;
      case "hour of 12":
      case "padded hour of 12":
        this.#hour = this.#limited(this.#number(element === "padded hour of 12"), 0, 12, "hour");
        break;
      case "minute":
      case "padded minute":
        this.#minute = this.#limited(this.#number(element === "padded minute"), 0, 59, "minute");
        break;
      case "second":
      case "padded second":
        this.#second = this.#limited(this.#number(element === "padded second"), 0, 59, "second");
        // A fraction may follow though the layout has none.
        if (this.#outOfRange === "" && next?.element !== "fraction" && next?.element !== "optional fraction") {
          this.#optionalFraction();
        }
        break;
      case "PM":
      case "pm":
        this.#half = this.#match(element === "PM" ? /^[AP]M/ : /^[ap]m/)[0].toLowerCase() === "pm" ? "pm" : "am";
        break;
      case "offset":
        this.#readOffset(text);
        break;
      case "zone name":
        this.#readZoneName();
        break;
      case "fraction":
        this.#nanosecond = nanoseconds(this.#match(new RegExp(`^[.,]([0-9]{${text.length - 1}})`))[1] ?? "");
        break;
      case "optional fraction":
        this.#optionalFraction();
        break;
      default:
        throw new Error(`a layout has what no time has: ${element}`);
    }
  }

  #optionalFraction(): void {
    const found = /^[.,]([0-9]+)/.exec(this.#rest);
    if (found === null) return;
    this.#rest = this.#rest.slice(found[0].length);
    this.#nanosecond = nanoseconds(found[1] ?? "");
  }

  #readOffset(text: string): void {
    if (text.startsWith("Z") && this.#rest.startsWith("Z")) {
      this.#rest = this.#rest.slice(1);
      this.#isUtc = true;
      return;
    }
    const colon = text.includes(":") ? ":" : "";
    const count = text.replaceAll(/[^0-9]/g, "").length / 2;
    const field = "([^][^])";
    const pattern = new RegExp(`^([^])${Array.from({ length: count }, () => field).join(colon)}`);
    const [, sign = "", ...fields] = this.#match(pattern);
    // Whether the numbers are within their bounds is told before what is wrong with the rest.
    const read = fields.findIndex((digits) => !/^[0-9]{2}$/.test(digits));
    const numbers = fields.slice(0, read < 0 ? undefined : read).map(Number);
    const [hours = 0, minutes = 0, seconds = 0] = numbers;
    this.#limited(hours, 0, 24, "time zone offset hour");
    this.#limited(minutes, 0, 60, "time zone offset minute");
    this.#limited(seconds, 0, 60, "time zone offset second");
    if (read >= 0 || !/^[+-]$/.test(sign)) throw new Mismatch();
    const offset = (hours * 60 + minutes) * 60 + seconds;
    this.#offset = sign === "-" ? -offset : offset;
  }

  #readZoneName(): void {
    if (this.#rest.startsWith("UTC")) {
      this.#rest = this.#rest.slice(3);
      this.#isUtc = true;
      return;
    }
    const name = zoneNameOf(this.#rest);
    if (name === undefined) throw new Mismatch();
    this.#rest = this.#rest.slice(name.length);
    this.#zoneName = name;
  }

  moment(): Moment {
    let hour = this.#hour;
    if (this.#half === "pm" && hour < 12) hour += 12;
    else if (this.#half === "am" && hour === 12) hour = 0;
    if (this.#yearDay !== undefined) this.#useYearDay(this.#yearDay);
    const [month, day] = [this.#month ?? 1, this.#day ?? 1];
    if (day < 1 || day > daysIn(month, this.#year)) this.#failWith(": day out of range");
    const calendar = {
      year: this.#year,
      month,
      day,
      hour,
      minute: this.#minute,
      second: this.#second,
      nanosecond: this.#nanosecond,
    };
    if (this.#isUtc) return momentOf(calendar, utc);
    // A name alone says nothing of the offset: the time is taken for UTC's.
    return momentOf(calendar, fixedZone(this.#zoneName, this.#offset ?? 0));
  }

  #useYearDay(yearDay: number): void {
    const leap = isLeap(this.#year);
    // A leap year's last day passes for the day before: the 366th is checked as the 365th.
    const checked = leap && yearDay > 60 ? yearDay - 1 : yearDay;
    if (checked < 1 || checked > 365) this.#failWith(": day-of-year out of range");
    let [month, day] = [1, yearDay];
    while (day > daysIn(month, this.#year)) day -= daysIn(month++, this.#year);
    if (this.#month !== undefined && this.#month !== month) this.#failWith(": day-of-year does not match month");
    if (this.#day !== undefined && this.#day !== day) this.#failWith(": day-of-year does not match day");
    [this.#month, this.#day] = [month, day];
  }
}

/** The first nine digits of a fraction as nanoseconds. */
function nanoseconds(digits: string): number {
  return Number(digits.slice(0, 9).padEnd(9, "0"));
}

/** An abbreviation of a zone at the start of a text. */
function zoneNameOf(text: string): string | undefined {
  const special = /^(?:ChST|MeST)/.exec(text)?.[0];
  if (special !== undefined) return special;
  if (text.startsWith("GMT")) return `GMT${signedHours(text.slice(3)) ?? ""}`;
  if (/^[+-]/.test(text)) return text.length < 3 ? undefined : signedHours(text);
  const letters = /^[A-Z]{0,6}/.exec(text)?.[0] ?? "";
  if (letters.length === 3) return letters;
  if (letters.length === 4) return letters.endsWith("T") || letters === "WITA" ? letters : undefined;
  return letters.length === 5 && letters.endsWith("T") ? letters : undefined;
}

function signedHours(text: string): string | undefined {
  const found = /^[+-]([0-9]+)/.exec(text);
  return found === null || Number(found[1]) > 23 ? undefined : found[0];
}

/** A string of bytes as errors about times quote it: what is not plain as \x. */
export function quoteBytes(bytes: string): string {
  let quoted = '"';
  for (const character of bytes) {
    const byte = character.charCodeAt(0);
    if (byte >= 0x80 || byte < 0x20) quoted += `\\x${byte.toString(16).padStart(2, "0")}`;
    else quoted += character === '"' || character === "\\" ? `\\${character}` : character;
  }
  return `${quoted}"`;
}
