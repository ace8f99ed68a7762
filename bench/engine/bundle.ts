/** One file of a program and all that it imports, as it would be installed. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** What a bundle is for. */
export interface BundleOptions {
  readonly minify: boolean;
  readonly platform: "node" | "browser";
}

/** Bundles the file into a new folder; the chunks, the file's own first, and where they are. */
export async function bundle(
  input: string,
  { minify, platform }: BundleOptions,
): Promise<{ readonly folder: string; readonly main: string; readonly chunks: readonly Chunk[] }> {
  const made = await rolldown({
    input,
    platform,
    treeshake: true,
    resolve: { conditionNames: ["source", "import", "default"] },
    onLog: () => undefined,
  });
  const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
  const { output } = await made.write({ dir: folder, format: "esm", minify, comments: false });
  await made.close();
  const chunks = output.flatMap((one) =>
    one.type === "chunk" ? [{ file: one.fileName, code: one.code, isEntry: one.isEntry, imports: one.imports }] : [],
  );
  const entry = chunks.find(({ isEntry }) => isEntry);
  if (entry === undefined) throw new Error("the bundle has no entry");
  return { folder, main: join(folder, entry.file), chunks };
}

/** A file of a bundle. */
export interface Chunk {
  readonly file: string;
  readonly code: string;
  readonly isEntry: boolean;
  /** The files that are loaded with it. */
  readonly imports: readonly string[];
}
