import { quote } from "../../runtime/text.ts";
import { named, typeText, type Definition, type FieldDefinition, type Schema, type TypeReference } from "./document.ts";
import { schemaError } from "./graphql-error.ts";

/** Whether a type has what an interface asks for: fields, their types, their arguments, and the interface's own interfaces. */
export function checkImplements(schema: Schema, definition: Definition, name: string): void {
  const { place, Name } = definition;
  const required = schema.types.get(name);
  if (required === undefined) throw schemaError(place, `Undefined type ${quote(name)}.`);
  if (required.Kind !== "INTERFACE") {
    throw schemaError(place, `${quote(name)} is a non interface type ${required.Kind}.`);
  }
  const goal = `For ${Name} to implement ${required.Name}`;
  for (const field of required.Fields) {
    const found = named(definition.Fields, field.Name);
    if (found === undefined) throw schemaError(place, `${goal} it must have a field called ${field.Name}.`);
    if (!isCovariant(schema, field.Type, found.Type)) {
      throw schemaError(found.place, `${goal} the field ${field.Name} must have type ${typeText(field.Type)}.`);
    }
    checkSameArguments(goal, field, found);
  }
  for (const transitive of required.Interfaces) {
    if (definition.Interfaces.includes(transitive)) continue;
    if (transitive === Name) {
      throw schemaError(place, `Type ${Name} cannot implement ${name} because it would create a circular reference.`);
    }
    throw schemaError(place, `Type ${Name} must implement ${transitive} because it is implemented by ${name}.`);
  }
}

function checkSameArguments(goal: string, required: FieldDefinition, found: FieldDefinition): void {
  const same = `${goal} the field ${required.Name} must have the same arguments but`;
  for (const argument of required.Arguments) {
    const given = named(found.Arguments, argument.Name);
    if (given === undefined) throw schemaError(found.place, `${same} it is missing ${argument.Name}.`);
    if (!isCompatible(argument.Type, given.Type)) {
      throw schemaError(given.place, `${same} ${argument.Name} has the wrong type.`);
    }
  }
  for (const given of found.Arguments) {
    if (named(required.Arguments, given.Name) !== undefined) continue;
    if (!given.Type.NonNull || given.DefaultValue !== undefined) continue;
    throw schemaError(
      given.place,
      `${goal} any additional arguments on ${found.Name} must be optional or have a default value but ${given.Name} is required.`,
    );
  }
}

/** Whether a value of one type may stand where the other is expected. */
export function isCompatible(type: TypeReference, expected: TypeReference): boolean {
  if (type.NamedType !== expected.NamedType) return false;
  if (type.Elem !== undefined && (expected.Elem === undefined || !isCompatible(type.Elem, expected.Elem))) return false;
  return expected.NonNull ? type.NonNull : true;
}

function isCovariant(schema: Schema, required: TypeReference, actual: TypeReference): boolean {
  if (required.NonNull && !actual.NonNull) return false;
  if (required.NamedType !== "") {
    if (required.NamedType === actual.NamedType) return true;
    return (schema.possibleTypes.get(required.NamedType) ?? []).some((type) => type.Name === actual.NamedType);
  }
  if (required.Elem === undefined || actual.Elem === undefined) return false;
  return isCovariant(schema, required.Elem, actual.Elem);
}
