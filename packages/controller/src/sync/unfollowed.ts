import type { Informer } from "@portcullis/kube";
import type { Unfollowed } from "../gaps/stale-policies.ts";

/** The trouble of an informer under the name of what it follows; nothing where it has none. */
export function troubleOf(what: string, { trouble }: Informer): readonly Unfollowed[] {
  return trouble === undefined ? [] : [[what, trouble]];
}
