import {
  isAbstract,
  isLeaf,
  named,
  typeName,
  typeText,
  type Argument,
  type ArgumentDefinition,
  type Definition,
  type Field,
  type Place,
} from "./document.ts";
import { didYouMean, orList, suggestions } from "./suggest.ts";
import type { Rule, Walk } from "./walk.ts";

/** Rules about fields, directives, and the arguments of both. */
export const fieldRules: Readonly<Record<string, () => Rule>> = {
  FieldsOnCorrectType: (): Rule => ({
    field: (walk, field) => {
      const { objectDefinition: parent } = field;
      if (parent === undefined || field.definition !== undefined) return;
      walk.complain(
        `Cannot query field "${field.Name}" on type "${parent.Name}".${fieldHint(walk, parent, field)}`,
        field.place,
      );
    },
  }),

  KnownArgumentNames: (): Rule => ({
    field: ({ complain }, field) => {
      const { definition, objectDefinition } = field;
      if (definition === undefined || objectDefinition === undefined) return;
      for (const { Name } of unknown(field.Arguments, definition.Arguments)) {
        const hint = argumentHint(Name, definition.Arguments);
        complain(`Unknown argument "${Name}" on field "${objectDefinition.Name}.${field.Name}".${hint}`, field.place);
      }
    },
    directive: ({ complain }, directive) => {
      const { definition } = directive;
      if (definition === undefined) return;
      for (const { Name } of unknown(directive.Arguments, definition.Arguments)) {
        const hint = argumentHint(Name, definition.Arguments);
        complain(`Unknown argument "${Name}" on directive "@${directive.Name}".${hint}`, directive.place);
      }
    },
  }),

  KnownDirectives: (): Rule => {
    const seen = new Set<string>();
    return {
      directive: ({ complain }, { definition, Name, Location, place }) => {
        if (definition === undefined) {
          complain(`Unknown directive "@${Name}".`, place);
          return;
        }
        const key = `${Name} ${place?.line} ${place?.column}`;
        if (definition.Locations.includes(Location) || seen.has(key)) return;
        seen.add(key);
        complain(`Directive "@${Name}" may not be used on ${Location}.`, place);
      },
    };
  },

  ProvidedRequiredArguments: (): Rule => ({
    field: ({ complain }, field) => {
      for (const { Name, Type } of missing(field.Arguments, field.definition?.Arguments ?? [])) {
        complain(
          `Field "${field.Name}" argument "${Name}" of type "${typeText(Type)}" is required, but it was not provided.`,
          field.place,
        );
      }
    },
    directive: ({ complain }, directive) => {
      for (const { Name, Type } of missing(directive.Arguments, directive.definition?.Arguments ?? [])) {
        complain(
          `Directive "@${directive.Name}" argument "${Name}" of type "${typeText(Type)}" is required, but it was not provided.`,
          directive.place,
        );
      }
    },
  }),

  ScalarLeafs: (): Rule => ({
    field: ({ schema, complain }, { Name, definition, SelectionSet, place }) => {
      const type = definition === undefined ? undefined : schema.types.get(typeName(definition.Type));
      if (definition === undefined || type === undefined) return;
      if (isLeaf(type) && SelectionSet.length > 0) {
        complain(`Field "${Name}" must not have a selection since type "${type.Name}" has no subfields.`, place);
      }
      if (!isLeaf(type) && SelectionSet.length === 0) {
        complain(
          `Field "${Name}" of type "${typeText(definition.Type)}" must have a selection of subfields. Did you mean "${Name} { ... }"?`,
          place,
        );
      }
    },
  }),

  UniqueArgumentNames: (): Rule => ({
    field: ({ complain }, field) => checkUnique(field.Arguments, complain),
    directive: ({ complain }, directive) => checkUnique(directive.Arguments, complain),
  }),

  UniqueDirectivesPerLocation: (): Rule => ({
    directives: ({ complain }, directives) => {
      const seen = new Set<string>();
      for (const { Name, definition, place } of directives) {
        if (definition?.IsRepeatable !== true && seen.has(Name)) {
          complain(`The directive "@${Name}" can only be used once at this location.`, place);
        }
        seen.add(Name);
      }
    },
  }),
};

function unknown(given: readonly Argument[], known: readonly ArgumentDefinition[]): Argument[] {
  return given.filter((argument) => named(known, argument.Name) === undefined);
}

function argumentHint(typed: string, known: readonly ArgumentDefinition[]): string {
  return didYouMean(
    "Did you mean",
    typed,
    known.map((argument) => argument.Name),
  );
}

function missing(given: readonly Argument[], known: readonly ArgumentDefinition[]): ArgumentDefinition[] {
  return known.filter(
    ({ Type, DefaultValue, Name }) => Type.NonNull && DefaultValue === undefined && named(given, Name) === undefined,
  );
}

function checkUnique(given: readonly Argument[], complain: (message: string, place: Place | undefined) => void): void {
  const seen = new Map<string, number>();
  for (const { Name, place } of given) {
    const times = seen.get(Name) ?? 0;
    if (times === 1) complain(`There can be only one argument named "${Name}".`, place);
    seen.set(Name, times + 1);
  }
}

/** A type that has the field and could be meant, else a field with a name like it. */
function fieldHint(walk: Walk, parent: Definition, field: Field): string {
  const quoted = (names: readonly string[]): string => orList(names.map((name) => `"${name}"`));
  const types = typesWithField(walk, parent, field.Name);
  if (types.length > 0) return ` Did you mean to use an inline fragment on ${quoted(types)}?`;
  if (parent.Kind !== "OBJECT" && parent.Kind !== "INTERFACE") return "";
  const fields = suggestions(
    field.Name,
    parent.Fields.map((known) => known.Name),
  );
  return fields.length === 0 ? "" : ` Did you mean ${quoted(fields)}?`;
}

/** The types below an abstract one that have a field: interfaces first, by how many types they cover, then by name. */
function typesWithField({ schema }: Walk, parent: Definition, name: string): string[] {
  if (!isAbstract(parent)) return [];
  const objects: string[] = [];
  const uses = new Map<string, number>();
  for (const possible of schema.possibleTypes.get(parent.Name) ?? []) {
    if (named(possible.Fields, name) === undefined) continue;
    objects.push(possible.Name);
    for (const implemented of possible.Interfaces) {
      const definition = schema.types.get(implemented);
      if (definition === undefined || named(definition.Fields, name) === undefined) continue;
      uses.set(implemented, (uses.get(implemented) ?? 0) + 1);
    }
  }
  return [...uses.keys(), ...objects].toSorted(
    (a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0) || (a < b ? -1 : a > b ? 1 : 0),
  );
}
