import {
  named,
  typeName,
  valueKinds,
  type ArgumentDefinition,
  type Argument,
  type Definition,
  type Directive,
  type Field,
  type FieldDefinition,
  type FragmentDefinition,
  type FragmentSpread,
  type GraphqlValue,
  type InlineFragment,
  type OperationDefinition,
  type Place,
  type QueryDocument,
  type Schema,
  type Selection,
  type VariableDefinition,
} from "./document.ts";

/** Where a walk is: what the rules may ask for beside the node. */
export interface Walk {
  readonly schema: Schema;
  readonly document: QueryDocument;
  /** The operation it is in; undefined in a fragment's own walk. */
  operation: OperationDefinition | undefined;
  /** Complains of something at a place (or at two, of which the first shows). */
  complain(message: string, place: Place | undefined): void;
}

/** A rule: what it does at each kind of node. It is made anew for each document, so that it may remember. */
export interface Rule {
  readonly operation?: (walk: Walk, operation: OperationDefinition) => void;
  readonly field?: (walk: Walk, field: Field) => void;
  readonly fragment?: (walk: Walk, fragment: FragmentDefinition) => void;
  readonly inlineFragment?: (walk: Walk, fragment: InlineFragment) => void;
  readonly fragmentSpread?: (walk: Walk, spread: FragmentSpread) => void;
  readonly directive?: (walk: Walk, directive: Directive) => void;
  readonly directives?: (walk: Walk, directives: readonly Directive[]) => void;
  readonly value?: (walk: Walk, value: GraphqlValue) => void;
  readonly variable?: (walk: Walk, variable: VariableDefinition) => void;
}

/** Walks a document under a schema, says on each node what it was found to mean, and shows it to the rules in turn. */
export function walkDocument(walk: Walk, rules: readonly Rule[]): void {
  new Walker(walk, rules).run();
}

class Walker {
  readonly #walk: Walk;
  readonly #rules: readonly Rule[];
  #spreadSeen = new Set<string>();

  constructor(walk: Walk, rules: readonly Rule[]) {
    this.#walk = walk;
    this.#rules = rules;
  }

  run(): void {
    for (const operation of this.#walk.document.Operations) {
      this.#spreadSeen = new Set();
      this.#operation(operation);
    }
    for (const fragment of this.#walk.document.Fragments) {
      this.#spreadSeen = new Set();
      this.#fragment(fragment);
    }
  }

