import {
  isComposite,
  named,
  type Definition,
  type Field,
  type FragmentDefinition,
  type FragmentSpread,
  type Selection,
} from "./document.ts";
import { didYouMean } from "./suggest.ts";
import type { Rule, Walk } from "./walk.ts";

/** Rules about fragments and where they are spread. */
export const fragmentRules: Readonly<Record<string, () => Rule>> = {
  FragmentsOnCompositeTypes: (): Rule => ({
    inlineFragment: ({ schema, complain }, fragment) => {
      const type = schema.types.get(fragment.TypeCondition);
      if (type === undefined || isComposite(type)) return;
      complain(`Fragment cannot condition on non composite type "${fragment.TypeCondition}".`, fragment.place);
    },
    fragment: ({ complain }, fragment) => {
      const { definition, TypeCondition } = fragment;
      if (definition === undefined || TypeCondition === "" || isComposite(definition)) return;
      complain(
        `Fragment "${fragment.Name}" cannot condition on non composite type "${TypeCondition}".`,
        fragment.place,
      );
    },
  }),

  KnownFragmentNames: (): Rule => ({
    fragmentSpread: ({ complain }, spread) => {
      if (spread.definition === undefined) complain(`Unknown fragment "${spread.Name}".`, spread.place);
    },
  }),

  KnownTypeNames: (): Rule => ({
    inlineFragment: ({ schema, complain }, fragment) => {
      const name = fragment.TypeCondition;
      if (name !== "" && !schema.types.has(name)) complain(`Unknown type "${name}".`, fragment.place);
    },
    fragment: ({ schema, complain }, fragment) => {
      const name = fragment.TypeCondition;
      if (schema.types.has(name)) return;
      // In name order: gqlparser takes them in no order at all.
      complain(
        `Unknown type "${name}".${didYouMean("Did you mean", name, [...schema.types.keys()].toSorted())}`,
        fragment.place,
      );
    },
  }),

  MaxIntrospectionDepth: (): Rule => ({
    field: ({ complain }, field) => {
      if (field.Name !== "__schema" && field.Name !== "__type") return;
      if (isTooDeep(field, new Set(), 0)) complain("Maximum introspection depth exceeded", field.place);
    },
  }),

  NoFragmentCycles: noFragmentCycles,

  NoUnusedFragments: (): Rule => {
    const used = new Set<string>();
    let inFragments = false;
    return {
      fragmentSpread: (_walk, spread) => {
        if (!inFragments) used.add(spread.Name);
      },
      fragment: ({ complain }, fragment) => {
        inFragments = true;
        if (!used.has(fragment.Name)) complain(`Fragment "${fragment.Name}" is never used.`, fragment.place);
      },
    };
  },

  PossibleFragmentSpreads: (): Rule => ({
    inlineFragment: (walk, fragment) => {
      const { objectDefinition: parent, TypeCondition } = fragment;
      if (parent === undefined || canBe(walk, parent, TypeCondition)) return;
      walk.complain(
        `Fragment cannot be spread here as objects of type "${parent.Name}" can never be of type "${TypeCondition}".`,
        fragment.place,
      );
    },
    fragmentSpread: (walk, spread) => {
      const { objectDefinition: parent, definition } = spread;
      if (definition === undefined || parent === undefined || canBe(walk, parent, definition.TypeCondition)) return;
      walk.complain(
        `Fragment "${spread.Name}" cannot be spread here as objects of type "${parent.Name}" can never be of type "${definition.TypeCondition}".`,
        spread.place,
      );
    },
  }),

  UniqueFragmentNames: (): Rule => {
    const seen = new Set<string>();
    return {
      fragment: ({ complain }, fragment) => {
        if (seen.has(fragment.Name))
          complain(`There can be only one fragment named "${fragment.Name}".`, fragment.place);
        seen.add(fragment.Name);
      },
    };
  },
};

/** Whether a thing of one type can be of another too; true as well where other rules complain. */
function canBe({ schema }: Walk, parent: Definition, name: string): boolean {
  const parents =
    parent.Kind === "OBJECT"
      ? [parent]
      : parent.Kind === "INTERFACE" || parent.Kind === "UNION"
        ? (schema.possibleTypes.get(parent.Name) ?? [])
        : undefined;
  const type = schema.types.get(name);
  if (parents === undefined || type === undefined || !isComposite(type)) return true;
  return (schema.possibleTypes.get(type.Name) ?? []).some((possible) => named(parents, possible.Name) !== undefined);
}

/** Fields that hold lists of types; three of them below one another are too many. */
const listFields = new Set(["fields", "interfaces", "possibleTypes", "inputFields"]);

function isTooDeep(selection: Selection, visited: Set<string>, depth: number): boolean {
  if (selection.kind === "Field") {
    const below: number = depth + (listFields.has(selection.Name) ? 1 : 0);
    return (below > depth && below >= 3) || anyTooDeep(selection, visited, below);
  }
  if (selection.kind === "InlineFragment") return anyTooDeep(selection, visited, depth);
  const { definition, Name } = selection;
  if (definition === undefined || visited.has(Name)) return false;
  visited.add(Name);
  const deep = anyTooDeep(definition, visited, depth);
  visited.delete(Name);
  return deep;
}

function anyTooDeep(
  holder: { readonly SelectionSet: readonly Selection[] },
  visited: Set<string>,
  depth: number,
): boolean {
  return holder.SelectionSet.some((child) => isTooDeep(child, visited, depth));
}

function noFragmentCycles(): Rule {
  const visited = new Set<string>();
  return {
    fragment: ({ document, complain }, root) => {
      const path: FragmentSpread[] = [];
      const begins = new Map<string, number>();
      const visit = (fragment: FragmentDefinition): void => {
        if (visited.has(fragment.Name)) return;
        visited.add(fragment.Name);
        const spreads = spreadsIn(fragment.SelectionSet);
        if (spreads.length === 0) return;
        begins.set(fragment.Name, path.length);
        for (const spread of spreads) {
          const start = begins.get(spread.Name);
          path.push(spread);
          if (start === undefined) {
            const next = named(document.Fragments, spread.Name);
            if (next !== undefined) visit(next);
          } else {
            const names = path.slice(start, -1).map((step) => `"${step.Name}"`);
            const via = names.length === 0 ? "" : ` via ${names.join(", ")}`;
            complain(`Cannot spread fragment "${spread.Name}" within itself${via}.`, spread.place);
          }
          path.pop();
        }
        begins.delete(fragment.Name);
      };
      visit(root);
    },
  };
}

/** The spreads of a selection, those of the deepest sets last. */
function spreadsIn(selections: readonly Selection[]): FragmentSpread[] {
  const found: FragmentSpread[] = [];
  const sets: (readonly Selection[])[] = [selections];
  for (let set = sets.pop(); set !== undefined; set = sets.pop()) {
    for (const selection of set) {
      if (selection.kind === "FragmentSpread") found.push(selection);
      else sets.push((selection satisfies Field | Selection).SelectionSet);
    }
  }
  return found;
}
