import type { Terminal } from "../terminal.ts";

/** Words with the colours that the terminal takes; without colours the words alone. */
export interface Style {
  strong(text: string): string;
  /** What is of lesser weight. */
  quiet(text: string): string;
  /** What came out well. */
  good(text: string): string;
  /** What came out badly, or was refused. */
  bad(text: string): string;
  /** What a user types. */
  typed(text: string): string;
}

/** The style for a terminal. */
export function styleFor(terminal: Terminal): Style {
  const paint =
    (from: number, to: number) =>
    (text: string): string =>
      terminal.hasColor ? `\u001B[${from}m${text}\u001B[${to}m` : text;
  return { strong: paint(1, 22), quiet: paint(2, 22), good: paint(32, 39), bad: paint(31, 39), typed: paint(36, 39) };
}

/** Breaks text into lines of a width at blanks; a word that is longer than a line stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

/** The lines, each behind the margin. */
export function indented(lines: readonly string[], margin: string): string {
  return lines.map((line) => (line === "" ? "\n" : `${margin}${line}\n`)).join("");
}
