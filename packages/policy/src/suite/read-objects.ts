/** Files of a suite as gator reads them. */
import { isJsonObject, readYaml, type JsonObject } from "@portcullis/objects";

/** The text of a file by its path, or why there is none. */
export type Files = (
  path: string,
) => { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

/** The objects of a file, or why there are none. */
export type ObjectsReading =
  | { readonly ok: true; readonly objects: readonly JsonObject[] }
  | { readonly ok: false; readonly message: string };

/** The objects of a file, of which there must be one at least. */
export function readObjects(files: Files, path: string): ObjectsReading {
  const read = readDocuments(files, path);
  if (!read.ok) return read;
  if (read.objects.length > 0) return read;
  return { ok: false, message: `missing objects: path "${path}" defines no YAML objects` };
}

/** The one object of a template's or a constraint's file; of several documents the first counts, as in gator. */
export function readObject(
  files: Files,
  path: string,
  what: string,
): { readonly ok: true; readonly object: JsonObject } | { readonly ok: false; readonly message: string } {
  const read = readDocuments(files, path);
  if (!read.ok) return { ok: false, message: `reading ${what} from "${path}": ${read.message}` };
  const [object] = read.objects;
  return object === undefined
    ? { ok: false, message: `reading ${what} from "${path}": it holds no object` }
    : { ok: true, object };
}

function readDocuments(files: Files, path: string): ObjectsReading {
  const file = files(path);
  if (!file.ok) return file;
  const { documents, diagnostics } = readYaml(file.text, path, "suite");
  const wrong = diagnostics.find(({ severity }) => severity === "error");
  if (wrong !== undefined) {
    const { line, column } = wrong.position;
    return { ok: false, message: `reading "${path}": invalid yaml: line ${line}, column ${column}: ${wrong.message}` };
  }
  return { ok: true, objects: documents.map(({ value }) => value).filter(isJsonObject) };
}

/** A path beside the suite, normalised: `samples/../a.yaml` is `a.yaml`. */
export function joinPath(folder: string, path: string): string {
  const joined = path.startsWith("/") || folder === "" ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return (joined.startsWith("/") ? "/" : "") + parts.join("/");
}

/** The folder that a file is in; empty where it is in none. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, Math.max(slash, 1));
}
