import { isJsonArray, type JsonObject, type JsonValue } from "./value.ts";

/** How a value is written; JSON's marks where no others are given. */
export interface PrintStyle {
  readonly scalar: (value: null | boolean | number | bigint | string) => string;
  readonly key: (key: string) => string;
  /** The entries of an object, in the order in which they are written. */
  readonly entries: (object: JsonObject) => readonly (readonly [key: string, value: JsonValue])[];
  readonly openObject?: string;
  readonly closeObject?: string;
  readonly separator?: string;
}

/** A piece that is written as it is, among values that are still to be written. */
class Piece {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Writes a value, however deep it is nested. */
export function printValue(value: JsonValue, style: PrintStyle): string {
  let out = "";
  const left: (JsonValue | Piece)[] = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next instanceof Piece) out += next.text;
    else if (typeof next !== "object" || next === null) out += style.scalar(next);
    else {
      const pieces = isJsonArray(next) ? piecesOfList(next, style) : piecesOfObject(next, style);
      for (let at = pieces.length - 1; at >= 0; at -= 1) left.push(pieces[at] ?? null);
    }
  }
  return out;
}

function piecesOfList(list: readonly JsonValue[], { separator = "," }: PrintStyle): (JsonValue | Piece)[] {
  const between = new Piece(separator);
  const pieces: (JsonValue | Piece)[] = [new Piece("[")];
  for (const [at, item] of list.entries()) {
    if (at > 0) pieces.push(between);
    pieces.push(item);
  }
  pieces.push(new Piece("]"));
  return pieces;
}

function piecesOfObject(object: JsonObject, style: PrintStyle): (JsonValue | Piece)[] {
  const { openObject = "{", closeObject = "}", separator = "," } = style;
  const pieces: (JsonValue | Piece)[] = [new Piece(openObject)];
  for (const [at, [key, item]] of style.entries(object).entries()) {
    pieces.push(new Piece(`${at === 0 ? "" : separator}${style.key(key)}:`), item);
  }
  pieces.push(new Piece(closeObject));
  return pieces;
}
