/** Whether a name meets a pattern of Gatekeeper's: `abc*`, `*abc`, `*abc*`, or the name itself. */
export type Glob = (name: string) => boolean;

/** Makes a pattern ready. */
export function compileGlob(pattern: string): Glob {
  const starts = pattern.startsWith("*");
  const ends = pattern.endsWith("*");
  if (starts && ends) {
    const part = pattern.slice(1, Math.max(1, pattern.length - 1));
    return (name) => name.includes(part);
  }
  if (starts) {
    const suffix = pattern.slice(1);
    return (name) => name.endsWith(suffix);
  }
  if (ends) {
    const prefix = pattern.slice(0, -1);
    return (name) => name.startsWith(prefix);
  }
  return (name) => name === pattern;
}

/** Makes a pattern ready for `generateName`, which only a pattern that leaves the end open can match. */
export function compileGenerateNameGlob(pattern: string): Glob {
  return pattern.endsWith("*") ? compileGlob(pattern) : () => false;
}
