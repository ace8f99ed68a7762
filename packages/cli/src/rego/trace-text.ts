import { positionAt, textOf } from "@portcullis/rego";
import { valueToText, type TraceLine } from "@portcullis/rego/tools";

/** A trace as text: the place, the depth, what happened, and with which values. */
export function traceText(lines: readonly TraceLine[]): string {
  const shown = lines.map((line) => ({ place: placeOf(line), what: whatOf(line) }));
  const width = Math.max(0, ...shown.map(({ place }) => place.length));
  return shown.map(({ place, what }) => `${place.padEnd(width)}  ${what}\n`).join("");
}

function placeOf({ site: { span } }: TraceLine): string {
  return `${span.source.name === "" ? "query" : span.source.name}:${positionAt(span.source, span.start).row}`;
}

function whatOf({ operation, depth, site, values, message }: TraceLine): string {
  if (message !== undefined) return `${"| ".repeat(depth)}${operation} ${JSON.stringify(message)}`;
  const text = site.kind === "rule" ? ["data", ...site.path].join(".") : textOf(site.span).replaceAll(/\s+/g, " ");
  const known = values.filter(([name]) => operation !== "Exit" && name !== text);
  const where = known.map(([name, value]) => `${name} = ${shortened(valueToText(value))}`).join(", ");
  return `${"| ".repeat(depth)}${operation} ${text}${where === "" ? "" : `   (${where})`}`;
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
