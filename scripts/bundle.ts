/** Makes the server one file that runs on Node alone, and `portcullis apply` another: what the image holds. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { rolldown, type InputOptions, type Plugin } from "rolldown";

const root = join(import.meta.dirname, "..");
const folder = join(root, "dist", "server");

/** What the image holds, by the name of the file. */
const entries = {
  "manager.mjs": join(root, "packages", "controller", "src", "main.ts"),
  "apply.mjs": join(root, "packages", "cli", "src", "apply-main.ts"),
} as const;

/**
 * In a Pod the server shows its own token; the library that signs in for a kubeconfig by plugins is four fifths of
 * everything, and left out.
 */
const withoutSigningIn: Plugin = {
  name: "without-signing-in",
  resolveId: (id) => (id === "@kubernetes/client-node" ? id : undefined),
  load: (id) =>
    id === "@kubernetes/client-node"
      ? `throw new Error("this kubeconfig signs in by a plugin, which the server's image leaves out; run it in the Pod's own account, or by the command \`portcullis\`");
         export const KubeConfig = undefined;`
      : undefined,
};

const health = join(root, "packages", "controller", "src", "health");

/** The server is one file: the thread that it starts is told its program instead of where it lies. */
export const withThread: Plugin = {
  name: "with-thread",
  async load(id) {
    if (id !== join(health, "thread-program.ts")) return undefined;
    const bundle = await rolldown({ input: join(health, "health-thread.ts"), ...reading });
    const { output } = await bundle.generate(writing);
    await bundle.close();
    const program = `data:text/javascript;base64,${Buffer.from(output[0].code).toString("base64")}`;
    return `export const threadProgram = new URL(${JSON.stringify(program)});`;
  },
};

const reading = {
  platform: "node",
  resolve: { conditionNames: ["source", "node", "import", "default"] },
  onLog(level, log, report) {
    if (level === "warn" || log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
    report(level, log);
  },
} as const satisfies InputOptions;

const writing = { format: "esm", codeSplitting: false, minify: false, comments: false } as const;

/** Writes a bundle; its size in bytes. */
export async function bundleEntry(name: keyof typeof entries, path: string = join(folder, name)): Promise<number> {
  const bundle = await rolldown({
    input: entries[name],
    ...reading,
    plugins: [withoutSigningIn, withThread],
  });
  await bundle.write({
    file: path,
    ...writing,
    // Modules of the old form ask for Node's own by `require`, which an ES module does not have.
    banner:
      'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  });
  await bundle.close();
  return statSync(path).size;
}

if (import.meta.main) {
  for (const name of ["manager.mjs", "apply.mjs"] as const) {
    const bytes = await bundleEntry(name);
    process.stdout.write(`${join(folder, name)}: ${(bytes / 1024 / 1024).toFixed(1)} MiB\n`);
  }
}
