import {
  valueKinds,
  type Argument,
  type ChildValue,
  type CommentGroup,
  type Directive,
  type FragmentDefinition,
  type GraphqlValue,
  type OperationDefinition,
  type QueryDocument,
  type Selection,
  type TypeReference,
  type VariableDefinition,
} from "./document.ts";
import { GraphqlError } from "./graphql-error.ts";
import { TokenStream } from "./token-stream.ts";

/** Reads an executable document. Throws a `GraphqlError` at the first thing that is wrong. */
export function parseQuery(text: string): QueryDocument {
  const tokens = new TokenStream(text);
  const document: QueryDocument = { Operations: [], Fragments: [] };
  for (let token = tokens.peek(); token.kind !== "<EOF>"; token = tokens.peek()) {
    if (token.kind === "{" || (token.kind === "Name" && operationTypes.includes(token.value))) {
      document.Operations.push(parseOperation(tokens));
    } else if (token.kind === "Name" && token.value === "fragment") {
      document.Fragments.push(parseFragmentDefinition(tokens));
    } else tokens.unexpected();
  }
  return document;
}

const operationTypes = ["query", "mutation", "subscription"];

/** `query`, `mutation` or `subscription`. */
export function parseOperationType(tokens: TokenStream): string {
  const token = tokens.next();
  return operationTypes.includes(token.value) ? token.value : tokens.unexpected(token);
}

function parseOperation(tokens: TokenStream): OperationDefinition {
  const { place } = tokens;
  const Comment = tokens.comment;
  if (tokens.peek().kind === "{") {
    // gqlparser forgets the comment before a shorthand query.
    const SelectionSet = requiredSelections(tokens);
    return { Operation: "query", Name: "", VariableDefinitions: [], Directives: [], SelectionSet, place };
  }
  return {
    place,
    Comment,
    Operation: parseOperationType(tokens),
    Name: tokens.peek().kind === "Name" ? tokens.next().value : "",
    VariableDefinitions: parseVariables(tokens),
    Directives: parseDirectives(tokens, false),
    SelectionSet: requiredSelections(tokens),
  };
}

function parseVariables(tokens: TokenStream): VariableDefinition[] {
  const variables: VariableDefinition[] = [];
  tokens.some("(", ")", () => {
    const { place } = tokens;
    const Comment = tokens.comment;
    const Variable = parseVariable(tokens);
    tokens.expect(":");
    variables.push({
      place,
      Comment,
      Variable,
      Type: parseType(tokens),
      DefaultValue: tokens.skip("=") ? parseValue(tokens, true) : undefined,
      Directives: parseDirectives(tokens, false),
      Used: false,
    });
  });
  return variables;
}

function parseVariable(tokens: TokenStream): string {
  tokens.expect("$");
  return tokens.name();
}

function selections(tokens: TokenStream): Selection[] {
  const found: Selection[] = [];
  tokens.some("{", "}", () => {
    found.push(tokens.peek().kind === "..." ? parseFragment(tokens) : parseField(tokens));
  });
  return found;
}

function requiredSelections(tokens: TokenStream): Selection[] {
  const token = tokens.peek();
  if (token.kind !== "{") throw new GraphqlError(`Expected {, found ${token.kind}`, token.place);
  return selections(tokens);
}

function parseField(tokens: TokenStream): Selection {
  const { place } = tokens;
  const Comment = tokens.comment;
  const Alias = tokens.name();
  return {
    kind: "Field",
    place,
    Comment,
    Alias,
    Name: tokens.skip(":") ? tokens.name() : Alias,
    Arguments: parseArguments(tokens, false),
    Directives: parseDirectives(tokens, false),
    SelectionSet: tokens.peek().kind === "{" ? selections(tokens) : [],
  };
}

/** `(name: value, …)`. */
export function parseArguments(tokens: TokenStream, constant: boolean): Argument[] {
  const found: Argument[] = [];
  tokens.some("(", ")", () => {
    const { place } = tokens;
    const Comment = tokens.comment;
    const Name = tokens.name();
    tokens.expect(":");
    found.push({ place, Comment, Name, Value: parseValue(tokens, constant) });
  });
  return found;
}

