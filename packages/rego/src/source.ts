/** A text that was read, and the name it is reported under (`template.rego`, `test-0.rego`). */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in one source. Rows and columns are derived when somebody asks. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  /** What is wrong there is told without a place: OPA has lost it on the way. */
  readonly untold?: true;
}

/** A place as people count: rows from 1, columns from 1 in code points (as OPA counts them). */
export interface Position {
  readonly row: number;
  readonly column: number;
}

/** The row and column of an offset. */
export function positionAt(source: Source, offset: number): Position {
  const { text } = source;
  let row = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    row += 1;
    lineStart = at + 1;
  }
  let column = 1;
  for (let at = lineStart; at < offset; at += 1) {
    const unit = text.charCodeAt(at);
    // The second half of a surrogate pair is not a column of its own.
    if (unit < 0xdc00 || unit > 0xdfff) column += 1;
  }
  return { row, column };
}

/** The text that a span covers. */
export function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}
