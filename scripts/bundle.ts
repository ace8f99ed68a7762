/** Makes the server one file that runs on Node alone: what the image holds. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { rolldown, type Plugin } from "rolldown";

const root = join(import.meta.dirname, "..");
export const bundlePath: string = join(root, "dist", "server", "manager.mjs");

/**
 * In a Pod the server shows its own token; the library that signs in for a kubeconfig by plugins is four fifths of
 * everything, and left out.
 */
const withoutSigningIn: Plugin = {
  name: "without-signing-in",
  resolveId: (id) => (id === "@kubernetes/client-node" ? id : undefined),
  load: (id) =>
    id === "@kubernetes/client-node"
      ? `throw new Error("this kubeconfig signs in by a plugin, which the server's image leaves out; run it in the Pod's own account, or as \`portcullis controller\`");
         export const KubeConfig = undefined;`
      : undefined,
};

/** Writes the bundle; its size in bytes. */
export async function bundleServer(path: string = bundlePath): Promise<number> {
  const bundle = await rolldown({
    input: join(root, "packages", "controller", "src", "main.ts"),
    platform: "node",
    resolve: { conditionNames: ["source", "node", "import", "default"] },
    plugins: [withoutSigningIn],
    onLog(level, log, report) {
      if (level === "warn" || log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
      report(level, log);
    },
  });
  await bundle.write({
    file: path,
    format: "esm",
    codeSplitting: false,
    minify: false,
    comments: false,
    // Modules of the old form ask for Node's own by `require`, which an ES module does not have.
    banner:
      'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);',
  });
  await bundle.close();
  return statSync(path).size;
}

if (import.meta.main) {
  const bytes = await bundleServer();
  process.stdout.write(`${bundlePath}: ${(bytes / 1024 / 1024).toFixed(1)} MiB\n`);
}
