import type { GroupVersionKind } from "@portcullis/objects";
import type { Clock } from "../clock.ts";
import type { KubeClient } from "./client.ts";
import type { Resource } from "./resource.ts";

/** An answer of the server is good for this long; a kind that was not found is asked for anew. */
const freshMilliseconds = 30_000;

interface Known<T> {
  readonly at: number;
  readonly value: Promise<T>;
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** What was found, and which groups did not answer: what they have is not known. */
export interface FoundInAllGroups {
  readonly found: readonly Resource[];
  readonly unanswered: readonly string[];
}

/** Finds how kinds are addressed. It remembers for a while what it was told, so that a hundred kinds are not a hundred requests. */
export class Discovery {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #versions = new Map<string, Known<readonly Resource[]>>();
  #groups: Known<readonly GroupVersion[]> | undefined;

  constructor(client: KubeClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** The resource of a kind, or undefined where the server does not serve it. */
  async find({ group, version, kind }: GroupVersionKind): Promise<Resource | undefined> {
    const key = `${group}/${version}`;
    const known = this.#versions.get(key);
    if (known !== undefined && this.#isFresh(known)) {
      const found = (await known.value).find((resource) => resource.kind === kind);
      if (found !== undefined) return found;
    }
    return (await this.#resources(group, version)).find((resource) => resource.kind === kind);
  }

  /**
   * Every group's resource of a kind, each in the version that the server prefers. A group that somebody else serves
   * (metrics, most often) may not answer for as long as that somebody is away; it is named, and the others are told.
   */
  async findInAllGroups(kind: string): Promise<FoundInAllGroups> {
    const found: Resource[] = [];
    const unanswered: string[] = [];
    const ask = async (each: GroupVersion): Promise<void> => {
      try {
        const resource = await this.find({ ...each, kind });
        if (resource !== undefined) found.push(resource);
      } catch {
        unanswered.push(each.group === "" ? each.version : `${each.group}/${each.version}`);
      }
    };
    await Promise.all((await this.#allGroups()).map(ask));
    return { found: found.toSorted((one, other) => (one.group < other.group ? -1 : 1)), unanswered };
  }

  /** Forgets everything. */
  forget(): void {
    this.#versions.clear();
    this.#groups = undefined;
  }

  async #allGroups(): Promise<readonly GroupVersion[]> {
    if (this.#groups === undefined || !this.#isFresh(this.#groups)) {
      const known = this.#know(this.#client.groups());
      this.#groups = known;
      // What failed is no answer to be remembered; whoever asked is told why.
      known.value.catch(() => {
        if (this.#groups === known) this.#groups = undefined;
      });
    }
    return [{ group: "", version: "v1" }, ...(await this.#groups.value)];
  }

  #resources(group: string, version: string): Promise<readonly Resource[]> {
    const key = `${group}/${version}`;
    const known = this.#know(this.#client.discover(group, version));
    this.#versions.set(key, known);
    // What failed is no answer to be remembered.
    known.value.catch(() => this.#versions.delete(key));
    return known.value;
  }

  #know<T>(value: Promise<T>): Known<T> {
    return { at: this.#clock.now(), value };
  }

  #isFresh(known: Known<unknown>): boolean {
    return this.#clock.now() - known.at < freshMilliseconds;
  }
}
