/** A table as OPA draws it. Without a header there are rows alone. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = header.length === 0 ? rows : [header, ...rows];
  const count = Math.max(0, ...all.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...all.map((row) => lengthOf(row[at] ?? ""))));
  const rule = (left: string, middle: string, right: string): string =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const line = (cells: readonly string[]): string => `│ ${cells.join(" │ ")} │`;
  const lines = [rule("┌", "┬", "┐")];
  if (header.length > 0) {
    lines.push(line(widths.map((width, at) => centered(header[at] ?? "", width))), rule("├", "┼", "┤"));
  }
  for (const row of rows) lines.push(line(widths.map((width, at) => padded(row[at] ?? "", width))));
  return `${[...lines, rule("└", "┴", "┘")].join("\n")}\n`;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - lengthOf(text));
}

function centered(text: string, width: number): string {
  const blanks = width - lengthOf(text);
  const left = Math.floor(blanks / 2);
  return " ".repeat(left) + text + " ".repeat(blanks - left);
}
