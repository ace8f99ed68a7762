import { quote } from "../../runtime/text.ts";
import {
  isInput,
  named,
  typeName,
  typeText,
  valueKinds,
  type ArgumentDefinition,
  type Definition,
  type Directive,
  type DirectiveDefinition,
  type FieldDefinition,
  type Place,
  type Schema,
  type SchemaDefinition,
  type SchemaDocument,
  type TypeReference,
} from "./document.ts";
import { schemaError } from "./graphql-error.ts";
import { checkImplements } from "./implements.ts";
import { parseSchema } from "./parse-schema.ts";
import { prelude } from "./prelude-data.ts";

/** Makes a schema of a document and of what every schema has; throws a `GraphqlError` where it is not valid. */
export function buildSchema(document: SchemaDocument): Schema {
  const base = parseSchema(prelude, true);
  const definitions = [...base.Definitions, ...document.Definitions];
  const schema: Schema = { types: new Map(), directives: new Map(), possibleTypes: new Map() };
  for (const definition of definitions) {
    if (schema.types.has(definition.Name)) {
      throw schemaError(definition.place, `Cannot redeclare type ${definition.Name}.`);
    }
    schema.types.set(definition.Name, definition);
  }
  extendTypes(schema, definitions, document.Extensions);
  for (const definition of definitions) addPossibleTypes(schema, definition);
  addDirectives(schema, [...base.Directives, ...document.Directives]);
  addRoots(schema, document);
  const sorted = [...schema.types.keys()].toSorted();
  for (const name of sorted) checkDefinition(schema, typeNamed(schema, name));
  checkInputCycles(schema, sorted);
  for (const name of [...schema.directives.keys()].toSorted()) {
    const directive = schema.directives.get(name);
    if (directive === undefined) continue;
    checkName(directive.place, directive.Name);
    checkArguments(schema, directive.Arguments, directive);
  }
  inferRoots(schema, document);
  return schema;
}

function typeNamed(schema: Schema, name: string): Definition {
  const definition = schema.types.get(name);
  if (definition === undefined) throw new Error(`the type ${name} was there a moment ago`);
  return definition;
}

function extendTypes(schema: Schema, definitions: Definition[], extensions: readonly Definition[]): void {
  for (const extension of extensions) {
    let base = schema.types.get(extension.Name);
    if (base === undefined) {
      const { Kind, Name, place } = extension;
      base = {
        Kind,
        Name,
        place,
        Description: "",
        BuiltIn: false,
        Directives: [],
        Interfaces: [],
        Fields: [],
        Types: [],
        EnumValues: [],
      };
      schema.types.set(Name, base);
      definitions.push(base);
    }
    if (base.Kind !== extension.Kind) {
      throw schemaError(
        extension.place,
        `Cannot extend type ${extension.Name} because the base type is a ${base.Kind}, not ${extension.Kind}.`,
      );
    }
    base.Directives = [...base.Directives, ...extension.Directives];
    base.Interfaces = [...base.Interfaces, ...extension.Interfaces];
    base.Fields = [...base.Fields, ...extension.Fields];
    base.typePlaces = [...(base.typePlaces ?? []), ...(extension.typePlaces ?? [])];
    base.Types = [...base.Types, ...extension.Types];
    base.EnumValues = [...base.EnumValues, ...extension.EnumValues];
  }
}

function addPossibleTypes(schema: Schema, definition: Definition): void {
  const add = (name: string, possible: Definition | undefined): void => {
    const list = schema.possibleTypes.get(name) ?? [];
    if (possible !== undefined) list.push(possible);
    schema.possibleTypes.set(name, list);
  };
  if (definition.Kind === "UNION") for (const name of definition.Types) add(definition.Name, schema.types.get(name));
  if (["INPUT_OBJECT", "OBJECT", "INTERFACE"].includes(definition.Kind)) {
    for (const name of definition.Interfaces) add(name, definition);
    if (definition.Kind !== "INTERFACE") add(definition.Name, definition);
  }
}

/** Directives that a schema may declare although every schema has them. */
const redeclarable = new Set(["include", "skip", "deprecated", "specifiedBy", "defer", "oneOf"]);

function addDirectives(schema: Schema, directives: readonly DirectiveDefinition[]): void {
  for (const directive of directives) {
    if (schema.directives.has(directive.Name) && !redeclarable.has(directive.Name)) {
      throw schemaError(directive.place, `Cannot redeclare directive ${directive.Name}.`);
    }
    schema.directives.set(directive.Name, directive);
  }
}

function addRoots(schema: Schema, document: SchemaDocument): void {
  const [, second] = document.Schema;
  if (second !== undefined) {
    throw schemaError(second.place, "Cannot have multiple schema entry points, consider schema extensions instead.");
  }
  for (const entry of [...document.Schema, ...document.SchemaExtension]) addRoot(schema, entry);
}

