/** Go's layouts: a text that shows how the second of January 2006, 15:04:05 would look. */

/** What a piece of a layout stands for. */
export type Element =
  | "year"
  | "short year"
  | "month name"
  | "short month name"
  | "month"
  | "padded month"
  | "weekday"
  | "short weekday"
  | "day"
  | "spaced day"
  | "padded day"
  | "spaced year day"
  | "padded year day"
  | "hour"
  | "hour of 12"
  | "padded hour of 12"
  | "minute"
  | "padded minute"
  | "second"
  | "padded second"
  | "PM"
  | "pm"
  | "zone name"
  | "offset"
  | "fraction"
  | "optional fraction";

/** One piece: the text before it, and the element with the text that stands for it; the last has no element. */
export interface Piece {
  readonly prefix: string;
  readonly text: string;
  readonly element: Element | undefined;
}

const elements: readonly (readonly [text: string, element: Element])[] = [
  ["January", "month name"],
  ["Monday", "weekday"],
  ["MST", "zone name"],
  ["002", "padded year day"],
  ["01", "padded month"],
  ["02", "padded day"],
  ["03", "padded hour of 12"],
  ["04", "padded minute"],
  ["05", "padded second"],
  ["06", "short year"],
  ["15", "hour"],
  ["1", "month"],
  ["2006", "year"],
  ["2", "day"],
  ["__2", "spaced year day"],
  ["_2", "spaced day"],
  ["3", "hour of 12"],
  ["4", "minute"],
  ["5", "second"],
  ["PM", "PM"],
  ["pm", "pm"],
];

const offsets: readonly string[] = ["070000", "07:00:00", "0700", "07:00", "07"];

const fractionForm = /^[.,](?:0+|9+)(?![0-9])/;

/** The pieces of a layout. */
export function piecesOf(layout: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = 0; at < layout.length;) {
    const found = elementAt(layout, at);
    if (found === undefined) {
      at++;
      continue;
    }
    pieces.push({ prefix: layout.slice(start, at), ...found });
    at += found.text.length;
    start = at;
  }
  return [...pieces, { prefix: layout.slice(start), text: "", element: undefined }];
}

function elementAt(layout: string, at: number): { readonly text: string; readonly element: Element } | undefined {
  const rest = layout.slice(at, at + 64);
  const first = rest.charAt(0);
  if (first === "." || first === ",") {
    const fraction = fractionForm.exec(layout.slice(at))?.[0];
    if (fraction === undefined) return undefined;
    return { text: fraction, element: fraction.charAt(1) === "0" ? "fraction" : "optional fraction" };
  }
  if (first === "-" || first === "Z") {
    const offset = offsets.find((each) => rest.startsWith(each, 1));
    return offset === undefined ? undefined : { text: first + offset, element: "offset" };
  }
  // In _2006 the line is itself, and the year begins behind it.
  if (rest.startsWith("_2006")) return undefined;
  for (const [text, element] of [
    ["Jan", "short month name"],
    ["Mon", "short weekday"],
  ] as const) {
    if (rest.startsWith(text) && !/^[a-z]/.test(rest.slice(3))) return { text, element };
  }
  const found = elements.find(([text]) => rest.startsWith(text));
  return found === undefined ? undefined : { text: found[0], element: found[1] };
}

export const months: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export const weekdays: readonly string[] = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];

/** The layouts that go by a name. */
export const namedLayouts: ReadonlyMap<string, string> = new Map([
  ["ANSIC", "Mon Jan _2 15:04:05 2006"],
  ["UnixDate", "Mon Jan _2 15:04:05 MST 2006"],
  ["RubyDate", "Mon Jan 02 15:04:05 -0700 2006"],
  ["RFC822", "02 Jan 06 15:04 MST"],
  ["RFC822Z", "02 Jan 06 15:04 -0700"],
  ["RFC850", "Monday, 02-Jan-06 15:04:05 MST"],
  ["RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"],
  ["RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"],
  ["RFC3339", "2006-01-02T15:04:05Z07:00"],
  ["RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"],
]);
