import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isJsonObject, own, type JsonObject } from "@portcullis/objects";
import { CommandError } from "../command-error.ts";
import { whyUnreadable } from "../files/why-unreadable.ts";

/** The manifest of a bundle: what its folder says of itself. */
export interface Manifest {
  readonly revision: string;
  readonly roots: readonly string[];
  readonly metadata: JsonObject | undefined;
  readonly regoVersion: number | undefined;
}

const noManifest: Manifest = { revision: "", roots: [""], metadata: undefined, regoVersion: undefined };

/** The manifest of a folder; one that has none has the root of all data. */
export async function readManifest(folder: string, directory: string): Promise<Manifest> {
  const name = join(folder, ".manifest");
  let text: string;
  try {
    text = await readFile(resolve(directory, folder, ".manifest"), "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "";
    // A folder of that name is no manifest either.
    if (code === "ENOENT" || code === "EISDIR") return noManifest;
    throw new CommandError(`error: bundle ${folder}: open ${name}: ${whyUnreadable(error)}`, { cause: error });
  }
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      `error: bundle ${folder}: ${name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  // as: what JSON.parse gives is JSON
  if (!isJsonObject(manifest as JsonObject)) throw new CommandError(`error: bundle ${folder}: ${name} is no object`);
  const fields = manifest as JsonObject;
  const [revision, roots, metadata, version] = ["revision", "roots", "metadata", "rego_version"].map((field) =>
    own(fields, field),
  );
  return {
    revision: typeof revision === "string" ? revision : "",
    roots: Array.isArray(roots) ? roots.map(String) : [""],
    metadata: isJsonObject(metadata) && Object.keys(metadata).length > 0 ? metadata : undefined,
    regoVersion: typeof version === "number" ? version : undefined,
  };
}
