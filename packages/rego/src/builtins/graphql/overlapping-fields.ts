import {
  typeText,
  valueKinds,
  type Argument,
  type Field,
  type FragmentSpread,
  type GraphqlValue,
  type Place,
  type Selection,
  type TypeReference,
} from "./document.ts";
import type { Rule, Walk } from "./walk.ts";

/**
 * Fields that would stand under one name in the answer must be the same field with the same arguments and types. A
 * selection is compared with itself, with every fragment spread in it, and those with one another, down the tree; pairs
 * of fragments that were compared are remembered over the whole document.
 */
export const overlappingFieldsRules: Readonly<Record<string, () => Rule>> = {
  OverlappingFieldsCanBeMerged: (): Rule => {
    const pairs = new Map<string, boolean>();
    const check = (walk: Walk, selections: readonly Selection[]): void => {
      for (const conflict of new Comparison(walk, pairs).within(selections)) {
        walk.complain(
          `Fields "${conflict.name}" conflict because ${conflictText(conflict)}. Use different aliases on the fields to fetch both if this was intentional.`,
          conflict.place,
        );
      }
    };
    return {
      operation: (walk, operation) => check(walk, operation.SelectionSet),
      field: (walk, field) => {
        // In a fragment's own walk the operations that spread it have complained already.
        if (walk.operation !== undefined) check(walk, field.SelectionSet);
      },
      inlineFragment: (walk, fragment) => check(walk, fragment.SelectionSet),
      fragment: (walk, fragment) => check(walk, fragment.SelectionSet),
    };
  },
};

interface Conflict {
  readonly name: string;
  readonly place: Place | undefined;
  readonly reason: string | readonly Conflict[];
}

function conflictText({ reason }: Conflict): string {
  if (typeof reason === "string") return reason;
  return reason.map((sub) => `subfields "${sub.name}" conflict because ${conflictText(sub)}`).join(" and ");
}

type FieldsByName = ReadonlyMap<string, readonly Field[]>;

interface Collected {
  readonly fields: FieldsByName;
  readonly spreads: readonly FragmentSpread[];
}

function collect(selections: readonly Selection[]): Collected {
  const fields = new Map<string, Field[]>();
  const spreads: FragmentSpread[] = [];
  const visit = (list: readonly Selection[]): void => {
    for (const selection of list) {
      if (selection.kind === "FragmentSpread") spreads.push(selection);
      else if (selection.kind === "InlineFragment") visit(selection.SelectionSet);
      else {
        const name = answerName(selection);
        fields.set(name, [...(fields.get(name) ?? []), selection]);
      }
    }
  };
  visit(selections);
  return { fields, spreads };
}

function answerName(field: Field): string {
  return field.Alias === "" ? field.Name : field.Alias;
}

class Comparison {
  readonly #walk: Walk;
  /** Pairs of fragments compared, and whether as exclusive ones: `a\nb`. */
  readonly #pairs: Map<string, boolean>;
  #compared = new Set<string>();

  constructor(walk: Walk, pairs: Map<string, boolean>) {
    this.#walk = walk;
    this.#pairs = pairs;
  }

  within(selections: readonly Selection[]): Conflict[] {
    const conflicts: Conflict[] = [];
    const { fields, spreads } = collect(selections);
    for (const list of fields.values()) {
      for (const [index, first] of list.entries()) {
        for (const second of list.slice(index + 1)) this.#compareFields(conflicts, false, first, second);
      }
    }
    this.#compared = new Set();
    for (const [index, spread] of spreads.entries()) {
      this.#fieldsAndFragment(conflicts, false, fields, spread);
      for (const other of spreads.slice(index + 1)) this.#fragments(conflicts, false, spread, other);
    }
    return conflicts;
  }

