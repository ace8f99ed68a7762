import { groupVersionKindOf, nameOf, type JsonObject } from "@portcullis/objects";

/** An object that is to be applied. */
export interface Manifest {
  readonly object: JsonObject;
  /** The file that it stands in, as its user named it; `STDIN` for standard input. */
  readonly source: string;
}

/** The object as kubectl names it: `deployment.apps/shop`. */
export function titleOf(object: JsonObject): string {
  const { group, kind } = groupVersionKindOf(object);
  return `${kind.toLowerCase()}${group === "" ? "" : `.${group}`}/${nameOf(object)}`;
}
