import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { CommandError } from "../command-error.ts";

/** The door of the runtime, as printed policies import it. */
export const door = "@portcullis/rego/standalone";

const entry = "policy.js";

/** One file out of a printed policy: the parts of the runtime that it uses stand in it. */
export async function bundlePolicy(text: string, { minify }: { readonly minify: boolean }): Promise<string> {
  // As this program finds the runtime, so must the bundler: in its sources, or as it was published.
  const runtime = fileURLToPath(import.meta.resolve(door));
  const build = await rolldown({
    input: entry,
    platform: "neutral",
    plugins: [
      {
        name: "policy",
        resolveId: (id) => (id === entry ? entry : id === door ? runtime : undefined),
        load: (id) => (id === entry ? text : undefined),
      },
    ],
    logLevel: "silent",
  });
  try {
    const { output } = await build.generate({ format: "esm", minify, codeSplitting: false });
    const [chunk, ...more] = output;
    if (more.length > 0 || chunk.imports.length > 0) {
      throw new CommandError(
        `the module would need ${[...chunk.imports, ...more.map(({ fileName }) => fileName)].join(", ")} beside it`,
      );
    }
    return chunk.code;
  } finally {
    await build.close();
  }
}
