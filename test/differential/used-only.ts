/** A definition in which what `some` declares and nothing uses is a wildcard, as Rego wants it. */
export function usedOnly(text: string): string {
  const used = text.replaceAll(/every (v\d+) in/g, (all, name: string) =>
    text.split(new RegExp(`\\b${name}\\b`)).length > 2 ? all : "every _ in",
  );
  return used.replaceAll(/some (v\d+)(?:, (v\d+))? in/g, (_, first: string, second: string | undefined) => {
    const shown = (name: string): string => (text.split(new RegExp(`\\b${name}\\b`)).length > 2 ? name : "_");
    return second === undefined ? `some ${shown(first)} in` : `some ${shown(first)}, ${shown(second)} in`;
  });
}
