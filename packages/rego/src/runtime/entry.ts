/** What a document has at keys, where the rest of the document may be in conflict. */
import { lookup } from "./collection.ts";
import type { Context } from "./context.ts";
import { isConflict } from "./stop.ts";
import type { Value } from "./value.ts";

/**
 * What stands at keys of a document: as long as nothing ends it, the whole document is worked out, once. Where
 * something would, only the bodies for these keys are gone through, since what belongs to others is none of the
 * asker's business. Without the whole, the part is all there is for who asks for keys.
 */
export function entryOf(
  context: Context,
  whole: ((context: Context) => Value | undefined) | undefined,
  part: (context: Context, ...keys: Value[]) => Value | undefined,
  keys: readonly Value[],
): Value | undefined {
  if (whole === undefined) return at(part(context, ...keys), keys);
  const { state } = context;
  const before = state.error;
  try {
    const document = whole(context);
    if (!state.isStrict || state.error === before) return at(document, keys);
  } catch (thrown) {
    if (!isConflict(thrown)) throw thrown;
  }
  if (state.isStrict) {
    // What was worked out on the way goes as well: its errors must be met again by whoever needs it.
    state.error = before;
    context.memo = state.newMemo();
  }
  return at(part(context, ...keys), keys);
}

function at(document: Value | undefined, keys: readonly Value[]): Value | undefined {
  let value = document;
  for (const key of keys) value = lookup(value, key);
  return value;
}
