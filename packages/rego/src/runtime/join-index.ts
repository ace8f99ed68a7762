import { joinKey, type Row, runScan, type Scan } from "./scan.ts";
import type { Value } from "./value.ts";

/** A row with where it is found and where it comes from. */
interface Entry {
  readonly row: Row;
  readonly key: unknown;
}

/** The entries of a part of base data, so that a change below it replaces them and no others. */
interface Branch {
  readonly entries: Entry[];
  readonly branches: Map<string, Branch>;
}

const noRows: readonly Row[] = [];

/** The rows of one scan over base data by the value that they are joined on, kept up as data changes. */
export class JoinIndex {
  /** The version of the data when it was last asked. */
  lastUse = 0;
  readonly #scan: Scan;
  readonly #rows = new Map<unknown, Set<Row>>();
  #tree: Branch = { entries: [], branches: new Map() };

  constructor(scan: Scan, root: Value) {
    this.#scan = scan;
    this.#add(root, undefined);
  }

  /** The rows whose value has this key. */
  rows(key: unknown): Iterable<Row> {
    return this.#rows.get(key) ?? noRows;
  }

  /** Takes over a change of base data at a path. */
  changed(root: Value, path: readonly string[]): void {
    const shared = Math.min(path.length, this.#scan.segments.length);
    const within = path.slice(0, shared);
    if (!this.#concerns(within)) return;
    this.#forget(within);
    this.#add(root, within);
  }

  /** Whether rows can come from below a path. */
  #concerns(path: readonly string[]): boolean {
    return path.every((name, at) => {
      const segment = this.#scan.segments[at];
      return segment === undefined || !("field" in segment) || segment.field === name;
    });
  }

  #add(root: Value, within: readonly string[] | undefined): void {
    runScan(root, this.#scan, within, (row, value, path) => {
      const key = joinKey(value);
      const there = this.#rows.get(key);
      if (there === undefined) this.#rows.set(key, new Set([row]));
      else there.add(row);
      let branch = this.#tree;
      for (const name of path) {
        let next = branch.branches.get(name);
        if (next === undefined) {
          next = { entries: [], branches: new Map() };
          branch.branches.set(name, next);
        }
        branch = next;
      }
      branch.entries.push({ row, key });
    });
  }

  /** Forgets the rows from below a path. */
  #forget(path: readonly string[]): void {
    const last = path.at(-1);
    let parent: Branch | undefined = this.#tree;
    if (last === undefined) {
      this.#drop(this.#tree);
      this.#tree = { entries: [], branches: new Map() };
      return;
    }
    for (const name of path.slice(0, -1)) parent = parent?.branches.get(name);
    const branch = parent?.branches.get(last);
    if (parent === undefined || branch === undefined) return;
    this.#drop(branch);
    parent.branches.delete(last);
  }

  #drop(branch: Branch): void {
    for (const { row, key } of branch.entries) {
      const there = this.#rows.get(key);
      there?.delete(row);
      if (there?.size === 0) this.#rows.delete(key);
    }
    for (const inner of branch.branches.values()) this.#drop(inner);
  }
}
