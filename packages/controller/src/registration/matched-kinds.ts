/**
 * The kinds of objects that constraints can match, as matching itself reads them: by group and kind of the object that is
 * reviewed. What is not restricted to kinds can match any.
 */
import { isJsonArray, isJsonObject, own, ownPath, type JsonObject, type JsonValue } from "@portcullis/objects";
import { compileMatch } from "@portcullis/policy";

/** Kinds by their group; `*` is any, in both places. */
export type MatchedKinds = ReadonlyMap<string, ReadonlySet<string>>;

const any = "*";

/** Every kind of every group. */
export const everyKind: MatchedKinds = new Map([[any, new Set([any])]]);

/** No kind at all. */
export const noKind: MatchedKinds = new Map();

/** What constraints can match. */
export function kindsOf(constraints: readonly JsonObject[]): MatchedKinds {
  return unionOf(constraints.map(kindsOfOne));
}

function kindsOfOne(constraint: JsonObject): MatchedKinds {
  const match = ownPath(constraint, "spec", "match");
  // The same reading as the matcher's, so that the two cannot come apart.
  const { kinds } = compileMatch(isJsonObject(match) ? { kinds: own(match, "kinds") ?? null } : {});
  if (kinds === undefined) return everyKind;
  return unionOf(
    kinds.map((entry) => {
      const names = entry.kinds ?? new Set([any]);
      return new Map([...(entry.groups ?? [any])].map((group) => [group, names]));
    }),
  );
}

/** All of them together. */
export function unionOf(all: readonly MatchedKinds[]): MatchedKinds {
  const union = new Map<string, Set<string>>();
  for (const kinds of all) {
    for (const [group, names] of kinds) {
      const known = union.get(group) ?? new Set();
      for (const name of names) known.add(name);
      union.set(group, known);
    }
  }
  return covers(union, any, any) ? everyKind : union;
}

/** Whether objects of a group and kind are among them. */
export function covers(kinds: MatchedKinds, group: string, kind: string): boolean {
  for (const names of [kinds.get(group), kinds.get(any)]) {
    if (names !== undefined && (names.has(kind) || names.has(any))) return true;
  }
  return false;
}

/** Whether everything among the second is among the first. */
export function coversAll(kinds: MatchedKinds, others: MatchedKinds): boolean {
  for (const [group, names] of others) for (const name of names) if (!covers(kinds, group, name)) return false;
  return true;
}

/** As they are written down: the same for the same kinds, whatever their order. */
export function writeKinds(kinds: MatchedKinds): JsonObject {
  return Object.fromEntries([...kinds].toSorted(byKey).map(([group, names]) => [group, [...names].toSorted()]));
}

/** What was written down; undefined where it is not that. */
export function readKinds(value: JsonValue | undefined): MatchedKinds | undefined {
  if (!isJsonObject(value)) return undefined;
  const kinds = new Map<string, ReadonlySet<string>>();
  for (const [group, names] of Object.entries(value)) {
    if (!isJsonArray(names)) return undefined;
    const texts = names.filter((name) => typeof name === "string");
    if (texts.length !== names.length) return undefined;
    kinds.set(group, new Set(texts));
  }
  return kinds;
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
