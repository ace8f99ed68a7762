import type { Style } from "../output/style.ts";

/** What a text became, line by line: what went with `-`, what came with `+`, and a few lines around them. */
export function lineDiff(name: string, before: string, after: string, style: Style): string {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const common = commonLines(old, fresh);
  const lines: { readonly mark: "-" | "+" | " "; readonly text: string }[] = [];
  let [at, to] = [0, 0];
  for (const [i, j] of [...common, [old.length, fresh.length] as const]) {
    for (; at < i; at += 1) lines.push({ mark: "-", text: old[at] ?? "" });
    for (; to < j; to += 1) lines.push({ mark: "+", text: fresh[to] ?? "" });
    if (i < old.length) lines.push({ mark: " ", text: old[i] ?? "" });
    at = i + 1;
    to = j + 1;
  }
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - 3), index + 4).some(({ mark }) => mark !== " ");
  const shown: string[] = [`--- ${name}`, `+++ ${name} (formatted)`];
  let skipped = false;
  for (const [index, { mark, text }] of lines.entries()) {
    if (!near(index)) {
      skipped = true;
      continue;
    }
    if (skipped) shown.push("...");
    skipped = false;
    const line = `${mark}${text}`;
    shown.push(mark === "-" ? style.bad(line) : mark === "+" ? style.good(line) : line);
  }
  return shown.join("\n");
}

/** The longest run of lines that both have, as pairs of positions. */
function commonLines(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  const lengths: Uint32Array[] = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const both = left[i] === right[j] ? (lengths[i + 1]?.[j + 1] ?? 0) + 1 : 0;
      const best = both || Math.max(lengths[i + 1]?.[j] ?? 0, lengths[i]?.[j + 1] ?? 0);
      const row = lengths[i];
      if (row !== undefined) row[j] = best;
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (left[i] === right[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return pairs;
}
