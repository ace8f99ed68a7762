import { quote } from "../../runtime/text.ts";
import {
  named,
  typeText,
  valueKinds,
  type Definition,
  type GraphqlValue,
  type Place,
  type TypeReference,
} from "./document.ts";
import { isCompatible } from "./implements.ts";
import { didYouMean } from "./suggest.ts";
import type { Rule, Walk } from "./walk.ts";

/** Rules about values: of the right type, variables where they may stand. */
export const valueRules: Readonly<Record<string, () => Rule>> = {
  NoUndefinedVariables: (): Rule => ({
    value: ({ operation, complain }, value) => {
      if (operation === undefined || value.Kind !== valueKinds.variable || value.variableDefinition !== undefined)
        return;
      const by = operation.Name === "" ? "" : ` by operation "${operation.Name}"`;
      complain(`Variable "${valueText(value)}" is not defined${by}.`, value.place);
    },
  }),

  UniqueInputFieldNames: (): Rule => ({
    value: ({ complain }, value) => {
      if (value.Kind !== valueKinds.object) return;
      const seen = new Set<string>();
      for (const { Name, place } of value.Children) {
        if (seen.has(Name)) complain(`There can be only one input field named "${Name}".`, place);
        seen.add(Name);
      }
    },
  }),

  ValuesOfCorrectType: (): Rule => ({ value: checkValue }),

  VariablesInAllowedPosition: (): Rule => ({
    value: (walk, value) => {
      checkPosition(walk, value);
      checkOneOfVariables(walk, value);
    },
  }),
};

/** A value as GraphQL writes it. */
function valueText(value: GraphqlValue): string {
  switch (value.Kind) {
    case valueKinds.variable:
      return `$${value.Raw}`;
    case valueKinds.string:
    case valueKinds.block:
      return quote(value.Raw);
    case valueKinds.list:
      return `[${value.Children.map((child) => valueText(child.Value)).join(",")}]`;
    case valueKinds.object:
      return `{${value.Children.map((child) => `${child.Name}:${valueText(child.Value)}`).join(",")}}`;
    default:
      return value.Raw;
  }
}

type Complain = (message: string, place: Place | undefined) => void;

interface Expectation {
  readonly value: GraphqlValue;
  readonly definition: Definition;
  readonly type: TypeReference;
  readonly complain: Complain;
}

function checkValue({ complain }: Walk, value: GraphqlValue): void {
  const { definition, expectedType: type, Kind, place } = value;
  if (definition === undefined || type === undefined) return;
  const expectation = { value, definition, type, complain };
  if (Kind === valueKinds.null && type.NonNull) {
    complain(`Expected value of type "${typeText(type)}", found ${valueText(value)}.`, place);
  }
  const isOneOf = (...names: string[]): boolean => names.includes(definition.Name);
  // Scalars of the schema's own take any value.
  if (definition.Kind === "SCALAR" && !isOneOf("Int", "Float", "String", "Boolean", "ID")) return;
  if (!isReadable(value)) complainOfType(expectation);
  switch (Kind) {
    case valueKinds.list:
      if (type.Elem === undefined) complainOfType(expectation);
      break;
    case valueKinds.int:
      if (!isOneOf("Int", "Float", "ID")) complainOfType(expectation);
      break;
    case valueKinds.float:
      if (!isOneOf("Float")) complainOfType(expectation);
      break;
    case valueKinds.boolean:
      if (!isOneOf("Boolean")) complainOfType(expectation);
      break;
    case valueKinds.string:
    case valueKinds.block:
      if (definition.Kind === "ENUM") {
        const text = `Enum "${typeText(type)}" cannot represent non-enum value: ${valueText(value)}.`;
        complain(text + enumHint(expectation), place);
      } else if (!isOneOf("String", "ID")) complainOfType(expectation);
      break;
    case valueKinds.enum:
      checkEnum(expectation);
      break;
    case valueKinds.object:
      checkObject(expectation);
      break;
  }
}

function enumHint({ value, definition }: Expectation, quoted = true): string {
  const names = definition.Kind === "ENUM" ? definition.EnumValues.map((item) => item.Name) : [];
  return didYouMean("Did you mean the enum value", value.Raw, names, quoted);
}

function checkEnum(expectation: Expectation): void {
  const { value, definition, type, complain } = expectation;
  if (definition.Kind !== "ENUM") {
    complain(typeComplaint(expectation) + enumHint(expectation, false), value.place);
  } else if (named(definition.EnumValues, value.Raw) === undefined) {
    const text = `Value "${valueText(value)}" does not exist in "${typeText(type)}" enum.`;
    complain(text + enumHint(expectation), value.place);
  }
}

