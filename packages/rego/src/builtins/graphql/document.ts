/**
 * GraphQL documents as data. The property names are the ones that `graphql.parse` shows, so a node needs no translation
 * on its way out; what `shapes` does not list (positions, what validation finds out) never leaves.
 */

/** Where a node stands; absent on nodes that came in as objects. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

interface Node {
  place?: Place | undefined;
}

export interface Comment {
  Value: string;
}

export interface CommentGroup {
  List: Comment[];
}

export interface QueryDocument {
  Operations: OperationDefinition[];
  Fragments: FragmentDefinition[];
}

export interface OperationDefinition extends Node {
  Operation: string;
  Name: string;
  VariableDefinitions: VariableDefinition[];
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
}

export interface FragmentDefinition extends Node {
  Name: string;
  VariableDefinition: VariableDefinition[];
  TypeCondition: string;
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
  definition?: Definition | undefined;
}

export interface VariableDefinition extends Node {
  Variable: string;
  Type: TypeReference;
  DefaultValue?: GraphqlValue | undefined;
  Directives: Directive[];
  Comment?: CommentGroup | undefined;
  Used: boolean;
  definition?: Definition | undefined;
}

export type Selection = Field | FragmentSpread | InlineFragment;

export interface Field extends Node {
  kind: "Field";
  Alias: string;
  Name: string;
  Arguments: Argument[];
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
  definition?: FieldDefinition | undefined;
  objectDefinition?: Definition | undefined;
}

export interface FragmentSpread extends Node {
  kind: "FragmentSpread";
  Name: string;
  Directives: Directive[];
  Comment?: CommentGroup | undefined;
  definition?: FragmentDefinition | undefined;
  objectDefinition?: Definition | undefined;
}

export interface InlineFragment extends Node {
  kind: "InlineFragment";
  TypeCondition: string;
  Directives: Directive[];
  SelectionSet: Selection[];
  Comment?: CommentGroup | undefined;
  objectDefinition?: Definition | undefined;
}

export interface Argument extends Node {
  Name: string;
  Value: GraphqlValue;
  Comment?: CommentGroup | undefined;
}

export interface Directive extends Node {
  Name: string;
  Arguments: Argument[];
  Location: string;
  definition?: DirectiveDefinition | undefined;
}

/** The kinds of values, by the numbers that they show as. */
export const valueKinds = {
  variable: 0,
  int: 1,
  float: 2,
  string: 3,
  block: 4,
  boolean: 5,
  null: 6,
  enum: 7,
  list: 8,
  object: 9,
} as const;

export interface GraphqlValue extends Node {
  Raw: string;
  Children: ChildValue[];
  Kind: number;
  Comment?: CommentGroup | undefined;
  ExpectedTypeHasDefault: boolean;
  definition?: Definition | undefined;
  variableDefinition?: VariableDefinition | undefined;
  expectedType?: TypeReference | undefined;
}

export interface ChildValue extends Node {
  Name: string;
  Value: GraphqlValue;
  Comment?: CommentGroup | undefined;
}

export interface TypeReference extends Node {
  NamedType: string;
  Elem?: TypeReference | undefined;
  NonNull: boolean;
}

export interface SchemaDocument {
  Schema: SchemaDefinition[];
  SchemaExtension: SchemaDefinition[];
  Directives: DirectiveDefinition[];
  Definitions: Definition[];
  Extensions: Definition[];
  Comment?: CommentGroup | undefined;
}

interface Described extends Node {
  Description: string;
  BeforeDescriptionComment?: CommentGroup | undefined;
  AfterDescriptionComment?: CommentGroup | undefined;
}

export interface SchemaDefinition extends Described {
  Directives: Directive[];
  OperationTypes: OperationTypeDefinition[];
  EndOfDefinitionComment?: CommentGroup | undefined;
}

export interface OperationTypeDefinition extends Node {
  Operation: string;
  Type: string;
  Comment?: CommentGroup | undefined;
}

export interface Definition extends Described {
  Kind: string;
  Name: string;
  Directives: Directive[];
  Interfaces: string[];
  Fields: FieldDefinition[];
  Types: string[];
  EnumValues: EnumValueDefinition[];
  BuiltIn: boolean;
  EndOfDefinitionComment?: CommentGroup | undefined;
  /** The places of a union's members, one for each of `Types` where the text is known. */
  typePlaces?: (Place | undefined)[];
}

export interface FieldDefinition extends Described {
  Name: string;
  Arguments: ArgumentDefinition[];
  DefaultValue?: GraphqlValue | undefined;
  Type: TypeReference;
  Directives: Directive[];
}

export interface ArgumentDefinition extends Described {
  Name: string;
  DefaultValue?: GraphqlValue | undefined;
  Type: TypeReference;
  Directives: Directive[];
}

export interface EnumValueDefinition extends Described {
  Name: string;
  Directives: Directive[];
}

export interface DirectiveDefinition extends Described {
  Name: string;
  Arguments: ArgumentDefinition[];
  Locations: string[];
  IsRepeatable: boolean;
}

/** The name of a type under its lists. */
export function typeName(type: TypeReference): string {
  let inner = type;
  while (inner.NamedType === "" && inner.Elem !== undefined) inner = inner.Elem;
  return inner.NamedType;
}

/** A type as GraphQL writes it: `[String!]!`. */
export function typeText(type: TypeReference): string {
  const mark = type.NonNull ? "!" : "";
  if (type.NamedType !== "" || type.Elem === undefined) return type.NamedType + mark;
  return `[${typeText(type.Elem)}]${mark}`;
}

/** The element of a list that has a name. */
export function named<T extends { readonly Name: string }>(list: readonly T[], name: string): T | undefined {
  return list.find((item) => item.Name === name);
}

export function isLeaf(definition: Definition): boolean {
  return definition.Kind === "ENUM" || definition.Kind === "SCALAR";
}

export function isAbstract(definition: Definition): boolean {
  return definition.Kind === "INTERFACE" || definition.Kind === "UNION";
}

export function isComposite(definition: Definition): boolean {
  return definition.Kind === "OBJECT" || isAbstract(definition);
}

export function isInput(definition: Definition): boolean {
  return isLeaf(definition) || definition.Kind === "INPUT_OBJECT";
}

/** A schema as validation asks for it: types and directives by name, and who can be what. */
export interface Schema {
  readonly types: Map<string, Definition>;
  readonly directives: Map<string, DirectiveDefinition>;
  readonly possibleTypes: Map<string, Definition[]>;
  query?: Definition | undefined;
  mutation?: Definition | undefined;
  subscription?: Definition | undefined;
}
