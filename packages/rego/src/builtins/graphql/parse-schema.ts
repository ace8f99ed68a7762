import type {
  ArgumentDefinition,
  CommentGroup,
  Definition,
  DirectiveDefinition,
  EnumValueDefinition,
  FieldDefinition,
  Place,
  SchemaDefinition,
  SchemaDocument,
} from "./document.ts";
import { parseDirectives, parseOperationType, parseType, parseValue } from "./parse-query.ts";
import { TokenStream } from "./token-stream.ts";

interface Description {
  readonly text: string;
  readonly comment: CommentGroup | undefined;
}

const noDescription: Description = { text: "", comment: undefined };

/** The words that begin a type, and the kind each makes. */
const kinds: Readonly<Record<string, string>> = {
  scalar: "SCALAR",
  type: "OBJECT",
  interface: "INTERFACE",
  union: "UNION",
  enum: "ENUM",
  input: "INPUT_OBJECT",
};

const directiveLocations = new Set([
  "QUERY",
  "MUTATION",
  "SUBSCRIPTION",
  "FIELD",
  "FRAGMENT_DEFINITION",
  "FRAGMENT_SPREAD",
  "INLINE_FRAGMENT",
  "VARIABLE_DEFINITION",
  "SCHEMA",
  "SCALAR",
  "OBJECT",
  "FIELD_DEFINITION",
  "ARGUMENT_DEFINITION",
  "INTERFACE",
  "UNION",
  "ENUM",
  "ENUM_VALUE",
  "INPUT_OBJECT",
  "INPUT_FIELD_DEFINITION",
]);

/** Reads a type system document. Throws a `GraphqlError` at the first thing that is wrong. */
export function parseSchema(text: string, builtIn = false): SchemaDocument {
  const tokens = new TokenStream(text);
  const document: SchemaDocument = { Schema: [], SchemaExtension: [], Directives: [], Definitions: [], Extensions: [] };
  while (tokens.peek().kind !== "<EOF>") {
    const description = parseDescription(tokens);
    const token = tokens.peek();
    if (token.kind !== "Name") tokens.unexpected();
    if (Object.hasOwn(kinds, token.value)) {
      document.Definitions.push(parseDefinition(tokens, description, builtIn));
    } else if (token.value === "schema") {
      const comment = commentHere(tokens);
      tokens.expectKeyword("schema");
      document.Schema.push(parseSchemaBody(tokens, description, comment));
    } else if (token.value === "directive") {
      document.Directives.push(parseDirectiveDefinition(tokens, description));
    } else if (token.value === "extend") {
      if (description.text !== "") tokens.unexpected(tokens.previous);
      parseExtension(tokens, document, builtIn);
    } else tokens.unexpected();
  }
  document.Comment = tokens.comment;
  return document;
}

function parseDescription(tokens: TokenStream): Description {
  const token = tokens.peek();
  if (token.kind !== "BlockString" && token.kind !== "String") return noDescription;
  const { comment } = tokens;
  return { text: tokens.next().value, comment };
}

/** The comment before the token that comes. */
function commentHere(tokens: TokenStream): CommentGroup | undefined {
  tokens.peek();
  return tokens.comment;
}

function parseDefinition(tokens: TokenStream, description: Description, BuiltIn: boolean): Definition {
  const AfterDescriptionComment = commentHere(tokens);
  const Kind = kinds[tokens.next().value] ?? "";
  const definition: Definition = {
    Kind,
    BuiltIn,
    place: tokens.place,
    Description: description.text,
    BeforeDescriptionComment: description.comment,
    AfterDescriptionComment,
    Name: tokens.name(),
    Directives: [],
    Interfaces: [],
    Fields: [],
    Types: [],
    EnumValues: [],
  };
  parseBody(tokens, definition);
  return definition;
}

/** What follows a type's name. */
function parseBody(tokens: TokenStream, definition: Definition, extension = false): void {
  const { Kind } = definition;
  if (Kind === "OBJECT" || (Kind === "INTERFACE" && !extension)) definition.Interfaces = parseInterfaces(tokens);
  definition.Directives = parseDirectives(tokens, !(extension && Kind === "INPUT_OBJECT"));
  if (Kind === "UNION") parseMembers(tokens, definition);
  if (Kind === "SCALAR" || Kind === "UNION") return;
  definition.EndOfDefinitionComment = tokens.some("{", "}", () => {
    if (Kind === "ENUM") definition.EnumValues.push(parseEnumValue(tokens));
    else definition.Fields.push(parseFieldDefinition(tokens, Kind === "INPUT_OBJECT"));
  });
}

function parseInterfaces(tokens: TokenStream): string[] {
  if (tokens.peek().value !== "implements") return [];
  tokens.next();
  tokens.skip("&");
  const names = [tokens.name()];
  while (tokens.skip("&")) names.push(tokens.name());
  return names;
}

function parseMembers(tokens: TokenStream, definition: Definition): void {
  if (!tokens.skip("=")) return;
  tokens.skip("|");
  const places: Place[] = [];
  do {
    places.push(tokens.place);
    definition.Types.push(tokens.name());
  } while (tokens.skip("|"));
  definition.typePlaces = places;
}