function parseFragment(tokens: TokenStream): Selection {
  tokens.peek();
  const Comment = tokens.comment;
  tokens.expect("...");
  const token = tokens.peek();
  const { place } = token;
  if (token.kind === "Name" && token.value !== "on") {
    return { kind: "FragmentSpread", place, Comment, Name: tokens.name(), Directives: parseDirectives(tokens, false) };
  }
  let TypeCondition = "";
  if (token.value === "on") {
    tokens.next();
    TypeCondition = tokens.name();
  }
  const Directives = parseDirectives(tokens, false);
  return {
    kind: "InlineFragment",
    place,
    Comment,
    TypeCondition,
    Directives,
    SelectionSet: requiredSelections(tokens),
  };
}

function parseFragmentDefinition(tokens: TokenStream): FragmentDefinition {
  const { place } = tokens;
  const Comment = tokens.comment;
  tokens.expectKeyword("fragment");
  if (tokens.peek().value === "on") tokens.unexpected();
  const Name = tokens.name();
  const VariableDefinition = parseVariables(tokens);
  tokens.expectKeyword("on");
  return {
    place,
    Comment,
    Name,
    VariableDefinition,
    TypeCondition: tokens.name(),
    Directives: parseDirectives(tokens, false),
    SelectionSet: requiredSelections(tokens),
  };
}

/** A value; a constant one holds no variable. */
export function parseValue(tokens: TokenStream, constant: boolean): GraphqlValue {
  const token = tokens.peek();
  const { place } = token;
  const Comment = tokens.comment;
  const value = (Kind: number, Raw: string, Children: ChildValue[], comment?: CommentGroup): GraphqlValue => ({
    Raw,
    Children,
    Kind,
    place,
    Comment: comment,
    ExpectedTypeHasDefault: false,
  });
  switch (token.kind) {
    case "[": {
      const children: ChildValue[] = [];
      tokens.many("[", "]", () => children.push({ Name: "", Value: parseValue(tokens, constant) }));
      return value(valueKinds.list, "", children, Comment);
    }
    case "{": {
      const children: ChildValue[] = [];
      tokens.many("{", "}", () => children.push(parseObjectField(tokens, constant)));
      return value(valueKinds.object, "", children, Comment);
    }
    case "$":
      if (constant) return tokens.unexpected();
      // gqlparser forgets the comment before a variable and before a scalar.
      return value(valueKinds.variable, parseVariable(tokens), []);
    case "Int":
    case "Float":
    case "String":
    case "BlockString":
    case "Name":
      tokens.next();
      return value(scalarKind(token.kind, token.value), token.value, []);
    default:
      return tokens.unexpected();
  }
}

function scalarKind(kind: "Int" | "Float" | "String" | "BlockString" | "Name", text: string): number {
  switch (kind) {
    case "Int":
      return valueKinds.int;
    case "Float":
      return valueKinds.float;
    case "String":
      return valueKinds.string;
    case "BlockString":
      return valueKinds.block;
    case "Name":
      if (text === "true" || text === "false") return valueKinds.boolean;
      return text === "null" ? valueKinds.null : valueKinds.enum;
  }
}

function parseObjectField(tokens: TokenStream, constant: boolean): ChildValue {
  const { place } = tokens;
  const Comment = tokens.comment;
  const Name = tokens.name();
  tokens.expect(":");
  return { place, Comment, Name, Value: parseValue(tokens, constant) };
}

/** `@name(…)`, any number of them. */
export function parseDirectives(tokens: TokenStream, constant: boolean): Directive[] {
  const found: Directive[] = [];
  while (tokens.skip("@")) {
    const { place } = tokens;
    found.push({ place, Name: tokens.name(), Arguments: parseArguments(tokens, constant), Location: "" });
  }
  return found;
}

/** `Name`, `[Type]`, each with or without `!`. */
export function parseType(tokens: TokenStream): TypeReference {
  if (tokens.skip("[")) {
    const { place } = tokens;
    const Elem = parseType(tokens);
    tokens.expect("]");
    return { place, NamedType: "", Elem, NonNull: tokens.skip("!") };
  }
  const { place } = tokens;
  return { place, NamedType: tokens.name(), NonNull: tokens.skip("!") };
}
