/**
 * The fields that a JSON text names twice, as paths (`spec.containers[0].image`). The text is known to parse: this
 * walks over its tokens and looks at nothing but names.
 */
export function duplicateFields(text: string): readonly string[] {
  const found: string[] = [];
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g);
  const open: Level[] = [];
  let name = "";
  let previous = "";
  for (const [token] of tokens) {
    const level = open.at(-1);
    if (token === "{" || token === "[") {
      open.push({ path: pathOf(level, name), names: token === "{" ? new Set() : undefined, index: 0 });
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ",") {
      if (level !== undefined) level.index += 1;
    } else if (token !== ":" && level?.names !== undefined && (previous === "{" || previous === ",")) {
      name = unquote(token);
      if (level.names.has(name)) found.push(level.path === "" ? name : `${level.path}.${name}`);
      level.names.add(name);
    }
    previous = token;
  }
  return found;
}

interface Level {
  readonly path: string;
  /** The names so far; undefined in a list. */
  readonly names: Set<string> | undefined;
  index: number;
}

function pathOf(level: Level | undefined, name: string): string {
  if (level === undefined) return "";
  if (level.names === undefined) return `${level.path}[${level.index}]`;
  return level.path === "" ? name : `${level.path}.${name}`;
}

function unquote(token: string): string {
  const value: unknown = JSON.parse(token);
  return typeof value === "string" ? value : token;
}