  #type(name: string): Definition | undefined {
    return this.#walk.schema.types.get(name);
  }

  #operation(operation: OperationDefinition): void {
    const { schema } = this.#walk;
    this.#walk.operation = operation;
    for (const variable of operation.VariableDefinitions) {
      variable.definition = this.#type(typeName(variable.Type));
      for (const rule of this.#rules) rule.variable?.(this.#walk, variable);
      if (variable.DefaultValue === undefined) continue;
      variable.DefaultValue.expectedType = variable.Type;
      variable.DefaultValue.definition = variable.definition;
    }
    const roots: Record<string, [Definition | undefined, string]> = {
      mutation: [schema.mutation, "MUTATION"],
      subscription: [schema.subscription, "SUBSCRIPTION"],
    };
    const [definition, location] = roots[operation.Operation] ?? [schema.query, "QUERY"];
    for (const variable of operation.VariableDefinitions) {
      if (variable.DefaultValue !== undefined) this.#value(variable.DefaultValue);
      this.#directives(variable.Directives, "VARIABLE_DEFINITION");
    }
    this.#directives(operation.Directives, location);
    this.#selections(definition, operation.SelectionSet);
    for (const rule of this.#rules) rule.operation?.(this.#walk, operation);
    this.#walk.operation = undefined;
  }

  #fragment(fragment: FragmentDefinition): void {
    const definition = this.#type(fragment.TypeCondition);
    fragment.definition = definition;
    this.#directives(fragment.Directives, "FRAGMENT_DEFINITION");
    this.#selections(definition, fragment.SelectionSet);
    for (const rule of this.#rules) rule.fragment?.(this.#walk, fragment);
  }

  #directives(directives: readonly Directive[], location: string): void {
    for (const directive of directives) {
      const definition = this.#walk.schema.directives.get(directive.Name);
      directive.definition = definition;
      directive.Location = location;
      for (const argument of directive.Arguments) this.#argument(argument, definition?.Arguments);
      for (const rule of this.#rules) rule.directive?.(this.#walk, directive);
    }
    for (const rule of this.#rules) rule.directives?.(this.#walk, directives);
  }

  #argument(argument: Argument, definitions: readonly ArgumentDefinition[] | undefined): void {
    const definition = definitions === undefined ? undefined : named(definitions, argument.Name);
    if (definition !== undefined) this.#expect(argument.Value, definition);
    this.#value(argument.Value);
  }

  #expect(value: GraphqlValue, definition: ArgumentDefinition | FieldDefinition): void {
    value.expectedType = definition.Type;
    value.ExpectedTypeHasDefault =
      definition.DefaultValue !== undefined && definition.DefaultValue.Kind !== valueKinds.null;
    value.definition = this.#type(typeName(definition.Type));
  }

  #value(value: GraphqlValue): void {
    const { operation } = this.#walk;
    if (value.Kind === valueKinds.variable && operation !== undefined) {
      value.variableDefinition = operation.VariableDefinitions.find((variable) => variable.Variable === value.Raw);
      if (value.variableDefinition !== undefined) value.variableDefinition.Used = true;
    }
    if (value.Kind === valueKinds.object) {
      for (const child of value.Children) {
        const field = value.definition === undefined ? undefined : named(value.definition.Fields, child.Name);
        if (field !== undefined) this.#expect(child.Value, field);
        this.#value(child.Value);
      }
    }
    if (value.Kind === valueKinds.list) {
      for (const child of value.Children) {
        if (value.expectedType?.Elem !== undefined) {
          child.Value.expectedType = value.expectedType.Elem;
          child.Value.definition = value.definition;
        }
        this.#value(child.Value);
      }
    }
    for (const rule of this.#rules) rule.value?.(this.#walk, value);
  }

  #selections(parent: Definition | undefined, selections: readonly Selection[]): void {
    for (const selection of selections) {
      switch (selection.kind) {
        case "Field":
          this.#field(parent, selection);
          break;
        case "InlineFragment":
          this.#inlineFragment(parent, selection);
          break;
        case "FragmentSpread":
          this.#fragmentSpread(parent, selection);
          break;
      }
    }
  }

  #field(parent: Definition | undefined, field: Field): void {
    const definition = fieldOf(parent, field.Name);
    field.definition = definition;
    field.objectDefinition = parent;
    const next = definition === undefined ? undefined : this.#type(typeName(definition.Type));
    for (const argument of field.Arguments) this.#argument(argument, definition?.Arguments);
    this.#directives(field.Directives, "FIELD");
    this.#selections(next, field.SelectionSet);
    for (const rule of this.#rules) rule.field?.(this.#walk, field);
  }

  #inlineFragment(parent: Definition | undefined, fragment: InlineFragment): void {
    fragment.objectDefinition = parent;
    const next = fragment.TypeCondition === "" ? parent : this.#type(fragment.TypeCondition);
    this.#directives(fragment.Directives, "INLINE_FRAGMENT");
    this.#selections(next, fragment.SelectionSet);
    for (const rule of this.#rules) rule.inlineFragment?.(this.#walk, fragment);
  }

  #fragmentSpread(parent: Definition | undefined, spread: FragmentSpread): void {
    const definition = named(this.#walk.document.Fragments, spread.Name);
    spread.definition = definition;
    spread.objectDefinition = parent;
    this.#directives(spread.Directives, "FRAGMENT_SPREAD");
    // Once in each operation: a fragment may hold itself.
    if (definition !== undefined && !this.#spreadSeen.has(definition.Name)) {
      this.#spreadSeen.add(definition.Name);
      this.#directives(definition.Directives, "FRAGMENT_DEFINITION");
      this.#selections(this.#type(definition.TypeCondition), definition.SelectionSet);
    }
    for (const rule of this.#rules) rule.fragmentSpread?.(this.#walk, spread);
  }
}

/** `__typename` is a field of everything. */
const typenameField: FieldDefinition = {
  Name: "__typename",
  Type: { NamedType: "String", NonNull: false },
  Arguments: [],
  Directives: [],
  Description: "",
};

function fieldOf(parent: Definition | undefined, name: string): FieldDefinition | undefined {
  if (name === "__typename") return typenameField;
  return parent === undefined ? undefined : named(parent.Fields, name);
}