function addRoot(schema: Schema, entry: SchemaDefinition): void {
  for (const { Operation, Type, place } of entry.OperationTypes) {
    const definition = schema.types.get(Type);
    if (definition === undefined) {
      throw schemaError(place, `Schema root ${Operation} refers to a type ${Type} that does not exist.`);
    }
    if (Operation === "query") schema.query = definition;
    else if (Operation === "mutation") schema.mutation = definition;
    else if (Operation === "subscription") schema.subscription = definition;
  }
  checkDirectives(schema, entry.Directives, "SCHEMA", undefined, true);
}

function inferRoots(schema: Schema, document: SchemaDocument): void {
  if (document.Schema.length === 0) {
    schema.query ??= schema.types.get("Query");
    schema.mutation ??= schema.types.get("Mutation");
    schema.subscription ??= schema.types.get("Subscription");
  }
  if (schema.query === undefined) return;
  const type = (NamedType: string, NonNull: boolean): TypeReference => ({ NamedType, NonNull });
  const field = (Name: string, Type: TypeReference, Arguments: ArgumentDefinition[]): FieldDefinition => ({
    Name,
    Type,
    Arguments,
    Directives: [],
    Description: "",
  });
  const name = { Name: "name", Type: type("String", true), Directives: [], Description: "" };
  schema.query.Fields = [
    ...schema.query.Fields,
    field("__schema", type("__Schema", true), []),
    field("__type", type("__Type", false), [name]),
  ];
}

function checkName(place: Place | undefined, name: string): void {
  if (!name.startsWith("__")) return;
  throw schemaError(place, `Name "${name}" must not begin with "__", which is reserved by GraphQL introspection.`);
}

function checkTypeExists(schema: Schema, type: TypeReference): void {
  const name = typeName(type);
  if (!schema.types.has(name)) throw schemaError(type.place, `Undefined type ${name}.`);
}

function checkDefinition(schema: Schema, definition: Definition): void {
  const { Kind, Name } = definition;
  for (const field of definition.Fields) {
    checkName(field.place, field.Name);
    checkTypeExists(schema, field.Type);
    checkArguments(schema, field.Arguments, undefined);
    const location = Kind === "INPUT_OBJECT" ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION";
    checkDirectives(schema, field.Directives, location, undefined, true);
  }
  for (const name of definition.Types) {
    const member = schema.types.get(name);
    if (member === undefined) throw schemaError(definition.place, `Undefined type ${quote(name)}.`);
    if (member.Kind !== "OBJECT") {
      throw schemaError(definition.place, `${Kind} type ${quote(name)} must be OBJECT.`);
    }
  }
  for (const name of definition.Interfaces) checkImplements(schema, definition, name);
  checkByKind(schema, definition);
  checkDuplicates(definition);
  if (!definition.BuiltIn) checkName(definition.place, Name);
  checkDirectives(schema, definition.Directives, Kind, undefined, false);
}

function checkByKind(schema: Schema, definition: Definition): void {
  const { Kind, Name, place } = definition;
  const output = ["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM"];
  const input = ["SCALAR", "ENUM", "INPUT_OBJECT"];
  if (Kind === "OBJECT" || Kind === "INTERFACE") {
    if (definition.Fields.length === 0) throw schemaError(place, `${Kind} ${Name}: must define one or more fields.`);
    for (const field of definition.Fields) {
      const type = schema.types.get(typeName(field.Type));
      if (type !== undefined && !output.includes(type.Kind)) {
        throw schemaError(field.place, `${Kind} ${Name}: field must be one of ${output.join(", ")}.`);
      }
    }
  } else if (Kind === "ENUM") {
    if (definition.EnumValues.length === 0) {
      throw schemaError(place, `${Kind} ${Name}: must define one or more unique enum values.`);
    }
    for (const value of definition.EnumValues) {
      if (["true", "false", "null"].includes(value.Name)) {
        throw schemaError(place, `${Kind} ${Name}: non-enum value ${value.Name}.`);
      }
      checkDirectives(schema, value.Directives, "ENUM_VALUE", undefined, true);
    }
  } else if (Kind === "INPUT_OBJECT") {
    if (definition.Fields.length === 0) {
      throw schemaError(place, `${Kind} ${Name}: must define one or more input fields.`);
    }
    for (const field of definition.Fields) {
      const type = schema.types.get(typeName(field.Type));
      if (type !== undefined && !input.includes(type.Kind)) {
        throw schemaError(field.place, `${type.Kind} ${field.Name}: field must be one of ${input.join(", ")}.`);
      }
    }
  }
}