function checkObject({ value, definition, complain }: Expectation): void {
  for (const field of definition.Fields) {
    if (!field.Type.NonNull || field.DefaultValue !== undefined || named(value.Children, field.Name)) continue;
    complain(
      `Field "${definition.Name}.${field.Name}" of required type "${typeText(field.Type)}" was not provided.`,
      value.place,
    );
  }
  for (const directive of definition.Directives) {
    if (directive.Name === "oneOf") checkOneOf(value, definition, complain);
  }
  for (const { Name, place } of value.Children) {
    if (named(definition.Fields, Name) !== undefined) continue;
    const hint = didYouMean(
      "Did you mean",
      Name,
      definition.Fields.map((field) => field.Name),
    );
    complain(`Field "${Name}" is not defined by type "${definition.Name}".${hint}`, place);
  }
}

function checkOneOf(value: GraphqlValue, definition: Definition, complain: Complain): void {
  const [only] = value.Children;
  if (value.Children.length !== 1 || only === undefined) {
    complain(`OneOf Input Object "${definition.Name}" must specify exactly one key.`, value.place);
  } else if (only.Value.Kind === valueKinds.null) {
    // The first field of the type is named, whichever was given.
    complain(`Field "${definition.Name}.${definition.Fields[0]?.Name ?? ""}" must be non-null.`, only.Value.place);
  }
}

/** Whether Go could read the numbers in a value: integers of 64 bits, floats of 64 bits. */
function isReadable(value: GraphqlValue): boolean {
  switch (value.Kind) {
    case valueKinds.int:
      return /^[+-]?\d+$/.test(value.Raw) && BigInt.asIntN(64, BigInt(value.Raw)) === BigInt(value.Raw);
    case valueKinds.float:
      return Number.isFinite(Number(value.Raw));
    case valueKinds.list:
    case valueKinds.object:
      return value.Children.every((child) => isReadable(child.Value));
    default:
      return true;
  }
}

function complainOfType(expectation: Expectation): void {
  expectation.complain(typeComplaint(expectation), expectation.value.place);
}

function typeComplaint({ value, definition, type }: Expectation): string {
  const [expected, found] = [typeText(type), valueText(value)];
  switch (expected) {
    case "Int":
    case "Int!": {
      const past32 = /^[+-]?\d+$/.test(value.Raw) && BigInt.asIntN(32, BigInt(value.Raw)) !== BigInt(value.Raw);
      return `Int cannot represent ${past32 ? "non 32-bit signed integer" : "non-integer"} value: ${found}`;
    }
    case "String":
    case "String!":
    case "[String]":
      return `String cannot represent a non string value: ${found}`;
    case "Boolean":
    case "Boolean!":
      return `Boolean cannot represent a non boolean value: ${found}`;
    case "Float":
    case "Float!":
      return `Float cannot represent non numeric value: ${found}`;
    case "ID":
    case "ID!":
      return `ID cannot represent a non-string and non-integer value: ${found}`;
    default:
      return definition.Kind === "ENUM"
        ? `Enum "${expected}" cannot represent non-enum value: ${found}.`
        : `Expected value of type "${expected}", found ${found}.`;
  }
}

function checkPosition({ operation, complain }: Walk, value: GraphqlValue): void {
  const { variableDefinition: variable, expectedType: expected } = value;
  if (value.Kind !== valueKinds.variable || expected === undefined || variable === undefined) return;
  if (operation === undefined) return;
  const hasDefault = variable.DefaultValue !== undefined && variable.DefaultValue.Kind !== valueKinds.null;
  const mayBeNull = hasDefault || value.ExpectedTypeHasDefault;
  if (isCompatible(variable.Type, mayBeNull ? { ...expected, NonNull: false } : expected)) return;
  complain(
    `Variable "${valueText(value)}" of type "${typeText(variable.Type)}" used in position expecting type "${typeText(expected)}".`,
    value.place,
  );
}

function checkOneOfVariables({ complain }: Walk, value: GraphqlValue): void {
  if (value.Kind !== valueKinds.object || value.definition === undefined) return;
  if (named(value.definition.Directives, "oneOf") === undefined) return;
  for (const { Value: child } of value.Children) {
    const { variableDefinition: variable } = child;
    if (child.Kind !== valueKinds.variable || variable === undefined || variable.Type.NonNull) continue;
    complain(
      `Variable "${valueText(child)}" is of type "${typeText(variable.Type)}" but must be non-nullable to be used for OneOf Input Object "${value.definition.Name}".`,
      variable.place,
    );
  }
}
