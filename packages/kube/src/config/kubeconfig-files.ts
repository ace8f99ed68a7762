import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import {
  isJsonArray,
  isJsonObject,
  own,
  ownString,
  setOwn,
  type JsonObject,
  type JsonValue,
} from "@portcullis/objects";

/** What one file or several say together. */
export interface Kubeconfig {
  /** The files that were there, for messages. */
  readonly place: string;
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, JsonObject>;
  readonly users: ReadonlyMap<string, JsonObject>;
  readonly contexts: ReadonlyMap<string, JsonObject>;
}

/** The files, or what is wrong with them. */
export type KubeconfigReading =
  | { readonly ok: true; readonly value: Kubeconfig }
  | { readonly ok: false; readonly message: string };

/** A list of a kubeconfig: its name, the field that an entry's object stands in, and where that names files. */
const lists = [
  { list: "clusters", field: "cluster", files: ["certificate-authority"] },
  { list: "users", field: "user", files: ["client-certificate", "client-key", "tokenFile"] },
  { list: "contexts", field: "context", files: [] },
] as const;

/**
 * Reads kubeconfigs as kubectl does: of two entries of one name the first stands, whole; the first context that is called
 * the current one is; and paths count from the file that they stand in. Files that are not there are passed over unless
 * they must be.
 */
export async function readKubeconfigs(
  paths: readonly string[],
  { mustExist }: { readonly mustExist: boolean },
): Promise<KubeconfigReading> {
  const merged = {
    clusters: new Map<string, JsonObject>(),
    users: new Map<string, JsonObject>(),
    contexts: new Map<string, JsonObject>(),
  };
  const [found, problems]: [string[], string[]] = [[], []];
  let currentContext = "";
  for (const path of new Set(paths)) {
    if (path === "") continue;
    const read = await readDocument(path);
    if (read.kind === "missing" && !mustExist) continue;
    if (read.kind !== "read") {
      problems.push(read.message);
      continue;
    }
    found.push(path);
    if (currentContext === "") currentContext = ownString(read.document, "current-context") ?? "";
    for (const { list, field, files } of lists) {
      for (const [name, entry] of entriesOf(read.document, list, field)) {
        if (!merged[list].has(name)) merged[list].set(name, withWholePaths(entry, files, dirname(path)));
      }
    }
  }
  if (problems.length > 0) return { ok: false, message: problems.join("\n") };
  return { ok: true, value: { place: found.join(":"), currentContext, ...merged } };
}

type Read =
  | { readonly kind: "read"; readonly document: JsonValue | undefined }
  | { readonly kind: "missing" | "wrong"; readonly message: string };

async function readDocument(path: string): Promise<Read> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const why = error instanceof Error ? error.message : String(error);
    return { kind: isMissing ? "missing" : "wrong", message: `cannot read the kubeconfig ${path}: ${why}` };
  }
  const { readYaml, formatYamlDiagnostic } = await import("@portcullis/objects/yaml");
  const { documents, diagnostics } = readYaml(text, path);
  const problem = diagnostics.find((diagnostic) => diagnostic.severity === "error");
  if (problem !== undefined) return { kind: "wrong", message: formatYamlDiagnostic(problem) };
  return { kind: "read", document: documents[0]?.value };
}

function entriesOf(
  document: JsonValue | undefined,
  list: string,
  field: string,
): readonly (readonly [string, JsonObject])[] {
  const entries = own(document, list);
  if (!isJsonArray(entries)) return [];
  return entries.flatMap((entry) => {
    const [name, value] = [ownString(entry, "name"), own(entry, field)];
    return name !== undefined && isJsonObject(value) ? [[name, value] as const] : [];
  });
}

/** A command counts as a path only where it has a separator: any other is looked for on PATH. */
function withWholePaths(entry: JsonObject, files: readonly string[], folder: string): JsonObject {
  const whole: { [key: string]: JsonValue } = {};
  for (const [key, value] of Object.entries(entry)) {
    if (files.includes(key) && typeof value === "string") setOwn(whole, key, wholePath(value, folder));
    else if (key === "exec" && isJsonObject(value)) {
      const command = ownString(value, "command") ?? "";
      setOwn(whole, key, command.includes("/") ? { ...value, command: wholePath(command, folder) } : value);
    } else setOwn(whole, key, value);
  }
  return whole;
}

function wholePath(path: string, folder: string): string {
  return path === "" || isAbsolute(path) ? path : join(folder, path);
}
