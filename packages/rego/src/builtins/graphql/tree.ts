import type { Value } from "../../runtime/value.ts";
import { GraphqlError } from "./graphql-error.ts";

/** How a property of a node is read and shown: a scalar with its default, a node of a shape, or a list. */
type Property =
  | "string"
  | "boolean"
  | "number"
  | { readonly node: ShapeName }
  | { readonly list: ShapeName | "string" | "selection" };

type ShapeName =
  | "QueryDocument"
  | "OperationDefinition"
  | "FragmentDefinition"
  | "VariableDefinition"
  | "Field"
  | "FragmentSpread"
  | "InlineFragment"
  | "Argument"
  | "Directive"
  | "Value"
  | "ChildValue"
  | "Type"
  | "SchemaDocument"
  | "SchemaDefinition"
  | "OperationTypeDefinition"
  | "Definition"
  | "FieldDefinition"
  | "ArgumentDefinition"
  | "EnumValueDefinition"
  | "DirectiveDefinition"
  | "CommentGroup"
  | "Comment";

type Shape = Readonly<Record<string, Property>>;

const described: Shape = {
  Description: "string",
  BeforeDescriptionComment: { node: "CommentGroup" },
  AfterDescriptionComment: { node: "CommentGroup" },
};

/** Every node of a document by name, with what it shows. */
const shapes: Readonly<Record<ShapeName, Shape>> = {
  QueryDocument: {
    Operations: { list: "OperationDefinition" },
    Fragments: { list: "FragmentDefinition" },
    Comment: { node: "CommentGroup" },
  },
  OperationDefinition: {
    Operation: "string",
    Name: "string",
    VariableDefinitions: { list: "VariableDefinition" },
    Directives: { list: "Directive" },
    SelectionSet: { list: "selection" },
    Comment: { node: "CommentGroup" },
  },
  FragmentDefinition: {
    Name: "string",
    VariableDefinition: { list: "VariableDefinition" },
    TypeCondition: "string",
    Directives: { list: "Directive" },
    SelectionSet: { list: "selection" },
    Comment: { node: "CommentGroup" },
  },
  VariableDefinition: {
    Variable: "string",
    Type: { node: "Type" },
    DefaultValue: { node: "Value" },
    Directives: { list: "Directive" },
    Comment: { node: "CommentGroup" },
    Used: "boolean",
  },
  Field: {
    Alias: "string",
    Name: "string",
    Arguments: { list: "Argument" },
    Directives: { list: "Directive" },
    SelectionSet: { list: "selection" },
    Comment: { node: "CommentGroup" },
  },
  FragmentSpread: { Name: "string", Directives: { list: "Directive" }, Comment: { node: "CommentGroup" } },
  InlineFragment: {
    TypeCondition: "string",
    Directives: { list: "Directive" },
    SelectionSet: { list: "selection" },
    Comment: { node: "CommentGroup" },
  },
  Argument: { Name: "string", Value: { node: "Value" }, Comment: { node: "CommentGroup" } },
  Directive: { Name: "string", Arguments: { list: "Argument" }, Location: "string" },
  Value: {
    Raw: "string",
    Children: { list: "ChildValue" },
    Kind: "number",
    Comment: { node: "CommentGroup" },
    ExpectedTypeHasDefault: "boolean",
  },
  ChildValue: { Name: "string", Value: { node: "Value" }, Comment: { node: "CommentGroup" } },
  Type: { NamedType: "string", Elem: { node: "Type" }, NonNull: "boolean" },
  SchemaDocument: {
    Schema: { list: "SchemaDefinition" },
    SchemaExtension: { list: "SchemaDefinition" },
    Directives: { list: "DirectiveDefinition" },
    Definitions: { list: "Definition" },
    Extensions: { list: "Definition" },
    Comment: { node: "CommentGroup" },
  },
  SchemaDefinition: {
    ...described,
    Directives: { list: "Directive" },
    OperationTypes: { list: "OperationTypeDefinition" },
    EndOfDefinitionComment: { node: "CommentGroup" },
  },
  OperationTypeDefinition: { Operation: "string", Type: "string", Comment: { node: "CommentGroup" } },
  Definition: {
    ...described,
    Kind: "string",
    Name: "string",
    Directives: { list: "Directive" },
    Interfaces: { list: "string" },
    Fields: { list: "FieldDefinition" },
    Types: { list: "string" },
    EnumValues: { list: "EnumValueDefinition" },
    BuiltIn: "boolean",
    EndOfDefinitionComment: { node: "CommentGroup" },
  },
  FieldDefinition: {
    ...described,
    Name: "string",
    Arguments: { list: "ArgumentDefinition" },
    DefaultValue: { node: "Value" },
    Type: { node: "Type" },
    Directives: { list: "Directive" },
  },
  ArgumentDefinition: {
    ...described,
    Name: "string",
    DefaultValue: { node: "Value" },
    Type: { node: "Type" },
    Directives: { list: "Directive" },
  },
  EnumValueDefinition: { ...described, Name: "string", Directives: { list: "Directive" } },
  DirectiveDefinition: {
    ...described,
    Name: "string",
    Arguments: { list: "ArgumentDefinition" },
    Locations: { list: "string" },
    IsRepeatable: "boolean",
  },
  CommentGroup: { List: { list: "Comment" } },
  Comment: { Value: "string" },
};

