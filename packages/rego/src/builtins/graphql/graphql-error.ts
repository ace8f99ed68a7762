import type { Place } from "./document.ts";

/** What is wrong with a GraphQL text or with what it says. Thrown inside this family, and caught at its door. */
export class GraphqlError extends Error {
  readonly place: Place | undefined;

  constructor(message: string, place: Place | undefined) {
    super(message);
    this.name = "GraphqlError";
    this.place = place;
  }
}

/** One error as gqlparser prints it. Nodes without a place that are complained of by place show `-1:-1`. */
export function errorText(message: string, place: Place | undefined): string {
  return place === undefined ? `input: ${message}` : `input:${place.line}:${place.column}: ${message}`;
}

/** What is wrong at a node of a schema. Such errors always have a place, `-1:-1` where the node has none. */
export function schemaError(place: Place | undefined, message: string): GraphqlError {
  return new GraphqlError(message, place ?? { line: -1, column: -1 });
}

/** An error's text as OPA shows it: the place moves to the end, and the last full stop goes. */
export function opaText(text: string): string {
  const parts = splitAtColons(text, 4);
  const [, line, column, message] = parts;
  if (message !== undefined && /^\d+$/.test(line ?? "") && /^\d+$/.test(column ?? "")) {
    const trimmed = message.replace(/^ +/, "");
    const end = trimmed.endsWith(".\n") ? trimmed.slice(0, -2) : trimmed;
    return `${end} in GraphQL string at location ${Number(line)}:${Number(column)}`;
  }
  return `GraphQL parse error: ${text}`;
}

function splitAtColons(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (parts.length < most - 1) {
    const at = rest.indexOf(":");
    if (at === -1) break;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  parts.push(rest);
  return parts;
}
