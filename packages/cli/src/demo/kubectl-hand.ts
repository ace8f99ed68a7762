import { spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Carried, Hand } from "./hand.ts";

/** The kubectl on PATH, or undefined where there is none. */
export async function findKubectl(path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? "").split(delimiter)) {
    if (folder === "") continue;
    const candidate = join(folder, "kubectl");
    try {
      await access(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Runs an unpatched kubectl in the folder of the story's files. */
export function kubectlHand(
  kubectl: string,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Hand {
  const run = (...parts: readonly string[]): Promise<Carried> =>
    new Promise((resolve, reject) => {
      const child = spawn(kubectl, parts, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
      }
      child.on("error", reject);
      child.on("close", (status) => {
        resolve({ line: `kubectl ${parts.join(" ")}`, status: status ?? 1, output });
      });
    });
  return {
    introduction: `The commands are carried out by ${kubectl}.`,
    apply: (file) => run("apply", "-f", file),
    getPods: () => run("get", "pods"),
    deletePod: (name) => run("delete", "pod", name, "--now"),
  };
}
