import { PatchStop } from "./outcome.ts";
import { isPlain, own, type Plain } from "./plain.ts";

/** Merges a patch's list into the one there is: objects by their merge key, scalars as a set. */
export function mergeLists(
  current: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string | undefined,
  mergeElement: (original: Plain, patch: Plain) => Plain,
): readonly unknown[] {
  if (current.length === 0 && patch.length === 0) return current;
  const first = current.length > 0 ? current[0] : patch[0];
  if (!isPlain(first)) return orderLists([...new Set([...current, ...patch])], patch, current, undefined);
  if (mergeKey === undefined) throw new PatchStop("inapplicable", "cannot merge lists without merge key");
  const { kept, changes, replaced } = applyDirectives(current, patch, mergeKey);
  if (replaced) return changes;
  const merged = [...kept];
  for (const change of changes) {
    const at = merged.findIndex((item) => sameKey(item, change, mergeKey));
    const found = merged[at];
    if (isPlain(found)) merged[at] = mergeElement(found, change);
    else merged.push(mergeElement({}, change));
  }
  return orderLists(merged, changes, kept, mergeKey);
}

interface Directives {
  readonly kept: readonly unknown[];
  readonly changes: readonly Plain[];
  readonly replaced: boolean;
}

function applyDirectives(current: readonly unknown[], patch: readonly unknown[], mergeKey: string): Directives {
  let kept = current;
  let replaced = false;
  const changes: Plain[] = [];
  for (const item of patch) {
    if (!isPlain(item)) throw new PatchStop("malformed", "expected an object in a list that is merged by key");
    const directive = own(item, "$patch");
    if (directive === undefined) {
      keyOf(item, mergeKey);
      changes.push(item);
    } else if (directive === "delete") {
      const doomed = keyOf(item, mergeKey);
      kept = kept.filter((other) => !isPlain(other) || own(other, mergeKey) !== doomed);
    } else if (directive === "replace") {
      replaced = true;
    } else if (directive === "merge") {
      throw new PatchStop("malformed", "merging lists cannot yet be specified in the patch");
    } else {
      throw new PatchStop("malformed", `unknown patch type: ${String(directive)}`);
    }
  }
  return { kept, changes, replaced };
}

function keyOf(item: Plain, mergeKey: string): unknown {
  const value = own(item, mergeKey);
  if (value === undefined) {
    throw new PatchStop("malformed", `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
  }
  return value;
}

function sameKey(left: unknown, right: unknown, mergeKey: string | undefined): boolean {
  if (mergeKey === undefined) return left === right;
  return isPlain(left) && isPlain(right) && own(left, mergeKey) === own(right, mergeKey);
}

/**
 * Puts a merged list in order: what `order` names comes in its order, the rest (only the server has it) keeps the
 * server's, and the two are woven together where the server's old order tells how.
 */
export function orderLists(
  merged: readonly unknown[],
  order: readonly unknown[],
  serverOrder: readonly unknown[],
  mergeKey: string | undefined,
): readonly unknown[] {
  const place = (list: readonly unknown[], item: unknown): number =>
    list.findIndex((other) => sameKey(other, item, mergeKey));
  const ranked = (list: readonly unknown[], items: readonly unknown[]): readonly unknown[] =>
    items
      .map((item) => ({ item, rank: place(list, item) }))
      .toSorted((left, right) => (left.rank < 0 || right.rank < 0 ? 0 : left.rank - right.rank))
      .map(({ item }) => item);
  const named = ranked(
    order,
    merged.filter((item) => place(order, item) >= 0),
  );
  const others = ranked(
    serverOrder,
    merged.filter((item) => place(order, item) < 0),
  );
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const rank = place(serverOrder, item);
    while (next < others.length && rank >= 0) {
      const other = place(serverOrder, others[next]);
      if (other < 0 || other > rank) break;
      result.push(others[next]);
      next += 1;
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}
