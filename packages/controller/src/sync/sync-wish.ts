/** Which kinds are to be in `data.inventory`: what Config, SyncSets and the templates themselves say. */
import {
  annotationsOf,
  isJsonArray,
  own,
  ownPath,
  ownString,
  parseApiVersion,
  readJson,
  type GroupVersionKind,
  type JsonObject,
} from "@portcullis/objects";
import type { InventoryRead } from "@portcullis/policy";

/** A wish for objects of a kind. */
export type SyncWish =
  /** This kind, and nothing else will do. */
  | { readonly kind: "exact"; readonly of: GroupVersionKind }
  /** For each group one of these, the first that the server has. */
  | { readonly kind: "any-of"; readonly these: readonly GroupVersionKind[] }
  /** A kind whose group nobody said. */
  | { readonly kind: "every-group"; readonly name: string };

const annotation = "metadata.gatekeeper.sh/requires-sync-data";

/** The kinds in a Config's `spec.sync.syncOnly`. */
export function wishesOfConfig(config: JsonObject): readonly SyncWish[] {
  return exactly(ownPath(config, "spec", "sync", "syncOnly"));
}

/** The kinds in a SyncSet. */
export function wishesOfSyncSet(syncSet: JsonObject): readonly SyncWish[] {
  return exactly(ownPath(syncSet, "spec", "gvks"));
}

/**
 * What a template needs: the kinds that its Rego names. Where it leaves group or version open, its author's annotation
 * says which are meant; where there is none, those of every group.
 */
export function wishesOfTemplate(template: JsonObject, reads: readonly InventoryRead[]): readonly SyncWish[] {
  if (reads.length === 0) return [];
  const annotated = annotatedSets(template);
  const wishes: SyncWish[] = annotated.map((these) => ({ kind: "any-of", these }));
  for (const { groupVersion, kind } of reads) {
    // What is left open altogether cannot be guessed; the annotation is there for it.
    if (kind === undefined) continue;
    const parsed = groupVersion === undefined ? undefined : parseApiVersion(groupVersion);
    if (parsed !== undefined) wishes.push({ kind: "exact", of: { ...parsed, kind } });
    else if (!annotated.some((these) => these.some((each) => each.kind === kind))) {
      wishes.push({ kind: "every-group", name: kind });
    }
  }
  return wishes;
}

function exactly(list: unknown): readonly SyncWish[] {
  return (isJsonArray(list) ? list : []).map((entry) => ({
    kind: "exact",
    of: {
      group: ownString(entry, "group") ?? "",
      version: ownString(entry, "version") ?? "",
      kind: ownString(entry, "kind") ?? "",
    },
  }));
}

function annotatedSets(template: JsonObject): readonly (readonly GroupVersionKind[])[] {
  const text = ownString(annotationsOf(template), annotation);
  if (text === undefined) return [];
  const parsed = readJson(withoutQuotes(text));
  if (!parsed.ok || !isJsonArray(parsed.value)) return [];
  return parsed.value.map((set) => (isJsonArray(set) ? set : []).flatMap(expand));
}

/** Authors write the list in quotes of its own, on lines of its own. */
function withoutQuotes(text: string): string {
  const isQuote = (at: number): boolean => text[at] === '"' || text[at] === "\n";
  let [start, end] = [0, text.length];
  while (start < end && isQuote(start)) start += 1;
  while (end > start && isQuote(end - 1)) end -= 1;
  return text.slice(start, end);
}

function expand(clause: unknown): readonly GroupVersionKind[] {
  const texts = (field: string): readonly string[] => {
    const listed = own(clause, field);
    return isJsonArray(listed) ? listed.filter((item) => typeof item === "string") : [];
  };
  return texts("groups").flatMap((group) =>
    texts("versions").flatMap((version) => texts("kinds").map((kind) => ({ group, version, kind }))),
  );
}
