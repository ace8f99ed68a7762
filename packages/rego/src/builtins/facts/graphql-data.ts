/** What OPA 1.22.2 answers to calls: the value as Rego text, or the code and message of the error. */
export const graphqlFacts: readonly (readonly [call: string, answer: string])[] = [
  [
    'graphql.parse_query("query Q($v: Int = 1) { a(x: $v) { ...F } } fragment F on Q @d { b }")',
    '{"Fragments": [{"Directives": [{"Location": "", "Name": "d"}], "Name": "F", "SelectionSet": [{"Alias": "b", "Name": "b"}], "TypeCondition": "Q"}], "Operations": [{"Name": "Q", "Operation": "query", "SelectionSet": [{"Alias": "a", "Arguments": [{"Name": "x", "Value": {"ExpectedTypeHasDefault": false, "Kind": 0, "Raw": "v"}}], "Name": "a", "SelectionSet": [{"Name": "F"}]}], "VariableDefinitions": [{"DefaultValue": {"ExpectedTypeHasDefault": false, "Kind": 1, "Raw": "1"}, "Type": {"NamedType": "Int", "NonNull": false}, "Used": false, "Variable": "v"}]}]}',
  ],
  [
    'graphql.parse_schema("\\"d\\" enum E { A @deprecated } union U = | A")',
    '{"Definitions": [{"BuiltIn": false, "Description": "d", "EnumValues": [{"Description": "", "Directives": [{"Location": "", "Name": "deprecated"}], "Name": "A"}], "Kind": "ENUM", "Name": "E"}, {"BuiltIn": false, "Description": "", "Kind": "UNION", "Name": "U", "Types": ["A"]}]}',
  ],
  [
    'graphql.parse("{ a { b } }","type Query { a: Q } type Q { b: Int }")',
    '[{"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "a", "Name": "a", "SelectionSet": [{"Alias": "b", "Name": "b"}]}]}]}, {"Definitions": [{"BuiltIn": false, "Description": "", "Fields": [{"Description": "", "Name": "a", "Type": {"NamedType": "Q", "NonNull": false}}], "Kind": "OBJECT", "Name": "Query"}, {"BuiltIn": false, "Description": "", "Fields": [{"Description": "", "Name": "b", "Type": {"NamedType": "Int", "NonNull": false}}], "Kind": "OBJECT", "Name": "Q"}]}]',
  ],
  [
    'graphql.parse("{ a }","type Query { a(x: Int): Q } type Q { b: [String!] }")',
    'eval_builtin_error: graphql.parse: Field "a" of type "Q" must have a selection of subfields. Did you mean "a { ... }"?\n in GraphQL string at location 1:3',
  ],
  [
    'graphql.parse("{ a(x: \\"1\\") { c } }","type Query { a(x: Int): Q } type Q { b: [String!] }")',
    'eval_builtin_error: graphql.parse: Int cannot represent non-integer value: "1"\ninput:1:15: Cannot query field "c" on type "Q". Did you mean "b"?\n in GraphQL string at location 1:9',
  ],
  [
    'graphql.parse("{ a(","type Query { a(x: Int): Q } type Q { b: [String!] }")',
    "eval_builtin_error: graphql.parse: Expected Name, found <EOF> in GraphQL string at location 1:5",
  ],
  [
    'graphql.parse("{ a }","type Query { a: Nope }")',
    "eval_builtin_error: graphql.parse: Error in gqlparser SchemaDocument to Schema conversion: input:1:17: Undefined type Nope.",
  ],
  [
    'graphql.parse_and_verify("{ a { b } }","type Query { a: Q } type Q { b: Int }")',
    '[true, {"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "a", "Name": "a", "SelectionSet": [{"Alias": "b", "Name": "b"}]}]}]}, {"Definitions": [{"BuiltIn": false, "Description": "", "Fields": [{"Description": "", "Name": "a", "Type": {"NamedType": "Q", "NonNull": false}}], "Kind": "OBJECT", "Name": "Query"}, {"BuiltIn": false, "Description": "", "Fields": [{"Description": "", "Name": "b", "Type": {"NamedType": "Int", "NonNull": false}}], "Kind": "OBJECT", "Name": "Q"}]}]',
  ],
  ['graphql.parse_and_verify("{ z }","type Query { a(x: Int): Q } type Q { b: [String!] }")', "[false, {}, {}]"],
  ['graphql.is_valid("{ a { b } }","type Query { a(x: Int): Q } type Q { b: [String!] }")', "true"],
  ['graphql.is_valid("{ a { c } }","type Query { a(x: Int): Q } type Q { b: [String!] }")', "false"],
  ['graphql.schema_is_valid("type Query { a(x: Int): Q } type Q { b: [String!] }")', "true"],
  ['graphql.schema_is_valid("type Query { a: Nope }")', "false"],
  ['graphql.is_valid(1,"type Query { a(x: Int): Q } type Q { b: [String!] }")', "false"],
  ["graphql.parse_query(1)", "eval_type_error: graphql.parse_query: operand 1 must be string but got number"],
  [
    'graphql.parse_query("{ a(x: \\"\\"\\"\\n  b\\n    c\\n\\"\\"\\") }")',
    '{"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "a", "Arguments": [{"Name": "x", "Value": {"ExpectedTypeHasDefault": false, "Kind": 4, "Raw": "b\\n  c"}}], "Name": "a"}]}]}',
  ],
];