const defaults = { string: "", boolean: false, number: 0 } as const;

function propertiesOf(shape: ShapeName): [name: string, property: Property][] {
  return Object.entries(shapes[shape]);
}

/** A node as a Rego value: scalars always, lists and nodes where there is something in them. */
export function toTree(shape: ShapeName, node: object): Value {
  const tree: Record<string, Value> = {};
  for (const [name, property] of propertiesOf(shape)) {
    // as: the interfaces of document.ts and the shapes above list the same properties
    const value = (node as Record<string, unknown>)[name];
    if (typeof property === "string") {
      tree[name] = typeof value === property ? (value as string | boolean | number) : defaults[property]; // as: just tested
    } else if ("node" in property) {
      if (typeof value === "object" && value !== null) putUnlessEmpty(tree, name, toTree(property.node, value));
    } else if (Array.isArray(value)) {
      putUnlessEmpty(tree, name, value.map((item: unknown) => itemTree(property.list, item)).filter(isNotEmpty));
    }
  }
  return tree;
}

function itemTree(list: ShapeName | "string" | "selection", item: unknown): Value {
  if (typeof item === "string") return item;
  const node = item as { readonly kind?: ShapeName }; // as: lists of a document hold nodes, and selections name their kind
  return toTree(list === "selection" ? (node.kind ?? "Field") : list === "string" ? "Comment" : list, node);
}

function putUnlessEmpty(tree: Record<string, Value>, name: string, value: Value): void {
  if (isNotEmpty(value)) tree[name] = value;
}

function isNotEmpty(value: Value): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length > 0;
}

/** A document that came as an object (the answer of `graphql.parse_query`, say) as a node. Throws where it is of another shape. */
export function fromTree(shape: ShapeName, tree: unknown): object {
  if (!isRecord(tree)) throw mismatch(tree, shape);
  const node: Record<string, unknown> = {};
  for (const [name, property] of propertiesOf(shape)) {
    const value = Object.hasOwn(tree, name) ? tree[name] : undefined;
    const absent = value === undefined || value === null;
    if (typeof property === "string") {
      if (!absent && typeof value !== property) throw mismatch(value, `${shape}.${name} of type ${property}`);
      node[name] = absent ? defaults[property] : value;
    } else if ("node" in property) {
      if (!absent) node[name] = fromTree(property.node, value);
    } else {
      if (!absent && !Array.isArray(value)) throw mismatch(value, `${shape}.${name} of type list`);
      // as: Array.isArray gives any[]
      node[name] = ((value ?? []) as unknown[]).map((item) => fromItem(property.list, item));
    }
  }
  return node;
}

/** A selection is always read as a field: that is the first kind that is tried, and every object fits it. */
function fromItem(list: ShapeName | "string" | "selection", item: unknown): unknown {
  if (list === "selection") return { kind: "Field", ...fromTree("Field", item) };
  if (list !== "string") return fromTree(list, item);
  if (typeof item !== "string") throw mismatch(item, "type string");
  return item;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mismatch(value: unknown, where: string): GraphqlError {
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return new GraphqlError(`json: cannot unmarshal ${kind} into Go struct field ${where}`, undefined);
}
