/** What a document has at keys, where the rest of the document may be in conflict. */
import type { Asked } from "./asked.ts";
import { lookup } from "./collection.ts";
import type { Context } from "./context.ts";
import { RegoObject } from "./object.ts";
import { isConflict } from "./stop.ts";
import type { Value } from "./value.ts";

/** The bodies of a document for keys that are asked for. */
export type Part = (context: Context, ...keys: Value[]) => Value | undefined;

/**
 * What stands at keys of a document: as long as nothing ends it, the whole document is worked out, once. Where
 * something would, only the bodies for these keys are gone through, since what belongs to others is none of the
 * asker's business. Without the whole, the part is all there is for who asks for keys.
 */
export function entryOf(
  context: Context,
  whole: ((context: Context) => Value | undefined) | undefined,
  part: Part,
  keys: readonly Value[],
): Value | undefined {
  const asked = (context.asked ??= { working: new Set(), failed: new Set(), found: new Map() });
  // A rule for one key may ask for another.
  if (whole === undefined || asked.working.has(whole) || asked.failed.has(whole)) {
    return partAt(context, asked, part, keys);
  }
  const { state } = context;
  const before = state.error;
  asked.working.add(whole);
  try {
    const document = whole(context);
    if (!state.isStrict || state.error === before) return at(document, keys);
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
  } finally {
    asked.working.delete(whole);
  }
  asked.failed.add(whole);
  if (state.isStrict) {
    // What was worked out on the way goes as well: its errors must be met again by whoever needs it.
    state.error = before;
    context.memo = state.newMemo();
    asked.found.clear();
  }
  return partAt(context, asked, part, keys);
}

/** What the bodies for some keys find there, once. */
function partAt(context: Context, { found }: Asked, part: Part, keys: readonly Value[]): Value | undefined {
  const known = found.get(part) ?? new RegoObject();
  found.set(part, known);
  const before = known.get(keys);
  if (Array.isArray(before)) return before[0] as Value | undefined; // as: a list of a value, or of none
  const value = at(part(context, ...keys), keys);
  known.set(keys, value === undefined ? [] : [value]);
  return value;
}

function at(document: Value | undefined, keys: readonly Value[]): Value | undefined {
  let value = document;
  for (const key of keys) value = lookup(value, key);
  return value;
}
