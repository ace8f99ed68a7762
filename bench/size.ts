import { rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle } from "./engine/bundle.ts";
import { table } from "./measure.ts";

/** The size of the engine's door: what a page or a server loads before any policy asks for a heavy family. */
export async function size(): Promise<void> {
  const door = join(import.meta.dirname, "../packages/rego/src/index.ts");
  const { folder, chunks } = await bundle(door, { minify: true, platform: "browser" });
  rmSync(folder, { recursive: true });
  const byFile = new Map(chunks.map((chunk) => [chunk.file, chunk]));
  const eager = new Set<string>();
  const visit = (file: string): void => {
    const chunk = byFile.get(file);
    if (chunk === undefined || eager.has(file)) return;
    eager.add(file);
    chunk.imports.forEach(visit);
  };
  for (const { file, isEntry } of chunks) if (isEntry) visit(file);
  const rows = [["part", "minified", "gzipped"]];
  const sum = (name: string, files: readonly string[]): void => {
    const texts = files.map((file) => byFile.get(file)?.code ?? "");
    const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
    const minified = texts.reduce((total, text) => total + Buffer.byteLength(text), 0);
    const gzipped = texts.reduce((total, text) => total + gzipSync(text, { level: 9 }).length, 0);
    rows.push([name, kilobytes(minified), kilobytes(gzipped)]);
  };
  sum("the engine's door (aim: 60 kB gzipped)", [...eager]);
  const lazy = chunks.filter(({ file }) => !eager.has(file)).toSorted((a, b) => b.code.length - a.code.length);
  sum(
    `lazy families, ${lazy.length} files`,
    lazy.map(({ file }) => file),
  );
  for (const { file } of lazy.slice(0, 8)) sum(`  ${file.replace(/-[\w-]{8}\.js$/, "")}`, [file]);
  process.stdout.write(`${table(rows)}\n`);
}
