import { isJsonArray, own, ownPath, type JsonObject } from "@portcullis/objects";
import { compileGlob, type Glob } from "@portcullis/policy";

/** The parts of Gatekeeper that may leave a namespace alone. */
export type Process = "webhook" | "audit" | "sync" | "mutation-webhook";

/** Which namespaces which process leaves alone. Asked with the empty name for what is in no namespace. */
export interface NamespaceExclusion {
  excludes(process: Process, namespace: string): boolean;
}

/** Nothing is left alone. */
export const noExclusion: NamespaceExclusion = { excludes: () => false };

const processes: readonly Process[] = ["webhook", "audit", "sync", "mutation-webhook"];

/** The exclusions of a Config's `spec.match`. */
export function readExclusion(config: JsonObject): NamespaceExclusion {
  const globs = new Map<string, Glob[]>(processes.map((process) => [process, []]));
  for (const entry of listAt(ownPath(config, "spec", "match"))) {
    const named = listAt(own(entry, "processes"));
    const wanted = named.includes("*") ? processes : processes.filter((process) => named.includes(process));
    for (const pattern of listAt(own(entry, "excludedNamespaces"))) {
      if (typeof pattern !== "string") continue;
      const glob = compileGlob(pattern);
      for (const process of wanted) globs.get(process)?.push(glob);
    }
  }
  return { excludes: (process, namespace) => globs.get(process)?.some((glob) => glob(namespace)) === true };
}

function listAt(value: unknown): readonly unknown[] {
  return isJsonArray(value) ? value : [];
}