/** The first pair of equal names, by where the earlier one stands: the later one's index. */
function duplicateIn(names: readonly string[]): number | undefined {
  for (const [index, name] of names.entries()) {
    const later = names.indexOf(name, index + 1);
    if (later !== -1) return later;
  }
  return undefined;
}

function checkDuplicates(definition: Definition): void {
  const { Fields, EnumValues, Types, Name } = definition;
  const field = Fields[duplicateIn(Fields.map((item) => item.Name)) ?? -1];
  if (field !== undefined) throw schemaError(field.place, `Field ${Name}.${field.Name} can only be defined once.`);
  const value = EnumValues[duplicateIn(EnumValues.map((item) => item.Name)) ?? -1];
  if (value !== undefined) throw schemaError(value.place, `Enum value ${Name}.${value.Name} can only be defined once.`);
  const member = duplicateIn(Types);
  if (member === undefined) return;
  const aligned = definition.typePlaces?.length === Types.length;
  const place = (aligned ? definition.typePlaces?.[member] : undefined) ?? definition.place;
  throw schemaError(place, `Union type ${Name} can only include type ${Types[member]} once.`);
}

function checkArguments(
  schema: Schema,
  list: readonly ArgumentDefinition[],
  directive: DirectiveDefinition | undefined,
): void {
  for (const argument of list) {
    checkName(argument.place, argument.Name);
    checkTypeExists(schema, argument.Type);
    const type = typeNamed(schema, typeName(argument.Type));
    if (!isInput(type)) {
      throw schemaError(
        argument.place,
        `cannot use ${typeText(argument.Type)} as argument ${argument.Name} because ${type.Kind} is not a valid input type`,
      );
    }
    checkDirectives(schema, argument.Directives, "ARGUMENT_DEFINITION", directive, true);
  }
}

/** `oneLocation` says that the list was written in one place: a type's own is gathered from its extensions too. */
function checkDirectives(
  schema: Schema,
  list: readonly Directive[],
  location: string,
  inside: DirectiveDefinition | undefined,
  oneLocation: boolean,
): void {
  const seen = new Set<string>();
  for (const directive of list) {
    const { Name, place } = directive;
    checkName(place, Name);
    if (inside !== undefined && Name === inside.Name) {
      throw schemaError(place, `Directive ${inside.Name} cannot refer to itself.`);
    }
    const definition = schema.directives.get(Name);
    if (definition === undefined) throw schemaError(place, `Undefined directive ${Name}.`);
    if (oneLocation && seen.has(Name) && !definition.IsRepeatable) {
      throw schemaError(place, `The directive ${Name} can only be used once at this location.`);
    }
    seen.add(Name);
    if (!definition.Locations.includes(location)) {
      throw schemaError(place, `Directive ${Name} is not applicable on ${location}.`);
    }
    checkDirectiveArguments(directive, definition);
    directive.definition = definition;
  }
}

function checkDirectiveArguments(directive: Directive, definition: DirectiveDefinition): void {
  for (const argument of directive.Arguments) {
    if (named(definition.Arguments, argument.Name) === undefined) {
      throw schemaError(argument.place, `Undefined argument ${argument.Name} for directive ${directive.Name}.`);
    }
  }
  for (const required of definition.Arguments) {
    if (!required.Type.NonNull || required.DefaultValue !== undefined) continue;
    const given = named(directive.Arguments, required.Name);
    if (given === undefined || given.Value.Kind === valueKinds.null) {
      throw schemaError(directive.place, `Argument ${required.Name} for directive ${directive.Name} cannot be null.`);
    }
  }
}

/** An input object may not hold itself by fields that must be there. */
function checkInputCycles(schema: Schema, sorted: readonly string[]): void {
  const visited = new Set<string>();
  const path: FieldDefinition[] = [];
  const begins = new Map<string, number>();
  const visit = (definition: Definition): void => {
    if (visited.has(definition.Name)) return;
    visited.add(definition.Name);
    begins.set(definition.Name, path.length);
    for (const field of definition.Fields) {
      const type = schema.types.get(field.Type.NamedType);
      if (!field.Type.NonNull || type === undefined || type.Kind !== "INPUT_OBJECT") continue;
      path.push(field);
      const start = begins.get(type.Name);
      if (start !== undefined) {
        const cycle = path.slice(start);
        const names = quote(cycle.map((item) => item.Name).join("."));
        throw schemaError(
          cycle[0]?.place,
          `Cannot reference Input Object ${quote(type.Name)} within itself through a series of non-null fields: ${names}.`,
        );
      }
      visit(type);
      path.pop();
    }
    begins.delete(definition.Name);
  };
  for (const name of sorted) {
    const definition = typeNamed(schema, name);
    if (definition.Kind === "INPUT_OBJECT") visit(definition);
  }
}