function parseDescribed(tokens: TokenStream): {
  Description: string;
  BeforeDescriptionComment: CommentGroup | undefined;
  AfterDescriptionComment: CommentGroup | undefined;
  place: Place;
  Name: string;
} {
  const description = parseDescription(tokens);
  const AfterDescriptionComment = commentHere(tokens);
  return {
    Description: description.text,
    BeforeDescriptionComment: description.text === "" ? undefined : description.comment,
    AfterDescriptionComment,
    place: tokens.place,
    Name: tokens.name(),
  };
}

function parseFieldDefinition(tokens: TokenStream, input: boolean): FieldDefinition {
  const described = parseDescribed(tokens);
  const Arguments = input ? [] : parseArgumentDefinitions(tokens);
  tokens.expect(":");
  return {
    ...described,
    Arguments,
    Type: parseType(tokens),
    DefaultValue: input && tokens.skip("=") ? parseValue(tokens, true) : undefined,
    Directives: parseDirectives(tokens, true),
  };
}

function parseArgumentDefinitions(tokens: TokenStream): ArgumentDefinition[] {
  const found: ArgumentDefinition[] = [];
  tokens.some("(", ")", () => {
    const described = parseDescribed(tokens);
    tokens.expect(":");
    found.push({
      ...described,
      Type: parseType(tokens),
      DefaultValue: tokens.skip("=") ? parseValue(tokens, true) : undefined,
      Directives: parseDirectives(tokens, true),
    });
  });
  return found;
}

function parseEnumValue(tokens: TokenStream): EnumValueDefinition {
  return { ...parseDescribed(tokens), Directives: parseDirectives(tokens, true) };
}

function parseSchemaBody(
  tokens: TokenStream,
  description: Description,
  AfterDescriptionComment: CommentGroup | undefined,
): SchemaDefinition {
  const definition: SchemaDefinition = {
    place: tokens.place,
    Description: description.text,
    BeforeDescriptionComment: description.comment,
    AfterDescriptionComment,
    Directives: parseDirectives(tokens, true),
    OperationTypes: [],
  };
  definition.EndOfDefinitionComment = tokens.some("{", "}", () => {
    const { place } = tokens;
    const Comment = tokens.comment;
    const Operation = parseOperationType(tokens);
    tokens.expect(":");
    definition.OperationTypes.push({ place, Comment, Operation, Type: tokens.name() });
  });
  return definition;
}

function parseExtension(tokens: TokenStream, document: SchemaDocument, BuiltIn: boolean): void {
  const comment = commentHere(tokens);
  tokens.expectKeyword("extend");
  const word = tokens.peek();
  if (word.value === "schema") {
    tokens.expectKeyword("schema");
    const extension = parseSchemaBody(tokens, noDescription, comment);
    if (extension.Directives.length === 0 && extension.OperationTypes.length === 0) tokens.unexpected();
    document.SchemaExtension.push(extension);
    return;
  }
  if (!Object.hasOwn(kinds, word.value)) tokens.unexpected();
  const extension = parseExtensionOf(tokens, BuiltIn, comment);
  const { Interfaces, Directives, Fields, Types, EnumValues } = extension;
  if ([Interfaces, Directives, Fields, Types, EnumValues].every((list) => list.length === 0)) tokens.unexpected();
  document.Extensions.push(extension);
}

function parseExtensionOf(tokens: TokenStream, BuiltIn: boolean, AfterDescriptionComment?: CommentGroup): Definition {
  const word = tokens.peek();
  tokens.expectKeyword(word.value);
  const extension: Definition = {
    Kind: kinds[word.value] ?? "",
    BuiltIn,
    place: tokens.place,
    Description: "",
    AfterDescriptionComment,
    Name: tokens.name(),
    Directives: [],
    Interfaces: [],
    Fields: [],
    Types: [],
    EnumValues: [],
  };
  parseBody(tokens, extension, true);
  return extension;
}

function parseDirectiveDefinition(tokens: TokenStream, description: Description): DirectiveDefinition {
  const AfterDescriptionComment = commentHere(tokens);
  tokens.expectKeyword("directive");
  tokens.expect("@");
  const { place } = tokens;
  const Name = tokens.name();
  const Arguments = parseArgumentDefinitions(tokens);
  const word = tokens.peek();
  const IsRepeatable = word.kind === "Name" && word.value === "repeatable";
  if (IsRepeatable) tokens.next();
  tokens.expectKeyword("on");
  tokens.skip("|");
  const Locations = [parseLocation(tokens)];
  while (tokens.skip("|")) Locations.push(parseLocation(tokens));
  return {
    place,
    Description: description.text,
    BeforeDescriptionComment: description.comment,
    AfterDescriptionComment,
    Name,
    Arguments,
    Locations,
    IsRepeatable,
  };
}

function parseLocation(tokens: TokenStream): string {
  const token = tokens.expect("Name");
  return directiveLocations.has(token.value) ? token.value : tokens.unexpected(token);
}
