import { closestName } from "../closest-name.ts";
import { childPath } from "../object/field-error.ts";
import type { UnknownField } from "./prune.ts";
import type { Schema } from "./schema.ts";

/**
 * The field that was probably meant: one of a similar name in the same place, or one of the very name in another place,
 * the nearest to the root first.
 */
export function suggestField({ name, parent, known }: UnknownField, schema: Schema): string | undefined {
  const sibling = closestName(name, known);
  return sibling === undefined ? placeOf(name, schema) : childPath(parent, sibling);
}

function placeOf(name: string, root: Schema): string | undefined {
  let level: readonly (readonly [path: string, schema: Schema])[] = [["", root]];
  while (level.length > 0) {
    const next: (readonly [string, Schema])[] = [];
    for (const [path, { properties, items }] of level) {
      for (const [key, property] of properties) {
        if (key === name) return childPath(path, key);
        next.push([childPath(path, key), property]);
      }
      if (items !== undefined) next.push([`${path}[]`, items]);
    }
    level = next;
  }
  return undefined;
}
