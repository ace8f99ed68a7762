/**
 * Which constraints can match an object of a kind.
 *
 * For each group and kind that was ever reviewed, the constraints that name it, or name no kind, are listed once, so
 * that a review never looks at the others. The lists are dropped whenever a constraint changes.
 */
import { compareBytes } from "@portcullis/objects";
import { matchesKind } from "../match/match.ts";
import type { ConstraintEntry, TemplateEntry } from "./entries.ts";

/** The constraints of one template that can match, by name. */
export interface Candidates {
  readonly template: TemplateEntry;
  readonly constraints: readonly ConstraintEntry[];
  /** Whether some of them have the same parameters. */
  readonly shareParameters: boolean;
}

/** More kinds than any cluster has; beyond them the lists are made anew, so that no flood of names fills the memory. */
const mostKinds = 5000;

/** The index of constraints by kind. */
export class CandidateIndex {
  readonly #templates: ReadonlyMap<string, TemplateEntry>;
  #all: readonly Candidates[] | undefined;
  #byGroup = new Map<string, Map<string, readonly Candidates[]>>();
  #size = 0;

  /** An index of the constraints of these templates, which may change, if `forget` is called then. */
  constructor(templates: ReadonlyMap<string, TemplateEntry>) {
    this.#templates = templates;
  }

  /** Forgets the lists; the next review makes those that it needs. */
  forget(): void {
    this.#all = undefined;
    if (this.#size === 0) return;
    this.#byGroup = new Map();
    this.#size = 0;
  }

  /** All constraints, by kind and name. */
  get all(): readonly Candidates[] {
    return (this.#all ??= this.#sorted());
  }

  #sorted(): readonly Candidates[] {
    return [...this.#templates.values()]
      .filter((template) => template.constraints.size > 0)
      .map((template) =>
        candidatesOf(
          template,
          [...template.constraints.values()].toSorted((a, b) => compareBytes(a.name, b.name)),
        ),
      )
      .toSorted((a, b) => compareBytes(a.template.template.kind, b.template.template.kind));
  }

  /** Those that can match an object of this group and kind, by kind and name. */
  of(group: string, kind: string): readonly Candidates[] {
    const found = this.#byGroup.get(group)?.get(kind);
    if (found !== undefined) return found;
    const listed = this.#list(group, kind);
    if (this.#size >= mostKinds) {
      this.#byGroup = new Map();
      this.#size = 0;
    }
    const kinds = this.#byGroup.get(group) ?? new Map<string, readonly Candidates[]>();
    kinds.set(kind, listed);
    this.#byGroup.set(group, kinds);
    this.#size += 1;
    return listed;
  }

  #list(group: string, kind: string): readonly Candidates[] {
    const listed: Candidates[] = [];
    for (const { template, constraints } of this.all) {
      const able = constraints.filter(
        ({ match }) => match?.kinds === undefined || matchesKind(match.kinds, group, kind),
      );
      if (able.length > 0) listed.push(candidatesOf(template, able));
    }
    return listed;
  }
}

function candidatesOf(template: TemplateEntry, constraints: readonly ConstraintEntry[]): Candidates {
  const different = new Set(constraints.map(({ parameters }) => parameters));
  return { template, constraints, shareParameters: different.size < constraints.length };
}
