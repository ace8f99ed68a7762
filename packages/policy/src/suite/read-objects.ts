/** Files of a suite as gator reads them. */
import { isJsonObject, readYaml, type JsonObject } from "@portcullis/objects";

/** Why there is nothing to be had of a file: it cannot be read, or what it holds is no YAML. */
interface Unreadable {
  readonly ok: false;
  readonly message: string;
  readonly isNoYaml?: boolean;
}

/** The text of a file, or why there is none. */
export type FileReading = { readonly ok: true; readonly text: string } | Unreadable;

/** Reads a file by its path. */
export type Files = (path: string) => FileReading | Promise<FileReading>;

/** The objects of a file, or why there are none. */
export type ObjectsReading =
  | { readonly ok: true; readonly objects: readonly JsonObject[] }
  | { readonly ok: false; readonly message: string };

/** How gator words that the file of a template, or of a constraint, is no YAML. */
const noYaml = {
  ConstraintTemplate: "adding template: parsing ConstraintTemplate YAML from",
  Constraint: "adding constraint: parsing Constraint from",
} as const;

/** The objects of a file, of which there must be one at least. */
export async function readObjects(files: Files, path: string): Promise<ObjectsReading> {
  const read = await readDocuments(files, path);
  if (!read.ok) {
    return read.isNoYaml === true
      ? { ok: false, message: `reading "${path}": invalid yaml: ${read.message}` }
      : { ok: false, message: read.message };
  }
  if (read.objects.length > 0) return read;
  return { ok: false, message: `missing objects: path "${path}" defines no YAML objects` };
}

/** The one object of a template's or a constraint's file; of several documents the first counts, as in gator. */
export async function readObject(
  files: Files,
  path: string,
  what: keyof typeof noYaml,
): Promise<{ readonly ok: true; readonly object: JsonObject } | { readonly ok: false; readonly message: string }> {
  const read = await readDocuments(files, path);
  if (!read.ok) {
    const doing = read.isNoYaml === true ? noYaml[what] : `reading ${what} from`;
    return { ok: false, message: `${doing} "${path}": ${read.message}` };
  }
  const [object] = read.objects;
  return object === undefined
    ? { ok: false, message: `${noYaml[what]} "${path}": Object 'Kind' is missing in '{}'` }
    : { ok: true, object };
}

async function readDocuments(files: Files, path: string): Promise<Extract<ObjectsReading, { ok: true }> | Unreadable> {
  const file = await files(path);
  if (!file.ok) return file;
  const { documents, diagnostics } = readYaml(file.text, path, "suite");
  const wrong = diagnostics.find(({ severity }) => severity === "error");
  if (wrong !== undefined) {
    const { line, column } = wrong.position;
    return { ok: false, message: `line ${line}, column ${column}: ${wrong.message}`, isNoYaml: true };
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
