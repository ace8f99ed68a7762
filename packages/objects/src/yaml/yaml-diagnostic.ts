/** A place in a file as people count: from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something to tell the author of a YAML or JSON file. */
export interface YamlDiagnostic {
  readonly severity: "error" | "warning";
  /** The file, or whatever the text was called. */
  readonly name: string;
  readonly position: Position;
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  /** The line the position is in, for showing it. */
  readonly sourceLine: string;
}

/** One diagnostic as text: where and what, then the line with a caret under the place, then what to do. */
export function formatYamlDiagnostic(diagnostic: YamlDiagnostic): string {
  const { name, position, message, help, sourceLine } = diagnostic;
  // A tab is shown as one space, so that the caret stands under what it points to.
  const shown = sourceLine.replaceAll("\t", " ").slice(0, 160);
  const gutter = String(position.line);
  const lines = [`${name}:${position.line}:${position.column}: ${message}`];
  if (shown.trim() !== "") {
    lines.push(`  ${gutter} | ${shown}`, `  ${" ".repeat(gutter.length)} | ${" ".repeat(position.column - 1)}^`);
  }
  if (help !== undefined) lines.push(`  ${help}`);
  return lines.join("\n");
}
