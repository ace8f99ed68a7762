import type { Kind, KindVersion } from "../kinds/kind.ts";
import { cloneJson, draftOf, type ApiObject, type Draft } from "../storage/api-object.ts";
import { groupResource, type GroupResource } from "../storage/store.ts";

/** A kind in one of its versions: what a request's path leads to. */
export interface Target {
  readonly kind: Kind;
  readonly version: KindVersion;
}

/** The apiVersion of a group and version. */
export function apiVersionOf(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

/** The key under which a kind's objects are stored. */
export function resourceOf(kind: Kind): GroupResource {
  return groupResource(kind.group, kind.plural);
}

/** Rewrites a draft of the target's version in place to the storage version. */
export function toStorage(target: Target, draft: Draft): Draft {
  target.version.toStorage?.(draft);
  draft.apiVersion = apiVersionOf(target.kind.group, target.kind.storageVersion);
  return draft;
}

/** Rewrites a draft of the storage version in place to the target's version. */
export function fromStorage(target: Target, draft: Draft): Draft {
  target.version.fromStorage?.(draft);
  draft.apiVersion = apiVersionOf(target.kind.group, target.version.name);
  return draft;
}

/** A stored object as the target's version shows it. The object itself where nothing changes. */
export function asVersion(target: Target, object: ApiObject): ApiObject {
  const apiVersion = apiVersionOf(target.kind.group, target.version.name);
  if (target.version.fromStorage === undefined && target.version.applyDefaults === undefined) {
    return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
  }
  const draft = fromStorage(target, draftOf(object));
  target.version.applyDefaults?.(draft);
  return draft;
}

/** A draft as an object that will not change any more. */
export function sealed(draft: Draft): ApiObject {
  return cloneJson(draft);
}

/**
 * The kinds the server knows at this moment. Built-in ones are there from the start, those of CRDs come and go with
 * their CRDs.
 */
export class KindTable {
  private readonly kinds = new Map<GroupResource, Kind>();
  private cachedGroups: ReadonlyMap<string, readonly Kind[]> | undefined;
  /** Counts changes, for entity tags of discovery documents. */
  generation = 0;

  constructor(kinds: readonly Kind[]) {
    for (const kind of kinds) this.put(kind);
  }

  put(kind: Kind): void {
    this.kinds.set(resourceOf(kind), kind);
    this.changed();
  }

  drop(resource: GroupResource): void {
    this.kinds.delete(resource);
    this.changed();
  }

  private changed(): void {
    this.cachedGroups = undefined;
    this.generation += 1;
  }

  all(): readonly Kind[] {
    return [...this.kinds.values()];
  }

  byResource(resource: GroupResource): Kind | undefined {
    return this.kinds.get(resource);
  }

  byKind(group: string, kind: string): Kind | undefined {
    return this.groups()
      .get(group)
      ?.find((candidate) => candidate.kind === kind);
  }

  /** The kinds by their group, in the order they came. */
  groups(): ReadonlyMap<string, readonly Kind[]> {
    this.cachedGroups ??= Map.groupBy(this.kinds.values(), (kind) => kind.group);
    return this.cachedGroups;
  }

  /** What `/apis/<group>/<version>/…/<plural>` leads to, if that version is served. */
  target(group: string, version: string, plural: string): Target | undefined {
    const kind = this.byResource(groupResource(group, plural));
    const found = kind?.versions.find((candidate) => candidate.name === version && candidate.served);
    return kind === undefined || found === undefined ? undefined : { kind, version: found };
  }

  /** A kind in its storage version. */
  stored(resource: GroupResource): Target | undefined {
    const kind = this.byResource(resource);
    const version = kind?.versions.find((candidate) => candidate.name === kind.storageVersion);
    return kind === undefined || version === undefined ? undefined : { kind, version };
  }
}
