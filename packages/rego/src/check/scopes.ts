/** The scopes of one rule while its local variables get names of their own. */
import type { Diagnostic } from "../diagnostics.ts";

/** How a name came to be known in a scope. */
export type Occurrence = "argument" | "seen" | "assigned" | "declared";

/** One scope. */
export interface Scope {
  readonly names: Map<string, string>;
  readonly occurrences: Map<string, Occurrence>;
  readonly counts: Map<string, number>;
}

function emptyScope(): Scope {
  return { names: new Map(), occurrences: new Map(), counts: new Map() };
}

/** A stack of scopes, innermost last. */
export class Scopes {
  readonly #stack: Scope[] = [];
  /** Generated names to written ones, of scopes that were left as well. */
  readonly written: Map<string, string>;
  /** Strict mode's errors about names without use; later stages run in spite of them. */
  readonly unused: Diagnostic[] = [];

  constructor(written: Map<string, string>) {
    this.written = written;
    this.#stack.push(emptyScope());
  }

  /** A stack that begins as a copy of this one's outermost scope. */
  copy(): Scopes {
    const copy = new Scopes(this.written);
    const from = this.top;
    const to = copy.top;
    for (const [name, value] of from.names) to.names.set(name, value);
    for (const [name, value] of from.occurrences) to.occurrences.set(name, value);
    for (const [name, value] of from.counts) to.counts.set(name, value);
    return copy;
  }

  /** The innermost scope. */
  get top(): Scope {
    // INVARIANT: a stack is never empty.
    return this.#stack[this.#stack.length - 1]!;
  }

  /** Runs with a scope of its own. */
  within<T>(run: () => T): T {
    this.#stack.push(emptyScope());
    try {
      return run();
    } finally {
      this.#stack.pop();
    }
  }

  /** Makes a name known in the innermost scope. */
  insert(name: string, generated: string, occurrence: Occurrence): void {
    const { names, occurrences, counts } = this.top;
    names.set(name, generated);
    occurrences.set(name, occurrence);
    counts.set(name, 1);
    if (name !== generated) this.written.set(generated, name);
  }

  /** The name that stands for a written one, from the innermost scope outwards. */
  declared(name: string): string | undefined {
    for (let at = this.#stack.length - 1; at >= 0; at -= 1) {
      const found = this.#stack[at]!.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** How the innermost scope knows a name. */
  occurrence(name: string): Occurrence | undefined {
    return this.top.occurrences.get(name);
  }

  /** How the nearest scope that knows a name knows it. */
  nearestOccurrence(name: string): Occurrence | undefined {
    for (let at = this.#stack.length - 1; at >= 0; at -= 1) {
      const found = this.#stack[at]!.occurrences.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Counts a use. */
  see(name: string): void {
    for (let at = this.#stack.length - 1; at >= 0; at -= 1) {
      const { counts } = this.#stack[at]!;
      const count = counts.get(name);
      if (count !== undefined) {
        counts.set(name, count + 1);
        return;
      }
    }
    this.top.counts.set(name, 1);
  }

  /** How often a name was used. */
  count(name: string): number {
    for (let at = this.#stack.length - 1; at >= 0; at -= 1) {
      const count = this.#stack[at]!.counts.get(name);
      if (count !== undefined) return count;
    }
    return 0;
  }
}
