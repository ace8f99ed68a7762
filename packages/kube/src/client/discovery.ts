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

/** Finds how kinds are addressed. It remembers for a while what it was told, so that a hundred kinds are not a hundred requests. */
export class Discovery {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #versions = new Map<string, Known<readonly Resource[]>>();
  #groups: Known<readonly { readonly group: string; readonly version: string }[]> | undefined;

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

  /** Every group's resource of a kind, each in the version that the server prefers. */
  async findInAllGroups(kind: string): Promise<readonly Resource[]> {
    if (this.#groups === undefined || !this.#isFresh(this.#groups)) {
      const known = this.#know(this.#client.groups());
      this.#groups = known;
      // What failed is no answer to be remembered; whoever asked is told why.
      known.value.catch(() => {
        if (this.#groups === known) this.#groups = undefined;
      });
    }
    const groups = [{ group: "", version: "v1" }, ...(await this.#groups.value)];
    const found = await Promise.all(groups.map((each) => this.find({ ...each, kind })));
    return found.filter((resource) => resource !== undefined);
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
