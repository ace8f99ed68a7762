import { quote } from "../../runtime/text.ts";
import { isInput, typeName, typeText, type OperationDefinition, type Place, type Selection } from "./document.ts";
import type { Rule, Walk } from "./walk.ts";

/** Rules about operations and the variables they declare. */
export const operationRules: Readonly<Record<string, () => Rule>> = {
  KnownRootType: (): Rule => ({
    operation: ({ schema, complain }, operation) => {
      const roots: Record<string, unknown> = { mutation: schema.mutation, subscription: schema.subscription };
      const root = Object.hasOwn(roots, operation.Operation) ? roots[operation.Operation] : schema.query;
      if (root === undefined)
        complain(`Schema does not support operation type "${operation.Operation}"`, operation.place);
    },
  }),

  LoneAnonymousOperation: (): Rule => ({
    operation: ({ document, complain }, operation) => {
      if (operation.Name === "" && document.Operations.length > 1) {
        complain("This anonymous operation must be the only defined operation.", operation.place);
      }
    },
  }),

  NoUnusedVariables: (): Rule => ({
    operation: ({ complain }, operation) => {
      for (const variable of operation.VariableDefinitions) {
        if (variable.Used) continue;
        const inside = operation.Name === "" ? "" : ` in operation "${operation.Name}"`;
        complain(`Variable "$${variable.Variable}" is never used${inside}.`, variable.place);
      }
    },
  }),

  SingleFieldSubscriptions: (): Rule => ({ operation: checkSubscription }),

  UniqueOperationNames: (): Rule => {
    const seen = new Set<string>();
    return {
      operation: ({ complain }, operation) => {
        if (seen.has(operation.Name))
          complain(`There can be only one operation named "${operation.Name}".`, operation.place);
        seen.add(operation.Name);
      },
    };
  },

  UniqueVariableNames: (): Rule => ({
    operation: ({ complain }, operation) => {
      const seen = new Map<string, number>();
      for (const { Variable, place } of operation.VariableDefinitions) {
        const times = seen.get(Variable) ?? 0;
        // Once for a variable, however often it comes again.
        if (times === 1) complain(`There can be only one variable named "$${Variable}".`, place);
        seen.set(Variable, times + 1);
      }
    },
  }),

  VariablesAreInputTypes: (): Rule => ({
    operation: ({ complain }, operation) => {
      for (const { Variable, Type, definition, place } of operation.VariableDefinitions) {
        if (definition === undefined || isInput(definition)) continue;
        complain(`Variable "$${Variable}" cannot be non-input type "${typeText(Type)}".`, place);
      }
    },
  }),

  KnownTypeNames: (): Rule => ({
    variable: ({ schema, complain }, variable) => {
      const name = typeName(variable.Type);
      if (!schema.types.has(name)) complain(`Unknown type "${name}".`, variable.place);
    },
  }),
};

interface TopField {
  readonly name: string;
  readonly place: Place | undefined;
}

function checkSubscription({ schema, complain }: Walk, operation: OperationDefinition): void {
  if (schema.subscription === undefined || operation.Operation !== "subscription") return;
  const fields = topFields(operation.SelectionSet);
  const name = operation.Name === "" ? "Anonymous Subscription" : `Subscription ${quote(operation.Name)}`;
  if (fields.length > 1) complain(`${name} must select only one top level field.`, fields[1]?.place);
  for (const field of fields) {
    if (field.name.startsWith("__")) complain(`${name} must not select an introspection top level field.`, field.place);
  }
}

function topFields(selections: readonly Selection[]): TopField[] {
  const found = new Map<string, TopField>();
  const fragments = new Set<string>();
  const visit = (list: readonly Selection[]): void => {
    for (const selection of list) {
      if (selection.kind === "Field") {
        if (!found.has(selection.Name)) found.set(selection.Name, { name: selection.Name, place: selection.place });
      } else if (selection.kind === "InlineFragment") visit(selection.SelectionSet);
      else {
        // An unknown fragment ends the list that it stands in.
        if (selection.definition === undefined) return;
        if (fragments.has(selection.definition.Name)) continue;
        fragments.add(selection.definition.Name);
        visit(selection.definition.SelectionSet);
      }
    }
  };
  visit(selections);
  return [...found.values()];
}