  #between(conflicts: Conflict[], exclusive: boolean, left: FieldsByName, right: FieldsByName): void {
    for (const [name, fields] of left) {
      for (const first of fields) {
        for (const second of right.get(name) ?? []) this.#compareFields(conflicts, exclusive, first, second);
      }
    }
  }

  #fieldsAndFragment(conflicts: Conflict[], exclusive: boolean, fields: FieldsByName, spread: FragmentSpread): void {
    if (this.#compared.has(spread.Name)) return;
    this.#compared.add(spread.Name);
    if (spread.definition === undefined) return;
    const other = collect(spread.definition.SelectionSet);
    if (isSame(fields, other.fields)) return;
    this.#between(conflicts, exclusive, fields, other.fields);
    for (const inner of other.spreads) {
      if (inner.Name !== spread.Name) this.#fieldsAndFragment(conflicts, exclusive, fields, inner);
    }
  }

  #fragments(conflicts: Conflict[], exclusive: boolean, left: FragmentSpread, right: FragmentSpread): void {
    if (left.Name === right.Name || this.#wasCompared(left, right, exclusive)) return;
    this.#pairs.set(`${left.Name}\n${right.Name}`, exclusive);
    this.#pairs.set(`${right.Name}\n${left.Name}`, exclusive);
    if (left.definition === undefined || right.definition === undefined) return;
    const [a, b] = [collect(left.definition.SelectionSet), collect(right.definition.SelectionSet)];
    this.#between(conflicts, exclusive, a.fields, b.fields);
    for (const spread of b.spreads) this.#fragments(conflicts, exclusive, left, spread);
    for (const spread of a.spreads) this.#fragments(conflicts, exclusive, spread, right);
  }

  /** A pair that was compared as not exclusive needs no look as an exclusive one; the other way round it does. */
  #wasCompared(left: FragmentSpread, right: FragmentSpread, exclusive: boolean): boolean {
    const before = this.#pairs.get(`${left.Name}\n${right.Name}`);
    return before !== undefined && (exclusive || !before);
  }

  #compareFields(conflicts: Conflict[], parentsExclusive: boolean, first: Field, second: Field): void {
    const reason = this.#reason(parentsExclusive, first, second);
    if (reason !== undefined) conflicts.push({ name: answerName(first), place: second.place, reason });
  }

  #reason(parentsExclusive: boolean, first: Field, second: Field): string | readonly Conflict[] | undefined {
    const [a, b] = [first.objectDefinition, second.objectDefinition];
    if (a === undefined || b === undefined) return undefined;
    const known = first.definition !== undefined && second.definition !== undefined;
    const exclusive = parentsExclusive || (a.Name !== b.Name && a.Kind === "OBJECT" && b.Kind === "OBJECT" && known);
    if (!exclusive) {
      if (first.Name !== second.Name) return `"${first.Name}" and "${second.Name}" are different fields`;
      if (!sameArguments(first.Arguments, second.Arguments)) return "they have differing arguments";
    }
    if (first.definition !== undefined && second.definition !== undefined) {
      const [left, right] = [first.definition.Type, second.definition.Type];
      if (this.#typesConflict(left, right)) {
        return `they return conflicting types "${typeText(left)}" and "${typeText(right)}"`;
      }
    }
    const sub = this.#betweenSelections(exclusive, first.SelectionSet, second.SelectionSet);
    return sub.length === 0 ? undefined : sub;
  }

  #betweenSelections(exclusive: boolean, left: readonly Selection[], right: readonly Selection[]): Conflict[] {
    const conflicts: Conflict[] = [];
    const [a, b] = [collect(left), collect(right)];
    this.#between(conflicts, exclusive, a.fields, b.fields);
    for (const spread of b.spreads) {
      this.#compared = new Set();
      this.#fieldsAndFragment(conflicts, exclusive, a.fields, spread);
    }
    for (const spread of a.spreads) {
      this.#compared = new Set();
      this.#fieldsAndFragment(conflicts, exclusive, b.fields, spread);
    }
    for (const one of a.spreads) for (const other of b.spreads) this.#fragments(conflicts, exclusive, one, other);
    return conflicts;
  }

  #typesConflict(left: TypeReference, right: TypeReference): boolean {
    if (left.Elem !== undefined && right.Elem !== undefined) return this.#typesConflict(left.Elem, right.Elem);
    if (left.Elem !== undefined || right.Elem !== undefined) return true;
    if (left.NonNull !== right.NonNull) return true;
    const [a, b] = [left, right].map((type) => this.#walk.schema.types.get(type.NamedType));
    if (a === undefined || b === undefined) return false;
    const leaf = (kind: string): boolean => kind === "SCALAR" || kind === "ENUM";
    return leaf(a.Kind) && leaf(b.Kind) && a.Name !== b.Name;
  }
}

/** Whether two collections hold the very same fields: a fragment is not compared with itself. */
function isSame(left: FieldsByName, right: FieldsByName): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([name, fields]) => {
    const others = right.get(name) ?? [];
    return fields.length === others.length && fields.every((field, index) => field === others[index]);
  });
}

function sameArguments(left: readonly Argument[], right: readonly Argument[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((argument) =>
    right.some((other) => other.Name === argument.Name && sameValue(argument.Value, other.Value)),
  );
}

/** The fields of objects count in any order, the elements of lists in theirs. */
function sameValue(left: GraphqlValue, right: GraphqlValue): boolean {
  if (left.Kind !== right.Kind || left.Raw !== right.Raw || left.Children.length !== right.Children.length)
    return false;
  const [a, b] = [left, right].map(({ Kind, Children }) =>
    Kind === valueKinds.object
      ? Children.toSorted((x, y) => (x.Name < y.Name ? -1 : x.Name > y.Name ? 1 : 0))
      : Children,
  );
  return (a ?? []).every((child, index) => {
    const other = b?.[index];
    return other !== undefined && child.Name === other.Name && sameValue(child.Value, other.Value);
  });
}
