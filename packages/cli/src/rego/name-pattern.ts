/** Whether a file's name matches a shell's pattern (`*`, `?`, `[a-z]`), as Go's path matching has it. */
export function matchesName(pattern: string, name: string): boolean {
  let source = "";
  for (let at = 0; at < pattern.length; at += 1) {
    const letter = pattern.charAt(at);
    const end = letter === "[" ? pattern.indexOf("]", at + 2) : -1;
    if (letter === "*") source += "[^/]*";
    else if (letter === "?") source += "[^/]";
    else if (letter === "\\" && at + 1 < pattern.length) {
      at += 1;
      source += literal(pattern.charAt(at));
    } else if (end !== -1) {
      source += pattern.slice(at, end + 1).replaceAll("\\", "\\\\");
      at = end;
    } else source += literal(letter);
  }
  try {
    return new RegExp(`^${source}$`, "su").test(name);
  } catch {
    // Such a pattern matches nothing in Go either.
    return false;
  }
}

function literal(letter: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(letter) ? `\\${letter}` : letter;
}
